"""GitHub and GitLab over real HTTP: credentials, hooks, requesters, and polls on a bad day."""

from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import Tool
from app.connectors.trackers import github, gitlab
from app.domain.service_requests import EventKind, Requester, TrackerEvent
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


ROWS = [
    _issue(1, "closed", "2026-11-17T09:01:00Z"),
    _issue(2, "open", "2026-11-17T09:02:00Z"),
    _issue(3, "closed", "2026-11-17T09:03:00Z"),
]


def _listed(asked: Asked) -> Reply:
    """Answer with the issues from the moment asked for on, as both APIs do."""
    since = asked.one("since") or asked.one("updated_after")
    first = (int(asked.one("page")) - 1) * 2
    return Reply([issue for issue in ROWS if issue["updated_at"] >= since][first : first + 2])


@pytest.mark.parametrize(
    ("module", "path"),
    [(github, "/repos/acme/site/issues"), (gitlab, "/api/v4/projects/acme%2Fsite/issues")],
    ids=["github", "gitlab"],
)
def test_a_poll_tells_every_state_and_keeps_its_place(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch, module: ModuleType, path: str
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    vendor.answer("GET", path, Reply(status=502), _listed)

    pages = list(module.poll(_tool(vendor), None, SINCE))

    told = {(event.external_id, event.kind) for page in pages for event in page.events}
    assert told == {("1", EventKind.COMPLETED), ("2", EventKind.REOPENED), ("3", EventKind.COMPLETED)}
    assert (dict(pages[0].cursor), dict(pages[-1].cursor)) == ({"at": "2026-11-17T09:02:00Z"}, {})
    assert "2026-11-17T09:00:00Z" in {vendor.asked[1].one("since"), vendor.asked[1].one("updated_after")}


def test_pull_requests_are_polled_past(vendor: Vendor) -> None:
    vendor.answer("GET", "/repos/acme/site/issues", Reply([ROWS[0] | {"pull_request": {}}, ROWS[2]]))

    pages = list(github.poll(_tool(vendor), None, SINCE))

    assert [event.external_id for page in pages for event in page.events] == ["3"]


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


def test_the_writer_of_a_mail_to_the_service_desk_asked_not_the_robot_that_wrote_it_down(vendor: Vendor) -> None:
    vendor.answer("GET", "/api/v4/users/2", Reply({"bot": True, "public_email": "robot@example.com"}))
    issue = "/api/v4/projects/acme%2Fsite/issues/23"
    vendor.answer("GET", issue, Reply({"service_desk_reply_to": "alice@example.com"}), Reply({}))
    tool, told = _tool(vendor), TrackerEvent(external_id="1", kind=EventKind.COMPLETED, occurred_at=NOW)

    assert gitlab.find_requester(tool, Requester(key="2")) is None
    named = replace(told, external_key="acme/site#23")
    assert [gitlab.find_requester_of(tool, one) for one in (named, named, told)] == [
        Requester(email="alice@example.com"),
        None,
        None,
    ]


def test_wrong_credentials_are_refused(vendor: Vendor) -> None:
    vendor.answer("GET", "/repos/acme/site", Reply({"full_name": "acme/site"}), Reply(status=401))

    assert github.check(_tool(vendor)) == "GitHub knows us: acme/site"
    with pytest.raises(Refused):
        github.check(_tool(vendor))
