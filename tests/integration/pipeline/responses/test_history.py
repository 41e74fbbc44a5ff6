from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.states import CommentState, ConnectionSide, PeriodState, ResponseState
from app.foundations.crypto import Keys, requester_cluster_id
from app.imports.faults import RowsRefused
from app.imports.responses import ResponseRow
from app.models.comments import CommentReview
from app.models.connections import Connection
from app.models.departments import Department
from app.models.people import Person
from app.models.quarter_salts import QuarterIsReleased, find_salt
from app.models.releases import PeriodRecord, fix_period
from app.models.responses import HeldAnswer, HeldResponse, ImportedPeriod, QuarterSalt, SeenResponse
from app.models.rollups import DirtyMark
from app.pipeline.responses.history import History, record_history
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import connection
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
KEYS = Keys(("0123456789abcdef0123456789abcdef",))
MAY = datetime(2026, 5, 14, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def source(database: Database) -> Connection:
    """An earlier tool `forms`; the departments IT and, above it, ROOT."""
    session = database.session
    root = department(session, "ROOT")
    department(session, "IT", parent=root)
    return connection(session, "forms", ConnectionSide.SCORES)


def _row(line: int = 2, **changed: Any) -> ResponseRow:
    values: dict[str, Any] = {
        "response_id": "a",
        "provider_department": "IT",
        "requester": "u-1",
        "completed_at": MAY,
        "csat_overall": 4,
    } | changed
    return ResponseRow(line=line, given=frozenset(values), **values)


def _record(session: Session, source: Connection, *rows: ResponseRow, **options: Any) -> History:
    told: dict[str, Any] = {"source": source, "calendar": CALENDAR, "keys": KEYS, "now": NOW} | options
    return record_history(session, rows, **told)


def _answers(session: Session) -> list[tuple[str, int | None]]:
    found = select(HeldAnswer.item, HeldAnswer.value).order_by(HeldAnswer.item)
    return list(session.execute(found).tuples())


def _complaints(refused: pytest.ExceptionInfo[RowsRefused]) -> list[str]:
    return [str(fault) for fault in refused.value.faults]


def test_an_earlier_answer_is_held_like_ours_in_the_quarter_of_its_completion(
    database: Database, source: Connection
) -> None:
    session = database.session
    sales = department(session, "SALES")
    alice = person(session, "alice@example.com", works_in=sales)

    done = _record(
        session,
        source,
        _row(
            requester="Alice@Example.com",
            effort=3,
            not_applicable=frozenset({"trust"}),
            request_type="Laptop",
            on_time=True,
            comment="well done",
            language="de",
        ),
    )

    held = session.scalars(select(HeldResponse)).one()
    salt = find_salt(session, KEYS, "2026-Q2")
    assert salt is not None
    assert done == History(new=1, seen_before=0)
    assert (
        held.period,
        held.month,
        held.requester_cluster_id,
        held.requester_department_id,
        held.request_type,
        held.on_time,
        held.comment,
        held.language,
        held.source,
        held.state,
    ) == (
        "2026-Q2",
        "2026-05",
        requester_cluster_id(salt, alice.id),
        sales.id,
        "Laptop",
        True,
        "well done",
        "de",
        "forms",
        ResponseState.ACCEPTED,
    )
    assert _answers(session) == [("csat_overall", 4), ("effort", 3), ("trust", None)]


def test_a_requester_who_is_no_known_address_becomes_a_person_without_one(
    database: Database, source: Connection
) -> None:
    session = database.session

    _record(
        session,
        source,
        _row(requester="mallory@example.com"),
        _row(3, response_id="b", requester="mallory@example.com"),
    )

    people = session.execute(select(Person.email, Person.source, Person.source_key)).tuples().all()
    clusters = session.scalars(select(HeldResponse.requester_cluster_id).distinct()).all()
    assert (people, len(clusters)) == ([(None, "forms", "mallory@example.com")], 1)


def test_the_same_answers_again_are_skipped(database: Database, source: Connection) -> None:
    rows = [_row(number, response_id=f"{number}", requester=f"u-{number % 7}") for number in range(1100)]

    first = _record(database.session, source, *rows)
    again = _record(database.session, source, *rows)

    assert (first, again) == (History(new=1100, seen_before=0), History(new=0, seen_before=1100))
    assert database.session.scalar(select(func.count()).select_from(HeldResponse)) == 1100


def test_answers_are_known_after_a_change_of_the_secret(database: Database, source: Connection) -> None:
    _record(database.session, source, _row())
    newer = Keys(("f" * 32, *KEYS.secrets))

    again = _record(database.session, source, _row(), keys=newer)
    with pytest.raises(RowsRefused):
        _record(database.session, source, _row(csat_overall=1), keys=newer)

    assert again == History(new=0, seen_before=1)


def test_other_content_under_a_known_id_is_a_fault(database: Database, source: Connection) -> None:
    _record(database.session, source, _row())

    with pytest.raises(RowsRefused) as refused:
        _record(database.session, source, _row(7, csat_overall=5), file="old.csv")

    assert _complaints(refused) == [
        "old.csv:7: response_id: came with other content before; a quarter's answers can be replaced"
    ]


def test_the_same_id_of_another_source_is_another_answer(database: Database, source: Connection) -> None:
    other = connection(database.session, "phone", ConnectionSide.SCORES)

    done = [_record(database.session, one, _row()).new for one in (source, other)]

    assert done == [1, 1]


def test_an_unknown_department_is_a_fault_unless_it_is_to_be_created(database: Database, source: Connection) -> None:
    session = database.session
    with pytest.raises(RowsRefused) as refused:
        _record(session, source, _row(provider_department="Canteen"))

    done = _record(session, source, _row(provider_department="Canteen"), create_departments=True)

    assert _complaints(refused) == [":2: provider_department: there is no department 'Canteen'"]
    assert done.new == 1
    assert session.scalars(select(Department.code).order_by(Department.code)).all() == ["Canteen", "IT", "ROOT"]


def test_it_marks_department_and_company_dirty_once(database: Database, source: Connection) -> None:
    session = database.session

    _record(session, source, _row(), _row(3, response_id="b"), _row(4, response_id="c", completed_at=NOW))

    marks = select(Department.code, DirtyMark.period).join(DirtyMark, DirtyMark.department_id == Department.id)
    assert sorted(session.execute(marks).tuples()) == [
        ("IT", "2026-Q2"),
        ("IT", "2026-Q4"),
        ("ROOT", "2026-Q2"),
        ("ROOT", "2026-Q4"),
    ]


def test_it_remembers_when_answers_of_a_quarter_first_and_last_came_in(database: Database, source: Connection) -> None:
    session = database.session
    _record(session, source, _row())

    later = NOW + timedelta(days=1)
    record_history(session, [_row(response_id="b")], source=source, calendar=CALENDAR, keys=KEYS, now=later)

    found = session.scalars(select(ImportedPeriod).execution_options(populate_existing=True)).one()
    assert (found.period, found.first_import_at, found.last_import_at) == ("2026-Q2", NOW, later)


def test_replacing_a_quarter_drops_what_the_source_told_of_it_and_nothing_else(
    database: Database, source: Connection
) -> None:
    session = database.session
    other = connection(session, "phone", ConnectionSide.SCORES)
    _record(session, source, _row(), _row(3, response_id="b"), _row(4, response_id="c", completed_at=NOW))
    _record(session, other, _row())

    replaced = session.scalars(
        select(HeldResponse).where(HeldResponse.source == "forms", HeldResponse.period == "2026-Q2").limit(1)
    ).one()
    review = {"response_id": replaced.id, "department_id": replaced.department_id, "state": CommentState.SHOWN}
    session.add(CommentReview(id=b"c" * 16, text="read", is_flagged=False, codebook_version=0, proposed=[], **review))
    session.flush()
    done = _record(session, source, _row(csat_overall=1), replace=Period(2026, 2))
    again = _record(session, source, _row(csat_overall=1))

    held = select(HeldResponse.source, HeldResponse.period, HeldAnswer.value).join(
        HeldAnswer, HeldAnswer.response_id == HeldResponse.id
    )
    assert (done, again) == (History(new=1, seen_before=0, replaced=2, reviews_lost=1), History(new=0, seen_before=1))
    assert sorted(session.execute(held).tuples()) == [
        ("forms", "2026-Q2", 1),
        ("forms", "2026-Q4", 4),
        ("phone", "2026-Q2", 4),
    ]


def test_replacing_takes_rows_of_that_quarter_only(database: Database, source: Connection) -> None:
    with pytest.raises(RowsRefused) as refused:
        _record(database.session, source, _row(completed_at=NOW), replace=Period(2026, 2))

    assert _complaints(refused) == [":2: completed_at: completed in 2026-Q4, but 2026-Q2 is replaced"]


def test_a_released_quarter_takes_no_more_answers(database: Database, source: Connection) -> None:
    session = database.session
    session.add(
        PeriodRecord(
            period="2026-Q2",
            starts_at=CALENDAR.starts_at(Period(2026, 2)),
            ends_at=CALENDAR.ends_at(Period(2026, 2)),
            time_zone="UTC",
            fiscal_year_start=1,
            state=PeriodState.RELEASED,
        )
    )
    session.flush()

    with pytest.raises(RowsRefused) as refused:
        _record(session, source, _row())
    with pytest.raises(QuarterIsReleased):
        _record(session, source, _row(), replace=Period(2026, 2))

    assert _complaints(refused) == [":2: completed_at: 2026-Q2 was released; its answers cannot be added to any more"]


def test_nothing_stored_leads_from_a_response_id_to_an_answer(database: Database, source: Connection) -> None:
    session = database.session

    _record(session, source, _row())

    (seen,) = session.execute(select(SeenResponse.recognition, SeenResponse.content)).tuples()
    (held,) = session.scalars(select(HeldResponse.id))
    assert seen[0] == KEYS.hash("seen-response", "forms", "a")
    assert held not in {*seen, seen[0][:16], seen[1][:16]}


def test_after_the_release_the_keys_do_not_tell_what_a_known_response_said(
    database: Database, source: Connection
) -> None:
    session = database.session
    _record(session, source, _row())
    before = session.scalar(select(SeenResponse.content))
    session.execute(delete(QuarterSalt))
    _record(session, source, _row(response_id="b"))  # under another salt: what its destruction takes away

    again = _record(session, source, _row(response_id="a"), replace=Period(2026, 2))

    assert (again.new, session.scalar(select(SeenResponse.content).where(SeenResponse.content == before))) == (1, None)


def test_a_known_response_of_a_released_quarter_is_skipped_whatever_it_says(
    database: Database, source: Connection
) -> None:
    session = database.session
    _record(session, source, _row())
    fix_period(session, CALENDAR, Period(2026, 2))
    session.execute(update(PeriodRecord).values(state=PeriodState.RELEASED))
    session.execute(delete(QuarterSalt))

    again = _record(session, source, _row(csat_overall=1))

    assert (again.new, again.seen_before) == (0, 1)
