"""Recompute dirty department-periods whole, and check that stored rollups equal what the answers say.

There is no adding and subtracting: a rebuild gives equal rows by construction. Nothing of a released quarter is
recomputed, since its answers can no longer be told apart by requester.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import ColumnElement, and_, delete, insert, select, text
from sqlalchemy.orm import Session

from app.domain.departments import DepartmentTree
from app.domain.periods import Calendar, Period
from app.domain.scorecards.digest import sealed_digest
from app.domain.states import PeriodState
from app.foundations.crypto import Keys
from app.models.departments import tree_at
from app.models.releases import PeriodRecord, SealedCell, lock_period
from app.models.responses import HeldResponse
from app.models.rollups import COMPANY_ID, DirtyMark
from app.models.service_requests import RequestCycle
from app.pipeline.rollups.cells import computed_rows, rollup_tables, stored_rows
from app.pipeline.rollups.scope import Scope
from app.pipeline.rollups.segments import Segments, SegmentsOfQuarters

__all__ = ["Mismatch", "refresh", "verify"]

Mismatch = tuple[int, str, str, int]  # department id or COMPANY_ID, period, table, rows that differ


def refresh(session: Session, *, calendar: Calendar, keys: Keys, period: Period | None = None) -> int:
    """Recompute what is marked dirty (of one period, or of all) and return how many department-periods that were.

    Marks are cleared by the ids that were read: a change that arrives meanwhile leaves its own mark standing. One
    quarter alone is recomputed for its freeze: it is locked from here on, so no code comes between sums and document.
    """
    if period is not None:
        lock_period(session, str(period))
    if session.get_bind().dialect.name == "postgresql":  # two machines at once would each insert the same rows
        session.execute(text("LOCK TABLE profile_cells IN SHARE ROW EXCLUSIVE MODE"))
    marks = _marks(session, period)
    released = _released(session)
    trees: dict[str, DepartmentTree] = {}
    segments = SegmentsOfQuarters(session, keys)
    for (department_id, name), ids in sorted(marks.items()):
        if name not in released:
            if name not in trees:
                trees[name] = _tree(session, calendar, Period.parse(name))
            for scope in _scopes(trees[name], department_id, calendar, Period.parse(name)):
                _rebuild(session, scope, keys, segments.of(scope))
        session.execute(delete(DirtyMark).where(DirtyMark.id.in_(ids)))
    for name, tree in trees.items():
        company = _whole_company(tree, calendar, Period.parse(name))
        _rebuild(session, company, keys, segments.of(company))
    return len(marks)


def verify(session: Session, *, calendar: Calendar, keys: Keys, period: Period | None = None) -> list[Mismatch]:
    """Recompute every department-period that still has its answers and return where stored rows differ.

    Of a released quarter the digests of the sealed cells are checked instead.
    """
    wrong: list[Mismatch] = list(_broken_seals(session, period))
    segments = SegmentsOfQuarters(session, keys)
    for name in _known_periods(session, period) - _released(session):
        tree = _tree(session, calendar, Period.parse(name))
        for department_id in sorted(tree.parents):
            stale = session.scalar(select(DirtyMark.id).where(_is(department_id, name)).limit(1))
            if stale is not None:
                continue  # a marked one is known to differ
            for scope in _scopes(tree, department_id, calendar, Period.parse(name)):
                wrong += _differences(session, scope, keys, segments.of(scope))
        if session.scalar(select(DirtyMark.id).where(DirtyMark.period == name).limit(1)) is None:
            company = _whole_company(tree, calendar, Period.parse(name))
            wrong += _differences(session, company, keys, segments.of(company))
    return wrong


def _broken_seals(session: Session, period: Period | None) -> Iterator[Mismatch]:
    """Yield the departments and quarters with sealed cells whose figures do not fit their digest, and how many."""
    query = select(SealedCell)
    if period is not None:
        query = query.where(SealedCell.period == str(period))
    broken: Counter[tuple[int, str]] = Counter()
    for cell in session.scalars(query.execution_options(yield_per=1000)):
        if cell.digest != sealed_digest(cell.cut, cell.value, cell.item, cell.figures):
            broken[cell.department_id, cell.period] += 1
    for (department_id, name), cells in sorted(broken.items()):
        yield department_id, name, SealedCell.__tablename__, cells


def _differences(session: Session, scope: Scope, keys: Keys, segments: Segments) -> Iterator[Mismatch]:
    computed = computed_rows(session, scope, keys, segments)
    for table in rollup_tables():
        fresh, stored = _counted(computed[table]), _counted(stored_rows(session, table, scope))
        if fresh != stored:
            yield scope.department_id, scope.period, table.__tablename__, len(set(fresh.items()) ^ set(stored.items()))


def _counted(rows: list[dict[str, object]]) -> dict[tuple[tuple[str, object], ...], int]:
    counted: defaultdict[tuple[tuple[str, object], ...], int] = defaultdict(int)
    for row in rows:
        counted[tuple(sorted(row.items()))] += 1
    return dict(counted)


def _rebuild(session: Session, scope: Scope, keys: Keys, segments: Segments) -> None:
    for table in rollup_tables():
        session.execute(
            delete(table).where(
                table.department_id == scope.department_id,
                table.period == scope.period,
                table.is_own == scope.is_own,
            )
        )
    for fresh, rows in computed_rows(session, scope, keys, segments).items():
        if rows:
            session.execute(insert(fresh), rows)


def _scopes(tree: DepartmentTree, department_id: int, calendar: Calendar, period: Period) -> Iterator[Scope]:
    """Yield the subtree's rows, and beside them those of the department's own requests."""
    spanning = _in_period(department_id, calendar, period)
    yield spanning(is_own=False, departments=frozenset(tree.subtree(department_id)))
    own = frozenset({department_id}) if tree.children(department_id) else frozenset[int]()
    yield spanning(is_own=True, departments=own)  # without children there are no rows: the subtree is its own


def _whole_company(tree: DepartmentTree, calendar: Calendar, period: Period) -> Scope:
    """Return what spans all departments; nothing where one stands above them, for its rows are the company's."""
    everybody = frozenset(tree.parents) if len(tree.roots) > 1 else frozenset[int]()
    return _in_period(COMPANY_ID, calendar, period)(is_own=False, departments=everybody)


def _in_period(department_id: int, calendar: Calendar, period: Period) -> Callable[..., Scope]:
    return partial(
        Scope,
        department_id,
        str(period),
        starts_at=calendar.starts_at(period),
        ends_at=calendar.ends_at(period),
        freezes_at=calendar.freezes_at(period),
    )


def _tree(session: Session, calendar: Calendar, period: Period) -> DepartmentTree:
    return tree_at(session, calendar.last_moment(period))


def _marks(session: Session, period: Period | None) -> dict[tuple[int, str], list[int]]:
    wanted = select(DirtyMark.department_id, DirtyMark.period, DirtyMark.id)
    if period is not None:
        wanted = wanted.where(DirtyMark.period == str(period))
    marks: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for department_id, name, id_ in session.execute(wanted):
        marks[department_id, name].append(id_)
    return dict(marks)


def _is(department_id: int, period: str) -> ColumnElement[bool]:
    return and_(DirtyMark.department_id == department_id, DirtyMark.period == period)


def _known_periods(session: Session, period: Period | None) -> set[str]:
    if period is not None:
        return {str(period)}
    return set(session.scalars(select(RequestCycle.period).union(select(HeldResponse.period))))


def _released(session: Session) -> set[str]:
    return set(session.scalars(select(PeriodRecord.period).where(PeriodRecord.state == PeriodState.RELEASED)))
