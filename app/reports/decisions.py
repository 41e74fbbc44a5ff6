"""Why somebody was asked about a request, or was not: each completion's decision, in words. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.decisions import DecisionReason
from app.domain.sending_times import sending_moment
from app.domain.states import InvitationState, RequestState
from app.foundations.languages import gettext, mark
from app.models.connections import Connection
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.policies import find_policy, version_at
from app.models.service_requests import RequestCycle, ServiceRequest
from app.reports.asking_facts import FactRow, cycle_facts, zone_of

_WORDS = {
    DecisionReason.PROVIDER_UNKNOWN: mark(
        "It is not known which department did the work. Map the tracker's values to a department."
    ),
    DecisionReason.PROVIDER_NOT_SURVEYED: mark("Nobody is asked about the department that did the work."),
    DecisionReason.OWN_DEPARTMENT: mark(
        "Requester and provider belong to one department, or one department is part of the other."
    ),
    DecisionReason.CLOSED_WITHOUT_DELIVERY: mark("The request was closed without being delivered."),
    DecisionReason.CLOSED_AUTOMATICALLY: mark("The request was closed by a rule of the tracker, not by a person."),
    DecisionReason.REQUESTER_IS_A_BOT: mark("The requester is a program, not a person."),
    DecisionReason.HISTORY: mark("The request was completed long before Parity learned of it."),
    DecisionReason.ALREADY_ASKED: mark("The requester was asked about this request when it was completed before."),
    DecisionReason.NO_ADDRESS: mark("There is no e-mail address to which the requester could be written."),
    DecisionReason.OPTED_OUT: mark("The requester does not want to be asked."),
    DecisionReason.REOPENED: mark("The request was opened again before the mail left."),
    DecisionReason.QUARANTINE: mark("The requester was asked about another request a short time before."),
    DecisionReason.QUARTER_CAP: mark("The requester was asked as often as the policy allows in a quarter."),
    DecisionReason.SAMPLED_OUT: mark(
        "The department has so many requests that only a part is asked about; this one was not drawn."
    ),
    DecisionReason.ANOTHER_CHOSEN: mark("The requester is asked about another of their requests instead."),
    DecisionReason.TOO_LATE: mark("The mail would have left too late for the request's quarter."),
    DecisionReason.DELIVERY_FAILED: mark("The mail could not be delivered in time."),
    DecisionReason.INVITED: mark("The requester is asked."),
    DecisionReason.WAITING: mark(
        "It is decided at the next run after nine on a working morning at the requester's place."
    ),
}

#: The same in a word or two, for rows under a table that says the whole sentence once.
_SHORT = {
    DecisionReason.PROVIDER_UNKNOWN: mark("Department unknown"),
    DecisionReason.PROVIDER_NOT_SURVEYED: mark("Not asked about"),
    DecisionReason.OWN_DEPARTMENT: mark("Own department"),
    DecisionReason.CLOSED_WITHOUT_DELIVERY: mark("Not delivered"),
    DecisionReason.CLOSED_AUTOMATICALLY: mark("Closed by a rule"),
    DecisionReason.REQUESTER_IS_A_BOT: mark("Asked by a program"),
    DecisionReason.HISTORY: mark("Known too late"),
    DecisionReason.ALREADY_ASKED: mark("Asked already"),
    DecisionReason.NO_ADDRESS: mark("No address"),
    DecisionReason.OPTED_OUT: mark("Opted out"),
    DecisionReason.REOPENED: mark("Opened again"),
    DecisionReason.QUARANTINE: mark("Asked a short time before"),
    DecisionReason.QUARTER_CAP: mark("Asked often enough"),
    DecisionReason.SAMPLED_OUT: mark("Not in the sample"),
    DecisionReason.ANOTHER_CHOSEN: mark("Another request instead"),
    DecisionReason.TOO_LATE: mark("Too late"),
    DecisionReason.DELIVERY_FAILED: mark("Mail not delivered"),
    DecisionReason.INVITED: mark("Invited"),
    DecisionReason.WAITING: mark("Not decided yet"),
}


def reason_in_short(reason: DecisionReason) -> str:
    """Return the reason in a word or two."""
    return gettext(_SHORT[reason])


def reason_in_words(reason: DecisionReason) -> str:
    """Return the reason as a sentence in the language of the moment."""
    return gettext(_WORDS[reason])


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBefore:
    """The request about which a requester who rests was asked last. Whether they answered is not said."""

    tracker: str
    external_id: str
    name: str  # as people know it
    planned_at: datetime
    rests_until: date  # where the requester lives: from this day on they may be asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDecision:
    """The decision about one completion. Whether somebody answered is not said anywhere."""

    number: int
    completed_at: datetime
    department_code: str | None
    reason: DecisionReason
    decided_at: datetime | None
    waits_until: datetime | None  # while waiting: when it will be decided
    planned_at: datetime | None  # when the invitation was planned to leave
    sent_at: datetime | None
    asked_before: AskedBefore | None = None  # why somebody rests; None also where that was erased or forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDecisions:
    """A request with the decisions about all its completions, the newest last; none while it was never completed."""

    tracker: str
    external_id: str
    title: str | None
    state: RequestState
    cycles: tuple[CycleDecision, ...]

    @property
    def latest(self) -> CycleDecision | None:
        """The decision that counts now."""
        return self.cycles[-1] if self.cycles else None


def find_decision(
    session: Session, tracker_slug: str, external_id: str, *, asking: Asking, now: datetime
) -> RequestDecisions | None:
    """Return the decisions about a request, or None where the tracker has told of no such request."""
    request = session.execute(
        select(ServiceRequest.id, ServiceRequest.title, ServiceRequest.state)
        .join(Connection, Connection.id == ServiceRequest.tracker_id)
        .where(Connection.slug == tracker_slug, ServiceRequest.external_id == external_id)
    ).one_or_none()
    if request is None:
        return None
    cycles = tuple(_cycle(session, row, asking) for row in session.execute(_cycles(request.id, now)))
    return RequestDecisions(
        tracker=tracker_slug, external_id=external_id, title=request.title, state=request.state, cycles=cycles
    )


def _cycles(request_id: int, now: datetime) -> Select[Any]:
    standing = (Invitation.cycle_id == RequestCycle.id) & (Invitation.state != InvitationState.WITHDRAWN)
    return (
        cycle_facts(now=now)
        .add_columns(
            RequestCycle.number,
            RequestCycle.decision,
            RequestCycle.decided_at,
            Department.code,
            Invitation.planned_at,
            Invitation.sent_at,
        )
        .outerjoin(Department, Department.id == RequestCycle.provider_department_id)
        .outerjoin(Invitation, standing)
        .where(RequestCycle.request_id == request_id)
        .order_by(RequestCycle.number)
    )


def _cycle(session: Session, row: FactRow, asking: Asking) -> CycleDecision:
    is_waiting = row.decision is DecisionReason.WAITING
    return CycleDecision(
        number=row.number,
        completed_at=row.completed_at,
        department_code=row.code,
        reason=row.decision,
        decided_at=row.decided_at,
        waits_until=sending_moment(row.completed_at, zone_of(row.time_zone, asking), asking.policy)
        if is_waiting
        else None,
        planned_at=row.planned_at,
        sent_at=row.sent_at,
        asked_before=_asked_before(session, row, asking) if row.decision is DecisionReason.QUARANTINE else None,
    )


def _asked_before(session: Session, row: FactRow, asking: Asking) -> AskedBefore | None:
    last = session.execute(
        select(
            Connection.slug,
            ServiceRequest.external_id,
            func.coalesce(ServiceRequest.external_key, ServiceRequest.external_id).label("name"),
            Invitation.planned_at,
        )
        .join(ServiceRequest, ServiceRequest.id == Invitation.request_id)
        .join(Connection, Connection.id == ServiceRequest.tracker_id)
        .where(
            Invitation.person_id == row.requester_id,
            Invitation.request_id != row.request_id,
            Invitation.state != InvitationState.WITHDRAWN,
            Invitation.created_at <= row.decided_at,
        )
        .order_by(Invitation.planned_at.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return None
    _, policy = find_policy(session, version_at(session, row.decided_at))
    asked_on = last.planned_at.astimezone(zone_of(row.time_zone, asking)).date()
    return AskedBefore(
        tracker=last.slug,
        external_id=last.external_id,
        name=last.name,
        planned_at=last.planned_at,
        rests_until=asked_on + policy.quarantine,
    )
