"""A backfill reads page by page: never ahead of what is stored, never faster than the pace, never all at once."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.connectors.atlassian import PACE, PAGE
from app.connectors.connector import Tool
from app.connectors.trackers.jira import asking
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.foundations.http import Client, Doors
from app.jobs.installation import Installation
from app.jobs.polling import backfill
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest
from app.upkeep.connections.adding import add_connection
from benchmarks.backfill import in_own_process, made_up
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

ISSUES = 500
SINCE = datetime(2025, 7, 1, tzinfo=UTC)
SETTINGS = {"deployment": "cloud", "email": "parity@example.com", "api_token": "t"}


def _pages(issues: int) -> Iterator[dict[str, Any]]:
    for start in range(0, issues, PAGE):
        end = start + PAGE
        more: dict[str, Any] = {"nextPageToken": str(end)} if end < issues else {"isLast": True}
        yield {"issues": [made_up(number) for number in range(start, min(end, issues))], **more}


def _answer(vendor: Vendor, issues: int) -> None:
    pages = _pages(issues)
    vendor.answer("GET", "/rest/api/3/status", Reply([]))
    vendor.answer("POST", "/rest/api/3/search/jql", lambda _asked: Reply(next(pages)))


class _Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


def _tool(vendor: Vendor, clock: _Clock) -> Tool:
    http = Client(Doors(frozenset({"127.0.0.1"})), monotonic=lambda: clock.seconds, sleep=clock.wait)
    return Tool(
        http=http,
        settings=SETTINGS | {"base_url": vendor.url},
        time_zone=ZoneInfo("UTC"),
        now=datetime.now(UTC),
    )


def test_each_page_is_stored_before_the_next_is_asked_for(database: Database, vendor: Vendor) -> None:
    settings = replace(database.settings, private_hosts=("127.0.0.1",))
    installation = Installation(settings, Keys.of(settings), database.sessions)
    with database.sessions.begin() as session:
        add_connection(
            session,
            installation.keys,
            slug="jira",
            side=ConnectionSide.TRACKER,
            kind="jira",
            settings=SETTINGS | {"base_url": vendor.url},
            base_url="https://parity.example.com",
            now=datetime.now(UTC),
        )
    pages = _pages(ISSUES)
    stored: list[int] = []

    def search(_asked: Asked) -> Reply:
        with database.sessions() as session:
            stored.append(session.scalar(select(func.count()).select_from(ServiceRequest)) or 0)
        return Reply(next(pages))

    vendor.answer("POST", "/rest/api/3/search/jql", search)

    told = [len(page.events) for page in backfill(installation, "jira", since=SINCE, now=datetime.now(UTC))]

    assert (told, stored) == ([PAGE] * 5, [0, 100, 200, 300, 400])
    with database.sessions() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (RequestCycle, Person)]
    assert counts == [450, ISSUES]


def test_no_window_of_time_holds_more_calls_than_the_pace_allows(vendor: Vendor) -> None:
    clock = _Clock()
    at: list[float] = []
    pages = _pages(40 * PAGE)

    def search(_asked: Asked) -> Reply:
        at.append(clock.seconds)
        return Reply(next(pages))

    vendor.answer("GET", "/rest/api/3/status", Reply([]))
    vendor.answer("POST", "/rest/api/3/search/jql", search)

    pages_told = sum(1 for _ in asking.poll(_tool(vendor, clock), None, SINCE))

    windows = [(last - first, number + 1) for begin, first in enumerate(at) for number, last in enumerate(at[begin:])]
    over = [calls - PACE.burst - PACE.per_second * seconds for seconds, calls in windows]
    assert pages_told == 40
    assert max(over) <= 1e-6
    assert clock.seconds > (40 - PACE.burst) / PACE.per_second - 1


def test_memory_does_not_grow_with_the_issues(vendor: Vendor) -> None:
    def peak(issues: int) -> int:
        _answer(vendor, issues)
        tracemalloc.start()
        told = sum(len(page.events) for page in asking.poll(_tool(vendor, _Clock()), None, SINCE))
        vendor.asked.clear()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert told == issues
        return found

    few, many = peak(2 * PAGE), peak(10 * PAGE)

    assert many < 1.3 * few


def test_the_measurement_itself_runs() -> None:
    found = in_own_process(3 * PAGE)

    assert (found["told"], found["completed"], found["calls"], found["refused"]) == (300, 270, 3, 0)
    assert found["megabytes"] < 300
