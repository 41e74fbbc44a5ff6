"""The audit log: written with each act, in words, and as a file."""
