"""All waiting requests of one person, decided together: at most one of them is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.eligibility import Facts, decide
from app.domain.periods import Calendar, Period
from app.domain.sampling import choice_order, sample_share
from app.domain.sending_times import is_in_quarantine, is_too_late


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What deciding needs to know of the installation: its policy, its calendar and the key of the sample."""

    policy: AskingPolicy
    calendar: Calendar
    sampling_key: bytes
    languages: tuple[str, ...] = ("en",)  # the first is the fallback

    def last_sending_on(self, period: str) -> date:
        """Return the last local day on which a quarter's requests are asked about. Raises ValueError."""
        return self.calendar.too_late_from(Period.parse(period)) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One completed request whose sending moment has come."""

    name: str  # tracker and id there: what the keyed hashes are taken of
    facts: Facts  # of the request alone; what concerns the person is added when deciding
    sampling_rate: float
    last_sending_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """What is known of the person at the moment for which the invitation would be planned."""

    zone: ZoneInfo
    has_address: bool
    opted_out: bool
    last_planned_at: datetime | None
    invitation_count: int  # planned in the quarter of this sending


def decide_together(
    requester: Requester, candidates: Sequence[Candidate], *, planned_at: datetime, policy: AskingPolicy, key: bytes
) -> list[DecisionReason]:
    """Return one reason per candidate, in their order; `invited` at most once."""
    facts = [_facts(requester, candidate, planned_at, policy, key) for candidate in candidates]
    decisions = [decide(one) for one in facts]
    open_ones = [place for place, reason in enumerate(decisions) if reason is DecisionReason.INVITED]
    if not open_ones:
        return decisions
    chosen = min(open_ones, key=lambda place: choice_order(key, candidates[place].name))
    return [
        reason if place == chosen else decide(replace(facts[place], another_chosen=True))
        for place, reason in enumerate(decisions)
    ]


def _facts(requester: Requester, candidate: Candidate, planned_at: datetime, policy: AskingPolicy, key: bytes) -> Facts:
    rate = candidate.sampling_rate
    return replace(
        candidate.facts,
        has_address=requester.has_address,
        opted_out=requester.opted_out,
        in_quarantine=is_in_quarantine(requester.last_planned_at, planned_at, requester.zone, policy),
        cap_reached=requester.invitation_count >= policy.quarter_cap,
        sampling_rate=rate,
        sample=sample_share(key, candidate.name) if rate < 1 else 0.0,
        too_late=is_too_late(planned_at, requester.zone, candidate.last_sending_on),
    )
