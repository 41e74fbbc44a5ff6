"""Redmine, Yandex Tracker, GLPI and ServiceNow, asked over real HTTP: states, people, pages that move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import Connector, Tool
from app.connectors.paging import by_change
from app.connectors.trackers import glpi, redmine, servicenow, yandex_tracker
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import Resolution
from app.foundations.http import Client, Doors, Refused
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SINCE = datetime(2026, 11, 17, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Told:
    """A tool with one done, one open and one undelivered request, as it tells them."""

    connector: Connector
    settings: Mapping[str, Any]
    play: Callable[[Vendor], None]


def _redmine(vendor: Vendor) -> None:
    def issue(number: int, status: int, name: str, **more: Any) -> dict[str, Any]:
        base = {"id": number, "subject": f"№ {number}", "status": {"id": status, "name": name}, "author": {"id": 3}}
        return base | {"updated_on": f"2026-11-17T09:0{number}:00Z", "project": {"name": "Druck"}} | more

    statuses = [{"id": 1, "is_closed": False}, {"id": 5, "is_closed": True}, {"id": 6, "is_closed": True}]
    vendor.answer("GET", "/issue_statuses.json", Reply({"issue_statuses": statuses}))
    closed = {"closed_on": "2026-11-17T09:00:00Z", "due_date": "2026-11-17"}
    rows = [issue(1, 5, "Closed", **closed), issue(2, 1, "New", **closed), issue(3, 6, "Rejected", **closed)]
    vendor.answer("GET", "/issues.json", Reply({"issues": rows}))
    vendor.answer("GET", "/users/3.json", Reply({"user": {"mail": "Alice@example.com"}}))
    vendor.answer("GET", "/users/current.json", Reply({"user": {"login": "parity"}}))


def _yandex(vendor: Vendor) -> None:
    def issue(number: int, status: str, **more: Any) -> dict[str, Any]:
        base = {"id": f"a{number}", "key": f"HELP-{number}", "summary": f"№ {number}", "status": {"key": status}}
        base |= {"createdBy": {"id": "3", "display": "Алиса"}, "queue": {"key": "HELP"}}
        return base | {"updatedAt": f"2026-11-17T09:0{number}:00.000+0000"} | more

    done = {"resolvedAt": "2026-11-17T09:00:00.000+0000", "deadline": "2026-11-17"}
    rows = [
        issue(1, "closed", resolution={"key": "fixed"}, **done),
        issue(2, "open", deadline="2026-11-17"),
        issue(3, "closed", resolution={"key": "duplicate"}, **done),
    ]
    vendor.answer("POST", "/v2/issues/_search", Reply(rows))
    vendor.answer("GET", "/v2/users/3", Reply({"email": "alice@example.com"}))
    vendor.answer("GET", "/v2/myself", Reply({"display": "parity"}))


def _servicenow(vendor: Vendor) -> None:
    def row(number: int, state: str) -> dict[str, Any]:
        plain = {"sys_id": f"s{number}", "number": f"INC{number}", "short_description": f"№ {number}"}
        plain |= {"sys_updated_on": f"2026-11-17 09:0{number}:00", "resolved_at": "2026-11-17 09:00:00"}
        plain |= {"state": state, "caller_id": "3", "due_date": "2026-11-17 22:59:59", "reopen_count": "1"}
        fields = {name: {"value": value, "display_value": value} for name, value in plain.items()}
        return fields | {"assignment_group": {"value": "g1", "display_value": "Druck"}}

    rows = [row(1, "6"), row(2, "2"), row(3, "8")]

    def listed(asked: Asked) -> Reply:
        since = asked.one("sysparm_query").split("^")[0].removeprefix("sys_updated_on>=")
        later = [one for one in rows if one["sys_updated_on"]["value"] >= since]
        return Reply({"result": later[int(asked.one("sysparm_offset", "0")) :]})

    vendor.answer("GET", "/api/now/table/incident", listed)
    vendor.answer("GET", "/api/now/table/sys_user/3", Reply({"result": {"email": "alice@example.com"}}))


def _glpi(vendor: Vendor) -> None:
    def row(number: int, status: int) -> dict[str, Any]:
        named = {"2": number, "1": f"№ {number}", "12": status, "19": f"2026-11-17 10:0{number}:00", "4": "3"}
        return named | {"17": "2026-11-17 10:00:00", "18": "2026-11-17 23:59:59", "8": "Druck", "7": "Geräte"}

    vendor.answer("GET", "/apirest.php/initSession", Reply({"session_token": "s1"}))
    vendor.answer("GET", "/apirest.php/killSession", Reply(b""))
    vendor.answer("GET", "/apirest.php/search/Ticket", Reply({"data": [row(1, 5), row(2, 2), row(3, 6)]}))
    emails = [{"email": "old@example.com", "is_default": 0}, {"email": "alice@example.com", "is_default": 1}]
    vendor.answer("GET", "/apirest.php/User/3/UserEmail", Reply(emails))
    vendor.answer("GET", "/apirest.php/getFullSession", Reply({"session": {"glpiname": "parity"}}))


TOOLS = {
    "redmine": Told(redmine.CONNECTOR, {"api_key": "k"}, _redmine),
    "yandex_tracker": Told(yandex_tracker.CONNECTOR, {"token": "t", "organisation": "7", "queues": ["HELP"]}, _yandex),
    "servicenow": Told(servicenow.CONNECTOR, {"user": "parity", "password": "p"}, _servicenow),
    "glpi": Told(glpi.CONNECTOR, {"app_token": "a", "user_token": "u"}, _glpi),
}


@pytest.fixture(params=sorted(TOOLS))
def told(request: pytest.FixtureRequest, vendor: Vendor) -> tuple[Connector, Tool]:
    """A connector and its tool, once for each kind."""
    one = TOOLS[request.param]
    one.play(vendor)
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    settings = {"base_url": vendor.url, **one.settings}
    return one.connector, Tool(http=http, settings=settings, time_zone=BERLIN, now=NOW)


def _events(connector: Connector, tool: Tool) -> dict[str, TrackerEvent]:
    assert connector.poll is not None
    return {event.title or "": event for page in connector.poll(tool, None, SINCE) for event in page.events}


def test_done_open_and_undelivered_requests_are_told_apart(told: tuple[Connector, Tool]) -> None:
    connector, tool = told

    events = _events(connector, tool)

    assert [events[f"№ {number}"].kind for number in (1, 2, 3)] == [
        EventKind.COMPLETED,
        EventKind.REOPENED,
        EventKind.COMPLETED,
    ]
    assert events["№ 1"].completed_at == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert events["№ 1"].due_at == datetime(2026, 11, 17, 22, 59, 59, tzinfo=UTC)
    assert events["№ 2"].completed_at is None
    if connector.kind != "glpi":  # GLPI has no status for what was refused
        assert events["№ 3"].resolution is Resolution.NOT_DELIVERED


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [
        ("redmine", "undelivered_statuses", "Closed, Won't do"),
        ("redmine", "undelivered_statuses", 5),
        ("servicenow", "undelivered_states", 6),
        ("servicenow", "undelivered_states", "8,6"),
        ("yandex_tracker", "undelivered_resolutions", "fixed"),
    ],
)
def test_a_list_may_be_given_as_words_with_commas(vendor: Vendor, kind: str, setting: str, value: object) -> None:
    told = TOOLS[kind]
    told.play(vendor)
    settings = {"base_url": vendor.url, **told.settings, setting: value}
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)

    events = _events(told.connector, Tool(http=http, settings=settings, time_zone=BERLIN, now=NOW))

    assert events["№ 1"].resolution is Resolution.NOT_DELIVERED


def test_requesters_have_the_address_that_the_tool_shows(told: tuple[Connector, Tool]) -> None:
    connector, tool = told
    asker = _events(connector, tool)["№ 1"].requester
    assert connector.find_requester is not None
    assert asker is not None

    found = connector.find_requester(tool, asker)

    assert (asker.key, asker.email, found and found.email) == ("3", None, "alice@example.com")


def test_the_providers_raw_values_are_told(told: tuple[Connector, Tool]) -> None:
    raw = _events(*told)["№ 1"].department

    assert set(raw.values()) & {"Druck", "HELP"}


def test_credentials_are_tried(told: tuple[Connector, Tool], vendor: Vendor) -> None:
    connector, tool = told
    assert connector.check is not None

    assert "parity" in connector.check(tool)

    vendor.answer("GET", ".*", Reply(status=401))
    with pytest.raises(Refused):
        connector.check(tool)


def test_nobody_is_named_where_the_tool_hides_the_address(vendor: Vendor) -> None:
    vendor.answer("GET", "/users/3.json", Reply({"user": {"login": "alice@example.com"}}))
    http = Client(Doors(frozenset({"127.0.0.1"})))
    tool = Tool(http=http, settings={"base_url": vendor.url, "api_key": "k"}, time_zone=BERLIN, now=NOW)

    assert redmine.find_requester(tool, Requester(key="3")) is None


def test_pages_skip_nothing_when_rows_move_and_end_when_they_repeat() -> None:
    rows = {number: SINCE + timedelta(seconds=number // 3) for number in range(25)}

    def ask(at: str, skipped: int) -> list[dict[str, Any]]:
        later = sorted((moment.isoformat(), number) for number, moment in rows.items() if moment.isoformat() >= at)
        rows[0] = SINCE + timedelta(hours=1)
        return [{"at": moment, "id": number} for moment, number in later][skipped : skipped + 4]

    pages = list(by_change(ask, lambda row: str(row["at"]), size=4, start=SINCE.isoformat()))
    stuck = list(by_change(lambda _at, _skipped: [{"at": "x"}] * 4, lambda row: str(row["at"]), size=4, start="a"))

    assert {row["id"] for page, _ in pages for row in page} == set(range(25))
    assert (pages[-1][1], len(stuck)) == ({}, 3)
