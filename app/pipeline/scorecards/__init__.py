"""Freeze each department's scorecard once per period and revision, and post it once per recipient."""

from app.pipeline.scorecards.drawing import composers, draw, trend_of_revision
from app.pipeline.scorecards.freezing import NotYetFreezable, due_periods, freeze, preview
from app.pipeline.scorecards.posting import Draw, post, post_due

__all__ = [
    "Draw",
    "NotYetFreezable",
    "composers",
    "draw",
    "due_periods",
    "freeze",
    "post",
    "post_due",
    "preview",
    "trend_of_revision",
]
