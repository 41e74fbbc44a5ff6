"""Open an invitation by its token; accept, correct and hold back answers; opt out. HTTP is not known here."""

from app.pipeline.responses.expiry import expire_links
from app.pipeline.responses.holding import HeldBackPattern, drop_held_back, held_back_patterns, release_held_back
from app.pipeline.responses.opening import (
    SURVEY_TOKEN,
    Closed,
    InvitationClosed,
    InvitationUnknown,
    OpenInvitation,
    Stored,
    open,  # noqa: A004  the step is called responses.open
)
from app.pipeline.responses.submission import Answers, submit
from app.pipeline.responses.wishes import Wish, ask_again, find_wish, not_now, opt_out, rest_after_not_now

__all__ = [
    "SURVEY_TOKEN",
    "Answers",
    "Closed",
    "HeldBackPattern",
    "InvitationClosed",
    "InvitationUnknown",
    "OpenInvitation",
    "Stored",
    "Wish",
    "ask_again",
    "drop_held_back",
    "expire_links",
    "find_wish",
    "held_back_patterns",
    "not_now",
    "open",
    "opt_out",
    "release_held_back",
    "rest_after_not_now",
    "submit",
]
