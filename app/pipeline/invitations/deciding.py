"""Decide about all requests whose sending moment has come, and write at most one invitation a person."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.asking import Asking, Candidate, decide_together
from app.domain.decisions import DecisionReason
from app.domain.periods import Period
from app.domain.sending_times import planned_moment
from app.foundations.crypto import Keys
from app.models.insertion import insert_missing
from app.models.policies import SamplingRate
from app.models.rollups import mark_dirty
from app.models.service_requests import RequestCycle
from app.pipeline.invitations.runs import claim_run
from app.pipeline.invitations.withdrawing import withdraw_reopened
from app.pipeline.invitations.writing import Chosen, write_invitations
from app.reports.asking_facts import (
    FactRow,
    PlannedInvitation,
    Suppressions,
    cycle_facts,
    due_cycles,
    is_undone,
    planned_invitations,
    request_facts,
    request_name,
    requester_at,
    zone_of,
)
from app.reports.department_history import DepartmentHistory
from app.reports.sampling_rates import quarter_rates, stored_rates

RUN = "invitations"
BATCH = 5_000  # requests read, decided and written together
MOST_A_RUN = 50_000  # a great import is decided over several transactions, so that others can write in between
A_QUARTER = timedelta(days=93)


@dataclass(frozen=True, slots=True)
class InviteTally:
    """What one run decided, by reason."""

    decisions: Counter[DecisionReason] = field(default_factory=Counter)

    @property
    def is_complete(self) -> bool:
        """False when more requests were due than one run decides."""
        return self.decisions.total() < MOST_A_RUN

    @property
    def invited(self) -> int:
        """How many invitations were written."""
        return self.decisions[DecisionReason.INVITED]


def invite_due(
    session: Session,
    asking: Asking,
    keys: Keys,
    *,
    now: datetime,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> InviteTally:
    """Decide every waiting request whose moment has come; each person's together, at most one of them asked about.

    Idempotent; two runs at once follow one another. `draw` makes public ids. Raises RunEarlierThanLast.
    """
    claim_run(session, RUN, now=now)
    withdraw_reopened(session, asking, now=now)
    return decide_due(session, asking, keys, now=now, draw=draw)


def decide_due(
    session: Session, asking: Asking, keys: Keys, *, now: datetime, draw: Callable[[int], bytes]
) -> InviteTally:
    """Decide and invite within a run that holds the mark already."""
    tally = InviteTally()
    fix_sampling_rates(session, asking, asking.calendar.period_of(now), now=now)
    due = due_cycles(session, asking, now=now, limit=MOST_A_RUN)
    if due:
        run = _Run(session, asking, keys, now, draw, tally)
        for batch in _batches(due):
            run.decide(batch)
        run.mark_dirty()
    return tally


def fix_sampling_rates(session: Session, asking: Asking, period: Period, *, now: datetime) -> dict[int, float]:
    """Fix the quarter's rate of every department that has none yet; return all rates by department id. Idempotent."""
    departments = DepartmentHistory(session)
    known = stored_rates(session, str(period))
    if missing := departments.codes.keys() - known.keys():
        rates = quarter_rates(session, asking, departments, period)
        insert_missing(
            session,
            SamplingRate,
            [
                {
                    "department_id": id_,
                    "period": str(period),
                    "probability": rates[id_].probability,
                    "expected_requests": rates[id_].request_count,
                    "response_rate": rates[id_].response_rate,
                    "fixed_at": now,
                }
                for id_ in sorted(missing)
            ],
        )
        known = stored_rates(session, str(period))
    return {id_: rate.probability for id_, rate in known.items()}


def _batches(due: Sequence[tuple[int | None, int]]) -> Iterator[list[int]]:
    """Yield cycle ids in batches that never part the requests of one person."""
    batch: list[int] = []
    for person, group in groupby(due, key=lambda pair: pair[0]):
        cycles = [cycle for _, cycle in group]
        if person is None:  # requests without a known requester do not belong together
            for start in range(0, len(cycles), BATCH):
                yield cycles[start : start + BATCH]
            continue
        if batch and len(batch) + len(cycles) > BATCH:
            yield batch
            batch = []
        batch += cycles
    if batch:
        yield batch


class _Run:
    """One pass over the due requests, with what was read once for all of them."""

    def __init__(
        self,
        session: Session,
        asking: Asking,
        keys: Keys,
        now: datetime,
        draw: Callable[[int], bytes],
        tally: InviteTally,
    ) -> None:
        self.session, self.asking, self.keys, self.now, self.draw, self.tally = session, asking, keys, now, draw, tally
        self.departments = DepartmentHistory(session)
        self._suppressions = Suppressions(session, keys)
        self._rates: dict[str, dict[int, float]] = {}
        self._last_days: dict[str, date] = {}
        self._plans: dict[ZoneInfo, PlannedInvitation] = {}
        self._changed: set[tuple[int, str]] = set()

    def decide(self, cycle_ids: Sequence[int]) -> None:
        """Decide one batch. Rows that another writer holds right now go on waiting until the next run."""
        rows = self.session.execute(
            cycle_facts(now=self.now)
            .where(RequestCycle.id.in_(cycle_ids), RequestCycle.decision == DecisionReason.WAITING)
            .order_by(RequestCycle.requester_id, RequestCycle.id)
            .with_for_update(of=RequestCycle, skip_locked=True)
        ).all()
        people = list({row.requester_id for row in rows if row.requester_id is not None})
        since = self.now - max(self.asking.policy.quarantine + timedelta(days=2), A_QUARTER)
        earlier = planned_invitations(self.session, people, since=since)
        decided: dict[DecisionReason, list[int]] = defaultdict(list)
        chosen: list[Chosen] = []
        for group in _by_person(rows):
            chosen += self._decide_person(group, earlier.get(group[0].requester_id, []), decided)
        self._record(decided, rows)
        if chosen:
            write_invitations(
                self.session, self.asking, self.keys, chosen, self.departments, now=self.now, draw=self.draw
            )

    def _decide_person(
        self,
        rows: Sequence[FactRow],
        earlier: Sequence[PlannedInvitation],
        decided: dict[DecisionReason, list[int]],
    ) -> Iterator[Chosen]:
        zone = zone_of(rows[0].time_zone, self.asking)
        plan = self._plan(zone)
        requester = requester_at(rows[0], self._suppressions, zone, plan, earlier)
        reasons = decide_together(
            requester,
            [self._candidate(row) for row in rows],
            planned_at=plan.planned_at,
            policy=self.asking.policy,
            key=self.asking.sampling_key,
        )
        for row, reason in zip(rows, reasons, strict=True):
            decided[reason].append(row.cycle_id)
            if reason is DecisionReason.INVITED:
                yield Chosen(row, zone, plan)

    def _candidate(self, row: FactRow) -> Candidate:
        facts = request_facts(
            row,
            self.departments,
            self.asking,
            learned_at=row.learned_at,
            was_asked=row.was_asked,
            is_undone=is_undone(row),
        )
        # The sample of long past quarters does not matter any more, and need not be fixed.
        rate = 1.0 if facts.learned_late else self._rate(row.period, row.provider_department_id)
        return Candidate(
            name=request_name(row),
            facts=facts,
            sampling_rate=rate,
            last_sending_on=self._last_sending_on(row.period),
        )

    def _plan(self, zone: ZoneInfo) -> PlannedInvitation:
        if zone not in self._plans:
            planned_at = planned_moment(self.now, zone, self.asking.policy)
            self._plans[zone] = PlannedInvitation(planned_at, str(self.asking.calendar.period_of(planned_at)))
        return self._plans[zone]

    def _rate(self, period: str, department_id: int | None) -> float:
        if period not in self._rates:
            self._rates[period] = fix_sampling_rates(self.session, self.asking, Period.parse(period), now=self.now)
        return self._rates[period].get(department_id, 1.0) if department_id is not None else 1.0

    def _last_sending_on(self, period: str) -> date:
        if period not in self._last_days:
            self._last_days[period] = self.asking.last_sending_on(period)
        return self._last_days[period]

    def _record(self, decided: dict[DecisionReason, list[int]], rows: Sequence[FactRow]) -> None:
        for reason, cycle_ids in decided.items():
            self.session.connection().execute(
                update(RequestCycle)
                .where(RequestCycle.id.in_(cycle_ids), RequestCycle.decision == DecisionReason.WAITING)
                .values(decision=reason, decided_at=self.now)
            )
            self.tally.decisions[reason] += len(cycle_ids)
        self._changed |= {(row.provider_department_id, row.period) for row in rows if row.provider_department_id}

    def mark_dirty(self) -> None:
        """Mark what the decisions changed, once per department and quarter."""
        for department_id, period in sorted(self._changed):
            mark_dirty(self.session, department_id, period, self.asking.calendar.ends_at(Period.parse(period)))


def _by_person(rows: Sequence[FactRow]) -> Iterator[list[FactRow]]:
    for person, group in groupby(rows, key=lambda row: row.requester_id):
        if person is None:
            yield from ([row] for row in group)
        else:
            yield list(group)
