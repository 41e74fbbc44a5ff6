"""What the Jira connector asks a site, over real HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import Page, Tool
from app.connectors.hooks import Hook, Verdict
from app.connectors.trackers.jira import CONNECTOR, asking
from app.connectors.trackers.jira.reading import read
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.foundations.http import Client, Doors, Refused, Throttled, Trouble, Unreachable, UnreadableAnswer
from tests.builders.jira import issue, service_level, user
from tests.conftest import ALICE
from tests.servers.jira import Jira, hidden
from tests.servers.jira import now as clock
from tests.servers.vendor import Reply, Vendor

HOUR = timedelta(hours=1)


@pytest.fixture
def jira(vendor: Vendor) -> Jira:
    return Jira(vendor)


@pytest.fixture
def server(vendor: Vendor) -> Jira:
    """A Data Center."""
    return Jira(vendor, is_cloud=False)


def _tool(jira: Jira, **settings: Any) -> Tool:
    account = {"email": "parity@example.com"} if jira.is_cloud else {}
    known = {
        "base_url": jira.vendor.url,
        "deployment": "cloud" if jira.is_cloud else "server",
        "api_token": "t0ken",
        **account,
        **settings,
    }
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    return Tool(http=http, settings=known, time_zone=ZoneInfo("UTC"), now=clock())


def _pages(tool: Tool, since: timedelta = HOUR, cursor: dict[str, Any] | None = None) -> list[Page]:
    return list(asking.poll(tool, cursor, tool.now - since))


def _ids(pages: list[Page]) -> list[str]:
    return [event.external_id for page in pages for event in page.events]


def _fill(jira: Jira, count: int, *, since: timedelta = HOUR) -> None:
    """Completed issues, spread evenly over the last hour."""
    began = clock() - since + timedelta(minutes=2)
    for number in range(count):
        jira.add(10_000 + number, "Done", at=began + number * (since - timedelta(minutes=3)) / max(count, 1))


# --- the connection -------------------------------------------------------------------------------------------------


def test_the_credentials_are_tried_as_cloud_takes_them(jira: Jira) -> None:
    sentence = asking.check(_tool(jira, projects=["IT"], department_field="customfield_1"))

    assert sentence == "Jira knows the account as Parity"
    assert jira.vendor.asked[0].headers["authorization"] == "Basic cGFyaXR5QGV4YW1wbGUuY29tOnQwa2Vu"


def test_a_data_center_is_given_its_token(server: Jira) -> None:
    asking.check(_tool(server))

    assert server.vendor.asked[0].headers["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"projects": "HR"}, "does not see the project HR"),
        ({"sla_field": "customfield_99"}, "no field customfield_99"),
        ({"api_token": "tökén"}, "copy it again"),
    ],
)
def test_what_is_set_wrong_is_named(jira: Jira, settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Trouble, match=complaint):
        asking.check(_tool(jira, **settings))


def test_the_deployment_follows_from_the_address_where_it_is_not_set(jira: Jira) -> None:
    from app.connectors.atlassian import Site

    tool = replace(_tool(jira), settings={})
    addresses = [
        "https://example.atlassian.net",
        "https://api.atlassian.com/ex/jira/1",
        "https://jira.example.com/jira",
    ]
    found = [Site(replace(tool, settings={"base_url": one})).is_cloud for one in addresses]

    assert found == [True, True, False]


# --- the webhook ----------------------------------------------------------------------------------------------------


def test_a_webhook_of_administrators_is_made_once_and_set_anew(jira: Jira) -> None:
    tool = _tool(jira, projects=["IT", 'A"B'], callback_url="https://parity.example.com/hooks/desk/k")

    made = asking.register(tool, "https://parity.example.com/hooks/desk/k", "s3cret")
    again = asking.register(tool, "https://parity.example.com/hooks/desk/k", "n3w")

    assert made == again == {"id": "1"}
    assert jira.hooks["1"] | {"self": ""} == {
        "name": "Parity",
        "url": "https://parity.example.com/hooks/desk/k",
        "events": ["jira:issue_updated", "jira:issue_created", "jira:issue_deleted"],
        "filters": {"issue-related-events-section": 'project in ("IT", "A\\"B")'},
        "excludeBody": False,
        "enabled": True,
        "secret": "n3w",
        "self": "",
    }
    assert asking.look_after(tool, made).is_alive


def test_a_webhook_that_is_gone_off_or_elsewhere_is_named(jira: Jira) -> None:
    tool = _tool(jira, callback_url="https://parity.example.com/hooks/desk/k")
    made = asking.register(tool, "https://parity.example.com/hooks/desk/k", "s3cret")

    moved = asking.look_after(replace(tool, settings={**tool.settings, "callback_url": "https://other"}), made)
    jira.hooks["1"]["enabled"] = False
    off = asking.look_after(tool, made)
    jira.hooks.clear()
    gone = asking.look_after(tool, made)

    assert [one.is_alive for one in (moved, off, gone)] == [False] * 3
    assert [one.is_gone for one in (moved, off, gone)] == [False, False, True]
    assert [one.problem for one in (moved, off, gone)] == [
        "our webhook in Jira leads to another address",
        "the hook is switched off in the tool",
        "the tool does not know the hook any more.",
    ]


@pytest.mark.parametrize("status", [401, 403])
def test_an_account_that_may_not_administer_is_told_the_way_by_hand(jira: Jira, status: int) -> None:
    jira.vendor.answer("GET", "/rest/webhooks/1.0/webhook.*", Reply(status=status))

    for call in (
        lambda tool: asking.register(tool, "https://a", "s"),
        lambda tool: asking.look_after(tool, {"id": "1"}),
    ):
        with pytest.raises(Refused, match="create the webhook by hand"):
            call(_tool(jira))


def test_an_answer_that_names_no_webhook_is_unreadable(jira: Jira) -> None:
    jira.vendor.answer("POST", "/rest/webhooks/1.0/webhook", Reply({"name": "Parity"}))

    with pytest.raises(UnreadableAnswer, match="which webhook it made"):
        asking.register(_tool(jira), "https://a", "s")


# --- one issue, one person ------------------------------------------------------------------------------------------


def test_an_issue_is_fetched_with_the_fields_that_count(jira: Jira) -> None:
    jira.add(10040, "Done")

    body = asking.fetch(_tool(jira, department_field="customfield_1", sla_field="7"), "10040")

    found = read(Hook(body=b"", headers={}, received_at=clock(), fetched=body))
    assert found.verdict is Verdict.COMPLETED
    fields = jira.vendor.asked[-1].one("fields").split(",")
    assert (len(fields), fields[-1], jira.vendor.asked[-1].one("expand")) == (14, "customfield_1", "changelog")


def test_an_issue_that_has_vanished_is_none_and_a_refusal_is_a_refusal(jira: Jira) -> None:
    assert asking.fetch(_tool(jira), "../../../admin?x") is None
    assert jira.vendor.asked[-1].path == "/rest/api/3/issue/..%2F..%2F..%2Fadmin%3Fx"

    jira.vendor.answer("GET", "/rest/api/3/issue/1", Reply(status=403))
    with pytest.raises(Refused):
        asking.fetch(_tool(jira), "1")


def test_categories_that_a_body_lacks_are_asked_for_once_until_another_status_appears(jira: Jira) -> None:
    weird, other = {"id": "10777", "name": "Weird"}, {"id": "10778", "name": "Other"}
    for number in range(3):
        jira.add(number, "Done", status=weird, resolution=None)
    jira.add(3, "Done", status=other, resolution=None)
    told = [{"id": 10777, "statusCategory": {"key": "done"}}]
    both = [*told, {"id": "10778", "statusCategory": {"key": "indeterminate"}}]
    jira.vendor.answer("GET", "/rest/api/3/status", Reply(told), Reply(both))

    (page,) = _pages(_tool(jira))

    assert [event.kind.value for event in page.events] == ["completed", "completed", "completed", "reopened"]
    assert jira.vendor.count("/rest/api/3/status") == 2


def test_a_status_that_the_site_does_not_explain_is_asked_for_in_vain_only_once(jira: Jira) -> None:
    for number in range(3):
        jira.add(number, "Done", status={"id": "10777", "name": "Weird"})

    (page,) = _pages(_tool(jira))

    assert [event.kind for event in page.events] == [EventKind.COMPLETED] * 3
    assert jira.vendor.count("/rest/api/3/status") == 1


def test_an_address_is_read_off_the_person(jira: Jira) -> None:
    jira.people = {"712020:a": user("712020:a"), "b": hidden("b", "Борис 🙂")}

    found = [asking.find_requester(_tool(jira), Requester(key=key)) for key in ("712020:a", "b", "c")]

    assert [one.email if one else None for one in found] == [ALICE.email, None, None]


def test_a_data_center_is_asked_by_key_and_then_by_name(server: Jira) -> None:
    server.vendor.answer(
        "GET",
        "/rest/api/2/user",
        lambda asked: (
            Reply({"name": "alice", "emailAddress": ALICE.email}) if asked.one("username") else Reply(status=404)
        ),
    )

    found = asking.find_requester(_tool(server), Requester(key="alice"))

    assert found == Requester(key="alice", name="alice", email=ALICE.email)


def test_agents_see_the_address_of_whoever_asked_on_the_request_and_nobody_elses(jira: Jira) -> None:
    jira.requests["10040"] = {"issueId": "10040", "reporter": user("q1")}

    def of(key: str, external_id: str = "10040") -> Requester | None:
        event = TrackerEvent(
            external_id=external_id, kind=EventKind.COMPLETED, occurred_at=clock(), requester=Requester(key=key)
        )
        return asking.find_requester_of(_tool(jira), event)

    assert (of("q1"), of("q2"), of("q1", "10041")) == (
        Requester(key="q1", name=ALICE.name, email=ALICE.email),
        None,
        None,
    )


def test_a_service_level_named_by_its_number_is_asked_for(jira: Jira) -> None:
    event = TrackerEvent(external_id="10040", kind=EventKind.COMPLETED, occurred_at=clock())
    jira.vendor.answer("GET", "/rest/servicedeskapi/request/10040/sla/7", Reply(service_level(True)), Reply(status=403))

    late, unknown = (asking.fill_in(_tool(jira, sla_field=7), event) for _ in range(2))
    asked = len(jira.vendor.asked)

    assert (late.on_time, set(late.given), unknown) == (False, {"on_time"}, event)
    assert asking.fill_in(_tool(jira, sla_field="customfield_1"), event) is event
    assert len(jira.vendor.asked) == asked


# --- everything that changed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_cloud", [True, False])
def test_a_poll_tells_every_change_page_by_page_oldest_first(vendor: Vendor, is_cloud: bool) -> None:
    jira = Jira(vendor, is_cloud=is_cloud, page=50)
    _fill(jira, 170)
    jira.add(1, "Done", at=clock() - 2 * HOUR)
    jira.move(10_003, "In Progress", at=clock() - timedelta(seconds=20))

    pages = _pages(_tool(jira, projects=["IT"]))

    told = _ids(pages)
    assert told == [str(10_000 + number) for number in range(170) if number != 3] + ["10003"]
    assert pages[-1].events[-1].kind is EventKind.REOPENED
    assert (pages[-1].cursor, all(page.cursor for page in pages[:-1])) == ({}, True)


def test_a_search_is_bounded_and_relative_to_the_clock_of_the_site(jira: Jira) -> None:
    _pages(_tool(jira, projects=["IT"]), since=timedelta(minutes=20, seconds=1))
    _pages(_tool(jira), since=timedelta(days=30))

    assert [asked.json()["jql"] for asked in jira.vendor.asked] == [
        'project in ("IT") AND updated >= "-22m" ORDER BY updated ASC',
        'updated >= "-31d" ORDER BY updated ASC',
    ]


def test_a_clock_that_differs_from_ours_loses_nothing(vendor: Vendor) -> None:
    jira = Jira(vendor, clock=lambda: clock() - timedelta(hours=9))
    jira.add(1, "Done", at=jira.clock() - timedelta(minutes=50))

    assert _ids(_pages(_tool(jira))) == ["1"]


def test_a_poll_that_broke_off_goes_on_from_its_cursor(jira: Jira) -> None:
    jira.page = 50
    _fill(jira, 120)
    tool = _tool(jira)
    first = next(asking.poll(tool, None, tool.now - HOUR))

    rest = _pages(tool, cursor=dict(first.cursor))

    assert [len(page.events) for page in (first, *rest)] == [50, 50, 20]
    assert jira.vendor.asked[1].json()["jql"] == jira.vendor.asked[0].json()["jql"]


def test_a_token_that_has_expired_begins_again_from_the_same_moment(jira: Jira) -> None:
    jira.page = 50
    _fill(jira, 120)
    tool = _tool(jira)
    first = next(asking.poll(tool, None, tool.now - HOUR))
    jira.expired = {first.cursor["token"]}

    rest = _pages(tool, cursor=dict(first.cursor))

    assert [len(page.events) for page in rest] == [50, 50, 20]


def test_a_site_that_refuses_every_token_is_given_up(jira: Jira) -> None:
    _fill(jira, 120)
    jira.expired = {f"token-{number}" for number in range(1, 20)}

    with pytest.raises(Refused):
        _pages(_tool(jira))

    assert len(jira.vendor.asked) == 8


def test_a_search_that_is_refused_without_a_token_is_a_refusal(jira: Jira) -> None:
    jira.vendor.answer("POST", "/rest/api/3/search/jql", Reply({"errorMessages": ["no such project"]}, status=400))

    with pytest.raises(Refused):
        _pages(_tool(jira))


Answer = Callable[[int], dict[str, Any]]


@pytest.mark.parametrize(
    ("answer", "pages"),
    [
        (lambda _number: {"issues": [issue()], "nextPageToken": "same"}, 2),
        (lambda number: {"issues": [issue()], "nextPageToken": f"t{number}"}, 21),
        (lambda number: {"issues": [], "nextPageToken": f"t{number}"}, 20),
    ],
    ids=["the same token", "the same page under new tokens", "empty pages"],
)
def test_a_page_that_repeats_for_ever_ends_and_is_not_taken_for_the_end(jira: Jira, answer: Answer, pages: int) -> None:
    asked = iter(range(1000))
    jira.vendor.answer("POST", "/rest/api/3/search/jql", lambda _asked: Reply(answer(next(asked))))
    cursors: list[Any] = []

    with pytest.raises(UnreadableAnswer, match="repeats a page"):
        cursors.extend(page.cursor for page in asking.poll(_tool(jira), None, clock() - HOUR))

    assert (len(cursors), cursors[-1]) == (pages, {})


def test_a_page_told_twice_is_no_reason_to_stop(jira: Jira) -> None:
    one, two = {"issues": [issue(number=1)]}, {"issues": [issue(number=2)]}
    jira.vendor.answer(
        "POST",
        "/rest/api/3/search/jql",
        Reply({**one, "nextPageToken": "a"}),
        Reply({**one, "nextPageToken": "b"}),
        Reply({**two, "isLast": True}),
    )

    assert _ids(_pages(_tool(jira))) == ["1", "1", "2"]


def test_issues_that_change_while_a_data_center_is_read_hide_no_other(server: Jira) -> None:
    server.page = 50
    _fill(server, 200)
    tool = _tool(server)
    told: list[str] = []

    for number, page in enumerate(asking.poll(tool, None, tool.now - HOUR)):
        told += [event.external_id for event in page.events]
        if number < 2:
            for gone in range(number * 30, number * 30 + 30):
                server.touch(10_000 + gone)

    assert set(told) == {str(10_000 + number) for number in range(200)}


def test_a_data_center_that_repeats_its_page_ends(server: Jira) -> None:
    issues = [issue(number=number) for number in range(100)]
    server.vendor.answer("GET", "/rest/api/2/search", Reply({"issues": issues, "total": 100_000}))

    with pytest.raises(UnreadableAnswer, match="repeats a page"):
        _pages(_tool(server))

    assert len(server.vendor.asked) == 21


def test_a_data_center_that_gives_few_issues_a_page_is_read_to_its_end(server: Jira) -> None:
    server.page = 4
    _fill(server, 30)

    assert set(_ids(_pages(_tool(server)))) == {str(10_000 + number) for number in range(30)}


@pytest.mark.parametrize("answer", [[], {}, {"issues": None}, {"issues": {}}, b"<html>"])
def test_an_answer_that_lists_no_issues_is_unreadable(jira: Jira, answer: Any) -> None:
    jira.vendor.answer("POST", "/rest/api/3/search/jql", Reply(answer))

    with pytest.raises(UnreadableAnswer):
        _pages(_tool(jira))


def test_an_issue_without_id_or_status_is_passed_over(jira: Jira) -> None:
    strange = [{}, {"id": "1"}, {"id": "2", "fields": {"status": None}}, issue(number=3)]
    jira.vendor.answer("POST", "/rest/api/3/search/jql", Reply({"issues": strange, "isLast": True}))

    assert _ids(_pages(_tool(jira))) == ["3"]


def test_a_site_that_is_busy_is_asked_again_and_one_that_asks_for_long_patience_is_left_alone(jira: Jira) -> None:
    jira.add(1, "Done")
    tool = _tool(jira)
    busy = [Reply(status=429, headers={"Retry-After": "1"}), Reply(status=429), Reply(status=500)]
    jira.vendor.answer("POST", "/rest/api/3/search/jql", *busy, jira._search_by_token)

    assert _ids(_pages(tool)) == ["1"]

    jira.vendor.answer("POST", "/rest/api/3/search/jql", Reply(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(Throttled) as caught:
        _pages(tool)
    assert caught.value.until > datetime.now(UTC) + timedelta(minutes=59)


def test_a_site_that_hangs_costs_a_few_seconds_and_no_cursor(jira: Jira) -> None:
    jira.vendor.answer("POST", "/rest/api/3/search/jql", Reply(delay=5))
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None, read_seconds=0.1)
    pages: list[Page] = []

    with pytest.raises(Unreachable):
        pages.extend(asking.poll(replace(_tool(jira), http=http), None, clock() - HOUR))

    assert (pages, len(jira.vendor.asked)) == ([], 4)


def test_the_connector_names_what_signs_and_what_is_needed() -> None:
    needed = [one.name for one in CONNECTOR.settings if one.needed]
    secret = [one.name for one in CONNECTOR.settings if one.secret]

    assert (needed, secret) == (["base_url", "api_token"], ["api_token", "secret", "basic_auth", "client_secret"])
