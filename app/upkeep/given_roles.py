"""The mail about a role that sees results, to everybody who can tell whether it was agreed.

Administrators see no results and give such roles all the same; so none is given, to oneself or another, unseen.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.mail.outbox.writing import enqueue_all, role_given_message
from app.models.accounts import Staff

MOST_NAMED = 10  # addresses in one sentence


def tell_of_role(
    session: Session, email: str, given: Sequence[str], *, by: str, language: str, zone: ZoneInfo, now: datetime
) -> int:
    """Mail all administrators, HR and the person but `by`, in the transaction that gives; return how many.

    `given` are "hr", "head", "departments", "named" and "group"; `by` is who gave it, `language` is for
    those whose own is not known.
    """
    told = {**_watching(session), email: _account(session, email)}
    return _enqueue(session, told, email, given, by=by, language=language, zone=zone, now=now)


def tell_of_heads(
    session: Session, emails: Collection[str], *, each: bool, by: str, language: str, zone: ZoneInfo, now: datetime
) -> int:
    """Mail all administrators and HR once of everybody who was named head, and each of these where asked for."""
    named = ", ".join([*sorted(emails)[:MOST_NAMED], *(["…"] if len(emails) > MOST_NAMED else [])])
    watching = _watching(session)
    sent = _enqueue(session, watching, named, ["named"], by=by, language=language, zone=zone, now=now)
    for email in sorted(set(emails) - watching.keys()) if each else ():
        theirs = {email: _account(session, email)}
        sent += _enqueue(session, theirs, email, ["named"], by=by, language=language, zone=zone, now=now)
    return sent


def _watching(session: Session) -> dict[str, Staff | None]:
    query = select(Staff).where(Staff.is_active, Staff.role.in_((Role.ADMIN, Role.HR))).order_by(Staff.id)
    return {one.email: one for one in session.scalars(query)}


def _account(session: Session, email: str) -> Staff | None:
    return session.scalars(select(Staff).where(Staff.email == email, Staff.is_active).order_by(Staff.id)).first()


def _enqueue(
    session: Session,
    told: dict[str, Staff | None],
    who: str,
    given: Iterable[str],
    *,
    by: str,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    use, at = secrets.token_hex(8), f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    words = {"who": who, "by": by, "at": at, "given": list(given)}
    messages = [
        role_given_message(
            use,
            words,
            recipient=address,
            name=(one and one.name) or "",
            language=(one and one.language) or language,
            now=now,
        )
        for address, one in told.items()
        if address != by
    ]
    return enqueue_all(session, messages, now=now)
