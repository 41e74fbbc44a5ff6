"""What somebody had typed when their session ended: sealed, for an hour, for the same address and the same page."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.accounts import KeptForm, Staff, StaffSession
from app.upkeep.signing_in.sessions import session_hash

KEPT_FOR = timedelta(hours=1)

Fields = Sequence[tuple[str, str]]  # a field may stand more than once


def keep_form(session: Session, keys: Keys, secret: str, path: str, fields: Fields, *, now: datetime) -> bool:
    """Keep the fields for whoever held this session; return False for a secret that never was one of ours."""
    hashed = session_hash(keys, secret)
    # The lock lets two presses at once follow one another on PostgreSQL; SQLite has one writer anyway.
    owner = select(StaffSession.id_hash).where(StaffSession.id_hash == hashed).with_for_update()
    if session.scalar(owner) is None:
        return False
    session.execute(delete(KeptForm).where(KeptForm.session_hash == hashed))
    body = keys.seal(json.dumps(list(fields), ensure_ascii=False).encode())
    session.add(KeptForm(session_hash=hashed, path=path, body=body, kept_at=now, expires_at=now + KEPT_FOR))
    return True


def kept_form(session: Session, keys: Keys, secret: str, email: str, path: str, *, now: datetime) -> Fields | None:
    """Return what the holder of this address had typed on this page, or None."""
    body = session.scalar(
        select(KeptForm.body)
        .join(StaffSession, StaffSession.id_hash == KeptForm.session_hash)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(KeptForm.session_hash == session_hash(keys, secret), KeptForm.path == path)
        .where(KeptForm.expires_at > now, Staff.email == email)
    )
    return None if body is None else [(name, value) for name, value in json.loads(keys.unseal(body))]


def forget_form(session: Session, keys: Keys, secret: str, path: str) -> bool:
    """Forget what was kept for this session and page; return whether there was something."""
    mine = (KeptForm.session_hash == session_hash(keys, secret)) & (KeptForm.path == path)
    return session.scalar(delete(KeptForm).where(mine).returning(KeptForm.session_hash)) is not None
