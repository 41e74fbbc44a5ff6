"""When the mails of a quarter leave, and how they stand: by itself on the posting day, or once HR has said so."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Calendar, Period
from app.domain.quarter_close import MailFacts, Sending, sending_of
from app.domain.states import MessageState, PeriodState
from app.models.releases import PeriodRecord, unwritten
from app.pipeline.scorecards.recipients import local_morning, zones_of_recipients
from app.pipeline.scorecards.stopping import mails_of


def posting_day(calendar: Calendar, policy: AskingPolicy, period: Period) -> date:
    """Return the day on whose morning scorecards are mailed: freeze day + 3 by default."""
    return (calendar.freezes_at(period) + policy.posting_after).astimezone(calendar.time_zone).date()


def due_quarters(
    session: Session, *, calendar: Calendar, policy: AskingPolicy, now: datetime
) -> list[tuple[Period, date | None]]:
    """Return the quarters to be posted: approved by HR (None), or with the posting day that has come by itself."""
    open_records = session.scalars(
        select(PeriodRecord).where(
            PeriodRecord.state != PeriodState.OPEN,
            PeriodRecord.is_historical.is_(False),
            PeriodRecord.posting_stopped.is_(False),
            unwritten(),
        )
    ).all()
    approved = [Period.parse(record.period) for record in open_records if record.posting_approved_at is not None]
    by_itself = [Period.parse(record.period) for record in open_records if record.posting_approved_at is None]
    days = [(period, posting_day(calendar, policy, period)) for period in by_itself]
    if policy.posting is not Posting.AUTOMATIC:
        days = []
    come = _first_mornings(session, calendar, [day for _, day in days])
    return [*((period, None) for period in approved), *((period, day) for period, day in days if now >= come[day])]


def read_sending(
    session: Session, period: Period, *, calendar: Calendar, policy: AskingPolicy, now: datetime
) -> Sending:
    """Return how the mails of a quarter stand."""
    record = session.get(PeriodRecord, str(period))
    return sending(session, record, mails_of(session, period), calendar=calendar, policy=policy, now=now)


def sending(
    session: Session,
    record: PeriodRecord | None,
    mails: Mapping[MessageState, int],
    *,
    calendar: Calendar,
    policy: AskingPolicy,
    now: datetime,
) -> Sending:
    """Return how the mails of a quarter stand whose record and written `mails` are read already."""
    if record is None:
        return Sending.NOT_FROZEN
    is_automatic, is_approved = policy.posting is Posting.AUTOMATIC, record.posting_approved_at is not None
    day = posting_day(calendar, policy, Period.parse(record.period))
    asks_for_day = is_automatic and not (is_approved or record.is_written or record.posting_stopped)
    facts = MailFacts(
        is_frozen=record.state is not PeriodState.OPEN,
        is_stopped=record.posting_stopped,
        is_approved=is_approved,
        is_automatic=is_automatic,
        day_has_come=asks_for_day and now >= _first_mornings(session, calendar, [day])[day],
        is_written=record.is_written,
        some_wait=bool(mails.keys() & {MessageState.WAITING, MessageState.SENDING}),
    )
    return sending_of(facts)


def _first_mornings(session: Session, calendar: Calendar, days: list[date]) -> dict[date, datetime]:
    """Return for each day the moment at which it is morning for the first of all recipients."""
    zones = set(zones_of_recipients(session, calendar.time_zone)) if days else set()
    return {day: min(local_morning(day, zone) for zone in zones) for day in days}
