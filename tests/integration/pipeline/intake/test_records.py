from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from app.domain.clocks import CLOCKS_DIFFER
from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar
from app.domain.service_requests import NEVER_TOLD
from app.domain.states import ConnectionSide, RequestState
from app.imports.faults import RowsRefused
from app.imports.requests import RequestRow
from app.models.base import SINCE_EVER
from app.models.connections import Connection
from app.models.departments import Department, DepartmentVersion
from app.models.people import Person, PersonVersion
from app.models.rollups import DirtyMark
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.intake import records
from app.pipeline.intake.records import Imported
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("Europe/Warsaw"))
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 8, tzinfo=UTC)
COLUMNS = frozenset({"external_id", "requester_email", "provider_department", "created_at", "completed_at", "on_time"})


@pytest.fixture
def tracker(database: Database) -> Connection:
    """A tracker, the departments IT below OPS, and Alice who moved from sales to law in August."""
    session = database.session
    tracker = Connection(slug="desk", side=ConnectionSide.TRACKER, kind="csv", created_at=NOW)
    session.add(tracker)
    codes = ["OPS", "IT", "SALES", "LAW"]
    session.execute(insert(Department), [{"id": number, "code": code} for number, code in enumerate(codes, 101)])
    session.add_all(
        DepartmentVersion(department_id=number, name=f"Name of {code}", parent_id=101 if code == "IT" else None)
        for number, code in enumerate(codes, 101)
    )
    session.add(Person(id=201, email="alice@example.com"))
    session.add(PersonVersion(person_id=201, valid_from=SINCE_EVER, department_id=103))
    session.add(PersonVersion(person_id=201, valid_from=datetime(2026, 8, 1, tzinfo=UTC), department_id=104))
    session.commit()
    return tracker


def row(line: int = 2, *, given: frozenset[str] = COLUMNS, **values: Any) -> RequestRow:
    cells: dict[str, Any] = {
        "external_id": "A-1",
        "requester_email": "alice@example.com",
        "provider_department": "IT",
        "created_at": JULY,
        "completed_at": JULY + timedelta(hours=5),
    }
    return RequestRow(line=line, given=given | values.keys(), **{**cells, **values})


def bring(database: Database, *rows: RequestRow, now: datetime = NOW, **options: Any) -> Imported:
    """Import in a transaction of its own, as a command does."""
    with database.engine.connect() as connection:
        staged = records.stage(connection, rows, requesters={}, calendar=CALENDAR, now=now, file="requests.csv")
        with Session(bind=connection) as session, session.begin():
            tracker = session.scalars(select(Connection)).one()
            return records.apply(session, staged, tracker=tracker, calendar=CALENDAR, now=now, **options)


def cycles(database: Database) -> list[RequestCycle]:
    database.session.rollback()
    ordered = select(RequestCycle).order_by(RequestCycle.request_id, RequestCycle.number)
    return list(database.session.scalars(ordered.execution_options(populate_existing=True)))


def request(database: Database, external_id: str = "A-1") -> ServiceRequest:
    database.session.rollback()
    its_row = select(ServiceRequest).where(ServiceRequest.external_id == external_id)
    return database.session.scalars(its_row.execution_options(populate_existing=True)).one()


def everything(database: Database) -> list[list[Any]]:
    tables = ("service_requests", "request_cycles", "people", "departments", "dirty_marks")
    with database.engine.connect() as connection:
        return [list(connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))) for table in tables]


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", see)
    yield seen
    event.remove(database.engine, "before_cursor_execute", see)


def test_it_completes_a_cycle_and_freezes_what_counts(database: Database, tracker: Connection) -> None:
    told = row(request_type="laptop", on_time=True, title="A new laptop")

    tally = bring(database, told)

    (cycle,) = cycles(database)
    assert tally == Imported(new=1, completed=1)
    assert (cycle.number, cycle.completed_at, cycle.period, cycle.month) == (1, told.completed_at, "2026-Q3", "2026-07")
    assert (cycle.provider_department_id, cycle.requester_id, cycle.requester_department_id) == (102, 201, 103)
    assert (cycle.request_type, cycle.on_time, cycle.was_reopened) == ("laptop", True, False)
    assert (cycle.decision, cycle.learned_at, cycle.undone_at) == (DecisionReason.WAITING, NOW, None)
    assert request(database).title == "A new laptop"


def test_it_takes_the_requester_s_department_of_the_moment_of_completion(
    database: Database, tracker: Connection
) -> None:
    late = datetime(2026, 8, 2, tzinfo=UTC)

    bring(
        database,
        row(external_id="A", completed_at=late),
        row(3, external_id="B", requester_email="new@example.com", requester_department="SALES"),
        row(4, external_id="C", requester_email=None, requester="caller 7", requester_department="nowhere"),
    )

    assert [cycle.requester_department_id for cycle in cycles(database)] == [104, 103, None]


@pytest.mark.parametrize("updated_at", [None, JULY + timedelta(days=9)])
def test_the_same_rows_again_change_nothing(
    database: Database, tracker: Connection, updated_at: datetime | None
) -> None:
    rows = [
        row(external_id="A", on_time=True),
        row(3, external_id="B", completed_at=None),
        row(4, external_id="C", provider_department="Somebody else", title="Ж"),
        row(5, external_id="D", requester_email=None, requester="caller 7"),
    ]
    if updated_at:
        rows = [replace(each, updated_at=updated_at, given=each.given | {"updated_at"}) for each in rows]
    same = frozenset().union(*(each.given for each in rows))
    rows = [replace(each, given=same) for each in rows]
    first = bring(database, *rows)
    before = everything(database)

    second = bring(database, *rows, now=NOW + timedelta(days=1))

    assert (first.new, first.completed, first.provider_unknown) == (4, 3, 1)
    assert second == Imported(unchanged=4, provider_unknown=1, unknown_providers=(("Somebody else", 1),))
    assert everything(database) == before


def test_done_to_open_reopens_and_done_again_is_a_second_cycle(database: Database, tracker: Connection) -> None:
    bring(database, row())
    again = JULY + timedelta(days=3)

    reopened = bring(database, row(completed_at=None), now=NOW + timedelta(hours=1))
    completed = bring(database, row(completed_at=again), now=NOW + timedelta(hours=2))

    first, second = cycles(database)
    assert (reopened.reopened, completed.completed) == (1, 1)
    assert first.undone_at == NOW + timedelta(hours=1)
    assert (second.number, second.completed_at, second.was_reopened) == (2, again, True)
    assert request(database).reopened_count == 1


def test_an_older_report_fills_what_is_unknown_and_undoes_nothing(database: Database, tracker: Connection) -> None:
    bring(database, row(updated_at=NOW, title="Newer"))
    old = row(updated_at=NOW - timedelta(days=2), completed_at=None, title="Older", url="https://desk.example.com/1")

    tally = bring(database, old)

    stored = request(database)
    assert (tally.changed, tally.reopened) == (1, 0)
    assert (stored.title, stored.url, stored.state, stored.updated_at) == (
        "Newer",
        "https://desk.example.com/1",
        "done",
        NOW,
    )
    assert [cycle.undone_at for cycle in cycles(database)] == [None]


def test_absent_columns_leave_values_alone_and_empty_ones_clear_them(database: Database, tracker: Connection) -> None:
    bring(database, row(title="A laptop", url="https://desk.example.com/1", completed_at=None))

    bring(database, row(title=None, completed_at=None), now=NOW + timedelta(hours=1))

    stored = request(database)
    assert (stored.title, stored.url) == (None, "https://desk.example.com/1")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("provider_department", "LAW"),
        ("request_type", "chair"),
        ("on_time", False),
        ("request_type", None),
    ],
)
def test_frozen_fields_of_a_completion_never_change(
    database: Database, tracker: Connection, column: str, value: Any
) -> None:
    told = row(request_type="laptop", on_time=True, resolution="delivered")
    bring(database, told)
    before = everything(database)

    with pytest.raises(RowsRefused) as refused:
        bring(database, row(2, external_id="new"), replace(told, line=3, **{column: value}))

    assert str(refused.value) == (
        f"requests.csv:3: {column}: frozen since the request was completed (2026-07-01 13:00 UTC)"
    )
    assert everything(database) == before


def test_done_to_done_is_nothing(database: Database, tracker: Connection) -> None:
    bring(database, row(status="Resolved"))

    tally = bring(database, row(status="Resolved", completed_at=JULY + timedelta(days=4)))

    (cycle,) = cycles(database)
    assert tally == Imported(unchanged=1)
    assert cycle.completed_at == JULY + timedelta(hours=5)


@pytest.mark.parametrize(
    ("decision", "resolution", "request_type"),
    [(DecisionReason.WAITING, "not_delivered", "laptop"), (DecisionReason.SAMPLED_OUT, "delivered", None)],
)
def test_a_completion_learns_what_it_did_not_know_until_its_decision(
    database: Database, tracker: Connection, decision: DecisionReason, resolution: str, request_type: str | None
) -> None:
    bring(database, row())
    (cycle,) = cycles(database)
    if decision is not DecisionReason.WAITING:
        cycle.decision, cycle.decided_at = decision, NOW
    database.session.commit()
    later = row(resolution="not_delivered", request_type="laptop")

    bring(database, later)
    again = bring(database, later)

    (cycle,) = cycles(database)
    assert (cycle.resolution, cycle.request_type) == (resolution, request_type)
    assert again == Imported(unchanged=1)


def test_the_reported_department_of_a_requester_without_history_is_frozen_too(
    database: Database, tracker: Connection
) -> None:
    told = row(requester_email="new@example.com", requester_department="SALES")
    bring(database, told)

    with pytest.raises(RowsRefused, match="requester_department: frozen"):
        bring(database, replace(told, requester_department="LAW"))


def test_it_leaves_out_contradicting_rows_on_request(database: Database, tracker: Connection) -> None:
    told = row(request_type="laptop")
    bring(database, told)

    tally = bring(
        database, replace(told, request_type="chair"), replace(told, line=3, external_id="B"), skip_bad_rows=True
    )

    assert (tally.new, tally.unchanged, [fault.line for fault in tally.faults]) == (1, 0, [2])


def test_it_marks_the_provider_and_everything_above_it(database: Database, tracker: Connection) -> None:
    bring(database, row(created_at=datetime(2026, 6, 30, tzinfo=UTC)))

    marks = database.session.execute(select(DirtyMark.department_id, DirtyMark.period)).tuples()
    assert sorted(marks) == [(101, "2026-Q2"), (101, "2026-Q3"), (102, "2026-Q2"), (102, "2026-Q3")]


def test_it_stores_a_request_of_an_unknown_department_and_learns_it_later(
    database: Database, tracker: Connection
) -> None:
    told = row(provider_department="Name of space")
    first = bring(database, told)

    second = bring(database, told, create_departments=True)

    (cycle,) = cycles(database)
    created = database.session.scalars(select(Department).where(Department.code == "Name of space")).one()
    assert (first.provider_unknown, second.provider_unknown, second.changed) == (1, 0, 1)
    assert cycle.provider_department_id == created.id


def test_it_knows_departments_by_their_name_and_by_the_tracker_s_table(database: Database, tracker: Connection) -> None:
    tracker.settings = {"departments": {"Group 7": "LAW"}}
    database.session.commit()

    bring(
        database,
        row(external_id="A", provider_department="Name of SALES"),
        row(3, external_id="B", provider_department="Group 7"),
    )

    assert [cycle.provider_department_id for cycle in cycles(database)] == [103, 104]


def test_a_table_that_does_not_speak_of_completion_leaves_the_state_alone(
    database: Database, tracker: Connection
) -> None:
    bring(database, row())
    silent = replace(row(title="A laptop", completed_at=None), given=COLUMNS - {"completed_at", "on_time"} | {"title"})
    unknown = replace(silent, external_id="B")

    tally = bring(database, silent, unknown, now=NOW + timedelta(hours=1))

    known, new = request(database), request(database, "B")
    assert (tally.new, tally.changed, tally.completed, tally.reopened) == (1, 1, 0, 0)
    assert (known.title, known.state, known.cycle_count) == ("A laptop", RequestState.DONE, 1)
    assert (new.state, new.state_at) == (RequestState.OPEN, NEVER_TOLD)


def test_what_a_completion_froze_stays_frozen_for_a_table_that_does_not_speak_of_it(
    database: Database, tracker: Connection
) -> None:
    bring(database, row(request_type="Hardware"))
    other = row(request_type="Software", completed_at=None)

    with pytest.raises(RowsRefused) as refused:
        bring(database, replace(other, given=other.given - {"completed_at"}))

    assert [fault.column for fault in refused.value.faults] == ["request_type"]


def test_an_older_report_completes_what_only_a_silent_table_knew(database: Database, tracker: Connection) -> None:
    silent = replace(row(completed_at=None, on_time=None), given=COLUMNS - {"completed_at", "on_time"})
    bring(database, silent)

    tally = bring(database, row(updated_at=NOW - timedelta(days=2)))

    assert (tally.completed, request(database).state) == (1, RequestState.DONE)


def test_it_refuses_a_completion_in_the_future(database: Database, tracker: Connection) -> None:
    told = [row(completed_at=NOW + CLOCKS_DIFFER), row(completed_at=NOW + CLOCKS_DIFFER + timedelta(minutes=1))]

    with database.engine.connect() as connection:
        staged = records.stage(connection, told, requesters={}, calendar=CALENDAR, now=NOW, file="requests.csv")

    assert [str(fault) for fault in staged.faults] == [
        "requests.csv:2: completed_at: 2026-11-17 10:31+00:00 lies in the future: here it is 2026-11-17 09:30+00:00"
    ]


def test_it_needs_as_many_statements_for_a_thousand_rows_as_for_ten(
    database: Database, tracker: Connection, statements: list[str]
) -> None:
    counts = []
    for rows in (10, 1000):
        statements.clear()
        bring(database, *(row(line, external_id=f"{rows}-{line}") for line in range(rows)))
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 26


def test_a_list_is_written_inside_the_running_transaction(database: Database, tracker: Connection) -> None:
    session = database.session
    session.rollback()

    tally = records.record_rows(
        session,
        [row(external_id="A"), row(external_id="B", title="With a title"), row(external_id="C")],
        tracker=session.scalars(select(Connection)).one(),
        calendar=CALENDAR,
        now=NOW,
    )
    session.rollback()

    assert tally.new == 3
    assert session.scalars(select(ServiceRequest)).all() == []
    assert asdict(tally)["completed"] == 3
