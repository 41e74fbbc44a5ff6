"""Write invitations and their messages, many in one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.periods import Calendar, Period
from app.domain.sending_times import expiry_moment
from app.domain.states import InvitationState
from app.foundations.crypto import PUBLIC_ID_BYTES, Keys
from app.mail.content import AskedRequest
from app.mail.outbox import Outgoing, enqueue_all
from app.mail.outbox.writing import INVITATION, asked_to_params
from app.models.invitations import Invitation
from app.models.quarter_salts import ensure_salt
from app.models.releases import fix_period
from app.reports.asking_facts import FactRow, PlannedInvitation, language_of
from app.reports.department_history import DepartmentHistory


@dataclass(frozen=True, slots=True)
class Chosen:
    """A request that is asked about, and when."""

    row: FactRow
    zone: ZoneInfo
    plan: PlannedInvitation


def write_invitations(
    session: Session,
    asking: Asking,
    keys: Keys,
    chosen: Sequence[Chosen],
    departments: DepartmentHistory,
    *,
    now: datetime,
    draw: Callable[[int], bytes],
) -> None:
    """Write one invitation and one waiting message for each. The message holds no token: it is made when sending."""
    _open_quarters(session, asking, keys, {one.row.period for one in chosen})
    ends = {key: expiry_moment(*key, asking.policy) for key in {(one.plan.planned_at, one.zone) for one in chosen}}
    rows = [_invitation(one, asking, now, draw(PUBLIC_ID_BYTES), ends[one.plan.planned_at, one.zone]) for one in chosen]
    connection = session.connection()
    connection.execute(insert(Invitation), rows)
    # Read back rather than RETURNING: in the order of the rows, that is one statement a row on SQLite.
    written = select(Invitation.cycle_id, Invitation.id).where(
        Invitation.cycle_id.in_([row["cycle_id"] for row in rows])
    )
    ids = dict(connection.execute(written).tuples().all())
    messages = [
        _message(one, row, ids[row["cycle_id"]], asking, departments) for one, row in zip(chosen, rows, strict=True)
    ]
    enqueue_all(session, messages, now=now)


def _open_quarters(session: Session, asking: Asking, keys: Keys, periods: set[str]) -> None:
    """From the first invitation on, the bounds of a quarter must not move, and its answers need their salt."""
    for period in sorted(periods):
        fix_period(session, asking.calendar, Period.parse(period))
        ensure_salt(session, keys, period)


def _invitation(one: Chosen, asking: Asking, now: datetime, public_id: bytes, expires_at: datetime) -> dict[str, Any]:
    return {
        "public_id": public_id,
        "request_id": one.row.request_id,
        "cycle_id": one.row.cycle_id,
        "person_id": one.row.requester_id,
        "department_id": one.row.provider_department_id,
        "period": one.row.period,
        "sending_period": one.plan.sending_period,
        "language": language_of(one.row.language, asking),
        "state": InvitationState.QUEUED,
        "created_at": now,
        "planned_at": one.plan.planned_at,
        "expires_at": expires_at,
    }


def _message(
    one: Chosen, row: dict[str, Any], invitation_id: int, asking: Asking, departments: DepartmentHistory
) -> Outgoing:
    return Outgoing(
        key=f"{INVITATION}:{row['public_id'].hex()}",
        name=INVITATION,
        recipient=one.row.email,
        language=row["language"],
        due_at=one.plan.planned_at,
        give_up_at=one.plan.planned_at + asking.policy.give_up_after,
        params=asked_to_params(asked_request(one.row, row["expires_at"], one.zone, asking, departments)),
        invitation_id=invitation_id,
    )


@cache
def _released_on(calendar: Calendar, period: str) -> date:
    return calendar.releases_at(Period.parse(period)).astimezone(calendar.time_zone).date()


def asked_request(
    row: FactRow, expires_at: datetime, zone: ZoneInfo, asking: Asking, departments: DepartmentHistory
) -> AskedRequest:
    """Return what a survey mail says: names and days as the requester knows them, no link."""
    reference = row.external_key or row.external_id
    return AskedRequest(
        recipient_name=row.name or "",
        title=row.title or reference,
        reference=reference,
        department=departments.name(row.provider_department_id, row.completed_at),
        completed_on=row.completed_at.astimezone(zone).date(),
        expires_on=(expires_at - timedelta(microseconds=1)).astimezone(zone).date(),
        released_on=_released_on(asking.calendar, row.period),
        minimum_group_size=asking.policy.minimum_group_size,
        quarter_cap=asking.policy.quarter_cap,
    )
