"""Freeze each department's scorecard once per period and revision, and post it once per recipient."""

from app.pipeline.scorecards.comments import COMMENT_ID_BYTES, CommentsNotOpen, open_comments
from app.pipeline.scorecards.drawing import composers, draw, trend_of_revision
from app.pipeline.scorecards.freezing import NotYetFreezable, due_periods, freeze, preview
from app.pipeline.scorecards.ledger import keep_ledger, unwritten
from app.pipeline.scorecards.posting import Draw, post, post_due, posts_by_itself, undrawn
from app.pipeline.scorecards.stopping import (
    PostingStopped,
    Standing,
    Stop,
    UnknownPeriod,
    is_stopped,
    resume,
    standings,
    stop,
)

__all__ = [
    "COMMENT_ID_BYTES",
    "CommentsNotOpen",
    "Draw",
    "NotYetFreezable",
    "PostingStopped",
    "Standing",
    "Stop",
    "UnknownPeriod",
    "composers",
    "draw",
    "due_periods",
    "freeze",
    "is_stopped",
    "keep_ledger",
    "open_comments",
    "post",
    "post_due",
    "posts_by_itself",
    "preview",
    "resume",
    "standings",
    "stop",
    "trend_of_revision",
    "undrawn",
    "unwritten",
]
