"""What deciding about completed requests needs to know, read for many of them at once. Reads only.

Both the real run (app/pipeline/invitations) and the dry run (app/upkeep/policies) decide on these facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, literal_column, select
from sqlalchemy.orm import Session, aliased

from app.domain.asking import Asking, Requester
from app.domain.decisions import DecisionReason
from app.domain.eligibility import Facts, is_learned_late
from app.domain.periods import Calendar
from app.domain.sending_times import completed_until
from app.domain.states import InvitationState, RequesterKind, RequestState, Resolution
from app.domain.zones import find_zone, zone_or
from app.foundations.crypto import Keys
from app.models.base import UtcDateTime
from app.models.connections import Connection
from app.models.invitations import Invitation
from app.models.people import OptOut, Person, PersonVersion, Suppression, SuppressionReason, address_hash
from app.models.policies import current_policy
from app.models.service_requests import RequestCycle, ServiceRequest
from app.reports.department_history import DepartmentHistory
from app.settings import Settings


def current_asking(session: Session, settings: Settings, keys: Keys) -> Asking:
    """Return what deciding needs to know of an installation: the policy in force, calendar and sampling key."""
    return Asking(
        policy=current_policy(session),
        calendar=Calendar(settings.time_zone, settings.fiscal_year_start),
        sampling_key=keys.hash("sampling"),
        languages=settings.languages,
    )


def zone_of(name: str | None, asking: Asking) -> ZoneInfo:
    """Return the person's time zone; the company's where none is known or the name is none."""
    return zone_or(name, asking.calendar.time_zone)


def language_of(name: str | None, asking: Asking) -> str:
    """Return the language in which a person is asked: theirs where we speak it, else the fallback."""
    return name if name in asking.languages else asking.languages[0]


# The version of the requester that is valid at the moment of the decision.
_version = aliased(PersonVersion, name="person_version")
# Written out: with a bound value, the planner cannot see that the partial indexes of invitations fit.
_WITHDRAWN: ColumnElement[str] = literal_column(f"'{InvitationState.WITHDRAWN}'")
_other = aliased(Invitation, name="other_invitation")  # about an earlier cycle of the same request


def _newest(now: datetime) -> ColumnElement[bool]:
    other = aliased(PersonVersion)
    newest = select(func.max(other.valid_from)).where(
        other.person_id == RequestCycle.requester_id, other.valid_from <= now
    )
    return (_version.person_id == RequestCycle.requester_id) & (_version.valid_from == newest.scalar_subquery())


def _other_invitation(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    about_it = (_other.request_id == RequestCycle.request_id) & (_other.cycle_id != RequestCycle.id)
    return select(_other.id).where(about_it, _other.state != _WITHDRAWN, *conditions).correlate(RequestCycle).exists()


def due_cycles(session: Session, asking: Asking, *, now: datetime, limit: int) -> list[tuple[int | None, int]]:
    """Return (requester, cycle) of waiting requests whose sending moment has come, each person's together.

    A request with an unsent invitation about an earlier cycle goes on waiting until that is sent or withdrawn.
    """
    due = (
        select(RequestCycle.requester_id, RequestCycle.id)
        .outerjoin(_version, _newest(now))
        .where(
            RequestCycle.decision == DecisionReason.WAITING,
            RequestCycle.completed_at <= now - asking.policy.delay,
            RequestCycle.completed_at <= _completed_until(session, asking, now),
            ~_other_invitation(_other.state == InvitationState.QUEUED),
        )
        .order_by(RequestCycle.requester_id, RequestCycle.id)
        .limit(limit)
    )
    return [(requester, cycle) for requester, cycle in session.execute(due)]


def _completed_until(session: Session, asking: Asking, now: datetime) -> ColumnElement[datetime]:
    def until(zone: ZoneInfo) -> ColumnElement[datetime]:
        return literal(completed_until(now, zone, asking.policy), UtcDateTime)

    names = session.scalars(select(PersonVersion.time_zone).where(PersonVersion.time_zone.is_not(None)).distinct())
    known = {name: until(zone) for name in names if name and (zone := find_zone(name))}
    company = until(asking.calendar.time_zone)
    return case(known, value=_version.time_zone, else_=company) if known else company


def cycle_facts(*, now: datetime) -> Select[Any]:
    """Return the statement that reads cycles with all that deciding and inviting need; add your own conditions.

    Columns: see `FactRow`. `was_asked` tells whether an invitation about an earlier cycle was sent.
    """
    return (
        select(
            RequestCycle.id.label("cycle_id"),
            RequestCycle.request_id,
            RequestCycle.requester_id,
            RequestCycle.completed_at,
            RequestCycle.learned_at,
            RequestCycle.undone_at,
            RequestCycle.resolution,
            RequestCycle.period,
            RequestCycle.provider_department_id,
            RequestCycle.requester_department_id,
            ServiceRequest.external_id,
            ServiceRequest.external_key,
            ServiceRequest.title,
            ServiceRequest.requester_kind,
            ServiceRequest.state,
            Connection.slug,
            Person.email,
            _version.name,
            _version.language,
            _version.time_zone,
            OptOut.person_id.label("opted_out_id"),
            OptOut.created_at.label("opted_out_at"),
            OptOut.until.label("opted_out_until"),
            _other_invitation(_other.sent_at.is_not(None)).label("was_asked"),
        )
        .join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        .join(Connection, Connection.id == ServiceRequest.tracker_id)
        .outerjoin(Person, Person.id == RequestCycle.requester_id)
        .outerjoin(_version, _newest(now))
        .outerjoin(OptOut, OptOut.person_id == RequestCycle.requester_id)
    )


FactRow = Row[Any]


def request_name(row: FactRow) -> str:
    """Return what the keyed hashes of a request are taken of; the same in every cycle."""
    return f"{row.slug}/{row.external_id}"


@dataclass(frozen=True, slots=True)
class PlannedInvitation:
    """An invitation that counts for quarantine and cap."""

    planned_at: datetime
    sending_period: str


def is_opted_out(row: FactRow, at: datetime) -> bool:
    """True while the person does not want to be asked: for good, or resting after "not now"."""
    if row.opted_out_id is None or row.opted_out_at > at:
        return False
    return row.opted_out_until is None or row.opted_out_until > at


class Suppressions:
    """Addresses that get no mail, read once: one that bounced is no address, a complaint is a wish not to be asked."""

    def __init__(self, session: Session, keys: Keys) -> None:
        rows = session.execute(select(Suppression.address_hash, Suppression.reason, Suppression.created_at))
        self._known = {hashed: (reason, created_at) for hashed, reason, created_at in rows}
        self._each = keys.each()

    def reason(self, email: str | None, at: datetime) -> SuppressionReason | None:
        """Return why the address got no mail at that moment, or None."""
        if not self._known or email is None:
            return None
        hashes = (address_hash(one, email) for one in self._each)
        found = (self._known[hashed] for hashed in hashes if hashed in self._known)
        return next((reason for reason, since in found if since <= at), None)


def requester_at(
    row: FactRow,
    suppressions: Suppressions,
    zone: ZoneInfo,
    plan: PlannedInvitation,
    earlier: Sequence[PlannedInvitation],
) -> Requester:
    """Return what is known of a row's person at the moment of sending, after the invitations planned before it."""
    suppressed = suppressions.reason(row.email, plan.planned_at)
    return Requester(
        zone=zone,
        has_address=row.email is not None and suppressed in {None, SuppressionReason.COMPLAINED},
        opted_out=suppressed is SuppressionReason.COMPLAINED or is_opted_out(row, plan.planned_at),
        last_planned_at=earlier[-1].planned_at if earlier else None,
        invitation_count=sum(1 for one in earlier if one.sending_period == plan.sending_period),
    )


def request_facts(
    row: FactRow,
    departments: DepartmentHistory,
    asking: Asking,
    *,
    learned_at: datetime,
    was_asked: bool,
    is_undone: bool,
) -> Facts:
    """Return what is known of one completed request; what concerns the person is added by `decide_together`."""
    provider, completed_at = row.provider_department_id, row.completed_at
    return Facts(
        provider_known=provider is not None,
        provider_surveyed=provider is None or departments.is_surveyed(provider, completed_at, asking),
        same_line=departments.same_line(provider, row.requester_department_id, completed_at),
        not_delivered=row.resolution is Resolution.NOT_DELIVERED,
        automatic=row.resolution is Resolution.AUTOMATIC,
        requester_is_bot=row.requester_kind is RequesterKind.BOT,
        learned_late=is_learned_late(completed_at, learned_at, asking.policy.history_after),
        asked_before=was_asked,
        reopened=is_undone,
    )


def is_undone(row: FactRow) -> bool:
    """True when the completion does not stand any more: reopened, or deleted in the tracker."""
    return row.undone_at is not None or row.state is not RequestState.DONE


def planned_invitations(
    session: Session, person_ids: Sequence[int], *, since: datetime
) -> dict[int, list[PlannedInvitation]]:
    """Return each person's invitations planned since, oldest first; withdrawn ones asked nobody."""
    found: dict[int, list[PlannedInvitation]] = {}
    statement = (
        select(Invitation.person_id, Invitation.planned_at, Invitation.sending_period)
        .where(
            Invitation.person_id.in_(person_ids),
            Invitation.planned_at >= since,
            Invitation.state != _WITHDRAWN,
        )
        .order_by(Invitation.planned_at)
    )
    for person_id, planned_at, sending_period in session.execute(statement):
        found.setdefault(person_id, []).append(PlannedInvitation(planned_at, sending_period))
    return found
