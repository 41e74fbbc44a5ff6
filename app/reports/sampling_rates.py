"""How large a share of a department's requests is asked about: N and R of the rule, read from the past. Reads only."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.periods import Period
from app.domain.sampling import planned_response_rate, sampling_rate
from app.domain.states import InvitationState, RequesterKind, RequestState, Resolution
from app.models.invitations import Invitation
from app.models.policies import SamplingRate
from app.models.service_requests import RequestCycle, ServiceRequest
from app.reports.department_history import DepartmentHistory

# What a mail server took and no bounce undid. `closed` invitations of a released quarter keep no outcome.
DELIVERED = (InvitationState.SENT, InvitationState.EXPIRED, InvitationState.HELD_BACK, InvitationState.ANSWERED)


@dataclass(frozen=True, slots=True)
class QuarterRate:
    """One department's p for one quarter, with the N and R it follows from."""

    request_count: int
    response_rate: float
    probability: float


def quarter_rates(
    session: Session, asking: Asking, departments: DepartmentHistory, period: Period
) -> dict[int, QuarterRate]:
    """Return the rate of every department for a quarter, as the policy would fix it at the quarter's start."""
    requests = eligible_requests(session, asking, departments, period.previous)
    response = _response_rates(session, asking, period)
    default = asking.policy.response_rate_default
    return {id_: rate_of(requests[id_], response.get(id_, default), asking) for id_ in departments.codes}


def rate_of(request_count: int, response_rate: float, asking: Asking) -> QuarterRate:
    """Return p = min(1, A / (N * R)) beside its N and R."""
    probability = sampling_rate(request_count, response_rate, asking.policy.answers_aimed)
    return QuarterRate(request_count, response_rate, probability)


def stored_rates(session: Session, period: str) -> dict[int, QuarterRate]:
    """Return what was fixed for a quarter, by department."""
    fixed = session.scalars(select(SamplingRate).where(SamplingRate.period == period))
    return {
        rate.department_id: QuarterRate(rate.expected_requests, rate.response_rate, rate.probability) for rate in fixed
    }


def eligible_requests(session: Session, asking: Asking, departments: DepartmentHistory, period: Period) -> Counter[int]:
    """Count a quarter's completed requests by department that are eligible, or would be but for `history`."""
    asked_before = (
        select(Invitation.id)
        .where(
            Invitation.request_id == RequestCycle.request_id,
            Invitation.cycle_id != RequestCycle.id,
            Invitation.sent_at.is_not(None),
        )
        .exists()
    )
    lines = session.execute(
        select(RequestCycle.provider_department_id, RequestCycle.requester_department_id, func.count())
        .join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        .where(
            RequestCycle.period == str(period),
            RequestCycle.undone_at.is_(None),
            RequestCycle.resolution == Resolution.DELIVERED,
            RequestCycle.provider_department_id.is_not(None),
            ServiceRequest.state == RequestState.DONE,
            ServiceRequest.requester_kind == RequesterKind.PERSON,
            ~asked_before,
        )
        .group_by(RequestCycle.provider_department_id, RequestCycle.requester_department_id)
    )
    last_moment = asking.calendar.ends_at(period) - timedelta(microseconds=1)
    counted: Counter[int] = Counter()
    for provider, requester_department, count in lines:
        own = departments.same_line(provider, requester_department, last_moment)
        if not own and departments.is_surveyed(provider, last_moment, asking):
            counted[provider] += count
    return counted


def _response_rates(session: Session, asking: Asking, period: Period) -> dict[int, float]:
    policy, start = asking.policy, asking.calendar.starts_at(period)
    answered = func.sum(case((Invitation.state == InvitationState.ANSWERED, 1), else_=0))
    counts = session.execute(
        select(Invitation.department_id, answered, func.count())
        .where(
            Invitation.state.in_(DELIVERED),
            Invitation.expires_at >= start - policy.response_rate_window,
            Invitation.expires_at < start,
        )
        .group_by(Invitation.department_id)
    )
    return {
        id_: planned_response_rate(
            answers,
            delivered,
            least=policy.response_rate_least,
            most=policy.response_rate_most,
            default=policy.response_rate_default,
            enough=policy.response_rate_enough,
        )
        for id_, answers, delivered in counts
    }
