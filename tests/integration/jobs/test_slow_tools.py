"""One tool that hangs, or tells without end, does not hold up the polls of the others, and nothing is lost by it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs import polling
from app.jobs.installation import Installation
from app.jobs.polling import poll_connections
from app.models.connections import Connection
from app.models.service_requests import ServiceRequest
from app.upkeep.connections.adding import add_connection
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

DAY = datetime(2026, 11, 16, 9, tzinfo=UTC).isoformat()
LIMIT = 2.0  # seconds; the slow answer would come after thirty


@pytest.fixture
def installation(sqlite: Database, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Two thin tools, `slow` and `quick`, with one server between them; `slow` comes first."""
    know(monkeypatch, THIN)
    monkeypatch.setattr(polling, "POLL_SECONDS", LIMIT)
    settings = replace(sqlite.settings, private_hosts=("127.0.0.1",))
    keys = Keys.of(settings)
    for slug in ("slow", "quick"):
        add_connection(
            sqlite.session,
            keys,
            slug=slug,
            side=ConnectionSide.TRACKER,
            kind="thin",
            settings={"url": f"{vendor.url}/{slug}", "api_key": "s3cret"},
            base_url="http://parity.test",
            now=clock.now(),
        )
    sqlite.session.commit()
    vendor.answer("GET", "/.*/users/u1", Reply({"email": "alice@example.com"}))
    vendor.answer("GET", "/quick/tasks", Reply(_page(9)))
    return Installation(settings, keys, sqlite.sessions)


def _page(number: int, further: int | None = None) -> dict[str, object]:
    task = {"id": number, "done": True, "changed_at": DAY, "by": "u1", "title": f"Task {number}"}
    return {"tasks": [task], "next": further}


def _stored(database: Database, slug: str) -> Connection:
    with database.sessions() as session:
        return session.scalars(select(Connection).where(Connection.slug == slug)).one()


def _known(database: Database) -> list[str]:
    with database.sessions() as session:
        return sorted(session.scalars(select(ServiceRequest.external_id)))


def test_a_tool_that_hangs_fails_and_the_next_one_is_asked(
    sqlite: Database, installation: Installation, vendor: Vendor
) -> None:
    vendor.answer("GET", "/slow/tasks", Reply(_page(1), delay=30))
    now = clock.now()

    polled = poll_connections(installation, now=now)

    slow = _stored(sqlite, "slow")
    assert (polled, _known(sqlite)) == (2, ["9"])
    assert (slow.poll_failures, slow.poll_problem) == (1, "it took longer than 2 seconds and told nothing")
    assert slow.polled_at is None
    assert clock.now() - now < timedelta(seconds=20)


def test_a_tool_that_tells_slowly_goes_on_with_the_next_sweep_from_where_it_stopped(
    sqlite: Database, installation: Installation, vendor: Vendor
) -> None:
    def told(asked: Asked) -> Reply:
        return Reply(_page(2), delay=30) if asked.one("at") == "1" else Reply(_page(1, further=1))

    vendor.answer("GET", "/slow/tasks", told)
    now = clock.now()

    first = poll_connections(installation, now=now)
    stopped = _stored(sqlite, "slow")
    vendor.answer("GET", "/slow/tasks", Reply(_page(2)))
    at_once = poll_connections(installation, now=now)
    later = poll_connections(installation, now=now + timedelta(minutes=1))

    ended = _stored(sqlite, "slow")
    assert (stopped.cursor, stopped.polled_at, stopped.poll_failures) == ({"at": 1}, None, 0)
    assert stopped.poll_problem == "it takes long: it goes on with the next sweep, from where it stopped"
    assert (first, at_once, later, _known(sqlite)) == (2, 0, 1, ["1", "2", "9"])
    assert (ended.polled_at, ended.poll_problem) == (now + timedelta(minutes=1), None)
