"""Chores as pages ask for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.states import ChoreKind
from app.upkeep.running import chores


def trying(session: Session, now: datetime, *, by: str = "staff:1", slug: str = "desk", language: str = "en") -> int:
    """Ask for the credentials of a tracker to be tried; return the number of the chore."""
    kind, subject = ChoreKind.CHECK_CONNECTION, f"tracker:{slug}"
    return chores.ask(session, kind, subject, {"slug": slug}, by=by, language=language, now=now)
