"""Commands: as thin as the jobs."""
