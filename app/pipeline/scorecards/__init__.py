"""Freeze each department's scorecard once per period and revision, and post it once per recipient."""

from app.pipeline.scorecards.freezing import NothingToFreeze, NotYetFreezable, due_periods, freeze, preview

__all__ = ["NotYetFreezable", "NothingToFreeze", "due_periods", "freeze", "preview"]
