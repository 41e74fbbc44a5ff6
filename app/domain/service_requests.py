"""What trackers tell us about service requests, and when that completes, reopens or deletes one.

Completion is a transition, not a state: `transition` compares what is told with what is stored. Hooks use it event
by event, imports row by row; both give the same result in any order of arrival.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from app.domain.clocks import CLOCKS_DIFFER
from app.domain.states import RequesterKind, RequestState, Resolution

# Before everything that a tracker can tell: the moment of a state that nobody has told yet.
NEVER_TOLD = datetime(1900, 1, 1, tzinfo=UTC)


class EventKind(StrEnum):
    """What happened in the tracker."""

    COMPLETED = "completed"
    REOPENED = "reopened"
    UPDATED = "updated"  # says nothing about the state
    DELETED = "deleted"


_TOLD = {
    EventKind.COMPLETED: RequestState.DONE,
    EventKind.REOPENED: RequestState.OPEN,
    EventKind.DELETED: RequestState.DELETED,
}


class Change(StrEnum):
    """What an event does to the completion cycles of a request."""

    COMPLETES = "completes"  # a new cycle begins
    REOPENS = "reopens"  # the running cycle is undone
    DELETES = "deletes"  # the running cycle, if any, is undone and nothing is asked any more
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asked, as the tracker knows them: an address, or a key that stays the same for the same person."""

    email: str | None = None
    key: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerEvent:
    """One thing that a tracker tells about one request at `occurred_at`.

    `given` names the fields that the event speaks about: None among them clears, the others leave stored values alone.
    """

    external_id: str
    kind: EventKind
    occurred_at: datetime
    given: frozenset[str] = frozenset()
    event_id: str | None = None
    external_key: str | None = None
    title: str | None = None
    url: str | None = None
    request_type: str | None = None
    status: str | None = None
    requester: Requester | None = None
    requester_kind: RequesterKind | None = None
    requester_department: str | None = None  # code or name
    department: Mapping[str, str] = field(default_factory=dict)  # raw values, the surest first
    resolution: Resolution = Resolution.DELIVERED
    created_at: datetime | None = None
    first_response_at: datetime | None = None
    due_at: datetime | None = None
    completed_at: datetime | None = None  # None: at `occurred_at`
    on_time: bool | None = None
    reopened_count: int | None = None
    reassignment_count: int | None = None

    @property
    def told(self) -> RequestState | None:
        """The state that the event reports, or None."""
        return _TOLD.get(self.kind)

    def completed_ahead(self, now: datetime) -> datetime | None:
        """Return when the request is told to be completed where that is still to come, by more than clocks differ."""
        moment = self.completed_at or self.occurred_at
        is_ahead = self.kind is EventKind.COMPLETED and moment > now + CLOCKS_DIFFER
        return moment if is_ahead else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a request and the moment of the newest event that told it."""

    state: RequestState = RequestState.OPEN
    state_at: datetime = NEVER_TOLD


@dataclass(frozen=True, slots=True)
class Transition:
    """What becomes of a request: its standing afterwards and what that does to its cycles."""

    standing: Standing
    change: Change


# At the same moment the later step of a request's life wins, so that the order of arrival cannot matter.
_RANK = {RequestState.OPEN: 0, RequestState.DONE: 1, RequestState.DELETED: 2}

_CHANGES = {
    (RequestState.OPEN, RequestState.DONE): Change.COMPLETES,
    (RequestState.DELETED, RequestState.DONE): Change.COMPLETES,
    (RequestState.DONE, RequestState.OPEN): Change.REOPENS,
    (RequestState.DONE, RequestState.DELETED): Change.DELETES,
    (RequestState.OPEN, RequestState.DELETED): Change.DELETES,
}


def transition(stored: Standing, told: RequestState | None, at: datetime) -> Transition:
    """Return what an event that tells `told` at `at` does to a request that stands as `stored`.

    open to done completes, done to open reopens, done to done is nothing but newer knowledge, and an older event
    never undoes a newer one. The standing is the same in whatever order, and however often, events arrive.
    """
    if told is None or (at, _RANK[told]) <= (stored.state_at, _RANK[stored.state]):
        return Transition(stored, Change.NOTHING)
    change = _CHANGES.get((stored.state, told), Change.NOTHING)
    return Transition(Standing(told, at), change)


def status_since(
    stored: tuple[str | None, datetime | None], told: str | None, at: datetime, *, is_newest: bool
) -> tuple[str | None, datetime | None]:
    """Return a request's status, and since when it is known to have it, after a report that tells `told` at `at`.

    A report older than the newest only fills what is unknown. One that repeats the status moves nothing.
    """
    status, _since = stored
    becomes = told if is_newest or status is None else status
    if becomes == status:
        return stored
    return becomes, None if becomes is None else at


def was_on_time(reported: bool | None, due_at: datetime | None, completed_at: datetime) -> bool | None:
    """Return the SLA state frozen at completion: as reported, else by the due moment, else None for unknown."""
    if reported is not None or due_at is None:
        return reported
    return completed_at <= due_at
