"""Build all scorecards of a quarter together: one suppression pattern, one declared family of comparisons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.culture.matrix import OwnPart
from app.domain.disclosure import Cell, Pattern
from app.domain.instruments import GRID, Item
from app.domain.periods import Calendar, Period
from app.domain.scorecards.bottlenecks import together
from app.domain.scorecards.counts_told import new_counts
from app.domain.scorecards.document import (
    DepartmentFigures,
    Method,
    consenting_behind,
    gaps_of,
    people_behind,
    scorecard_document,
)
from app.domain.scorecards.families import Family, p_values_of
from app.domain.scorecards.internal import ItemFigures
from app.domain.scorecards.measured import Measured
from app.domain.scorecards.publish import Thresholds
from app.models.rollups import COMPANY_ID
from app.reports.department_scores import customers, reading
from app.reports.department_scores.company import Company, Patterns, read_company, suppression_patterns
from app.reports.department_scores.counted import Withheld, read_withheld
from app.reports.department_scores.disclosed import NOTHING_BEFORE, Disclosed
from app.reports.department_scores.drivers import read_drivers
from app.reports.department_scores.own_parts import read_own_part
from app.reports.department_scores.response import read_response
from app.reports.department_scores.themes import read_themes, repeated_themes
from app.reports.department_scores.waiting import read_waiting
from app.reports.department_scores.whole_company import whole_company
from app.reports.lineage import lineage_before

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

    @property
    def method(self) -> Method:
        """What the figures are made with."""
        return Method(
            weighting=self.policy.weighting.value,
            thresholds=Thresholds(self.policy.minimum_group_size, self.policy.minimum_comment_group),
            instrument_versions=self.instrument_versions,
            policy_versions=self.policy_versions,
        )


@dataclass(frozen=True)
class ScorecardBuild:
    """One department's document, the requesters behind each of its figures, and its unrounded p-values by item.

    `consenting`: how many of the requesters consented to contact; judged at once and stored nowhere.
    """

    department_id: int
    document: Document
    people: Mapping[str, int]
    p_values: Mapping[str, float]
    consenting: Mapping[str, int] = field(default_factory=dict)
    own_part: OwnPart | None = None  # of a department that holds others: a row of HR's matrix


def build_scorecards(
    session: Session,
    building: Building,
    *,
    revisions: Mapping[int, int],
    family: Family | None = None,
    before: Disclosed = NOTHING_BEFORE,
) -> Iterator[ScorecardBuild]:
    """Yield the document of every department that has a scorecard of its own, and last, for HR, what COMPANY may tell.

    `revisions` gives each department's next revision (default 1). `family` holds the p-values that revision 1 of the
    quarter fixed: a later revision of one department is judged by its own new ones among the others' old ones.
    `before` is what frozen documents of the quarter disclosed: it stays hidden, or as it was told.
    """
    minimum_group = building.policy.minimum_group_size
    company = read_company(session, building.calendar, building.period, minimum_group)
    patterns = suppression_patterns(session, company, str(building.period), minimum_group, before.hidden)
    pattern = patterns.departments
    tells_nothing = _without_document(company, pattern)
    withheld = read_withheld(session, company, str(building.period), minimum_group, tells_nothing)
    context = _Context(session, building, company, patterns, withheld)
    without_own = tells_nothing | patterns.departments_without(GRID)
    drivers = read_drivers(session, company, str(building.period), minimum_group, without_own=without_own)
    themes = read_themes(session, company, str(building.period), building.method.thresholds, hidden=tells_nothing)
    themes = themes if before.is_first else repeated_themes(before.documents, themes)
    told = _p_values(context, pattern)
    fixed = Family.of(told) if family is None else family
    for department_id in company.with_scorecard():
        figures = context.figures(department_id, with_cuts=True)
        if not figures.items and not figures.funnel.requests:
            continue
        own, last = told.get(figures.code, {}), before.documents.get(figures.code)
        drivers_told = None if before.is_first else last["drivers"] if last else ()
        figures = replace(figures, drivers=drivers.get(figures.code), drivers_told=drivers_told)
        figures = replace(figures, themes=themes[figures.code])
        write = partial(
            scorecard_document,
            pattern=pattern,
            p_adjusted=fixed.adjusted_for(figures.code, own),
            method=building.method,
            period=str(building.period),
            revision=revisions.get(department_id, 1),
            frozen_at=building.frozen_at,
        )
        document = write(withheld.without(figures))
        if last is not None and (new := new_counts(before.printed.get(figures.code, {}), document)):
            document = write(withheld.without(figures), untold=new)
        people, consenting = people_behind(figures, document), consenting_behind(figures, document)
        part = context.own_part(department_id, pattern) if before.is_first else None
        yield ScorecardBuild(department_id, document, people, own, consenting, part)
    write_whole = partial(whole_company, session, company, str(building.period), patterns, withheld, themes)
    whole = write_whole(building.method, building.frozen_at, before=before)
    if whole is not None:
        yield ScorecardBuild(COMPANY_ID, whole.document, whole.people, {}, whole.consenting)


def _without_document(company: Company, pattern: Pattern) -> set[str]:
    """Return the departments that tell nothing of colleagues: hidden ones, and those without a scorecard."""
    shown = set(company.with_scorecard())
    return {code for id_, code in company.codes.items() if id_ not in shown or pattern.is_hidden(code)}


def _p_values(context: "_Context", pattern: Pattern) -> dict[str, dict[str, float]]:
    """Return the unrounded p-values of every department with a gap, by code and item."""
    weighting = context.building.policy.weighting.value
    found = {}
    for department_id in context.company.with_scorecard():
        figures = context.figures(department_id, with_cuts=False)
        found[figures.code] = p_values_of(gaps_of(figures, pattern, weighting))
    return found


class _Context:
    """What is read once for the whole company."""

    def __init__(
        self, session: Session, building: Building, company: Company, patterns: Patterns, withheld: Withheld
    ) -> None:
        self.session = session
        self.building = building
        self.company = company
        self.patterns = patterns.items
        minimum_group = building.policy.minimum_group_size
        self.waiting = read_waiting(
            session, company, str(building.period), building.policy.minimum_group_size, withheld
        )
        self.response = read_response(session, company, str(building.period), minimum_group, patterns.departments)
        self.weights = customers.touchpoint_weights(session, str(building.period))
        self.measures: dict[str, list[Measured]] = customers.read_measures(session, building.calendar, building.period)

    def figures(self, department_id: int, *, with_cuts: bool) -> DepartmentFigures:
        """Return one department's figures; the rows read are bounded by the shape of the company.

        Without cuts only what its gaps need is read.
        """
        session, company, building = self.session, self.company, self.building
        code = company.codes[department_id]
        place = reading.Place(department_id, str(building.period), frozenset(company.tree.subtree(department_id)))
        weights = self.weights.get(department_id, {})
        figures = DepartmentFigures(
            code=code,
            name=company.versions[department_id].name,
            items=reading.read_items(session, place),
            targets=building.policy.targets_of(code),
            dimensions=customers.dimensions_of(self.measures, weights) if weights else {},
            hidden_items=frozenset(item for item, pattern in self.patterns.items() if Cell(code) in pattern.hidden),
        )
        return self._completed(figures, place, weights) if with_cuts else figures

    def own_part(self, department_id: int, pattern: Pattern) -> OwnPart | None:
        """Return what is shown of a department's own requests, None where it holds no others."""
        company, policy = self.company, self.building.policy
        code = company.codes[department_id]
        if code not in company.children:
            return None
        period, group = str(self.building.period), policy.minimum_group_size
        return read_own_part(
            self.session, department_id, code, period, pattern, weighting=policy.weighting.value, minimum_group=group
        )

    def _completed(
        self, figures: DepartmentFigures, place: reading.Place, weights: dict[str, float]
    ) -> DepartmentFigures:
        session, company, building = self.session, self.company, self.building
        whole = reading.read_whole(session, place)
        funnel = reading.read_funnel(session, place, whole.imported_responses if whole else 0)
        spans = building.calendar.ends_at(building.period) - building.calendar.starts_at(building.period)
        types = reading.read_work(session, place, round(spans.total_seconds() / 86_400))
        line = lineage_before(session, place.department_id, building.period, building.calendar)
        return replace(
            figures,
            funnel=replace(funnel, response=self.response.get(figures.code, {})),
            work=replace(together(types.values()), open_parts=self.waiting.get(figures.code, {})),
            types=types,
            late_feeling=self._late_feeling(place, figures.code),
            loop=reading.read_loop(session, place, whole, building.frozen_at),
            cuts=reading.read_cuts(session, place),
            value_names={company.codes[id_]: version.name for id_, version in company.versions.items()},
            not_applicable=reading.read_not_applicable(session, place),
            answered_on_time=reading.read_answered_on_time(session, place),
            touchpoints=customers.touchpoint_list(self.measures, weights) if weights else (),
            earlier=line.documents,
            previous=str(building.period.previous),
            reorganised_in=line.reorganised_in,
        )

    def _late_feeling(self, place: reading.Place, code: str) -> ItemFigures | None:
        pattern = self.patterns.get(Item.TIMELINESS)
        if pattern is None or Cell(code, "on_time", "yes") in pattern.hidden:
            return None
        return reading.read_late_feeling(self.session, place)
