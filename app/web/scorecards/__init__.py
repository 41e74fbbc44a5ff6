"""Scorecards and what follows from them: comparing, the action of the quarter, colleagues to contact."""
