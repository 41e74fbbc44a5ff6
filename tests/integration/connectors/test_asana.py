"""The calls to Asana, over real HTTP to a project that answers as Asana's does, also on its bad days."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import HookHealth, Page, Tool
from app.connectors.trackers.asana import calling, registering
from app.domain.service_requests import Requester
from app.foundations.http import Broken, Client, Doors, Refused, Throttled, Trouble, Unreachable
from tests.builders.asana_project import ALICE, HOOK, PROJECT, WORKSPACE, AsanaProject
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def project(vendor: Vendor) -> AsanaProject:
    return AsanaProject(vendor)


@pytest.fixture
def tool(vendor: Vendor) -> Tool:
    settings = {
        "token": "1/1200:abc",
        "project_id": PROJECT,
        "base_url": vendor.url,
        "callback_url": f"{vendor.url}/our-hook",
    }
    client = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _: None, read_seconds=0.3)
    return Tool(http=client, settings=settings, time_zone=ZoneInfo("UTC"), now=NOW)


def _with(tool: Tool, **settings: Any) -> Tool:
    return replace(tool, settings={**tool.settings, **settings})


def _pages(tool: Tool, since: datetime, cursor: Mapping[str, Any] | None = None) -> list[Page]:
    return list(calling.poll(tool, cursor, since))


def _told(pages: list[Page]) -> list[tuple[str, str]]:
    return [(event.external_id, event.kind.value) for page in pages for event in page.events]


def _greets(project: AsanaProject) -> None:
    """Let our side answer a handshake."""
    echo = {"X-Hook-Secret"}
    project.vendor.answer(
        "POST",
        "/our-hook",
        lambda asked: Reply(
            headers={name: asked.headers[name.lower()] for name in echo if name.lower() in asked.headers}
        ),
    )


def test_a_task_is_asked_for_with_the_fields_that_are_not_given_unasked(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Toner", MONDAY)

    body = calling.fetch(tool, "1")
    calling.fetch(_with(tool, requester_label="E-mail:"), "1")

    plain, with_notes = (asked.one("opt_fields").split(",") for asked in project.vendor.asked)
    assert body is not None
    assert json.loads(body)["data"]["name"] == "Toner"
    assert {"created_by.name", "completed", "modified_at", "approval_status", "memberships.section.name"} <= set(plain)
    assert ("notes" in plain, "notes" in with_notes) == (False, True)
    assert {asked.headers["authorization"] for asked in project.vendor.asked} == {"Bearer 1/1200:abc"}


def test_a_deleted_task_is_none_and_a_hidden_one_is_refused(project: AsanaProject, tool: Tool) -> None:
    assert calling.fetch(tool, "9") is None

    project.vendor.answer("GET", "/tasks/8", Reply({"errors": []}, status=403))
    with pytest.raises(Refused):
        calling.fetch(tool, "8")


def test_a_user_call_tells_the_address(project: AsanaProject, tool: Tool) -> None:
    found = calling.find_requester(tool, Requester(key=ALICE))

    assert found == Requester(key=ALICE, name="Alice Ковальская", email="alice@example.com")


@pytest.mark.parametrize("data", [{"email": None, "name": "Guest"}, {"name": "Guest"}, {"email": "no address"}, None])
def test_an_address_that_asana_hides_is_none(project: AsanaProject, tool: Tool, data: object) -> None:
    project.vendor.answer("GET", "/users/7.*", Reply({"data": data}))

    found = calling.find_requester(tool, Requester(key=ALICE))

    assert found is not None
    assert found.email is None


def test_the_check_says_who_sees_which_project(project: AsanaProject, tool: Tool) -> None:
    assert registering.check(tool) == "Asana: Walter Worker sees the project Service desk"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"project_id": None}, "project_id is missing"),
        ({"project_id": "5"}, "Asana refuses the project (status 404)"),
        ({"token": None}, "the token of Asana is missing"),
        ({"token": "two words"}, "the token of Asana is missing"),
    ],
)
def test_the_check_says_how_to_mend_a_setting(
    project: AsanaProject, tool: Tool, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        registering.check(_with(tool, **settings))

    assert sentence in str(trouble.value)


def test_a_token_that_is_not_known_any_more_is_a_reason_to_wait(project: AsanaProject, tool: Tool) -> None:
    project.vendor.answer("GET", "/tasks/1", Reply({"errors": []}, status=401))

    with pytest.raises(Trouble, match="make a new one") as trouble:
        calling.fetch(tool, "1")

    assert not isinstance(trouble.value, Refused)


def test_the_hook_is_made_for_what_completes_and_deletes_tasks(project: AsanaProject, tool: Tool) -> None:
    _greets(project)

    kept = registering.register(tool, f"{project.vendor.url}/our-hook", "")

    assert kept == {"gid": HOOK, "project_id": PROJECT, "workspace": WORKSPACE}
    (made,) = [
        asked.json()["data"] for asked in project.vendor.asked if asked.method == "POST" and asked.path == "/webhooks"
    ]
    assert (made["resource"], made["target"]) == (PROJECT, f"{project.vendor.url}/our-hook")
    assert [(one["resource_type"], one["action"]) for one in made["filters"]] == [
        ("task", "changed"),
        ("task", "deleted"),
        ("task", "undeleted"),
    ]


def test_a_hook_that_exists_for_our_address_is_made_anew_so_that_a_secret_is_agreed(
    project: AsanaProject, tool: Tool
) -> None:
    _greets(project)

    for _ in range(2):
        registering.register(tool, f"{project.vendor.url}/our-hook", "")

    assert len(project.secrets) == len(set(project.secrets)) == 2


def test_an_address_that_does_not_greet_back_is_named_without_its_key(project: AsanaProject, tool: Tool) -> None:
    with pytest.raises(Trouble) as trouble:
        registering.register(tool, f"{project.vendor.url}/hooks/desk/secretkey", "")

    assert "it must answer from the internet" in str(trouble.value)
    assert "secretkey" not in str(trouble.value)


@pytest.fixture
def registration(project: AsanaProject, tool: Tool) -> Mapping[str, Any]:
    _greets(project)
    return registering.register(tool, f"{project.vendor.url}/our-hook", "")


def test_a_hook_that_lives_is_alive(project: AsanaProject, tool: Tool, registration: Mapping[str, Any]) -> None:
    assert registering.look_after(tool, registration) == HookHealth(is_alive=True)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (
            {"delivery_retry_count": 3, "last_failure_content": "503"},
            "deliveries of Asana fail (503): does our address answer?",
        ),
        (
            {"failure_deletion_timestamp": "2026-11-18T09:00:00.000Z", "last_failure_content": "slow"},
            "deliveries of Asana fail (slow); it deletes the hook at 2026-11-18 09:00 UTC: does our address answer?",
        ),
    ],
)
def test_a_hook_that_fails_is_a_problem_before_asana_deletes_it(
    project: AsanaProject,
    tool: Tool,
    registration: Mapping[str, Any],
    changed: dict[str, Any],
    problem: str,
) -> None:
    assert project.hook is not None
    project.hook |= changed

    assert registering.look_after(tool, registration) == HookHealth(is_alive=False, problem=problem)


def test_a_hook_that_is_deleted_or_switched_off_is_gone(
    project: AsanaProject, tool: Tool, registration: Mapping[str, Any]
) -> None:
    assert project.hook is not None
    project.hook["active"] = False
    assert registering.look_after(tool, registration).is_gone

    project.hook = None
    assert registering.look_after(tool, registration).is_gone


@pytest.mark.parametrize("changed", [{"callback_url": "https://new.example.com/hooks/desk/key"}, {"project_id": "77"}])
def test_a_hook_for_what_was_set_before_is_deleted_and_gone(
    project: AsanaProject, tool: Tool, registration: Mapping[str, Any], changed: dict[str, Any]
) -> None:
    health = registering.look_after(_with(tool, **changed), registration)

    assert (health.is_gone, project.hook) == (True, None)


def test_the_first_poll_takes_a_token_and_lists_what_changed(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Old", MONDAY - 9 * DAY)
    project.create("2", "Open", MONDAY)
    project.create("3", "Done", MONDAY)
    project.complete("3", MONDAY + MINUTE)

    pages = _pages(tool, MONDAY - DAY)

    assert _told(pages) == [("2", "reopened"), ("3", "completed")]
    assert pages[-1].cursor == {"project": PROJECT, "sync": "sync:5"}


def test_later_polls_ask_what_happened_and_get_each_task_once(project: AsanaProject, tool: Tool) -> None:
    (first,) = _pages(tool, MONDAY)
    project.create("1", "Toner", MONDAY + MINUTE)
    project.complete("1", MONDAY + 2 * MINUTE)
    project.create("2", "Paper", MONDAY + 3 * MINUTE)
    project.delete("2", MONDAY + 4 * MINUTE)

    pages = _pages(tool, MONDAY, first.cursor)

    assert [event.kind.value for page in pages for event in page.events if event.external_id == "1"] == ["completed"]
    assert {kind for gid, kind in _told(pages) if gid == "2"} == {"deleted"}
    assert (project.vendor.count("/tasks/1"), project.vendor.count("/tasks")) == (1, 1)
    assert pages[-1].cursor == {"project": PROJECT, "sync": f"sync:{len(project.events)}"}


def test_a_stale_token_is_replaced_and_what_changed_is_listed(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Toner", MONDAY)
    (first,) = _pages(tool, MONDAY - DAY)
    project.complete("1", MONDAY + MINUTE)
    project.oldest_token = 2

    pages = _pages(tool, MONDAY, first.cursor)

    assert (_told(pages), pages[-1].cursor["sync"]) == ([("1", "completed")], "sync:3")


def test_a_cursor_of_another_project_is_forgotten(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Toner", MONDAY)

    assert _told(_pages(tool, MONDAY - DAY, {"project": "77", "sync": "sync:1"})) == [("1", "reopened")]


def test_a_long_list_is_read_page_by_page_and_goes_on_where_it_broke_off(
    project: AsanaProject, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "PAGE", 2)
    for number in range(5):
        project.create(str(number), "Task", MONDAY)

    pages = _pages(tool, MONDAY - DAY)
    rest = _pages(tool, NOW, pages[0].cursor)

    assert [len(page.events) for page in pages] == [2, 2, 1]
    assert [gid for gid, _ in _told(rest)] == ["2", "3", "4"]


def test_an_offset_that_expired_begins_the_list_again(
    project: AsanaProject, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "PAGE", 2)
    for number in range(3):
        project.create(str(number), "Task", MONDAY)
    expired = Reply({"errors": [{"message": "offset: Your pagination token has expired."}]}, status=400)
    whole = project._list_tasks
    project.vendor.answer("GET", "/tasks", whole, lambda _: expired, whole)

    assert [gid for gid, _ in _told(_pages(tool, MONDAY - DAY))] == ["0", "1", "0", "1", "2"]

    project.vendor.answer("GET", "/tasks", lambda asked: expired if asked.one("offset") else whole(asked))
    with pytest.raises(Trouble):
        _pages(tool, MONDAY - DAY)


def test_a_page_that_repeats_ends(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Toner", MONDAY)
    same = {"data": list(project.tasks.values()), "next_page": {"offset": "again"}}
    project.vendor.answer("GET", "/tasks", Reply(same))
    assert len(_pages(tool, MONDAY - DAY)) == 2

    project.vendor.answer("GET", "/events", Reply({"data": [], "sync": "again", "has_more": True}))
    assert len(_pages(tool, MONDAY, {"project": PROJECT, "sync": "again"})) == 1


def test_more_events_than_one_answer_holds_are_asked_for(project: AsanaProject, tool: Tool) -> None:
    for gid in ("1", "2"):
        project.create(gid, "Task", MONDAY)

    def one_by_one(asked: Asked) -> Reply:
        at = int(asked.one("sync").removeprefix("sync:"))
        return Reply({"data": project.events[at : at + 1], "sync": f"sync:{at + 1}", "has_more": at == 0})

    project.vendor.answer("GET", "/events", one_by_one)

    assert _told(_pages(tool, MONDAY, {"project": PROJECT, "sync": "sync:0"})) == [("1", "reopened"), ("2", "reopened")]


def test_a_task_that_was_hidden_from_us_stops_no_poll(project: AsanaProject, tool: Tool) -> None:
    for gid in ("1", "2"):
        project.create(gid, "Task", MONDAY)
    project.vendor.answer("GET", "/tasks/1", Reply({"errors": []}, status=403))

    assert _told(_pages(tool, MONDAY, {"project": PROJECT, "sync": "sync:0"})) == [("2", "reopened")]


def test_what_was_deleted_and_restored_is_open_again(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Toner", MONDAY)
    kept = dict(project.tasks["1"])
    project.delete("1", MONDAY + MINUTE)
    project.tasks["1"] = kept
    project._tell("1", MONDAY + 2 * MINUTE, action="undeleted")

    events = [event for page in _pages(tool, MONDAY, {"project": PROJECT, "sync": "sync:1"}) for event in page.events]

    assert [(event.kind.value, event.occurred_at) for event in events] == [
        ("deleted", MONDAY + MINUTE),
        ("reopened", MONDAY + 2 * MINUTE),
    ]


@pytest.mark.parametrize("path", ["/events", "/tasks"])
@pytest.mark.parametrize("content", [[], "text", 5, None, {"data": "none"}, {"sync": ["x"]}])
def test_an_answer_of_another_shape_is_trouble_and_nothing_else(
    project: AsanaProject, tool: Tool, path: str, content: object
) -> None:
    project.vendor.answer("GET", path, Reply(content))

    with pytest.raises(Trouble):
        _pages(tool, MONDAY)


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"{}"])
def test_a_stale_token_without_a_fresh_one_is_trouble(project: AsanaProject, tool: Tool, body: bytes) -> None:
    project.vendor.answer("GET", "/events", Reply(body, status=412))

    with pytest.raises(Trouble):
        _pages(tool, MONDAY)


def test_too_many_calls_wait_as_long_as_asana_asks(project: AsanaProject, tool: Tool) -> None:
    project.create("1", "Toner", MONDAY)
    limited = Reply({"errors": []}, status=429, headers={"Retry-After": "1"})
    project.vendor.answer("GET", "/tasks/1", limited, Reply({"data": project.tasks["1"]}))
    assert calling.fetch(tool, "1") is not None

    project.vendor.answer("GET", "/tasks/1", replace(limited, headers={"Retry-After": "120"}))
    with pytest.raises(Throttled):
        calling.fetch(tool, "1")


def test_a_server_that_is_broken_or_hangs_is_given_up_after_some_attempts(project: AsanaProject, tool: Tool) -> None:
    project.vendor.answer("GET", "/tasks/1", Reply(status=500), Reply({"data": {"gid": "1"}}))
    assert calling.fetch(tool, "1") is not None

    project.vendor.answer("GET", "/tasks/1", Reply(status=500))
    with pytest.raises(Broken):
        calling.fetch(tool, "1")

    project.vendor.answer("GET", "/tasks/1", Reply(delay=30))
    with pytest.raises(Unreachable):
        calling.fetch(tool, "1")


def test_the_pace_stays_below_a_hundred_and_fifty_calls_a_minute(project: AsanaProject, tool: Tool) -> None:
    waited: list[float] = []
    patient = replace(tool, http=Client(Doors(frozenset({"127.0.0.1"})), monotonic=lambda: 0.0, sleep=waited.append))

    for _ in range(151):
        calling.fetch(patient, "1")

    assert max(waited) >= 60.0
