"""A poll leaves out scores that are off their scale and completions that are still to come, says so, and goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.connectors.connector import Page
from app.domain.external_scores import ScoreEvent
from app.domain.service_requests import EventKind, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.installation import Installation
from app.jobs.polling import poll_connections
from app.models.connections import Connection
from app.models.external_scores import ExternalResponse
from app.models.service_requests import ServiceRequest
from app.upkeep.connections import health as connection_health
from tests.builders.service_requests import connection
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database

LEFT_OUT = (
    "1 score of forms was left out (9 lies outside csat5, which runs from 1 to 5): mend its scale with flask trackers"
    " set forms, then flask trackers backfill forms"
)
DAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def told(response_id: str, score: float, instrument: str = "csat5") -> ScoreEvent:
    return ScoreEvent(
        response_id=response_id,
        told_at=DAY,
        answered_at=DAY,
        touchpoint="web",
        dimension="csat_overall",
        instrument=instrument,
        score=float(score),
    )


def poll(database: Database, monkeypatch: pytest.MonkeyPatch, *scores: ScoreEvent) -> Connection:
    """Poll a source that tells these scores; return it as stored."""

    return _poll(database, monkeypatch, ConnectionSide.SCORES, Page(cursor={}, scores=scores))


def _poll(database: Database, monkeypatch: pytest.MonkeyPatch, side: ConnectionSide, page: Page) -> Connection:
    def pages(*_arguments: object) -> Iterator[Page]:
        yield page

    know(monkeypatch, replace(THIN, side=side, poll=pages, register=None, find_requester=None))
    source = connection(database.session, "forms", side)
    source.kind, source.next_poll_at, source.secret = "thin", None, b"sealed"
    database.session.commit()
    keys = Keys.of(database.settings)
    poll_connections(Installation(database.settings, keys, database.sessions), now=clock.now())
    database.session.expire_all()
    return source


def completed(external_id: str, at: datetime) -> TrackerEvent:
    return TrackerEvent(external_id=external_id, kind=EventKind.COMPLETED, occurred_at=at)


def stored(database: Database) -> list[tuple[str, float | None]]:
    rows = select(ExternalResponse.response_id, ExternalResponse.score).order_by(ExternalResponse.response_id)
    return list(database.session.execute(rows).tuples())


def test_the_others_are_stored_and_the_source_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for _again in range(2):
        source = poll(database, monkeypatch, told("a", 4), told("b", 9), told("c", 5))

    assert stored(database) == [("a", 4), ("c", 5)]
    assert (source.poll_failures, source.poll_problem, source.last_event_at is None) == (0, None, False)
    assert source.left_out == {"b": "9 lies outside csat5, which runs from 1 to 5"}
    assert list(connection_health.findings(database.session)) == [LEFT_OUT]


def test_one_that_fits_at_last_is_forgotten_there(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    poll(database, monkeypatch, told("b", 9))

    source = poll(database, monkeypatch, told("b", 3))

    assert (stored(database), source.left_out) == ([("b", 3)], None)


def test_an_unknown_instrument_still_stops_the_poll(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    source = poll(database, monkeypatch, told("a", 4), told("b", 4, "smile3"))

    assert (stored(database), source.left_out, source.poll_failures) == ([], None, 1)


def test_a_request_that_is_completed_in_days_to_come_holds_up_none_behind_it(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = clock.now().replace(microsecond=0) + timedelta(days=1)
    ahead, fine = completed("T-1", tomorrow), completed("T-2", DAY)

    tracker = _poll(sqlite, monkeypatch, ConnectionSide.TRACKER, Page(cursor={}, events=(ahead, fine)))
    findings = list(connection_health.findings(sqlite.session))
    known = sqlite.session.scalars(select(ServiceRequest.external_id)).all()
    mended = _poll(sqlite, monkeypatch, ConnectionSide.TRACKER, Page(cursor={}, events=(completed("T-1", DAY),)))

    assert (known, tracker.poll_failures) == (["T-2"], 0)
    told = (
        f"1 request of forms was left out (T-1 is told as completed at {tomorrow:%Y-%m-%d %H:%M}+00:00, which is still"
        " to come: the tool's clock, its time zone or the date is wrong): set it right in the tool, then flask trackers"
        " backfill forms"
    )
    assert findings == [told]
    assert mended.left_out is None
