"""The company of a quarter's last day: tree, names, who is large enough, and the one suppression pattern."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.departments import DepartmentTree
from app.domain.disclosure import Cell, Pattern, own, suppress
from app.domain.periods import Calendar, Period
from app.models.departments import Department, DepartmentVersion, tree_at, versions_at
from app.models.people import PersonVersion
from app.models.rollups import CellCount


@dataclass(frozen=True)
class Company:
    """Departments as they stood on the period's last day; `small` have fewer staff than the minimum group."""

    tree: DepartmentTree
    codes: Mapping[int, str]
    versions: Mapping[int, DepartmentVersion]
    small: frozenset[int]

    def with_scorecard(self) -> list[int]:
        """Return the departments that get a scorecard of their own, in order of their code."""
        found = [id_ for id_, version in self.versions.items() if version.is_surveyed and id_ not in self.small]
        return sorted(found, key=lambda id_: self.codes[id_])


def read_company(session: Session, calendar: Calendar, period: Period, minimum_group: int) -> Company:
    """Read the tree of the period's last moment."""
    moment = calendar.ends_at(period) - timedelta(microseconds=1)
    versions = versions_at(session, moment)
    tree = tree_at(session, moment)
    codes = {row.id: row.code for row in session.scalars(select(Department)) if row.id in versions}
    listed = _listed_staff(session)
    small = set()
    for id_, version in versions.items():
        staff = version.staff_count
        if staff is None and any(listed.get(below) for below in tree.subtree(id_)):
            staff = sum(listed.get(below, 0) for below in tree.subtree(id_))
        if staff is not None and staff < minimum_group:
            small.add(id_)
    return Company(tree, codes, versions, frozenset(small))


def _listed_staff(session: Session) -> dict[int, int]:
    latest = (
        select(PersonVersion.person_id, func.max(PersonVersion.valid_from).label("since"))
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


def suppression_pattern(session: Session, company: Company, period: str, minimum_group: int) -> Pattern:
    """Return which cells of the quarter are hidden, over all departments, cuts and the tree at once."""
    query = select(
        CellCount.department_id, CellCount.is_own, CellCount.cut, CellCount.value, CellCount.confidential_requesters
    ).where(CellCount.period == period)
    counts: dict[Cell, int] = {}
    for department_id, is_own, cut, value, requesters in session.execute(query):
        if department_id in company.codes:
            code = company.codes[department_id]
            place = own(code) if is_own else code
            counts[Cell(place, "" if cut == "all" else cut, value)] = max(requesters, 1)
    children = {
        company.codes[id_]: [company.codes[child] for child in company.tree.children(id_) if child in company.codes]
        for id_ in company.codes
        if company.tree.children(id_)
    }
    hidden = {Cell(company.codes[id_]) for id_ in company.small if Cell(company.codes[id_]) in counts}
    return suppress(counts, children, minimum_group, hidden=hidden)
