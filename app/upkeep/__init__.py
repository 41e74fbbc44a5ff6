"""By staff: departments, people, policies, trackers, privacy, backup, doctor."""
