from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.imports.external_scores import ExternalResponseRow, ExternalTotalRow
from app.imports.faults import RowsRefused
from app.models.base import SINCE_EVER
from app.models.connections import Connection
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.instruments import CustomInstrument
from app.pipeline.external_scores import Recorded, record_responses, record_totals
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
MAY = datetime(2026, 5, 14, 22, 30, tzinfo=UTC)


@pytest.fixture
def source(database: Database) -> Connection:
    """A source `shop`, and an instrument `fft` that runs from 1, the best, to 5."""
    session = database.session
    found = Connection(slug="shop", side=ConnectionSide.SCORES, kind="csv", settings={}, created_at=SINCE_EVER)
    session.add(found)
    session.add(
        CustomInstrument(
            name="fft", lowest=1, highest=5, is_reversed=True, construct="satisfaction", created_at=SINCE_EVER
        )
    )
    session.flush()
    return found


def _response(line: int = 2, **changed: Any) -> ExternalResponseRow:
    values: dict[str, Any] = {
        "response_id": "a",
        "touchpoint": "counter",
        "dimension": "csat_overall",
        "instrument": "csat5",
        "score": 4.0,
        "answered_at": MAY,
    } | changed
    return ExternalResponseRow(line=line, given=frozenset(values), **values)


def _total(line: int = 2, **changed: Any) -> ExternalTotalRow:
    values: dict[str, Any] = {
        "touchpoint": "counter",
        "dimension": "csat_overall",
        "instrument": "csat5",
        "period": "2026-Q2",
    } | changed
    return ExternalTotalRow(line=line, given=frozenset(values), **values)


def _record(session: Session, source: Connection, *rows: ExternalResponseRow, **options: Any) -> Recorded:
    calendar = Calendar(ZoneInfo("Europe/Moscow"))
    return record_responses(session, rows, source=source, calendar=calendar, keys=KEYS, **options)


def _stored(session: Session) -> list[tuple[str, float | None, str]]:
    session.expire_all()
    found = session.scalars(select(ExternalResponse).order_by(ExternalResponse.response_id))
    return [(row.response_id, row.score, row.period) for row in found]


def test_it_stores_a_response_in_the_quarter_of_its_answer(database: Database, source: Connection) -> None:
    session = database.session

    done = _record(
        session,
        source,
        _response(answered_at=datetime(2026, 6, 30, 21, 30, tzinfo=UTC)),
        _response(response_id="b", instrument="fft", score=None, not_applicable=frozenset({"score"})),
    )

    assert done == Recorded(new=2, changed=0, unchanged=0)
    assert _stored(session) == [("a", 4.0, "2026-Q3"), ("b", None, "2026-Q2")]


def test_the_same_again_changes_nothing_and_another_score_replaces_the_old_one(
    database: Database, source: Connection
) -> None:
    session = database.session
    _record(session, source, _response(respondent="u-1", comment="well"))

    again = _record(session, source, _response(respondent="u-1", comment="well"))
    changed = _record(session, source, _response(score=2.0))

    row = session.scalars(select(ExternalResponse)).one()
    session.refresh(row)
    assert (again, changed) == (Recorded(new=0, changed=0, unchanged=1), Recorded(new=0, changed=1, unchanged=0))
    assert (row.score, row.comment, row.respondent) == (2.0, "well", KEYS.hash("respondent", "shop", "u-1"))


def test_it_refuses_unknown_instruments_and_scores_off_the_scale_naming_the_line(
    database: Database, source: Connection
) -> None:
    session = database.session
    rows = [
        _response(2, response_id="a", instrument="stars"),
        _response(3, response_id="b", score=6.0),
        _response(4, response_id="c", score=4.5),
        _response(5, response_id="d", instrument="percent", score=80.0),
        _response(6, response_id="e"),
    ]

    with pytest.raises(RowsRefused) as refused:
        _record(session, source, *rows, file="shop.csv")
    session.rollback()

    assert [str(fault) for fault in refused.value.faults] == [
        "shop.csv:2: instrument: 'stars' is not known",
        "shop.csv:3: score: 6 lies outside csat5, which runs from 1 to 5",
        "shop.csv:4: score: 4.5 is no point of csat5, which runs from 1 to 5 in whole points",
        "shop.csv:5: instrument: percent is for totals: a single response has points",
    ]


def test_it_leaves_bad_rows_out_when_they_may_be_skipped(database: Database, source: Connection) -> None:
    done = _record(database.session, source, _response(score=9.0), _response(3, response_id="b"), skip_bad_rows=True)

    assert (done.new, [fault.line for fault in done.faults]) == (1, [2])
    assert _stored(database.session) == [("b", 4.0, "2026-Q2")]


def test_more_rows_than_a_statement_takes_are_stored_in_turns(database: Database, source: Connection) -> None:
    rows = [_response(number, response_id=f"{number:05}") for number in range(1201)]

    first = _record(database.session, source, *rows)
    again = _record(database.session, source, *rows)

    assert (first.new, again.unchanged, len(_stored(database.session))) == (1201, 1201, 1201)


def test_it_stores_totals_in_the_form_their_source_has_them(database: Database, source: Connection) -> None:
    session = database.session
    rows = [
        _total(2, period="2026-04", counts=(("1", 3.0), ("5", 9.0))),
        _total(3, period="2026-05", positive_share=0.89),
        _total(4, period="2026", mean=4.2, standard_deviation=0.9, n=310),
        _total(5, period="2026-Q2", instrument="percent", positive=80, n=100, source_url="https://example.com"),
        _total(6, period="2026-Q2", instrument="nps", nps=-12.5, n=50),
    ]

    done = record_totals(session, rows, source=source)
    again = record_totals(session, rows, source=source)

    stored = session.scalars(select(ExternalTotal).order_by(ExternalTotal.instrument, ExternalTotal.period)).all()
    assert (done, again) == (Recorded(new=5, changed=0, unchanged=0), Recorded(new=0, changed=0, unchanged=5))
    assert [(row.period, row.n, row.counts, row.positive_share, row.mean, row.nps) for row in stored] == [
        ("2026", 310, None, None, 4.2, None),
        ("2026-04", None, {"1": 3, "5": 9}, None, None, None),
        ("2026-05", None, None, 0.89, None, None),
        ("2026-Q2", 50, None, None, None, -12.5),
        ("2026-Q2", 100, None, None, None, None),
    ]


def test_a_totals_later_figures_replace_the_earlier_and_absent_ones_stay(
    database: Database, source: Connection
) -> None:
    session = database.session
    record_totals(session, [_total(positive=8, n=10, source_url="https://example.com")], source=source)

    done = record_totals(session, [_total(positive=9, n=10)], source=source)

    row = session.scalars(select(ExternalTotal)).one()
    session.refresh(row)
    assert (done.changed, row.positive, row.source_url) == (1, 9, "https://example.com")


def test_a_total_told_in_another_form_keeps_no_figure_of_the_first(database: Database, source: Connection) -> None:
    session = database.session
    record_totals(session, [_total(counts=(("1", 3.0), ("5", 7.0)), n=10)], source=source)

    done = record_totals(session, [_total(positive_share=0.9)], source=source)

    row = session.scalars(select(ExternalTotal)).one()
    session.refresh(row)
    assert done.changed == 1
    assert (row.counts, row.n, row.positive_share) == (None, None, 0.9)


def test_it_refuses_totals_off_the_scale(database: Database, source: Connection) -> None:
    rows = [
        _total(2, counts=(("6", 3.0),)),
        _total(3, period="2026-05", mean=5.2, standard_deviation=1.0),
        _total(4, period="2026-06", instrument="percent", nps=4.0),
        _total(5, period="2026-04", mean=3.0, standard_deviation=2.9),
        _total(6, period="2026-03", nps=40.0),
        _total(7, period="2026-02", instrument="nps", nps=40.0, mean=5.0, standard_deviation=7.07),
    ]

    with pytest.raises(RowsRefused) as refused:
        record_totals(database.session, rows, source=source)

    assert [(fault.line, fault.column) for fault in refused.value.faults] == [
        (2, "counts"),
        (3, "mean"),
        (4, "positive_share"),
        (5, "standard_deviation"),
        (6, "nps"),
    ]
