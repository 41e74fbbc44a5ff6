"""The mail about a role that sees results, to everybody who can tell whether it was agreed.

Administrators see no results and give such roles all the same; so none is given, to oneself or another, unseen.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.rights import Viewer
from app.domain.states import Role
from app.mail.outbox.writing import enqueue_all, role_given_message
from app.models.accounts import Staff


def tell_of_role(
    session: Session,
    email: str,
    given: Sequence[str],
    *,
    by: Viewer,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Mail all administrators, HR and the person but whoever gave it, in the transaction that gives; return how many.

    `given` are "hr", "head" and "departments"; `language` is for those whose own is not known.
    """
    watching = or_(Staff.role.in_((Role.ADMIN, Role.HR)), Staff.email == email)
    query = select(Staff).where(Staff.is_active, watching, Staff.email != by.email).order_by(Staff.id)
    told = {one.email: one for one in session.scalars(query)}
    use, at = secrets.token_hex(8), f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    words = {"who": email, "by": by.email, "at": at, "given": list(given)}
    messages = [
        role_given_message(
            use, words, recipient=address, name=one.name or "", language=one.language or language, now=now
        )
        for address, one in told.items()
    ]
    return enqueue_all(session, messages, now=now)
