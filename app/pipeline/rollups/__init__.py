"""Recompute dirty department-periods whole, and check that stored rollups equal what the answers say.

There is no adding and subtracting: a rebuild gives equal rows by construction. Nothing of a released quarter is
recomputed, since its answers can no longer be told apart by requester.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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

__all__ = ["Mismatch", "marked", "rebuild", "refresh", "settle", "verify"]

Place = tuple[int, str]  # department id and period
Mismatch = tuple[int, str, str, int]  # department id or COMPANY_ID, period, table, rows that differ


def refresh(session: Session, *, calendar: Calendar, keys: Keys, period: Period | None = None) -> int:
    """Recompute what is marked dirty (of one period, or of all) and return how many department-periods that were.

    Marks are cleared by the ids that were read: a change that arrives meanwhile leaves its own mark standing. One
    quarter alone is recomputed for its freeze: it is locked from here on, so no code comes between sums and document.
    """
    if period is not None:
        lock_period(session, str(period))
    run = _Run(session, calendar, keys)
    marks = marked(session, period)
    _rebuild_departments(run, marks)
    _settle(run, marks)
    return len(marks)


def rebuild(session: Session, places: Collection[Place], *, calendar: Calendar, keys: Keys) -> None:
    """Recompute some of the department-periods that are `marked`, and leave their marks to `settle`.

    All of them in one transaction would keep SQLite's writer from every page for as long as that takes.
    """
    _rebuild_departments(_Run(session, calendar, keys), places)


def settle(session: Session, marks: Mapping[Place, Collection[int]], *, calendar: Calendar, keys: Keys) -> None:
    """Recompute the company of the quarters whose departments were rebuilt, and clear the marks that led to it."""
    _settle(_Run(session, calendar, keys), marks)


class _Run:
    """What a transaction that rebuilds reads once; on PostgreSQL it is the only one that does."""

    def __init__(self, session: Session, calendar: Calendar, keys: Keys) -> None:
        if session.get_bind().dialect.name == "postgresql":  # two machines at once would each insert the same rows
            session.execute(text("LOCK TABLE profile_cells IN SHARE ROW EXCLUSIVE MODE"))
        self.session, self.calendar, self.keys = session, calendar, keys
        self.segments = SegmentsOfQuarters(session, keys)
        self._released: set[str] | None = None
        self._trees: dict[str, DepartmentTree] = {}

    def is_open(self, name: str) -> bool:
        """Tell whether the quarter's sums may still change."""
        if self._released is None:
            self._released = _released(self.session)
        return name not in self._released

    def tree(self, name: str) -> DepartmentTree:
        """Return the departments as they stand at the end of the quarter."""
        if name not in self._trees:
            self._trees[name] = _tree(self.session, self.calendar, Period.parse(name))
        return self._trees[name]

    def rebuild(self, scope: Scope) -> None:
        _rebuild(self.session, scope, self.keys, self.segments.of(scope))


def _rebuild_departments(run: _Run, places: Iterable[Place]) -> None:
    for department_id, name in sorted(places):
        if run.is_open(name):
            for scope in _scopes(run.tree(name), department_id, run.calendar, Period.parse(name)):
                run.rebuild(scope)


def _settle(run: _Run, marks: Mapping[Place, Collection[int]]) -> None:
    for name in sorted({name for _, name in marks if run.is_open(name)}):
        run.rebuild(_whole_company(run.tree(name), run.calendar, Period.parse(name)))
    for ids in marks.values():
        run.session.execute(delete(DirtyMark).where(DirtyMark.id.in_(ids)))


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


def marked(session: Session, period: Period | None = None) -> dict[Place, list[int]]:
    """Return the department-periods that are dirty, each with the ids of its marks."""
    wanted = select(DirtyMark.department_id, DirtyMark.period, DirtyMark.id)
    if period is not None:
        wanted = wanted.where(DirtyMark.period == str(period))
    marks: defaultdict[Place, list[int]] = defaultdict(list)
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
