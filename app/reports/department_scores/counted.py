"""Counts of all departments of a quarter at once, and which of them a document may tell."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.disclosure import COMPANY, may_tell_sum, own, withheld_counts
from app.domain.scorecards.counts_told import (
    FUNNEL_COUNTS,
    FUNNEL_REQUESTS,
    LATE_FEELING,
    LOOP_COUNTS,
    ON_TIME,
    WORK_COUNTS,
    not_applicable,
)
from app.domain.scorecards.document import DepartmentFigures
from app.models.follow_ups import FollowUp
from app.models.rollups import CellCount, FunnelCount, NotApplicableCount, OpenAge, WorkCount
from app.reports.department_scores.company import WHOLE, Company

_CELL_COUNTS = {
    "low_ratings": CellCount.low_ratings,
    "consented": CellCount.consents,
    "thanks": CellCount.thanks,
    "imported": CellCount.imported_responses,
}

Told = tuple[str, str, int]  # name of a count, department or own part, how many


@dataclass(frozen=True)
class Withheld:
    """The names of the counts that each department may not tell, by its code, and the whole company under COMPANY."""

    names: Mapping[str, frozenset[str]]

    def without(self, figures: DepartmentFigures) -> DepartmentFigures:
        """Return the figures with every withheld count as nothing, which documents leave out like any small count."""
        names = self.names.get(figures.code, frozenset())
        names_of_answers = names.intersection(FUNNEL_COUNTS)
        steps = {name: count for name, count in figures.funnel.requests.items() if name not in names_of_answers}
        told = {item: n for item, n in figures.not_applicable.items() if not_applicable(item) not in names}
        return replace(
            figures,
            answered_on_time=(0, 0) if names.intersection(ON_TIME) else figures.answered_on_time,
            loop=replace(figures.loop, **{name: 0 for name in LOOP_COUNTS if name in names}),
            funnel=replace(
                figures.funnel,
                requests=steps,
                imported=0 if "imported" in names else figures.funnel.imported,
                untold=names.intersection(FUNNEL_REQUESTS),
            ),
            work=replace(figures.work, untold=names.intersection(WORK_COUNTS)),
            not_applicable=told,
            late_feeling=None if LATE_FEELING in names else figures.late_feeling,
        )


def read_withheld(
    session: Session, company: Company, period: str, minimum_group: int, hidden: Collection[str]
) -> Withheld:
    """Read every count of the quarter and judge it over the tree; `hidden` departments tell nothing at all."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for read in (_of_cells, _of_clocks, _of_items, _of_funnels, _of_contacts, _of_work, _of_open_requests):
        for name, code, count in read(session, company, period):
            counts[name][code] = count
    names: defaultdict[str, set[str]] = defaultdict(set)
    for name, found in counts.items():
        untold = withheld_counts(found, company.children, minimum_group, hidden=hidden)
        for code in untold:
            names[code].add(name)
        if not may_tell_sum(found, company.roots, company.children, untold, minimum_group):
            names[COMPANY].add(name)
    return Withheld({code: frozenset(found) for code, found in names.items()})


def _of_cells(session: Session, company: Company, period: str) -> Iterator[Told]:
    query = select(CellCount.department_id, CellCount.is_own, *_CELL_COUNTS.values()).where(
        CellCount.period == period, CellCount.cut == WHOLE
    )
    for department_id, is_own, *counts in session.execute(query):
        for name, count in zip(_CELL_COUNTS, counts, strict=True):
            yield from _told(company, name, department_id, count, is_own=is_own)


def _of_clocks(session: Session, company: Company, period: str) -> Iterator[Told]:
    table = CellCount
    query = select(table.department_id, table.is_own, table.value, table.responses).where(
        table.period == period, table.cut == "on_time", table.value.in_(("yes", "no"))
    )
    for department_id, is_own, value, count in session.execute(query):
        yield from _told(company, f"on_time.{value}", department_id, count, is_own=is_own)


def _of_items(session: Session, company: Company, period: str) -> Iterator[Told]:
    table = NotApplicableCount
    query = select(table.department_id, table.is_own, table.item, table.answers).where(table.period == period)
    for department_id, is_own, item, count in session.execute(query):
        yield from _told(company, not_applicable(item), department_id, count, is_own=is_own)


def _of_funnels(session: Session, company: Company, period: str) -> Iterator[Told]:
    table = FunnelCount
    query = select(table.department_id, table.is_own, table.reason, table.requests).where(
        table.period == period, table.cut == WHOLE, table.reason.in_((*FUNNEL_COUNTS, *FUNNEL_REQUESTS))
    )
    for department_id, is_own, reason, count in session.execute(query):
        yield from _told(company, reason, department_id, count, is_own=is_own)


def _of_work(session: Session, company: Company, period: str) -> Iterator[Told]:
    table, names = WorkCount, ("arrivals", "completions", "reassignments")
    sums = [func.sum(getattr(table, name)) for name in names]
    query = select(table.department_id, table.is_own, *sums).where(table.period == period)
    for department_id, is_own, *counts in session.execute(query.group_by(table.department_id, table.is_own)):
        for name, count in zip(names, counts, strict=True):
            yield from _told(company, name, department_id, int(count), is_own=is_own)


def _of_open_requests(session: Session, company: Company, period: str) -> Iterator[Told]:
    """Yield counts of open requests; they are taken for whole departments, so an own part is what children leave."""
    table = OpenAge
    query = (
        select(table.measure, table.department_id, func.sum(table.requests))
        .where(table.period == period, table.measure.in_(("open", "stuck")))
        .group_by(table.measure, table.department_id)
    )
    counts = {(name, id_): int(count) for name, id_, count in session.execute(query)}
    for (name, id_), count in counts.items():
        yield from _told(company, name, id_, count, is_own=False)
        if below := company.tree.children(id_):
            own_part = count - sum(counts.get((name, child), 0) for child in below)
            yield from _told(company, name, id_, own_part, is_own=True)


def _of_contacts(session: Session, company: Company, period: str) -> Iterator[Told]:
    query = (
        select(FollowUp.department_id, func.count())
        .where(FollowUp.period == period, FollowUp.contacted_at.is_not(None))
        .group_by(FollowUp.department_id)
    )
    contacted = dict(session.execute(query).tuples().all())
    for department_id in company.codes:
        below = company.tree.subtree(department_id)
        whole = sum(contacted.get(id_, 0) for id_ in below)
        yield from _told(company, "contacted", department_id, whole, is_own=False)
        if len(below) > 1:
            own_part = contacted.get(department_id, 0)
            yield from _told(company, "contacted", department_id, own_part, is_own=True)


def _told(company: Company, name: str, department_id: int, count: int, *, is_own: bool) -> Iterator[Told]:
    """Yield a count under its department's code; departments that are gone have no document."""
    if department_id in company.codes:
        code = company.codes[department_id]
        yield name, own(code) if is_own else code, count
