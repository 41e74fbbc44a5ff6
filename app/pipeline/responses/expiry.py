"""The night after an invitation expires, the only bridge between it and its answer is removed."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models.response_links import ResponseLink


def expire_links(session: Session, *, now: datetime) -> int:
    """Delete the links of expired invitations and return how many. Idempotent."""
    gone = session.execute(delete(ResponseLink).where(ResponseLink.expires_at <= now))
    return int(gone.rowcount)  # type: ignore[attr-defined]
