"""Record what trackers tell about service requests: once per event, in any order, from many workers at a time.

Whether and when a completed request is asked about is decided later: an undone cycle is seen there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.service_requests import (
    NEVER_TOLD,
    Change,
    Standing,
    TrackerEvent,
    status_since,
    transition,
    was_on_time,
)
from app.foundations.languages import gettext
from app.models.connections import Connection
from app.models.insertion import insert_missing
from app.models.rollups import mark_dirty
from app.models.service_requests import FORGOTTEN, RequestCycle, ServiceRequest
from app.pipeline.intake.people import department_at, find_or_add_requester
from app.pipeline.intake.provider import find_named_department, find_provider

# Told by an event under the same name, and kept on the request as last told.
_PLAIN = (
    "external_key",
    "title",
    "url",
    "request_type",
    "created_at",
    "first_response_at",
    "due_at",
    "on_time",
    "requester_kind",
    "reopened_count",
    "reassignment_count",
)
_NEVER_EMPTY = frozenset({"created_at", "requester_kind", "reopened_count", "reassignment_count"})


@dataclass(frozen=True)
class Recorded:
    """A request after an event was recorded, how it stood before, and what the event did to its cycles."""

    request: ServiceRequest
    before: Standing
    change: Change


def record_all(
    session: Session,
    connection: Connection,
    events: Iterable[TrackerEvent],
    *,
    calendar: Calendar,
    received_at: datetime,
) -> list[Recorded]:
    """Record what a connection told at `received_at` and return what became of each event.

    What `told_ahead` refuses is the caller's to sort out before.
    """
    recorded = [
        record(session, event, tracker=connection, calendar=calendar, received_at=received_at) for event in events
    ]
    is_news = or_(Connection.last_event_at.is_(None), Connection.last_event_at < received_at)
    last = update(Connection).where(Connection.id == connection.id, is_news)
    session.execute(last.values(last_event_at=received_at))
    return recorded


def told_ahead(events: Iterable[TrackerEvent], *, now: datetime) -> dict[str, str]:
    """Return why requests cannot be completed yet, by their ids: at a moment still to come nothing was handled.

    Taken as now it would stand in a wrong quarter, and with it whatever follows from when it was completed.
    """
    ahead = ((event.external_id, event.completed_ahead(now)) for event in events)
    return {
        external_id: gettext(
            "%(request)s is told as completed at %(moment)s, which is still to come: the tool's clock, its time zone"
            " or the date is wrong",
            request=external_id,
            moment=moment.astimezone(UTC).isoformat(" ", "minutes"),
        )
        for external_id, moment in ahead
        if moment is not None
    }


def record(
    session: Session, event: TrackerEvent, *, tracker: Connection, calendar: Calendar, received_at: datetime
) -> Recorded:
    """Store what `event` tells and return what became of its request. The same event again changes nothing.

    A moment later than `received_at` counts as `received_at`: a tracker whose clock runs ahead must not make
    everything it says afterwards look old.
    """
    at = min(event.occurred_at, received_at)
    request = _locked(session, event, tracker, at, received_at)
    provider_before = request.provider_department_id
    _learn(session, request, event, tracker, at)
    if provider_before != request.provider_department_id:
        for department in (provider_before, request.provider_department_id):
            _mark(session, department, str(calendar.period_of(request.created_at)), calendar)
    before = Standing(request.state, request.state_at)
    moved = transition(before, event.told, at)
    request.state, request.state_at = moved.standing.state, moved.standing.state_at
    if moved.change is Change.COMPLETES:
        _complete(session, request, event, calendar, at, received_at)
    elif moved.change in {Change.REOPENS, Change.DELETES}:
        _undo(session, request, calendar, at)
        if moved.change is Change.REOPENS and "reopened_count" not in event.given:
            request.reopened_count += 1
    session.flush()
    return Recorded(request, before, moved.change)


def _locked(
    session: Session, event: TrackerEvent, tracker: Connection, at: datetime, received_at: datetime
) -> ServiceRequest:
    """Make sure that the request stands in its table, and lock it: the events of one request wait for each other."""
    told = [moment for moment in (event.created_at, event.completed_at) if moment is not None]
    first = {
        "tracker_id": tracker.id,
        "external_id": event.external_id,
        "created_at": min([*told, at]),
        "state_at": NEVER_TOLD,
        "updated_at": NEVER_TOLD,
        "learned_at": received_at,
    }
    insert_missing(session, ServiceRequest, first)
    its_row = select(ServiceRequest).where(
        ServiceRequest.tracker_id == tracker.id, ServiceRequest.external_id == event.external_id
    )
    return session.scalars(its_row.with_for_update().execution_options(populate_existing=True)).one()


def _learn(session: Session, request: ServiceRequest, event: TrackerEvent, tracker: Connection, at: datetime) -> None:
    """Take over the attributes told. Those of an event older than the newest only fill what is unknown."""
    is_newest = at >= request.updated_at
    if "status" in event.given:
        stored = (request.status, request.status_at)
        request.status, request.status_at = status_since(stored, event.status, at, is_newest=is_newest)
    if at > request.updated_at:
        request.forgotten_at = None
    for name, value in _told_values(session, event, tracker, at).items():
        stays_forgotten = request.forgotten_at is not None and name in FORGOTTEN
        if not stays_forgotten and (is_newest or getattr(request, name) is None):
            setattr(request, name, value)
    request.updated_at = max(request.updated_at, at)
    if request.requester_id is not None:
        _name_requester_of_waiting_cycle(session, request)


def _told_values(session: Session, event: TrackerEvent, tracker: Connection, at: datetime) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in _PLAIN if name in event.given}
    values = {name: value for name, value in values.items() if value is not None or name not in _NEVER_EMPTY}
    if "department" in event.given:
        values["raw_department"] = dict(event.department) or None
        values["provider_department_id"] = find_provider(session, event.department, tracker.settings, at)
    if "requester_department" in event.given:
        values["requester_department_id"] = find_named_department(session, event.requester_department, at)
    if event.requester is not None:
        person = find_or_add_requester(session, event.requester, tracker)
        if person is not None:
            values["requester_id"] = person
    return values


def _complete(
    session: Session,
    request: ServiceRequest,
    event: TrackerEvent,
    calendar: Calendar,
    at: datetime,
    received_at: datetime,
) -> None:
    """Begin the next cycle and freeze in it what counts: departments, type and SLA state of this moment."""
    completed_at = min(event.completed_at or at, received_at)
    request.created_at = min(request.created_at, completed_at)
    request.cycle_count += 1
    period = str(calendar.period_of(completed_at))
    session.add(
        RequestCycle(
            request_id=request.id,
            number=request.cycle_count,
            completed_at=completed_at,
            resolution=event.resolution,
            period=period,
            month=calendar.month_of(completed_at),
            provider_department_id=request.provider_department_id,
            requester_id=request.requester_id,
            requester_department_id=_requester_department(session, request, completed_at),
            request_type=request.request_type,
            on_time=was_on_time(request.on_time, request.due_at, completed_at),
            was_reopened=request.reopened_count > 0,
            learned_at=received_at,
        )
    )
    _mark(session, request.provider_department_id, period, calendar)


def _undo(session: Session, request: ServiceRequest, calendar: Calendar, at: datetime) -> None:
    """End the running cycle, if one runs: its completion does not hold any more."""
    running = (
        update(RequestCycle)
        .where(RequestCycle.request_id == request.id, RequestCycle.undone_at.is_(None))
        .values(undone_at=at)
        .returning(RequestCycle.provider_department_id, RequestCycle.period)
    )
    for provider, period in session.execute(running).all():
        _mark(session, provider, period, calendar)


def _name_requester_of_waiting_cycle(session: Session, request: ServiceRequest) -> None:
    """Give a running cycle the requester that its completion did not name (trackers tell them one call later)."""
    unnamed = select(RequestCycle).where(
        RequestCycle.request_id == request.id,
        RequestCycle.requester_id.is_(None),
        RequestCycle.undone_at.is_(None),
        RequestCycle.decided_at.is_(None),
    )
    for cycle in session.scalars(unnamed):
        cycle.requester_id = request.requester_id
        cycle.requester_department_id = _requester_department(session, request, cycle.completed_at)


def _requester_department(session: Session, request: ServiceRequest, moment: datetime) -> int | None:
    if request.requester_id is None:
        return request.requester_department_id
    return department_at(session, request.requester_id, moment) or request.requester_department_id


def _mark(session: Session, department: int | None, period: str, calendar: Calendar) -> None:
    if department is not None:
        mark_dirty(session, department, period, calendar.ends_at(Period.parse(period)))
