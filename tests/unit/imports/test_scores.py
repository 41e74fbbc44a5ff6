from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS, ExternalResponseRow, ExternalTotalRow
from app.imports.mapping import Mapping
from app.imports.reading import source
from app.imports.responses import RESPONSES, ResponseRow
from app.imports.rows import Refusal, TableReader
from app.imports.schema import Kind, R


def read(kind: Kind[R], text: str, mapping: Mapping) -> list[R | Refusal]:
    with source(BytesIO(text.encode()), name="scores.csv") as origin, origin.open() as table:
        return list(TableReader(kind, table, mapping, time_zone=ZoneInfo("UTC")).rows())


def test_it_takes_a_row_apart_into_one_response_per_touchpoint() -> None:
    text = "No;Food;Airport;Shops\n1;5;6;\n2;4,5;3;2\n"
    mapping = Mapping(
        columns=(("response_id", "No"),),
        constants=(("dimension", "overall"), ("instrument", "csat5"), ("answered_at", "2014-05-15")),
        unpivot=(("Food", "restaurants"), ("Airport", "airport"), ("Shops", "shops")),
        unpivot_into="touchpoint",
        id_prefix="2014-",
        not_applicable=("6",),
    )

    found = read(EXTERNAL_RESPONSES, text, mapping)

    rows = [row for row in found if isinstance(row, ExternalResponseRow)]
    assert [(row.response_id, row.touchpoint, row.dimension, row.score) for row in rows] == [
        ("2014-1#restaurants", "restaurants", "csat_overall", 5.0),
        ("2014-1#airport", "airport", "csat_overall", None),
        ("2014-2#restaurants", "restaurants", "csat_overall", 4.5),
        ("2014-2#airport", "airport", "csat_overall", 3.0),
        ("2014-2#shops", "shops", "csat_overall", 2.0),
    ]
    assert rows[1].not_applicable == {"score"}


def test_it_gathers_the_counts_of_a_long_table() -> None:
    text = (
        "month,service,kind,count\n2026-01,web,bad,3\n2026-01,web,good,7\n2026-01,web,visits,99\n2026-02,web,good,1\n"
    )
    mapping = Mapping(
        columns=(("period", "month"), ("touchpoint", "service"), ("counts", "count")),
        constants=(("dimension", "overall"), ("instrument", "csat5")),
        gather_counts=("kind", (("bad", "1"), ("good", "5"))),
    )

    found = read(EXTERNAL_TOTALS, text, mapping)

    rows = [row for row in found if isinstance(row, ExternalTotalRow)]
    assert [(row.period, row.counts) for row in rows] == [
        ("2026-01", (("1", 3.0), ("5", 7.0))),
        ("2026-02", (("5", 1.0),)),
    ]


def test_it_takes_only_the_rows_asked_for_and_turns_per_cent_into_shares() -> None:
    text = "month,service,kind,count\n2026-01,web,percent,89\n2026-01,web,visits,99\n"
    mapping = Mapping(
        columns=(("period", "month"), ("touchpoint", "service"), ("positive_share", "count")),
        constants=(("dimension", "overall"), ("instrument", "percent")),
        only=("kind", ("percent",)),
        scale=(("positive_share", 0.01),),
    )

    (row,) = read(EXTERNAL_TOTALS, text, mapping)

    assert isinstance(row, ExternalTotalRow)
    assert row.positive_share == 0.89


def test_it_refuses_a_rating_outside_its_scale_and_totals_that_contradict_themselves() -> None:
    responses = "response_id,provider_department,requester,completed_at,overall\n1,IT,a@example.com,2026-07-01,7\n"
    totals = (
        "touchpoint,dimension,instrument,period,positive,n,mean\n"
        "web,overall,csat5,2026-Q3,11,10,\nweb,overall,csat5,2026-Q5,1,,\nweb,trust,csat5,2026,,10,4.2\nweb,effort,ces5,2026,,,\n"
    )

    refused = read(RESPONSES, responses, Mapping())
    contradicting = read(EXTERNAL_TOTALS, totals, Mapping())

    assert [str(fault) for row in (*refused, *contradicting) if isinstance(row, Refusal) for fault in row.faults] == [
        "scores.csv:2: csat_overall: '7' is not between 1 and 5",
        "scores.csv:2: positive: more favourable answers than answers (n)",
        "scores.csv:3: period: '2026-Q5' is not a period; write 2026-Q3, 2026-07 or 2026",
        "scores.csv:4: standard_deviation: a mean needs its standard deviation",
        "scores.csv:5: positive: the row has no figure: positive, positive_share, mean, counts or nps",
    ]


def test_it_keeps_one_person_one_person_when_a_response_speaks_of_several_departments() -> None:
    text = "id,who,when,IT desk,Payroll\n1,alice@example.com,2026-07-01,5,\n2,alice@example.com,2026-07-02,4,2\n"
    mapping = Mapping(
        columns=(("response_id", "id"), ("requester", "who"), ("completed_at", "when")),
        unpivot=(("IT desk", "IT"), ("Payroll", "PAY")),
        unpivot_into="provider_department",
    )

    found = read(RESPONSES, text, mapping)

    rows = [row for row in found if isinstance(row, ResponseRow)]
    assert [(row.response_id, row.provider_department, row.requester, row.ratings()) for row in rows] == [
        ("1#IT", "IT", "alice@example.com", {"csat_overall": 5}),
        ("2#IT", "IT", "alice@example.com", {"csat_overall": 4}),
        ("2#PAY", "PAY", "alice@example.com", {"csat_overall": 2}),
    ]


@pytest.mark.parametrize(("answered_at", "is_kept"), [("2026-07-02", True), ("2026-07-01T09:59", False)])
def test_the_day_of_an_answer_may_begin_before_the_completion_on_that_day(answered_at: str, is_kept: bool) -> None:
    header = "response_id,provider_department,requester,completed_at,answered_at,csat_overall\n"
    text = header + f"1,IT,u-1,2026-07-02T10:00,{answered_at},5\n"

    (row,) = read(RESPONSES, text, Mapping())

    assert isinstance(row, ResponseRow) is is_kept
