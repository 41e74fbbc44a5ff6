"""Answers that an earlier tool gathered: insert-once, held under the same calendar as our own, linked to nobody.

A response id is recognised by a keyed hash that leads to no answer. Corrections of a quarter replace all that its
source had told of it.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.instruments import INSTRUMENT_VERSION
from app.domain.periods import Calendar, Period
from app.domain.states import ResponseState
from app.foundations.crypto import Keys, requester_cluster_id
from app.foundations.languages import gettext
from app.imports.faults import Fault, RowsRefused
from app.imports.responses import ITEMS, ResponseRow
from app.models.comments import CommentReview
from app.models.connections import Connection
from app.models.quarter_salts import QuarterIsReleased, ensure_salt
from app.models.responses import CONTENT_UNKNOWN, HeldAnswer, HeldResponse, ImportedPeriod, SeenResponse
from app.models.rollups import mark_dirty
from app.pipeline.responses.history_departments import Departments
from app.pipeline.responses.history_people import Requesters

CHUNK = 500  # rows of one statement: SQLite binds 32,766 values at most

# What makes the content of a response, in an order of its own: a new column of the table must not look like a change.
_told = attrgetter(
    *("provider_department", "requester", "completed_at", *ITEMS, "requester_department", "request_type"),
    *("answered_at", "comment", "language", "on_time"),
)
_written = json.JSONEncoder(default=str, ensure_ascii=False).encode

_RESPONSES, _ANSWERS = cast("Table", HeldResponse.__table__), cast("Table", HeldAnswer.__table__)
_SEEN, _PERIODS = cast("Table", SeenResponse.__table__), cast("Table", ImportedPeriod.__table__)
_REVIEWS = cast("Table", CommentReview.__table__)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What an import of earlier answers did; `faults` are the rows left out."""

    new: int
    seen_before: int
    replaced: int = 0
    reviews_lost: int = 0  # comments among the replaced answers that HR had before it, codes and decisions included
    faults: tuple[Fault, ...] = ()

    @property
    def changed(self) -> int:
        """None ever is: a response is taken once."""
        return 0

    @property
    def unchanged(self) -> int:
        """How many rows were there before."""
        return self.seen_before


def record_history(
    session: Session,
    rows: Iterable[ResponseRow],
    *,
    source: Connection,
    calendar: Calendar,
    keys: Keys,
    now: datetime,
    create_departments: bool = False,
    replace: Period | None = None,
    file: str = "",
    skip_bad_rows: bool = False,
) -> History:
    """Hold earlier answers; those whose response id was seen before are skipped.

    `replace` first drops what this source told of a quarter. Raises RowsRefused for other content under a known id,
    an unknown department or a released quarter, unless bad rows are skipped, and QuarterIsReleased for `replace`.
    """
    if session.get_bind().dialect.name == "postgresql":  # two imports at once would each find the same id unseen
        session.execute(text("LOCK TABLE seen_responses IN SHARE ROW EXCLUSIVE MODE"))
    departments = Departments(session, source, now=now, create=create_departments)
    importing = _Import(session, source, calendar, keys, departments, file, replace)
    if replace is not None:
        importing.drop(replace)
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        importing.take(chunk)
    if importing.faults and not skip_bad_rows:
        raise RowsRefused(*importing.faults)
    importing.finish(now)
    return History(
        new=importing.new,
        seen_before=importing.seen_before,
        replaced=importing.replaced,
        reviews_lost=importing.reviews_lost,
        faults=tuple(importing.faults),
    )


_Marks = tuple[tuple[bytes, bytes], ...]


@dataclass
class _Import:
    """One import on its way; knows what it has met so far."""

    session: Session
    source: Connection
    calendar: Calendar
    keys: Keys
    departments: Departments
    file: str
    replace: Period | None
    new: int = 0
    seen_before: int = 0
    replaced: int = 0
    reviews_lost: int = 0
    faults: list[Fault] = field(default_factory=list)
    _salts: dict[str, bytes | None] = field(default_factory=dict)
    _touched: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._each = self.keys.each()

    def drop(self, period: Period) -> None:
        """Delete what this source told of an open quarter. Raises QuarterIsReleased."""
        ensure_salt(self.session, self.keys, str(period))
        mine = (_RESPONSES.c.source == self.source.slug, _RESPONSES.c.period == str(period))
        departments = self.session.scalars(select(_RESPONSES.c.department_id).where(*mine).distinct()).all()
        self._touched.update((department, str(period)) for department in departments)
        ids = select(_RESPONSES.c.id).where(*mine)
        self.session.execute(delete(_ANSWERS).where(_ANSWERS.c.response_id.in_(ids)))
        reviews = delete(_REVIEWS).where(_REVIEWS.c.response_id.in_(ids))
        self.reviews_lost = int(cast("Any", self.session.execute(reviews)).rowcount)
        self.replaced = int(cast("Any", self.session.execute(delete(_RESPONSES).where(*mine))).rowcount)

    def take(self, chunk: Sequence[ResponseRow]) -> None:
        """Hold the rows of a chunk that are new; keep the faults of those that cannot be held."""
        marks = {row.response_id: self._recognised(row) for row in chunk}
        recognitions = [recognition for marked in marks.values() for recognition, _ in marked]
        known = select(_SEEN.c.recognition, _SEEN.c.content).where(_SEEN.c.recognition.in_(recognitions))
        seen = dict(self.session.execute(known).tuples().all())
        fresh = [row for row in chunk if self._is_fresh(row, seen, marks[row.response_id])]
        departments = self.departments.find(fresh)
        kept = [row for row in fresh if self._can_be_held(row, departments.get(row.provider_department))]
        if kept:
            self._hold(kept, departments, [marks[row.response_id][0] for row in kept])

    def _recognised(self, row: ResponseRow) -> _Marks:
        """Return what a response id is known by, and what its content is compared by while its quarter is held.

        Of every secret of ours, the current one first: a change of the secret must not let answers in twice.

        The content's hash takes the quarter's salt: ratings are few enough to be tried out by whoever has the keys, and
        after the release nothing must lead from a response id to what it said.
        """
        salt = self._salt(str(self.calendar.period_of(row.completed_at))) or b""
        content = _written((*_told(row), *sorted(row.not_applicable)))
        marks = []
        for keys in self._each:
            recognition = keys.hash("seen-response", self.source.slug, row.response_id)
            marks.append((recognition, keys.hash("seen-content", recognition, salt, content)))
        return tuple(marks)

    def _is_fresh(self, row: ResponseRow, seen: dict[bytes, bytes], marks: _Marks) -> bool:
        period = str(self.calendar.period_of(row.completed_at))
        if self.replace is not None:
            if period != str(self.replace):
                sentence = gettext(
                    "completed in %(period)s, but %(replaced)s is replaced", period=period, replaced=self.replace
                )
                self._complain(row, "completed_at", sentence)
            return period == str(self.replace)
        known = [(seen[recognition], content) for recognition, content in marks if recognition in seen]
        if not known:
            seen.update(marks[:1])  # the same id may stand twice in one chunk
            return True
        stored, told = known[0]
        if stored in {told, CONTENT_UNKNOWN} or self._salt(period) is None:
            self.seen_before += 1
        else:
            sentence = gettext("came with other content before; a quarter's answers can be replaced")
            self._complain(row, "response_id", sentence, "--replace")
        return False

    def _can_be_held(self, row: ResponseRow, department: int | None) -> bool:
        if department is None:
            sentence = gettext("there is no department '%(name)s'", name=row.provider_department)
            self._complain(row, "provider_department", sentence, "--create-departments")
        period = str(self.calendar.period_of(row.completed_at))
        if self._salt(period) is None:
            sentence = gettext("%(period)s was released; its answers cannot be added to any more", period=period)
            self._complain(row, "completed_at", sentence)
        return department is not None and self._salt(period) is not None

    def _complain(self, row: ResponseRow, column: str, sentence: str, mend: str = "") -> None:
        self.faults.append(Fault(self.file, row.line, column, sentence, mend))

    def _salt(self, period: str) -> bytes | None:
        """Return the quarter's salt, or None once the quarter is released."""
        if period not in self._salts:
            try:
                self._salts[period] = ensure_salt(self.session, self.keys, period)
            except QuarterIsReleased:
                self._salts[period] = None
        return self._salts[period]

    def _hold(
        self, rows: Sequence[ResponseRow], departments: dict[str, int], marks: Sequence[tuple[bytes, bytes]]
    ) -> None:
        requesters = Requesters(self.session, self.source, rows)
        responses, answers = [], []
        for row in rows:
            response_id = secrets.token_bytes(16)
            responses.append(self._response(row, response_id, departments, requesters))
            values = {**dict.fromkeys(row.not_applicable), **row.ratings()}
            answers += [{"response_id": response_id, "item": item, "value": value} for item, value in values.items()]
        self.session.execute(insert(_RESPONSES), responses)
        if answers:
            self.session.execute(insert(_ANSWERS), answers)
        self._remember(marks)
        self._touched.update((response["department_id"], response["period"]) for response in responses)
        self.new += len(responses)

    def _response(
        self, row: ResponseRow, response_id: bytes, departments: dict[str, int], requesters: Requesters
    ) -> dict[str, Any]:
        period = str(self.calendar.period_of(row.completed_at))
        salt = self._salt(period)
        assert salt is not None
        person = requesters.person(row)
        reported = departments.get(row.requester_department or "")
        return {
            "id": response_id,
            "department_id": departments[row.provider_department],
            "period": period,
            "requester_cluster_id": requester_cluster_id(salt, person),
            "requester_department_id": requesters.department_at(person, row.completed_at) or reported,
            "request_type": row.request_type,
            "on_time": row.on_time,
            "was_reopened": False,
            "month": self.calendar.month_of(row.completed_at),
            "language": row.language,
            "instrument_version": INSTRUMENT_VERSION,
            "source": self.source.slug,
            "state": ResponseState.ACCEPTED,
            "comment": row.comment,
        }

    def _remember(self, marks: Sequence[tuple[bytes, bytes]]) -> None:
        upsert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        statement = upsert(_SEEN)
        again = statement.on_conflict_do_update(
            index_elements=["recognition"], set_={"content": statement.excluded.content}
        )
        self.session.execute(again, [{"recognition": found, "content": content} for found, content in marks])

    def finish(self, now: datetime) -> None:
        """Mark what changed and remember when answers of these quarters came in."""
        for department, period in sorted(self._touched):
            mark_dirty(self.session, department, period, self.calendar.ends_at(Period.parse(period)))
        upsert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        statement = upsert(_PERIODS)
        again = statement.on_conflict_do_update(
            index_elements=["period"], set_={"last_import_at": statement.excluded.last_import_at}
        )
        periods = sorted({period for _, period in self._touched})
        if periods:
            rows = [{"period": period, "first_import_at": now, "last_import_at": now} for period in periods]
            self.session.execute(again, rows)
