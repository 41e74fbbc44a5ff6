"""Try an asking policy on real history: whom it would have asked, how often, and how many answers to expect.

Nothing is written and nothing sent. By the rule, every request counts as learned of at its completion and stands as
it stood at the end of the span; only invitations that this run would have written count for later ones.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.asking import Asking, Candidate, decide_together
from app.domain.decisions import DecisionReason
from app.domain.periods import Period
from app.domain.sending_times import sending_moment
from app.foundations.crypto import Keys
from app.models.service_requests import RequestCycle
from app.reports.asking_facts import (
    FactRow,
    PlannedInvitation,
    Suppressions,
    cycle_facts,
    request_facts,
    request_name,
    requester_at,
    zone_of,
)
from app.reports.department_history import DepartmentHistory
from app.reports.sampling_rates import QuarterRate, quarter_rates, rate_of, stored_rates

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class WouldAsk:
    """An invitation that the policy would have written."""

    tracker: str
    external_id: str
    requester: str
    department: str
    planned_at: datetime


def _by_reason(counts: Counter[DecisionReason]) -> dict[str, int]:
    return {str(reason): counts[reason] for reason in DecisionReason if counts[reason]}


@dataclass(slots=True)
class DepartmentDryRun:
    """One department's share of a dry run. Expected answers are sums of response rates, so they are no whole number."""

    reasons: Counter[DecisionReason] = field(default_factory=Counter)
    expected_answers: float = 0.0

    @property
    def completed(self) -> int:
        return self.reasons.total()

    @property
    def eligible(self) -> int:
        return sum(count for reason, count in self.reasons.items() if reason.is_eligible)

    @property
    def asked(self) -> int:
        return self.reasons[DecisionReason.INVITED]

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "completed": self.completed,
            "eligible": self.eligible,
            "asked": self.asked,
            "expected_answers": round(self.expected_answers, 1),
            "reasons": _by_reason(self.reasons),
        }


@dataclass(slots=True)
class DryRun:
    """What a policy would have done between two days."""

    first_day: date
    last_day: date
    minimum_group_size: int
    reasons: Counter[DecisionReason] = field(default_factory=Counter)
    departments: defaultdict[str, DepartmentDryRun] = field(default_factory=lambda: defaultdict(DepartmentDryRun))
    people_by_times_asked: Counter[int] = field(default_factory=Counter)
    rates: dict[str, dict[str, QuarterRate]] = field(default_factory=dict)  # by quarter, then department code
    asked: list[WouldAsk] = field(default_factory=list)

    @property
    def together(self) -> DepartmentDryRun:
        """What all departments come to; requests of an unknown one are left out."""
        every = self.departments.values()
        reasons = sum((one.reasons for one in every), Counter[DecisionReason]())
        return DepartmentDryRun(reasons, sum(one.expected_answers for one in every))

    @property
    def with_few_answers(self) -> int:
        """How many departments with eligible requests can expect fewer answers than a figure needs."""
        eligible = [one for one in self.departments.values() if one.eligible]
        return sum(1 for one in eligible if one.expected_answers < self.minimum_group_size)

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "from": self.first_day.isoformat(),
            "to": self.last_day.isoformat(),
            "completed": self.reasons.total(),
            "expected_answers": round(self.together.expected_answers, 1),
            "departments_with_few_answers": self.with_few_answers,
            "reasons": _by_reason(self.reasons),
            "people_by_times_asked": {
                str(times): self.people_by_times_asked[times] for times in sorted(self.people_by_times_asked)
            },
            "departments": {code: one.as_json() for code, one in sorted(self.departments.items())},
            "sampling": {
                period: {
                    code: {
                        "requests": rate.request_count,
                        "response_rate": round(rate.response_rate, 4),
                        "probability": round(rate.probability, 4),
                    }
                    for code, rate in sorted(rates.items())
                }
                for period, rates in sorted(self.rates.items())
            },
            "asked": [
                {
                    "tracker": one.tracker,
                    "external_id": one.external_id,
                    "requester": one.requester,
                    "department": one.department,
                    "planned_at": one.planned_at.isoformat(),
                }
                for one in self.asked
            ],
        }


def dry_run(
    session: Session,
    asking: Asking,
    keys: Keys,
    *,
    first_day: date,
    last_day: date,
    on_progress: Callable[[int], object] = lambda _: None,
) -> DryRun:
    """Decide every request completed on these company-local days, person by person, as the policy would have.

    Memory grows with the invitations found, not with the history read.
    """
    run = _DryRun(session, asking, keys, first_day, last_day)
    for person, rows in groupby(run.stream(), key=lambda row: row.requester_id):
        read = list(rows)
        if person is None:
            for row in read:
                run.decide_person([row])
        else:
            run.decide_person(read)
        on_progress(len(read))
    return run.result


def count_requests(session: Session, asking: Asking, *, first_day: date, last_day: date) -> int:
    """Return how many completions a dry run will read."""
    return session.execute(
        select(func.count()).select_from(RequestCycle).where(*_between(asking, first_day, last_day))
    ).scalar_one()


def _between(asking: Asking, first_day: date, last_day: date) -> Iterable[Any]:
    start, end = asking.calendar.midnight(first_day), asking.calendar.midnight(last_day + timedelta(days=1))
    return RequestCycle.completed_at >= start, RequestCycle.completed_at < end


class _DryRun:
    def __init__(self, session: Session, asking: Asking, keys: Keys, first_day: date, last_day: date) -> None:
        self.session, self.asking = session, asking
        self.result = DryRun(first_day, last_day, asking.policy.minimum_group_size)
        self.end = asking.calendar.midnight(last_day + timedelta(days=1))
        self.departments = DepartmentHistory(session)
        self._suppressions = Suppressions(session, keys)
        self._rates = self._read_rates()

    def _read_rates(self) -> dict[str, dict[int, QuarterRate]]:
        calendar = self.asking.calendar
        period, last = calendar.period_of_day(self.result.first_day), calendar.period_of_day(self.result.last_day)
        rates: dict[str, dict[int, QuarterRate]] = {}
        while period <= last:
            rates[str(period)] = self._rates_of(period)
            codes = self.departments.codes
            self.result.rates[str(period)] = {codes[id_]: rate for id_, rate in rates[str(period)].items()}
            period = period.following
        return rates

    def _rates_of(self, period: Period) -> dict[int, QuarterRate]:
        """What was fixed then stands for N and R; the policy on trial makes its own p of them."""
        fixed = stored_rates(self.session, str(period))
        rates = quarter_rates(self.session, self.asking, self.departments, period)
        return {
            id_: rate_of(known.request_count, known.response_rate, self.asking) if (known := fixed.get(id_)) else rate
            for id_, rate in rates.items()
        }

    def stream(self) -> Iterator[FactRow]:
        """Read the span in order of persons, a few thousand rows at a time."""
        yield from self.session.execute(
            cycle_facts(now=self.end)
            .where(*_between(self.asking, self.result.first_day, self.result.last_day))
            .order_by(RequestCycle.requester_id, RequestCycle.completed_at, RequestCycle.id)
            .execution_options(yield_per=AT_ONCE)
        )

    def decide_person(self, rows: list[FactRow]) -> None:
        zone = zone_of(rows[0].time_zone, self.asking)
        planned: list[PlannedInvitation] = []
        asked_requests: set[int] = set()
        moments = groupby(rows, key=lambda row: sending_moment(row.completed_at, zone, self.asking.policy))
        for planned_at, group in moments:
            waiting = list(group)
            plan = PlannedInvitation(planned_at, str(self.asking.calendar.period_of(planned_at)))
            requester = requester_at(rows[0], self._suppressions, zone, plan, planned)
            reasons = decide_together(
                requester,
                [self._candidate(row, row.request_id in asked_requests) for row in waiting],
                planned_at=planned_at,
                policy=self.asking.policy,
                key=self.asking.sampling_key,
            )
            for row, reason in zip(waiting, reasons, strict=True):
                self._count(row, reason, planned_at)
                if reason is DecisionReason.INVITED:
                    planned.append(plan)
                    asked_requests.add(row.request_id)
        if planned:
            self.result.people_by_times_asked[len(planned)] += 1

    def _candidate(self, row: FactRow, was_asked: bool) -> Candidate:
        facts = request_facts(
            row,
            self.departments,
            self.asking,
            learned_at=row.completed_at,
            was_asked=was_asked,
            is_undone=row.undone_at is not None and row.undone_at < self.end,
        )
        rate = self._rate(row)
        return Candidate(
            name=request_name(row),
            facts=facts,
            sampling_rate=rate.probability if rate else 1.0,
            last_sending_on=self.asking.last_sending_on(row.period),
        )

    def _rate(self, row: FactRow) -> QuarterRate | None:
        return self._rates.get(row.period, {}).get(row.provider_department_id)

    def _count(self, row: FactRow, reason: DecisionReason, planned_at: datetime) -> None:
        self.result.reasons[reason] += 1
        provider = row.provider_department_id
        if provider is None:
            return
        code = self.departments.codes[provider]
        tally = self.result.departments[code]
        tally.reasons[reason] += 1
        if reason is DecisionReason.INVITED:
            rate = self._rate(row)
            tally.expected_answers += rate.response_rate if rate else self.asking.policy.response_rate_default
            self.result.asked.append(WouldAsk(row.slug, row.external_id, row.email, code, planned_at))
