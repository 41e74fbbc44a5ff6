"""The mail about a role that sees results, to everybody who can tell whether it was agreed.

Administrators see no results and give such roles all the same; so none is given, to oneself or another, unseen.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sight import Gain
from app.domain.states import Role
from app.mail.outbox.writing import enqueue_all, role_given_message
from app.models.accounts import Staff
from app.upkeep.rights.gained import GainLine, gained_lines

MOST_TOLD = 20  # of those who see more by one change


def tell_of_role(
    session: Session, email: str, given: Sequence[str], *, by: str, language: str, zone: ZoneInfo, now: datetime
) -> int:
    """Mail all administrators, HR and the person but `by`, in the transaction that gives; return how many.

    `given` are "hr", "head", "departments" and "group"; `by` is who gave it, `language` is for those whose own is not
    known.
    """
    told = {**_watching(session), email: _account(session, email)}
    return _enqueue(session, told, email, given, by=by, language=language, zone=zone, now=now)


def tell_of_gains(
    session: Session,
    gained: Mapping[str, Gain],
    *,
    by: str,
    role_of: str = "",
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """Mail all administrators and HR once of everybody who sees more, and each of these of what they see.

    That is since departments were changed, or the role of the head `role_of`.
    Where more than MOST_TOLD see more, a whole company's table for example, only those who watch are mailed. In their
    mail everybody has a line, so nobody hides among others.
    """
    lines = gained_lines(session, gained)
    shared: dict[str, Any] = {"by": by, "language": language, "zone": zone, "now": now}
    watching, why = _watching(session), ["left"] if role_of else ["seen"]
    sent = _enqueue(session, watching, role_of, why, lines=lines, **shared)
    for email in sorted(gained.keys() - watching.keys()) if len(gained) <= MOST_TOLD else ():
        own = [line for line in lines if line["who"] == email]
        sent += _enqueue(session, {email: _account(session, email)}, role_of, why, lines=own, **shared)
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
    lines: Sequence[GainLine] = (),
    by: str,
    language: str,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    use, at = secrets.token_hex(8), f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    words = {"who": who, "by": by, "at": at, "given": list(given), "lines": list(lines)}
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
