"""Every department's scorecard of a quarter, from rollups. Page, mail, PDF, export and API draw from the result."""

from app.reports.department_scores.building import Building, ScorecardBuild, build_scorecards
from app.reports.department_scores.disclosed import Disclosed, read_disclosed
from app.reports.department_scores.resealing import reseal_scorecards

__all__ = ["Building", "Disclosed", "ScorecardBuild", "build_scorecards", "read_disclosed", "reseal_scorecards"]
