"""Build all scorecards of a quarter together: one suppression pattern, one declared family of comparisons."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.disclosure import Cell, Pattern
from app.domain.instruments import Item
from app.domain.periods import Calendar, Period
from app.domain.scorecards.document import DepartmentFigures, Method, gaps_of, scorecard_document
from app.domain.scorecards.external import Measured
from app.domain.scorecards.gaps import adjusted
from app.domain.scorecards.publish import Thresholds
from app.models.departments import DepartmentVersion
from app.models.scorecards import ScorecardRevision
from app.reports.department_scores import customers, reading
from app.reports.department_scores.company import Company, read_company, suppression_patterns

Document = dict[str, Any]


@dataclass(frozen=True)
class Building:
    """What a build needs beside the database."""

    calendar: Calendar
    period: Period
    policy: AskingPolicy
    policy_versions: tuple[int, ...]
    instrument_versions: tuple[str, ...]
    frozen_at: datetime


@dataclass(frozen=True)
class ScorecardBuild:
    """One department's document, and those too small for one of their own."""

    department_id: int
    document: Document


@dataclass
class _Families:
    headline: dict[str, float] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)

    def adjusted(self) -> dict[tuple[str, Item], float]:
        found = adjusted(self.headline) | adjusted(self.others)
        return {(key.split("|")[0], Item(key.split("|")[1])): p for key, p in found.items()}


def build_scorecards(
    session: Session,
    building: Building,
    *,
    revisions: Mapping[int, int],
    headline_family: Mapping[str, float] | None = None,
) -> Iterator[ScorecardBuild]:
    """Yield the document of every department that has a scorecard of its own.

    `revisions` gives each department's next revision (default 1). `headline_family` holds the p-values that an earlier
    revision fixed, by `CODE|item`: they stay as they are for departments that are not built anew.
    """
    company = read_company(session, building.calendar, building.period, building.policy.minimum_group_size)
    pattern, of_items = suppression_patterns(session, company, str(building.period), building.policy.minimum_group_size)
    context = _Context(session, building, company, of_items)
    families = _families(context, pattern)
    families.headline = {**(headline_family or {}), **families.headline}
    p_values = families.adjusted()
    method = Method(
        weighting=building.policy.weighting.value,
        thresholds=Thresholds(building.policy.minimum_group_size, building.policy.minimum_comment_group),
        instrument_versions=building.instrument_versions,
        policy_versions=building.policy_versions,
    )
    for department_id in company.with_scorecard():
        figures = context.figures(department_id, with_cuts=True)
        if not figures.items and not figures.funnel.requests:
            continue
        own = {item: p for (code, item), p in p_values.items() if code == figures.code}
        yield ScorecardBuild(
            department_id,
            scorecard_document(
                figures,
                pattern,
                own,
                method=method,
                period=str(building.period),
                revision=revisions.get(department_id, 1),
                frozen_at=building.frozen_at,
            ),
        )


def headline_p_values(document: Document) -> dict[str, float]:
    """Return a document's own contribution to the family of headline gaps."""
    gap = document["gap"].get(Item.CSAT_OVERALL.value, {})
    return {f"{document['department']['code']}|{Item.CSAT_OVERALL.value}": gap["p_value"]} if "p_value" in gap else {}


def _families(context: "_Context", pattern: Pattern) -> _Families:
    families = _Families()
    for department_id in context.company.with_scorecard():
        figures = context.figures(department_id, with_cuts=False)
        for item, gap in gaps_of(figures, pattern).items():
            if gap.p_value is not None:
                family = families.headline if item is Item.CSAT_OVERALL else families.others
                family[f"{figures.code}|{item.value}"] = gap.p_value
    return families


class _Context:
    """What is read once for the whole company."""

    def __init__(
        self, session: Session, building: Building, company: Company, patterns: Mapping[Item, Pattern]
    ) -> None:
        self.session = session
        self.building = building
        self.company = company
        self.patterns = patterns
        self.weights = customers.touchpoint_weights(session, str(building.period))
        self.measures: dict[str, list[Measured]] = customers.read_measures(session, building.calendar, building.period)

    def figures(self, department_id: int, *, with_cuts: bool) -> DepartmentFigures:
        """Return one department's figures; the rows read are bounded by the shape of the company."""
        session, company = self.session, self.company
        code = company.codes[department_id]
        subtree = frozenset(company.tree.subtree(department_id))
        place = reading.Place(department_id, str(self.building.period), subtree)
        whole = reading.read_whole(session, place)
        weights = self.weights.get(department_id, {})
        earlier = _earlier(session, department_id, self.building.period) if with_cuts else []
        return DepartmentFigures(
            code=code,
            name=company.versions[department_id].name,
            items=reading.read_items(session, place),
            funnel=reading.read_funnel(session, place, whole.imported_responses if whole else 0),
            work=reading.read_work(session, place),
            loop=reading.read_loop(session, place, whole),
            targets=self.building.policy.targets_of(code),
            cuts=reading.read_cuts(session, place) if with_cuts else {},
            value_names={company.codes[id_]: version.name for id_, version in company.versions.items()},
            not_applicable=reading.read_not_applicable(session, place),
            answered_on_time=reading.read_answered_on_time(session, place),
            dimensions=customers.dimensions_of(self.measures, weights) if weights else {},
            touchpoints=customers.touchpoint_list(self.measures, weights) if weights else (),
            earlier=earlier,
            previous_comparable=bool(earlier) and self._continues(earlier[-1]),
            hidden_items=frozenset(item for item, pattern in self.patterns.items() if Cell(code) in pattern.hidden),
        )

    def _continues(self, last: tuple[str, Document]) -> bool:
        """Tell whether a change may be printed: the quarter right before, asked with the same questions."""
        period, document = last
        versions = set(document["method"]["instrument_versions"]) & set(self.building.instrument_versions)
        return period == str(self.building.period.previous) and bool(versions)


def _earlier(session: Session, department_id: int, period: Period) -> list[tuple[str, Document]]:
    """Return the last revision of each earlier quarter, oldest first; one predecessor's history is continued."""
    owners = [department_id, *_predecessors(session, department_id)]
    query = (
        select(ScorecardRevision.period, ScorecardRevision.document)
        .where(
            ScorecardRevision.department_id.in_(owners),
            ScorecardRevision.period < str(period),
            ScorecardRevision.period >= str(period.shifted(-7)),
        )
        .order_by(
            ScorecardRevision.period, ScorecardRevision.department_id == department_id, ScorecardRevision.revision
        )
    )
    return list({name: (name, json.loads(text)) for name, text in session.execute(query)}.values())


def _predecessors(session: Session, department_id: int) -> list[int]:
    found = set(
        session.scalars(select(DepartmentVersion.department_id).where(DepartmentVersion.successor_id == department_id))
    )
    return sorted(found) if len(found) == 1 else []
