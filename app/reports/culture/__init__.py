"""HR's document: the frozen scorecards of a quarter, and the few sums that no scorecard prints."""

from app.reports.culture.building import build_culture

__all__ = ["build_culture"]
