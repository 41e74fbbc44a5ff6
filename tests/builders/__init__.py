"""Records for tests: functions that make a valid row, one module per models module."""
