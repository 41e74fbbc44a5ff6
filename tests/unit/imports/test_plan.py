"""Options that do not fit a table are named, and what they would have done is not guessed."""

from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.imports.departments import DEPARTMENTS
from app.imports.faults import Fault, OptionRefused, TableRefused
from app.imports.mapping import Mapping, RepeatedRows
from app.imports.reading import source
from app.imports.requests import REQUESTS, RequestRow
from app.imports.responses import RESPONSES, ResponseRow
from app.imports.rows import TableReader
from app.imports.schema import Kind

REQUEST = "external_id,requester,provider_department,created_at,status\n"
RESPONSE = "response_id,requester,completed_at,provider_department,csat_overall\n"


def refused(kind: Kind[Any], text: str, mapping: Mapping) -> list[str]:
    with pytest.raises(TableRefused) as found:
        reader(kind, text, mapping)
    return [str(fault) for fault in found.value.faults]


def reader(kind: Kind[Any], text: str, mapping: Mapping) -> tuple[list[Any], list[Fault]]:
    with source(BytesIO(text.encode()), name="a.csv") as origin, origin.open() as table:
        found = TableReader(kind, table, mapping, time_zone=ZoneInfo("UTC"))
        return list(found.rows()), list(found.doubts())


@pytest.mark.parametrize(
    ("kind", "mapping", "sentence"),
    [
        (REQUESTS, Mapping(not_applicable=("6",)), "a.csv: --not-applicable: these rows have no ratings"),
        (DEPARTMENTS, Mapping(id_prefix="x"), "a.csv: --id-prefix: these rows have no id"),
        (RESPONSES, Mapping(rows=RepeatedRows.EVENTS), "a.csv: --rows: only requests have a log of events"),
        (RESPONSES, Mapping(done=("status", ("Closed",))), "a.csv: --done: only requests are completed"),
        (
            REQUESTS,
            Mapping(unpivot=(("a", "b"),)),
            "a.csv: --unpivot: only responses and customers' scores can be taken apart",
        ),
        (
            RESPONSES,
            Mapping(unpivot=(("a", "b"),), unpivot_into="touchpoint"),
            "a.csv: --unpivot: say where the values go: provider_department",
        ),
        (
            RESPONSES,
            Mapping(unpivot_into="provider_department"),
            "a.csv: --as: this says where the values of columns go that are taken apart, and none is",
        ),
    ],
)
def test_an_option_for_which_a_table_has_no_use_is_refused(kind: Kind[Any], mapping: Mapping, sentence: str) -> None:
    assert refused(kind, RESPONSE, mapping)[0] == sentence


def test_a_translation_of_a_column_that_does_not_exist_is_refused() -> None:
    mapping = Mapping(values=(("on_tme", "met", "yes"),), scale=(("hours", 24.0),))

    found = refused(DEPARTMENTS, "code,name\n", mapping)

    assert [line.split(";")[0] for line in found] == [
        "a.csv: on_tme: tables of this kind have no such column",
        "a.csv: hours: tables of this kind have no such column",
    ]


def test_a_column_under_two_names_is_refused() -> None:
    header = "response_id,requester,completed_at,provider_department,csat_overall,overall\n"

    assert refused(RESPONSES, header, Mapping()) == ["a.csv: csat_overall: this column is told twice"]


def test_a_doubled_column_is_not_called_missing_and_one_without_a_name_is_told_by_its_place() -> None:
    doubled = "code,name,name\n"
    nameless = "code,,name\n"

    assert refused(DEPARTMENTS, doubled, Mapping()) == ["a.csv:1: name: this column occurs more than once"]
    assert refused(DEPARTMENTS, nameless, Mapping()) == ["a.csv:1: column 2 has no name"]


def test_a_constant_takes_the_place_of_the_file_s_own_column() -> None:
    text = REQUEST + "1,k,IT,2026-07-01,New\n"

    (row,), _ = reader(REQUESTS, text, Mapping(constants=(("status", "Closed"),)))

    assert isinstance(row, RequestRow)
    assert row.status == "Closed"


@pytest.mark.parametrize("notation", ["%Q", "dd.mm.yyyy", "%d/%m", "%"])
def test_a_date_format_that_reads_no_date_is_refused_once(notation: str) -> None:
    text = REQUEST + "1,k,IT,2026-07-01,New\n"

    with pytest.raises(OptionRefused) as found:
        reader(REQUESTS, text, Mapping(date_format=notation))

    assert str(found.value) == (
        f"--date-format: '{notation}' names no date with a year; "
        "write it like %d.%m.%Y %H:%M, with the letters of strptime"
    )


def test_it_doubts_a_status_that_no_row_has() -> None:
    text = REQUEST + "1,k,IT,2026-07-01,New\n2,k,IT,2026-07-01,Closed\n"
    done = ("status", ("closed", "done"))

    _, doubts = reader(REQUESTS, text, Mapping(done=done))

    assert list(map(str, doubts)) == ["--done: no row has this in status: closed, done; there is: New, Closed"]


def test_it_doubts_no_status_of_which_a_row_has_one_spelling() -> None:
    text = REQUEST + "1,k,IT,2026-07-01,New\n2,k,IT,2026-07-01,Closed\n"
    mapping = Mapping(done=("status", ("Closed", "Done")), constants=(("updated_at", "2026-07-02"),))

    _, doubts = reader(REQUESTS, text, mapping)

    assert doubts == []


def test_columns_that_are_rows_are_translated_like_others_and_keep_a_missing_id_missing() -> None:
    text = "id,who,when,IT,HR\n1,a,2026-07-01,good,bad\n,b,2026-07-01,good,\n"
    mapping = Mapping(
        columns=(("response_id", "id"), ("requester", "who"), ("completed_at", "when")),
        values=(("overall", "good", "5"), ("overall", "bad", "1")),
        unpivot=(("IT", "IT"), ("HR", "HR")),
        unpivot_into="provider_department",
    )

    rows, _ = reader(RESPONSES, text, mapping)

    kept = [row for row in rows if isinstance(row, ResponseRow)]
    assert [(row.response_id, row.csat_overall) for row in kept] == [("1#IT", 5), ("1#HR", 1)]
    assert [str(fault) for row in rows if row not in kept for fault in row.faults] == [
        "a.csv:3: response_id: this must not be empty"
    ]
