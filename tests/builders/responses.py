"""Held answers in one line."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import ResponseState
from app.foundations.crypto import Keys, requester_cluster_id
from app.models.departments import Department
from app.models.people import Person
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt

SALT = b"the salt of a quarter in the tests"


def quarter_salt(session: Session, keys: Keys, period: str) -> bytes:
    """Store the quarter's salt and return it."""
    if session.get(QuarterSalt, period) is None:
        session.add(QuarterSalt(period=period, salt=keys.seal_salt(SALT)))
        session.flush()
    return SALT


def _first_month(period: str) -> str:
    """Return the first month of a quarter of calendar years: an answer of another month would stand misfiled."""
    year, quarter = period.split("-Q")
    return f"{year}-{int(quarter) * 3 - 2:02d}"


def held_response(
    session: Session,
    provider: Department,
    who: Person,
    answers: Mapping[str, int | None],
    period: str,
    **fields: object,
) -> HeldResponse:
    """Add an accepted response with its answers."""
    (row,) = held_responses(session, provider, [(who, answers)], period, **fields)
    return row


def held_responses(
    session: Session,
    provider: Department,
    given: Sequence[tuple[Person, Mapping[str, int | None]]],
    period: str,
    **fields: object,
) -> list[HeldResponse]:
    """Add many, in a statement a table."""
    first = session.scalar(select(func.count()).select_from(HeldResponse)) or 0
    values: dict[str, object] = {
        "month": _first_month(period),
        "instrument_version": "parity/1",
        "source": "survey",
        "state": ResponseState.ACCEPTED,
    }
    rows = [
        HeldResponse(
            id=hashlib.sha256(str(number).encode()).digest()[:16],
            department_id=provider.id,
            period=period,
            requester_cluster_id=requester_cluster_id(SALT, who.id),
            **(values | fields),
        )
        for number, (who, _) in enumerate(given, start=first)
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        HeldAnswer(response_id=row.id, item=item, value=value)
        for row, (_, answers) in zip(rows, given, strict=True)
        for item, value in answers.items()
    )
    session.flush()
    return rows
