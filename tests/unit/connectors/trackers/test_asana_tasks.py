"""Tasks as Asana's API answers them: their state, who asked, whose work it was, and which do not count."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.hooks import Conclusion, Hook, Verdict, explained
from app.connectors.trackers.asana import reading
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequesterKind, RequestState, Resolution

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


def _task(**changed: Any) -> dict[str, Any]:
    return {
        "gid": "101",
        "resource_type": "task",
        "resource_subtype": "default_task",
        "name": "Тонер 🖨",
        "completed": True,
        "completed_at": "2026-07-06T11:00:00.000Z",
        "created_at": "2026-07-01T08:00:00.000Z",
        "modified_at": "2026-07-06T11:05:00.000Z",
        "created_by": {"gid": "7", "name": "Alice"},
        "assignee": {"gid": "8", "name": "Walter", "email": "walter@example.com"},
        "due_on": "2026-07-07",
        "due_at": None,
        "start_on": "2026-07-02",
        "parent": None,
        "permalink_url": "https://app.asana.com/0/55/101",
        "notes": "What do you need?\nToner\n\nYour e-mail:\nbob@example.com\n\n———",
        "memberships": [
            {"project": {"gid": "54", "name": "Roadmap"}, "section": {"gid": "541", "name": "Later"}},
            {"project": {"gid": "55", "name": "Service desk"}, "section": {"gid": "551", "name": "Printers"}},
        ],
        "custom_fields": [
            {"gid": "61", "type": "people", "display_value": "Carol", "people_value": [{"gid": "9", "name": "Carol"}]},
            {"gid": "62", "type": "text", "display_value": "Dora@example.com"},
            {"gid": "63", "type": "text", "display_value": "staff-4711"},
            {"gid": "64", "type": "enum", "display_value": "IT", "enum_value": {"gid": "641", "name": "IT"}},
            {"gid": "65", "type": "people", "display_value": None, "people_value": []},
        ],
    } | changed


def _read(task: object, was: RequestState | None = None, **settings: Any) -> Conclusion:
    body = json.dumps({"data": task}).encode()
    warsaw = ZoneInfo("Europe/Warsaw")
    return reading.read(Hook(body=body, headers={}, settings=settings, received_at=NOON, was=was, time_zone=warsaw))


def _event(*, settings: dict[str, Any] | None = None, **changed: Any) -> TrackerEvent:
    (event,) = _read(_task(**changed), **(settings or {})).events
    return event


@pytest.mark.parametrize(
    ("completed", "was", "verdict", "kind"),
    [
        (True, None, Verdict.COMPLETED, EventKind.COMPLETED),
        (True, RequestState.DONE, Verdict.NOT_COMPLETED, EventKind.COMPLETED),
        (False, None, Verdict.NOT_COMPLETED, EventKind.REOPENED),
        (False, RequestState.OPEN, Verdict.NOT_COMPLETED, EventKind.REOPENED),
        (False, RequestState.DONE, Verdict.REOPENED, EventKind.REOPENED),
        (None, RequestState.DONE, Verdict.NOT_COMPLETED, EventKind.UPDATED),
    ],
)
def test_completed_tells_the_state(
    completed: bool | None, was: RequestState | None, verdict: Verdict, kind: EventKind
) -> None:
    found = _read(_task(completed=completed), was)

    assert (found.verdict, found.events[0].kind) == (verdict, kind)


def test_a_moment_of_completion_does_not_complete_an_open_task() -> None:
    event = _event(completed=False)

    assert (event.kind, event.completed_at) == (EventKind.REOPENED, None)


@pytest.mark.parametrize(
    ("answer", "completed", "kind", "resolution"),
    [
        ("approved", True, EventKind.COMPLETED, Resolution.DELIVERED),
        ("rejected", True, EventKind.COMPLETED, Resolution.NOT_DELIVERED),
        ("changes_requested", True, EventKind.REOPENED, Resolution.DELIVERED),
        ("pending", False, EventKind.REOPENED, Resolution.DELIVERED),
    ],
)
def test_an_approval_is_delivered_only_where_it_was_given(
    answer: str, completed: bool, kind: EventKind, resolution: Resolution
) -> None:
    event = _event(resource_subtype="approval", approval_status=answer, completed=completed)

    assert (event.kind, event.resolution, event.status) == (kind, resolution, answer)


@pytest.mark.parametrize(
    ("answer", "verdict", "why"),
    [
        ("approved", Verdict.COMPLETED, "the task is completed"),
        ("rejected", Verdict.NOT_COMPLETED, "the approval was rejected: it was closed without delivery"),
        ("changes_requested", Verdict.NOT_COMPLETED, "changes were requested: the work goes on"),
    ],
)
def test_it_says_why_an_approval_is_no_delivery(answer: str, verdict: Verdict, why: str) -> None:
    found = _read(_task(resource_subtype="approval", approval_status=answer))

    assert (found.verdict, found.why) == (verdict, why)


@pytest.mark.parametrize(
    ("setting", "changed"),
    [
        ("subtasks", {"parent": {"gid": "100"}}),
        ("milestones", {"resource_subtype": "milestone"}),
        ("separators", {"is_rendered_as_separator": True}),
        ("separators", {"resource_subtype": "section"}),
    ],
)
def test_some_tasks_count_only_where_a_setting_says_so(setting: str, changed: dict[str, Any]) -> None:
    left_out = _read(_task(**changed))

    assert (left_out.verdict, left_out.events) == (Verdict.NOT_COMPLETED, ())
    assert left_out.details["external_id"] == "101"
    assert f"(setting {setting})" in left_out.why
    switched: list[dict[str, Any]] = [{setting: word} for word in (True, "yes", False)]
    assert [_read(_task(**changed), **settings).verdict for settings in switched] == [
        Verdict.COMPLETED,
        Verdict.COMPLETED,
        Verdict.NOT_COMPLETED,
    ]


def test_it_reads_every_field() -> None:
    event = _event(settings={"project_id": "55", "department_field_id": "64"})

    assert event == TrackerEvent(
        external_id="101",
        kind=EventKind.COMPLETED,
        occurred_at=datetime(2026, 7, 6, 11, 5, tzinfo=UTC),
        given=frozenset({"title", "url", "department", "created_at", "due_at", "requester_kind"}),
        title="Тонер 🖨",
        url="https://app.asana.com/0/55/101",
        requester=Requester(key="7", name="Alice"),
        requester_kind=RequesterKind.PERSON,
        department={
            "field": "IT",
            "section": "Printers",
            "section_id": "551",
            "project": "Service desk",
            "project_id": "55",
        },
        created_at=datetime(2026, 7, 1, 8, tzinfo=UTC),
        due_at=datetime(2026, 7, 7, 21, 59, 59, tzinfo=UTC),
        completed_at=datetime(2026, 7, 6, 11, tzinfo=UTC),
    )


def test_of_many_projects_the_subscribed_one_counts_else_the_first() -> None:
    assert _event(settings={"project_id": "55"}).department["project"] == "Service desk"
    assert _event(settings={"project_id": "99"}).department["project"] == "Roadmap"
    assert _event(memberships=[]).department == {}


@pytest.mark.parametrize(
    ("settings", "changed", "asker"),
    [
        ({}, {}, Requester(key="7", name="Alice")),
        ({}, {"created_by": None}, None),
        ({"requester_label": "your e-mail"}, {}, Requester(email="bob@example.com")),
        ({"requester_label": "your e-mail"}, {"notes": ""}, Requester(key="7", name="Alice")),
        ({"requester_field_id": "61", "requester_label": "your e-mail"}, {}, Requester(key="9", name="Carol")),
        ({"requester_field_id": "62"}, {}, Requester(email="dora@example.com")),
        ({"requester_field_id": 63}, {}, Requester(key="staff-4711")),
        ({"requester_field_id": "65"}, {}, Requester(key="7", name="Alice")),
        ({"requester_field_id": "66"}, {"custom_fields": None}, Requester(key="7", name="Alice")),
    ],
)
def test_who_asked_is_a_field_then_a_line_then_whoever_made_the_task(
    settings: dict[str, Any], changed: dict[str, Any], asker: Requester | None
) -> None:
    assert _event(settings=settings, **changed).requester == asker


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"bot_ids": ["7"]}, RequesterKind.BOT),
        ({"bot_ids": "5, 7"}, RequesterKind.BOT),
        ({"bot_ids": ["7"], "requester_label": "your e-mail"}, RequesterKind.PERSON),
        ({"bot_ids": ["7"], "requester_field_id": "61"}, RequesterKind.PERSON),
        ({}, RequesterKind.PERSON),
    ],
)
def test_what_a_form_makes_is_a_bots_unless_it_names_somebody(settings: dict[str, Any], kind: RequesterKind) -> None:
    assert _event(settings=settings).requester_kind is kind


def test_a_moment_due_comes_before_a_day_due_and_none_clears() -> None:
    assert _event(due_at="2026-07-07T09:00:00Z").due_at == datetime(2026, 7, 7, 9, tzinfo=UTC)
    cleared = _event(due_on=None)
    assert (cleared.due_at, "due_at" in cleared.given) == (None, True)


def test_an_address_that_is_no_web_page_is_not_kept() -> None:
    assert _event(permalink_url="javascript:alert(1)").url is None


def test_it_explains_a_task_with_days_as_days() -> None:
    document = explained(_read(_task(), project_id="55"), "not_checked")

    assert {name: value for name, value in document.items() if value not in (None, [])} == {
        "verdict": "completed",
        "why": "the task is completed",
        "external_id": "101",
        "title": "Тонер 🖨",
        "url": "https://app.asana.com/0/55/101",
        "requester": {"id": "7", "name": "Alice", "email": None},
        "department": {"project": "Service desk", "section": "Printers"},
        "created_at": "2026-07-01T08:00:00Z",
        "started_at": "2026-07-02",
        "due_at": "2026-07-07",
        "completed_at": "2026-07-06T11:00:00Z",
        "assignee": {"id": "8", "name": "Walter", "email": "walter@example.com"},
        "event_at": "2026-07-06T11:05:00Z",
        "signature": "not_checked",
    }


def test_a_list_of_tasks_tells_the_state_of_each() -> None:
    found = _read([_task(completed=False), _task(gid="102", name="Paper"), _task(gid="103", parent={"gid": "1"})])

    assert [(event.external_id, event.kind.value) for event in found.events] == [
        ("101", "reopened"),
        ("102", "completed"),
    ]
    assert (found.verdict, found.details["external_id"], found.details["title"]) == (
        Verdict.COMPLETED,
        "102",
        "Paper",
    )
