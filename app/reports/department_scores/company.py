"""The company of a quarter's last day: tree, names, who is large enough, and the one suppression pattern."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.departments import DepartmentTree
from app.domain.disclosure import COMPANY, Cell, Name, Pattern, hidden_figure, own, suppress, told_totals
from app.domain.instruments import ALWAYS_ASKED, Item
from app.domain.periods import Calendar, Period
from app.domain.scorecards.cuts import hidden_name
from app.models.departments import Department, DepartmentVersion, tree_at, versions_at
from app.models.people import PersonVersion
from app.models.rollups import COMPANY_ID, CellCount, ProfileCell

WHOLE = "all"


@dataclass(frozen=True)
class Company:
    """Departments as they stood on the period's last day; `small` have fewer staff than the minimum group."""

    tree: DepartmentTree
    codes: Mapping[int, str]
    versions: Mapping[int, DepartmentVersion]
    small: frozenset[int]

    @property
    def children(self) -> dict[str, list[str]]:
        """Return the codes right below each department that has any."""
        below = {id_: [child for child in self.tree.children(id_) if child in self.codes] for id_ in self.codes}
        return {self.codes[id_]: [self.codes[child] for child in found] for id_, found in below.items() if found}

    @property
    def roots(self) -> list[str]:
        """Return the codes of the departments with none above them."""
        return [code for id_, code in self.codes.items() if self.tree.parents.get(id_) not in self.codes]

    @property
    def cell_codes(self) -> Mapping[int, str]:
        """Return the code under which the cells of each row stand; the whole company's where several are on top."""
        return dict(self.codes) | ({COMPANY_ID: COMPANY} if len(self.roots) > 1 else {})

    def with_scorecard(self) -> list[int]:
        """Return the departments that get a scorecard of their own, in order of their code."""
        found = [id_ for id_, version in self.versions.items() if version.is_surveyed and id_ not in self.small]
        return sorted(found, key=lambda id_: self.codes[id_])


def read_company(session: Session, calendar: Calendar, period: Period, minimum_group: int) -> Company:
    """Read the tree of the period's last moment."""
    moment = calendar.last_moment(period)
    versions = versions_at(session, moment)
    tree = tree_at(session, moment)
    codes = {row.id: row.code for row in session.scalars(select(Department)) if row.id in versions}
    listed = _listed_staff(session, moment)
    small = set()
    for id_, version in versions.items():
        staff = version.staff_count
        if staff is None and any(listed.get(below) for below in tree.subtree(id_)):
            staff = sum(listed.get(below, 0) for below in tree.subtree(id_))
        if staff is not None and staff < minimum_group:
            small.add(id_)
    return Company(tree, codes, versions, frozenset(small))


def _listed_staff(session: Session, moment: datetime) -> dict[int, int]:
    """Return how many people belonged to each department at the moment."""
    latest = (
        select(PersonVersion.person_id, func.max(PersonVersion.valid_from).label("since"))
        .where(PersonVersion.valid_from <= moment)
        .group_by(PersonVersion.person_id)
        .subquery()
    )
    query = (
        select(PersonVersion.department_id, func.count())
        .join(
            latest,
            (latest.c.person_id == PersonVersion.person_id) & (latest.c.since == PersonVersion.valid_from),
        )
        .where(PersonVersion.department_id.is_not(None))
        .group_by(PersonVersion.department_id)
    )
    return dict(session.execute(query).tuples().all())  # type: ignore[arg-type]


@dataclass(frozen=True)
class Patterns:
    """What is hidden in a quarter: of departments for every item, item by item, and of the whole company.

    `company` and `company_items` are empty where one department stands above all others, for it is the company.
    """

    departments: Pattern
    items: Mapping[Item, Pattern]
    company: Pattern
    company_items: frozenset[Item]  # those that the whole company may tell

    def departments_without(self, items: Collection[Item]) -> set[str]:
        """Return the departments where one of the items is hidden."""
        found = (self.items[item].hidden for item in items if item in self.items)
        return {cell.department for hidden in found for cell in hidden if not cell.cut}


def suppression_patterns(
    session: Session, company: Company, period: str, minimum_group: int, before: Collection[tuple[str, Name]] = ()
) -> Patterns:
    """Return which cells of the quarter are hidden, over all departments, cuts and the tree at once.

    First the pattern of the headline, which holds for every item; then, item by item, which departments hide more:
    an item that few answered in one department would follow from its parent and its neighbours. What frozen documents
    of the quarter hid (`before`: code and figure) stays hidden: a neighbour shown now would give it away in their sums.
    Last, the company above several departments: it tells what gives none of them away.
    """
    consenting, people = _confidential(session, company, period)
    children = company.children
    counts = _item_counts(session, company, period, consenting)
    headline = counts.pop(ALWAYS_ASKED[0], {})
    headline = {cell: count for cell, count in people.items() if not cell.cut} | headline
    small = {Cell(company.codes[id_]) for id_ in company.small if Cell(company.codes[id_]) in headline}
    kept = {cell for cell in headline if (cell.department, hidden_figure(hidden_name(cell.cut, cell.value))) in before}
    pattern = suppress(_of_departments(headline), children, minimum_group, hidden=small | kept)
    items = {
        item: suppress(
            _of_departments(found),
            children,
            minimum_group,
            hidden=(pattern.hidden & found.keys()) | _kept(item, found, before),
        )
        for item, found in counts.items()
    }
    told = told_totals(_with_columns(headline), company.roots, children, pattern.hidden, minimum_group)
    cells = {cell for cell in _with_columns(headline) if cell.department == COMPANY}
    told_items = {
        item
        for item, found in counts.items()
        if told and told_totals(_wholes(found), company.roots, children, items[item].hidden, minimum_group)
    }
    return Patterns(pattern, items, Pattern(frozenset(cells - told), frozenset(cells)), frozenset(told_items))


def _of_departments(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    return {cell: count for cell, count in counts.items() if cell.department != COMPANY}


def _wholes(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    return {cell: count for cell, count in counts.items() if not cell.cut}


def _with_columns(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the counts with one cut of the company: who is served, the other margin of the service matrix."""
    told = {"", "requester_department"}
    return {cell: count for cell, count in counts.items() if cell.department != COMPANY or cell.cut in told}


def _kept(item: Item, counts: Collection[Cell], before: Collection[tuple[str, Name]]) -> set[Cell]:
    figure = hidden_figure(hidden_name(item=item))
    return {cell for cell in counts if not cell.cut and (cell.department, figure) in before}


def _confidential(session: Session, company: Company, period: str) -> tuple[Mapping[Cell, int], Mapping[Cell, int]]:
    """Return, per cell, requesters who consented to contact and (at least one) requesters who did not."""
    query = select(
        *(CellCount.department_id, CellCount.is_own, CellCount.cut, CellCount.value),
        *(CellCount.requesters, CellCount.confidential_requesters),
    ).where(CellCount.period == period)
    consenting, people, codes = {}, {}, company.cell_codes
    for department_id, is_own, cut, value, requesters, confidential in session.execute(query):
        if department_id in codes:
            cell = _cell(codes[department_id], cut, value, is_own=is_own)
            consenting[cell], people[cell] = requesters - confidential, max(confidential, 1)
    return consenting, people


def _item_counts(
    session: Session, company: Company, period: str, consenting: Mapping[Cell, int]
) -> dict[Item, dict[Cell, int]]:
    """Return, per item, requesters of each cell who gave a value and did not consent: the fewest it can be."""
    columns = (ProfileCell.department_id, ProfileCell.is_own, ProfileCell.cut, ProfileCell.value, ProfileCell.item)
    query = (
        select(*columns, func.sum(ProfileCell.requesters))
        .where(ProfileCell.period == period)
        .where(
            (ProfileCell.cut == WHOLE)
            | (ProfileCell.item == ALWAYS_ASKED[0].value)
            | ((ProfileCell.item == Item.TIMELINESS.value) & (ProfileCell.cut == "on_time"))
        )
        .group_by(*columns)
    )
    counts: defaultdict[Item, dict[Cell, int]] = defaultdict(dict)
    codes = company.cell_codes
    for department_id, is_own, cut, value, item, requesters in session.execute(query):
        if department_id in codes:
            cell = _cell(codes[department_id], cut, value, is_own=is_own)
            counts[Item(item)][cell] = max(int(requesters) - consenting.get(cell, 0), 1)
    return dict(counts)


def _cell(code: str, cut: str, value: str, *, is_own: bool) -> Cell:
    return Cell(own(code) if is_own else code, "" if cut == WHOLE else cut, value)
