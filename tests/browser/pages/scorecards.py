"""Scorecards, as HR and as their head see them."""

from app.domain.states import Role
from tests.browser.looking import Look

LOOKS = [
    Look("scorecards", "/scorecards", Role.HR),
    Look("scorecard", "/scorecards/2026-Q1/IT", Role.HR),
    Look("scorecards-head", "/scorecards", Role.HEAD),
]
