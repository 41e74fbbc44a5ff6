"""GitHub and GitLab over real HTTP: credentials, hooks, requesters, and polls on a bad day."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import Connector, Tool
from app.connectors.trackers import github, gitlab
from app.domain.service_requests import EventKind, Requester
from app.foundations.http import Client, Doors, Refused
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SINCE = datetime(2026, 11, 17, 9, tzinfo=UTC)


def _tool(vendor: Vendor, **settings: Any) -> Tool:
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    known = {"base_url": vendor.url, "token": "t0ken", "repository": "acme/site", "project": "acme/site", **settings}
    return Tool(http=http, settings=known, time_zone=ZoneInfo("UTC"), now=NOW)


def _issue(number: int, state: str, at: str) -> dict[str, Any]:
    return {"id": number, "number": number, "iid": number, "state": state, "updated_at": at, "title": f"№ {number}"}


def _paged(rows: list[list[dict[str, Any]]], header: Callable[[int], dict[str, str]]) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        number = int(asked.one("page"))
        return Reply(rows[number - 1], headers=header(number) if number < len(rows) else {})

    return answer


PAGES = [
    [_issue(1, "closed", "2026-11-17T09:01:00Z"), _issue(2, "open", "2026-11-17T09:02:00Z")],
    [_issue(3, "closed", "2026-11-17T09:03:00Z")],
]


@pytest.mark.parametrize(
    ("connector", "path", "header"),
    [
        (github.CONNECTOR, "/repos/acme/site/issues", lambda _number: {"Link": '<https://x>; rel="next"'}),
        (gitlab.CONNECTOR, "/api/v4/projects/acme%2Fsite/issues", lambda number: {"X-Next-Page": str(number + 1)}),
    ],
    ids=["github", "gitlab"],
)
def test_a_poll_tells_every_state_and_keeps_its_place(
    vendor: Vendor, connector: Connector, path: str, header: Callable[[int], dict[str, str]]
) -> None:
    vendor.answer("GET", path, Reply(status=502), _paged(PAGES, header))
    assert connector.poll is not None

    pages = list(connector.poll(_tool(vendor), None, SINCE))

    told = [(event.external_id, event.kind) for page in pages for event in page.events]
    assert told == [("1", EventKind.COMPLETED), ("2", EventKind.REOPENED), ("3", EventKind.COMPLETED)]
    assert [dict(page.cursor) for page in pages] == [{"since": "2026-11-17T09:02:00Z"}, {}]
    assert "2026-11-17T09:00:00Z" in {vendor.asked[1].one("since"), vendor.asked[1].one("updated_after")}


def test_a_page_that_repeats_ends_the_poll(vendor: Vendor) -> None:
    next_page = {"Link": '<https://x>; rel="next"'}
    vendor.answer("GET", "/repos/acme/site/issues", Reply(PAGES[0], headers=next_page))

    assert len(list(github.poll(_tool(vendor), None, SINCE))) == 2


def test_hooks_are_registered_and_looked_after(vendor: Vendor) -> None:
    hub, lab = "/repos/acme/site/hooks", "/api/v4/projects/acme%2Fsite/hooks"
    for path in (hub, lab):
        vendor.answer("POST", path, Reply({"id": 5}, status=201))
    vendor.answer("GET", f"{hub}/5", Reply({"active": True, "last_response": {"code": 200}}), Reply({"active": False}))
    vendor.answer("GET", f"{lab}/5", Reply({"alert_status": "executable"}), Reply({"alert_status": "disabled"}))
    tool = _tool(vendor)

    for connector in (github.CONNECTOR, gitlab.CONNECTOR):
        assert connector.register is not None
        assert connector.look_after is not None
        kept = connector.register(tool, "https://parity.example.com/hooks/x/k", "s3cret")
        health = [connector.look_after(tool, kept) for _ in range(2)]
        gone = connector.look_after(tool, {"id": "6"})
        assert (kept, [one.is_alive for one in health], gone.is_gone) == ({"id": "5"}, [True, False], True)

    assert vendor.asked[0].json()["config"]["secret"] == "s3cret"
    assert vendor.asked[0].headers["authorization"] == "Bearer t0ken"


def test_requesters_are_named_only_where_the_tool_shows_an_address(vendor: Vendor) -> None:
    vendor.answer("GET", "/users/alice", Reply({"email": "Alice@example.com", "name": "Alice"}))
    vendor.answer("GET", "/users/bob", Reply({"email": None}))
    vendor.answer("GET", "/api/v4/users/51", Reply({"email": "[REDACTED]", "public_email": ""}))
    tool = _tool(vendor)

    found = github.find_requester(tool, Requester(key="alice"))

    assert (found and found.email, found and found.key) == ("alice@example.com", "alice")
    assert github.find_requester(tool, Requester(key="bob")) is None
    assert gitlab.find_requester(tool, Requester(key="51")) is None


def test_wrong_credentials_are_refused(vendor: Vendor) -> None:
    vendor.answer("GET", "/repos/acme/site", Reply({"full_name": "acme/site"}), Reply(status=401))

    assert github.check(_tool(vendor)) == "GitHub knows us: acme/site"
    with pytest.raises(Refused):
        github.check(_tool(vendor))
