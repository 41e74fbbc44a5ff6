"""What a connection delivered, as a list: the conclusion, why, what follows for whoever asked. Reads only."""

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, defer

from app.domain.decisions import DecisionReason
from app.domain.states import DeliveryState, RequestState
from app.foundations.languages import gettext, mark
from app.foundations.retelling import retold
from app.models.deliveries import FAILED, REFUSED, Delivery
from app.models.people import Person, PersonVersion
from app.models.service_requests import RequestCycle, ServiceRequest
from app.reports.decisions import reason_in_words

LONGEST_BODY = 20_000  # characters of a body on a page


class Showing(StrEnum):
    """Which deliveries a list shows."""

    COMPLETED = "completed"
    REOPENED = "reopened"
    OTHER = "other"  # read, and neither of the two
    UNREAD = "unread"  # failed: somebody has to look
    WAITING = "waiting"
    REFUSED = "refused"  # turned away at the door


_VERDICTS = {
    "completed": mark("Completed"),
    "reopened": mark("Reopened"),
    "not_completed": mark("Not completed"),
    "deleted": mark("Deleted"),
    "ignored": mark("Ignored"),
    "score": mark("A score"),
    "score_list": mark("Scores"),
    "no_score": mark("No score"),
}
#: What became since of a request that was told to be completed, where none of a delivery's requests is done any more.
_SINCE = {
    RequestState.DELETED: (
        mark("Completed, deleted since"),
        mark("The request was deleted since: no mail leaves about it any more."),
    ),
    RequestState.OPEN: (
        mark("Completed, opened again since"),
        mark("The request was opened again since: no mail leaves about it until it is completed once more."),
    ),
}
_ERASED = mark("Who asked had their data erased: no mail leaves about it any more.")


@dataclass(frozen=True)
class Refusal:
    """What is kept of a delivery that was turned away."""

    status: int  # of HTTP, as its sender was answered
    size: int  # bytes
    sha256: str  # of the body; empty where it was too large to be read


@dataclass(frozen=True, kw_only=True)
class ListedDelivery:
    """One delivery. `why` is the sentence of its conclusion or the reason why it was not read."""

    number: int
    received_at: datetime
    state: DeliveryState
    verdict: str  # of the connector; empty while unread, and once the delivery is forgotten
    why: str
    requests: tuple[str, ...]  # as people know them
    follows: str  # what was decided about the last completion of its request; empty where nothing follows
    next_attempt_at: datetime | None = None
    refusal: Refusal | None = None  # of what was turned away at the door
    departments: tuple[str, ...] = ()  # as `field:value`, of requests that have no department here
    requesters: tuple[str, ...] = ()  # keys of those who asked and have no address here
    is_by_stranger: bool = False  # who asked has an address and stands in no list of people
    undone: RequestState | None = None  # how a request stands now that was told to be completed, and is not any more

    @property
    def in_words(self) -> str:
        """What became of it, in a word or two."""
        if self.state is DeliveryState.STORED:
            return gettext("Tried again later") if self.why else gettext("Waiting")
        if self.state is DeliveryState.FAILED:
            return gettext("Could not be read")
        if self.state is DeliveryState.REFUSED:
            return gettext("Refused")
        if self.undone is not None:
            return gettext(_SINCE[self.undone][0])
        if not self.verdict:
            return gettext("Read, and forgotten")
        return gettext(_VERDICTS[self.verdict]) if self.verdict in _VERDICTS else gettext("Read")

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the list, for the cursor."""
        return (self.received_at.isoformat(), self.number)


def list_deliveries(
    session: Session,
    connection_id: int,
    showing: Showing | None = None,
    *,
    before: tuple[datetime, int] | None = None,
    count: int,
) -> list[ListedDelivery]:
    """Return the newest deliveries of a connection, at most `count` of those that came before a place in the list."""
    query = select(Delivery).where(Delivery.connection_id == connection_id).options(defer(Delivery.body))
    if showing is not None:
        query = query.where(_SHOWN[showing])
    if before is not None:
        at, number = before
        query = query.where(or_(Delivery.received_at < at, and_(Delivery.received_at == at, Delivery.id < number)))
    newest = query.order_by(Delivery.received_at.desc(), Delivery.id.desc()).limit(count)
    return _told(session, session.scalars(newest).all())


def read_delivery(session: Session, connection_id: int, number: int) -> ListedDelivery | None:
    """Return one delivery of a connection, or None."""
    found = session.scalars(
        select(Delivery)
        .where(Delivery.connection_id == connection_id, Delivery.id == number)
        .options(defer(Delivery.body))
    ).all()
    return next(iter(_told(session, found)), None)


def body_of(session: Session, number: int) -> str:
    """Return what a delivery said, as it can be read: JSON in lines, anything else as it came, cut where it is long.

    Empty once it is forgotten.
    """
    body = session.scalars(select(Delivery.body).where(Delivery.id == number)).one()
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    text = text.replace("\0", "\ufffd")
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]} …"


_VERDICT: ColumnElement[str] = Delivery.conclusion["verdict"].as_string()
_SHOWN: Mapping[Showing, ColumnElement[bool]] = {
    Showing.COMPLETED: _VERDICT == "completed",
    Showing.REOPENED: _VERDICT == "reopened",
    Showing.OTHER: and_(Delivery.state == DeliveryState.PROCESSED, _VERDICT.not_in(("completed", "reopened"))),
    Showing.UNREAD: FAILED,
    Showing.WAITING: Delivery.state == DeliveryState.STORED,
    Showing.REFUSED: REFUSED,
}


@dataclass(frozen=True)
class _Request:
    name: str
    state: RequestState
    decision: DecisionReason | None
    is_erased: bool  # somebody is asked, it says, and nobody knows whom
    departments: tuple[str, ...]
    key: str | None
    is_by_stranger: bool


def _told(session: Session, rows: Sequence[Delivery]) -> list[ListedDelivery]:
    known = _requests(session, {number for row in rows for number in _numbers(row)})
    return [_line(row, [known[number] for number in _numbers(row) if number in known]) for row in rows]


def _numbers(row: Delivery) -> list[int]:
    return list((row.conclusion or {}).get("requests") or ())


def _requests(session: Session, numbers: Iterable[int]) -> dict[int, _Request]:
    """Return what people call these requests, with the decision about the last completion that stands."""
    wanted = set(numbers)
    if not wanted:
        return {}
    last = and_(
        RequestCycle.request_id == ServiceRequest.id,
        RequestCycle.number == ServiceRequest.cycle_count,
        RequestCycle.undone_at.is_(None),
    )
    name = func.coalesce(ServiceRequest.external_key, ServiceRequest.external_id)
    is_listed = select(PersonVersion.person_id).where(PersonVersion.person_id == Person.id).exists()
    query = (
        select(
            ServiceRequest.id,
            name.label("name"),
            ServiceRequest.state,
            RequestCycle.decision,
            RequestCycle.requester_id,
            ServiceRequest.provider_department_id,
            ServiceRequest.raw_department,
            Person.email,
            Person.source_key,
            is_listed.label("is_listed"),
        )
        .outerjoin(RequestCycle, last)
        .outerjoin(Person, Person.id == ServiceRequest.requester_id)
        .where(ServiceRequest.id.in_(wanted))
    )
    return {row.id: _request(row) for row in session.execute(query)}


def _request(row: Row[Any]) -> _Request:
    raw = row.raw_department if row.provider_department_id is None else None
    return _Request(
        name=row.name,
        state=row.state,
        decision=row.decision,
        is_erased=row.decision is DecisionReason.INVITED and row.requester_id is None,
        departments=tuple(f"{field}:{value}" for field, value in (raw or {}).items()),
        key=row.source_key if row.email is None else None,
        is_by_stranger=row.email is not None and not row.is_listed,
    )


def _line(row: Delivery, requests: Sequence[_Request]) -> ListedDelivery:
    conclusion: Mapping[str, Any] = row.conclusion or {}
    why = row.error or str(conclusion.get("why") or "")
    verdict = str(conclusion.get("verdict") or "")
    completed = requests if verdict == "completed" else []
    undone = None if any(one.state is RequestState.DONE for one in completed) else _first_state(completed)
    return ListedDelivery(
        number=row.id,
        received_at=row.received_at,
        state=row.state,
        verdict=verdict,
        why=retold(why) if why else "",
        requests=tuple(one.name for one in requests),
        follows=gettext(_SINCE[undone][1]) if undone else _follows(completed),
        next_attempt_at=row.next_attempt_at,
        refusal=_refusal(conclusion) if row.state is DeliveryState.REFUSED else None,
        departments=tuple(dict.fromkeys(value for one in requests for value in one.departments)),
        requesters=tuple(dict.fromkeys(one.key for one in requests if one.key)),
        is_by_stranger=any(one.is_by_stranger for one in requests),
        undone=undone,
    )


def _first_state(requests: Sequence[_Request]) -> RequestState | None:
    return requests[0].state if requests else None


def _follows(completed: Sequence[_Request]) -> str:
    """Say what was decided about the first of some completed requests that somebody has decided about."""
    decided = [one for one in completed if one.decision is not None]
    if not decided:
        return ""
    assert decided[0].decision is not None
    return gettext(_ERASED) if decided[0].is_erased else reason_in_words(decided[0].decision)


def _refusal(told: Mapping[str, Any]) -> Refusal | None:
    if "status" not in told:  # somebody had what is held about them erased, and the reason quoted their address
        return None
    return Refusal(int(told["status"]), int(told["bytes"]), str(told.get("sha256") or ""))
