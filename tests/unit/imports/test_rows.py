from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import Reading
from app.imports.departments import DEPARTMENTS
from app.imports.faults import TableRefused
from app.imports.mapping import Mapping, RepeatedRows
from app.imports.people import PEOPLE
from app.imports.reading import source
from app.imports.requests import REQUESTS, RequestRow
from app.imports.rows import Refusal, TableReader, write_rejected
from app.imports.schema import Kind, R, from_mapping

COMPANY = ZoneInfo("Europe/Warsaw")
HEADER = "external_id,requester_email,provider_department,created_at,completed_at"


def read(kind: Kind[R], text: str, mapping: Mapping = Mapping()) -> list[R | Refusal]:  # noqa: B008 - frozen
    with source(BytesIO(text.encode()), name="requests.csv") as origin, origin.open() as table:
        return list(TableReader(kind, table, mapping, time_zone=COMPANY).rows())


def sentences(found: list[R | Refusal]) -> list[str]:
    return [str(fault) for row in found if isinstance(row, Refusal) for fault in row.faults]


def requests(found: list[RequestRow | Refusal]) -> Iterator[RequestRow]:
    return (row for row in found if isinstance(row, RequestRow))


def test_it_places_times_without_an_offset_in_the_company_s_time_zone() -> None:
    text = f"{HEADER}\nA,Alice@Example.com,IT,2026-07-01 09:00,2026-07-02T10:00:00+05:30\n"

    (row,) = read(REQUESTS, text)

    assert isinstance(row, RequestRow)
    assert row.created_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert row.completed_at == datetime(2026, 7, 2, 4, 30, tzinfo=UTC)
    assert row.requester_email == "alice@example.com"
    assert row.given == frozenset(HEADER.split(","))


def test_it_reports_every_fault_with_its_line_and_column() -> None:
    text = (
        f"{HEADER}\n"
        "A,alice@example.com,IT,2026-07-01,31/02/2026\n"
        "B,alice@,IT,2026-07-01,\n"
        ",alice@example.com,IT,,\n"
        "D,alice@example.com,IT,2026-07-02,2026-07-01\n"
        "E,alice@example.com,IT\n"
        "F,alice@example.com,IT,2026-07-01,,,\n"
        "F,alice@example.com,IT,2026-07-01,\n"
    )

    found = read(REQUESTS, text)

    assert sentences(found) == [
        "requests.csv:2: completed_at: '31/02/2026' is not a date",
        "requests.csv:3: requester_email: 'alice@' is not an e-mail address",
        "requests.csv:4: external_id: this must not be empty",
        "requests.csv:4: created_at: this must not be empty",
        "requests.csv:5: completed_at: it was completed before it was created (created_at)",
        "requests.csv:6: cells in this row: 3, in the header: 5; is a separator or a quotation mark missing?",
        "requests.csv:8: external_id: this id stands in line 7 already",
    ]


def test_it_names_unknown_and_missing_columns() -> None:
    with pytest.raises(TableRefused) as refused:
        read(REQUESTS, "external_id,colour,created_at\nA,red,2026-07-01\n")

    assert str(refused.value).splitlines() == [
        "requests.csv:1: provider_department: this column is missing",
        "requests.csv:1: requester_email: one of these columns is needed: requester_email, requester",
        "requests.csv:1: colour: this column is not known",
    ]


def test_it_names_a_mapped_column_that_the_file_does_not_have() -> None:
    mapping = Mapping(columns=(("title", "Summary"),))

    with pytest.raises(TableRefused) as refused:
        read(REQUESTS, HEADER, mapping)

    assert str(refused.value) == (
        f"requests.csv:1: Summary: the file has no such column; it has: {HEADER.replace(',', ', ')}"
    )


def test_it_reads_another_tool_s_words() -> None:
    text = "ID,Who,Team,Opened,Met SLA\n7,?,Group 1,1/7/2026 09:00,In time\n"
    mapping = Mapping(
        columns=(
            ("external_id", "ID"),
            ("requester", "Who"),
            ("created_at", "Opened"),
            ("on_time", "Met SLA"),
        ),
        constants=(("provider_department", "IT"),),
        values=(("on_time", "In time", "yes"),),
        empty=("?",),
        date_format="%d/%m/%Y %H:%M",
        time_zone="UTC",
        id_prefix="old-",
        ignore_unknown=True,
    )

    (row,) = read(REQUESTS, text, mapping)

    assert row == RequestRow(
        line=2,
        given=frozenset({"external_id", "requester", "created_at", "on_time", "provider_department"}),
        external_id="old-7",
        created_at=datetime(2026, 7, 1, 9, tzinfo=UTC),
        provider_department="IT",
        on_time=True,
    )


LOG = (
    "id,state,team,at,closed\n"
    "A,New,One,2026-07-03,2026-07-09\n"
    "B,Closed,One,2026-07-02,\n"
    "A,Closed,Two,2026-07-05,2026-07-09\n"
    "B,Duplicate,One,2026-07-04,\n"
    "A,Work,Two,2026-07-04,2026-07-09\n"
    "C,Closed,One,2026-07-01,2026-07-01\n"
    "C,New,One,2026-07-06,2026-07-01\n"
)


def test_it_reduces_a_log_of_events_by_its_times() -> None:
    mapping = Mapping(
        columns=(
            ("external_id", "id"),
            ("status", "state"),
            ("provider_department", "team"),
            ("created_at", "at"),
            ("updated_at", "at"),
            ("completed_at", "closed"),
        ),
        constants=(("requester", "someone"),),
        done=("status", ("Closed",)),
        not_delivered=("status", ("Duplicate",)),
        time_zone="UTC",
        rows=RepeatedRows.EVENTS,
    )

    found = [
        (row.line, row.external_id, row.provider_department, row.created_at.day, row.completed_at, row.resolution)
        for row in requests(read(REQUESTS, LOG, mapping))
    ]

    assert found == [
        (4, "A", "Two", 3, datetime(2026, 7, 9, tzinfo=UTC), "delivered"),
        (5, "B", "One", 2, datetime(2026, 7, 4, tzinfo=UTC), "not_delivered"),
        (8, "C", "One", 1, None, "delivered"),
    ]


@pytest.mark.parametrize(("how", "line"), [(RepeatedRows.FIRST, 2), (RepeatedRows.LAST, 3)])
def test_it_keeps_the_first_or_the_last_of_repeated_rows(how: RepeatedRows, line: int) -> None:
    text = f"{HEADER}\nA,a@example.com,IT,2026-07-01,\nA,a@example.com,IT,2026-07-01,2026-07-02\n"

    (row,) = read(REQUESTS, text, Mapping(rows=how))

    assert isinstance(row, RequestRow)
    assert row.line == line


def test_it_finds_forty_bad_rows_among_ten_thousand() -> None:
    bad = set(range(100, 10_000, 250))
    lines = [
        f"R{number},alice@example.com,IT,2026-07-01,{'soon' if number in bad else '2026-07-02'}"
        for number in range(10_000)
    ]

    found = read(REQUESTS, "\n".join([HEADER, *lines]))

    assert sentences(found) == [
        f"requests.csv:{number + 2}: completed_at: 'soon' is not a date" for number in sorted(bad)
    ]
    assert len(list(requests(found))) == 10_000 - len(bad)


def test_it_writes_rejected_rows_as_they_were_with_the_fault_beside_them(tmp_path: Path) -> None:
    text = f"{HEADER}\n=A,alice@example.com,IT,2026-07-01,soon\nB,alice@example.com,IT,2026-07-01,\n"
    target = tmp_path / "requests.csv.rejected.csv"
    with source(BytesIO(text.encode()), name="requests.csv") as origin:
        with origin.open() as table:
            found = list(TableReader(REQUESTS, table, Mapping(), time_zone=COMPANY).rows())
        faults = [fault for row in found if isinstance(row, Refusal) for fault in row.faults]

        written = write_rejected(origin, faults, target)

    assert written == 1
    assert target.read_text().splitlines() == [
        f"{HEADER},fault",
        "=A,alice@example.com,IT,2026-07-01,soon,completed_at: 'soon' is not a date",
    ]


def test_it_refuses_touchpoint_weights_that_do_not_sum_to_one() -> None:
    text = "code,name,touchpoints\nIT,Computers,shop=0.5;web=0.4\nHR,People,shop=0.5;web=0,5\n"

    found = read(DEPARTMENTS, text.replace("0,5", "0.5"))

    assert sentences(found) == ["requests.csv:2: touchpoints: the weights sum to 0.9, not to 1"]


@pytest.mark.parametrize(
    ("weights", "is_taken"), [("0.5;b=0.499", True), ("0.5;b=0.501", True), ("0.5;b=0.498", False)]
)
def test_weights_may_miss_one_by_a_thousandth(weights: str, is_taken: bool) -> None:
    found = read(DEPARTMENTS, f"code,name,touchpoints\nIT,Computers,a={weights}\n")

    assert (sentences(found) == []) is is_taken


def test_it_takes_two_versions_of_a_person_but_not_the_same_one_twice() -> None:
    text = (
        "email,name,department_code,valid_from\n"
        "bob@example.com,Bob,IT,\nBob@example.com,Bob,HR,2026-05-01\nbob@example.com,Bob,HR,2026-05-01\n"
    )

    found = read(PEOPLE, text)

    assert sentences(found) == ["requests.csv:4: email: the same as in line 3"]


def test_it_takes_the_last_or_the_first_of_people_and_departments_too() -> None:
    people = "email,name,department_code\nalice@example.com,Alice,IT\nAlice@Example.com,Alice,LAW\n"
    departments = "code,name,valid_from\nIT,Old,\nIT,New,\nIT,Later,2026-05-01\n"

    last = read(PEOPLE, people, Mapping(rows=RepeatedRows.LAST))
    first = read(DEPARTMENTS, departments, Mapping(rows=RepeatedRows.FIRST))

    assert [row.department_code for row in last if not isinstance(row, Refusal)] == ["LAW"]
    assert [row.name for row in first if not isinstance(row, Refusal)] == ["Old", "Later"]


def test_it_reads_a_json_object_with_the_same_rules() -> None:
    body: dict[str, object] = {
        "external_id": 12,
        "requester": None,
        "provider_department": "IT",
        "created_at": "2026-07-01T10:00:00Z",
        "on_time": False,
    }

    row = from_mapping(REQUESTS, body, Reading(COMPANY))

    assert isinstance(row, RequestRow)
    assert (row.external_id, row.requester, row.on_time) == ("12", None, False)
    assert row.given == frozenset(body)


def test_it_names_the_fields_of_a_json_object_that_do_not_fit() -> None:
    found = from_mapping(REQUESTS, {"external_id": "1", "colour": "red"}, Reading(COMPANY), place="body", line=3)

    assert isinstance(found, tuple)
    assert [str(fault) for fault in found] == [
        "body:3: colour: this name is not known",
        "body:3: provider_department: this column is missing",
        "body:3: created_at: this column is missing",
        "body:3: requester_email: one of these columns is needed: requester_email, requester",
    ]
