"""The scorecards that were issued, as far as somebody may see them: the list by quarter, and one of them.

A head sees a department in the quarters in which it stood within their own: the tree of the period's last day decides,
as it does for the figures. Heads see a quarter once it is posted, HR may look at what is frozen.
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.rights import Action, Viewer
from app.models.departments import Department
from app.models.releases import PeriodRecord
from app.models.scorecards import ScorecardRevision, find_revision
from app.reports.department_history import DepartmentHistory
from app.reports.published import Document


@dataclass(frozen=True)
class IssuedScorecard:
    """One line of the list."""

    department_id: int
    code: str
    name: str
    finding: Document  # the stored sentence
    revision: int
    id: int


@dataclass(frozen=True)
class Place:
    """Where a scorecard stands in the list."""

    period: str
    name: str
    code: str
    department_id: int

    def is_of(self, words: str) -> bool:
        """Tell whether its department is called so, in name or code."""
        return words.casefold() in self.name.casefold() or words.casefold() in self.code.casefold()


@dataclass(frozen=True)
class IssuedQuarter:
    """A quarter with the scorecards that the viewer may see, by name."""

    period: Period
    scorecards: Sequence[IssuedScorecard]


class Issued:
    """What one viewer may see of the scorecards; reads the departments once."""

    def __init__(self, session: Session, viewer: Viewer, calendar: Calendar) -> None:
        self._session, self._viewer, self._calendar = session, viewer, calendar
        self._sees_all = viewer.may(Action.SEE_ALL_SCORECARDS)
        self._sees_below = viewer.may(Action.SEE_SCORECARDS_BELOW)
        self._departments: DepartmentHistory | None = None
        self._posted: set[str] = set()

    def of_quarter(self, period: Period) -> list[IssuedScorecard]:
        """Return what there is to see of one quarter, by name."""
        return self._lines([str(period)]).get(str(period), [])

    def document(self, card: IssuedScorecard) -> Document:
        """Return the document of one line: tens of kilobytes, which no list reads."""
        text = self._session.scalars(select(ScorecardRevision.document).where(ScorecardRevision.id == card.id)).one()
        found: Document = json.loads(text)
        return found

    def newest(self) -> IssuedQuarter | None:
        """Return the newest quarter with anything to see."""
        period = max(self.counted(), default=None)
        return None if period is None else IssuedQuarter(period, self.of_quarter(period))

    def places(self) -> list[Place]:
        """Return where every scorecard stands that there is to see: the newest quarter first, then by name."""
        row = ScorecardRevision
        query = select(row.period, row.name, Department.code, row.department_id).join(Department).order_by(row.revision)
        last = {(place[0], place[-1]): Place(*place) for place in self._session.execute(query).tuples()}
        seen = (one for one in last.values() if self._may_see(one.department_id, Period.parse(one.period)))
        by_name = sorted(seen, key=lambda one: (one.name.casefold(), one.code))
        return sorted(by_name, key=lambda one: one.period, reverse=True)

    def quarters(self, places: Sequence[Place]) -> list[IssuedQuarter]:
        """Return the scorecards of these places by quarter, in their order."""
        found = self._lines(sorted({one.period for one in places}), {one.department_id for one in places})
        card_of = {(period, card.department_id): card for period, cards in found.items() for card in cards}
        return [
            IssuedQuarter(Period.parse(period), [card_of[period, one.department_id] for one in theirs])
            for period, theirs in groupby(places, key=lambda one: one.period)
        ]

    def find(self, period: str, code: str, revision: int | None = None) -> ScorecardRevision | None:
        """Return a revision (by default the last), or None: not there and not for this viewer are the same."""
        row = find_revision(self._session, period, code, revision)
        return row if row is not None and self._may_see(row.department_id, Period.parse(row.period)) else None

    def periods_of(self, department_id: int) -> list[tuple[str, int]]:
        """Return the quarters of a department that the viewer may see with their last revision, oldest first."""
        query = (
            select(ScorecardRevision.period, func.max(ScorecardRevision.revision))
            .where(ScorecardRevision.department_id == department_id)
            .group_by(ScorecardRevision.period)
            .order_by(ScorecardRevision.period)
        )
        rows = self._session.execute(query).tuples().all()
        return [(period, last) for period, last in rows if self._may_see(department_id, Period.parse(period))]

    def counted(self) -> dict[Period, int]:
        """Return, for each quarter with anything to see, of how many departments."""
        pairs = self._session.execute(
            select(ScorecardRevision.period, ScorecardRevision.department_id).distinct()
        ).tuples()
        seen = ((Period.parse(period), id_) for period, id_ in pairs)
        return dict(Counter(period for period, id_ in seen if self._may_see(id_, period)))

    def last_revisions(self, department_id: int, periods: Sequence[str]) -> list[ScorecardRevision]:
        """Return the last revision of each of these quarters that the viewer may see, oldest first."""
        query = (
            select(ScorecardRevision)
            .where(ScorecardRevision.department_id == department_id, ScorecardRevision.period.in_(periods))
            .order_by(ScorecardRevision.period, ScorecardRevision.revision)
        )
        last = {row.period: row for row in self._session.scalars(query)}
        return [row for period, row in last.items() if self._may_see(department_id, Period.parse(period))]

    def topmost(self, cards: Sequence[IssuedScorecard], period: Period) -> IssuedScorecard:
        """Return the first of these that stands below none of the others, in the tree that decides."""
        ids = {card.department_id for card in cards}
        departments = self._departments or DepartmentHistory(self._session)
        last_moment = self._calendar.last_moment(period)
        return next(
            card
            for card in cards
            if not departments.lies_within(card.department_id, ids - {card.department_id}, last_moment)
        )

    def _lines(self, periods: Sequence[str], among: Collection[int] | None = None) -> dict[str, list[IssuedScorecard]]:
        """Return what the viewer may see of these quarters (and departments), by name, without reading a document."""
        last = (
            select(
                ScorecardRevision.department_id,
                ScorecardRevision.period,
                func.max(ScorecardRevision.revision).label("revision"),
            )
            .where(ScorecardRevision.period.in_(periods))
            .group_by(ScorecardRevision.department_id, ScorecardRevision.period)
            .subquery()
        )
        row = ScorecardRevision
        query = (
            select(row.period, row.department_id, Department.code, row.name, row.finding, row.revision, row.id)
            .join(Department, Department.id == ScorecardRevision.department_id)
            .join(
                last,
                (last.c.department_id == ScorecardRevision.department_id)
                & (last.c.period == ScorecardRevision.period)
                & (last.c.revision == ScorecardRevision.revision),
            )
        )
        if among is not None:
            query = query.where(row.department_id.in_(among))
        found: dict[str, list[IssuedScorecard]] = {}
        for period, *line in self._session.execute(query).tuples():
            card = IssuedScorecard(*line)
            if self._may_see(card.department_id, Period.parse(period)):
                found.setdefault(period, []).append(card)
        return {
            period: sorted(cards, key=lambda card: (card.name.casefold(), card.code)) for period, cards in found.items()
        }

    def _may_see(self, department_id: int, period: Period) -> bool:
        if self._sees_all or not self._sees_below:
            return self._sees_all
        if self._departments is None:
            self._departments = DepartmentHistory(self._session)
            posted = PeriodRecord.posted_at.is_not(None) | PeriodRecord.is_historical
            self._posted = set(self._session.scalars(select(PeriodRecord.period).where(posted)))
        if str(period) not in self._posted:
            return False
        last_moment = self._calendar.ends_at(period) - timedelta(microseconds=1)
        return self._departments.lies_within(department_id, self._viewer.departments, last_moment)
