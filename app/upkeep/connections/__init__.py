"""Trackers and score sources: added, set up, watched, taken away, and their deliveries."""
