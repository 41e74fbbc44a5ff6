"""HR's document: the frozen scorecards of a quarter, and the few sums that no scorecard prints."""

from app.reports.culture.building import Top, build_culture

__all__ = ["Top", "build_culture"]
