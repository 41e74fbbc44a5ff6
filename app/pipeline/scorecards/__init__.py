"""Freeze each department's scorecard once per period and revision, and post it once per recipient."""

from app.pipeline.scorecards.approving import approve, send_missing
from app.pipeline.scorecards.closing import (
    CloseIsOver,
    MissingSource,
    QuarterClose,
    UnknownSource,
    read_close,
    take_tick_back,
    tick,
)
from app.pipeline.scorecards.comments import COMMENT_ID_BYTES, CommentsNotOpen, comments_open_at, open_comments
from app.pipeline.scorecards.drawing import composers, draw, trend_of_revision
from app.pipeline.scorecards.freezing import NotYetFreezable, due_periods, freeze, preview
from app.pipeline.scorecards.ledger import keep_ledger, unwritten
from app.pipeline.scorecards.mailing import (
    DepartmentReaders,
    NoSuchMail,
    PlannedMail,
    Quarter,
    planned_mails,
    preview_mail,
    readers_of,
    send_again,
)
from app.pipeline.scorecards.posting import Draw, post, post_due, posts_by_itself, undrawn
from app.pipeline.scorecards.recipients import local_morning
from app.pipeline.scorecards.sending import posting_day, read_sending
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
    "CloseIsOver",
    "CommentsNotOpen",
    "DepartmentReaders",
    "Draw",
    "MissingSource",
    "NoSuchMail",
    "NotYetFreezable",
    "PlannedMail",
    "PostingStopped",
    "Quarter",
    "QuarterClose",
    "Standing",
    "Stop",
    "UnknownPeriod",
    "UnknownSource",
    "approve",
    "comments_open_at",
    "composers",
    "draw",
    "due_periods",
    "freeze",
    "is_stopped",
    "keep_ledger",
    "local_morning",
    "open_comments",
    "planned_mails",
    "post",
    "post_due",
    "posting_day",
    "posts_by_itself",
    "preview",
    "preview_mail",
    "read_close",
    "read_sending",
    "readers_of",
    "resume",
    "send_again",
    "send_missing",
    "standings",
    "stop",
    "take_tick_back",
    "tick",
    "trend_of_revision",
    "undrawn",
    "unwritten",
]
