"""The ways in, their sessions, and what is kept of a form when one ends."""
