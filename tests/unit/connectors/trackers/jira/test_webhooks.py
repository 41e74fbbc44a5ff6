"""What a webhook with its changelog means (connectors.md §1.1, rule by rule)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, explained
from app.connectors.trackers.jira.reading import read
from app.domain.service_requests import EventKind, TrackerEvent
from app.domain.states import RequestState, Resolution
from tests.builders.jira import CREATED, NOON, issue, item, moved, webhook, written
from tests.conftest import ALICE, BOB

SITE = {"base_url": "https://example.atlassian.net/"}
DONE, OPEN = RequestState.DONE, RequestState.OPEN


def _read(body: object, was: RequestState | None = None, **settings: Any) -> Conclusion:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    hook = Hook(body=raw, headers={}, settings=SITE | settings, received_at=NOON + timedelta(hours=1), was=was)
    return read(hook)


def _event(body: object, **settings: Any) -> TrackerEvent:
    (event,) = _read(body, **settings).events
    return event


def _told(found: Conclusion) -> tuple[Verdict, list[EventKind]]:
    return found.verdict, [event.kind for event in found.events]


def test_a_move_into_a_done_category_completes_whatever_the_event_is_called() -> None:
    found = _read(webhook(issue(), moved("In Progress", "Done")))

    assert _told(found) == (Verdict.COMPLETED, [EventKind.COMPLETED])
    assert found.events[0].completed_at == NOON


def test_a_field_without_an_id_counts_by_its_name_in_any_case() -> None:
    items = [{"field": "Status", "fieldtype": "jira", "from": "3", "to": "10002"}]

    assert _read(webhook(issue(), items)).verdict is Verdict.COMPLETED


def test_a_custom_field_called_status_is_not_the_status() -> None:
    items = [{"field": "Status", "fieldtype": "custom", "from": "1", "to": "2"}]

    assert _told(_read(webhook(issue(), items))) == (Verdict.NOT_COMPLETED, [EventKind.UPDATED])


def test_from_one_done_status_to_another_nothing_is_completed() -> None:
    body = webhook(issue(), [item("status", "5", "6")])

    assert _told(_read(body)) == (Verdict.NOT_COMPLETED, [EventKind.UPDATED])


@pytest.mark.parametrize(("was", "verdict"), [(None, "completed"), (OPEN, "completed"), (DONE, "not_completed")])
def test_from_a_status_that_nobody_knows_our_stored_state_decides(was: RequestState | None, verdict: str) -> None:
    found = _read(webhook(issue(), [item("status", "10777", "10002")]), was)

    assert (found.verdict.value, found.events[0].kind) == (verdict, EventKind.COMPLETED)


@pytest.mark.parametrize(
    "items",
    [
        [item("resolution", "10000", None), *moved("Done", "To Do")],
        [item("status", "5", "4")],
        [item("status", "10777", "10001", fromString="Closed")],
        [item("resolution", "10000", None)],
    ],
    ids=["status and resolution", "ids of every server", "only the name is known", "resolution alone"],
)
def test_a_move_out_of_done_reopens(items: list[dict[str, Any]]) -> None:
    found = _read(webhook(issue("To Do"), items))

    assert _told(found) == (Verdict.REOPENED, [EventKind.REOPENED])
    assert (found.events[0].completed_at, found.events[0].occurred_at) == (None, NOON)


def test_a_move_between_open_statuses_says_that_the_request_is_open() -> None:
    body = webhook(issue("In Progress"), moved("To Do", "In Progress"))

    assert _told(_read(body)) == (Verdict.NOT_COMPLETED, [EventKind.REOPENED])
    assert _told(_read(body, OPEN)) == (Verdict.NOT_COMPLETED, [EventKind.REOPENED])
    assert _told(_read(body, DONE)) == (Verdict.REOPENED, [EventKind.REOPENED])


def test_an_open_request_that_never_was_done_is_not_reopened_by_a_cleared_resolution() -> None:
    assert _read(webhook(issue("To Do"), [item("resolution", "10000", None)]), OPEN).verdict is Verdict.NOT_COMPLETED


def test_a_resolution_alone_completes_where_the_status_is_done() -> None:
    assert _read(webhook(issue(), [item("resolution", None, "10000")])).verdict is Verdict.COMPLETED


@pytest.mark.parametrize("before_and_after", [("10000", None), ("10000", "10001")])
def test_a_resolution_taken_away_or_changed_in_a_done_status_is_nothing(before_and_after: tuple[str, str]) -> None:
    found = _read(webhook(issue(), [item("resolution", *before_and_after)]))

    assert _told(found) == (Verdict.NOT_COMPLETED, [EventKind.UPDATED])


def test_no_resolution_is_needed() -> None:
    body = webhook(issue(resolution=None, resolutiondate=None), moved("In Progress", "Done"))

    assert _read(body).verdict is Verdict.COMPLETED


def test_an_issue_created_in_a_done_status_is_completed_when_it_was_created() -> None:
    body = webhook(issue(at=CREATED + timedelta(milliseconds=400)), event="jira:issue_created")

    assert (_read(body).verdict, _event(body).completed_at) == (Verdict.COMPLETED, CREATED)
    assert _told(_read(body, ignore_created_done=True)) == (Verdict.NOT_COMPLETED, [EventKind.UPDATED])


def test_an_issue_created_open_is_stored_as_open() -> None:
    body = webhook(issue("To Do"), [item("Status", None, "10001")], event="jira:issue_created")

    assert _told(_read(body)) == (Verdict.NOT_COMPLETED, [EventKind.REOPENED])


def test_a_deleted_issue_is_deleted_when_the_delivery_says() -> None:
    body = webhook(issue(at=CREATED), event="jira:issue_deleted")

    assert _told(_read(body)) == (Verdict.DELETED, [EventKind.DELETED])
    assert _event(body).occurred_at == NOON


@pytest.mark.parametrize(
    "event", ["comment_created", "worklog_updated", "sprint_closed", "issuelink_created", "jira:version_released", "x"]
)
def test_other_events_are_ignored_with_and_without_an_issue(event: str) -> None:
    for about in (None, issue()):
        assert _told(_read(webhook(about, event=event))) == (Verdict.IGNORED, [])


@pytest.mark.parametrize("items", [None, [], [item("summary", None, None)], "x", [None, 7]])
def test_a_change_of_anything_else_says_nothing_of_the_state(items: Any) -> None:
    found = _read(webhook(issue(), items))

    assert _told(found) == (Verdict.NOT_COMPLETED, [EventKind.UPDATED])


def test_a_status_without_a_category_is_asked_for_unless_every_server_has_it() -> None:
    strange = webhook(issue(status={"id": "10777", "name": "Weird"}), moved("In Progress", "Done"))
    resolved = webhook(issue(status={"id": "5", "name": "Gelöst"}), moved("In Progress", "Done"))

    assert (_read(strange).verdict, _read(strange).fetch) == (Verdict.FETCH, ("10040",))
    assert _read(resolved).verdict is Verdict.COMPLETED


def test_a_category_counts_by_the_number_that_it_has_everywhere() -> None:
    body = webhook(issue(status={"id": "10777", "statusCategory": {"id": 3}}), moved("In Progress", "Done"))

    assert _read(body).verdict is Verdict.COMPLETED


@pytest.mark.parametrize("setting", ["unsigned", "always_fetch"])
def test_a_body_that_may_be_anybodys_is_asked_for_and_believed_in_nothing(setting: str) -> None:
    settings: dict[str, Any] = {setting: True}
    completed, deleted = webhook(issue(), moved("In Progress", "Done")), webhook(issue(), event="jira:issue_deleted")
    renamed = webhook(issue(), [item("summary", None, None)])

    assert [_read(body, **settings).fetch for body in (completed, deleted)] == [("10040",), ("10040",)]
    assert _told(_read(renamed, **settings)) == (Verdict.NOT_COMPLETED, [])


def test_projects_that_do_not_count_are_ignored() -> None:
    body = webhook(issue(), moved("In Progress", "Done"))

    assert _told(_read(body, projects=["HR"])) == (Verdict.IGNORED, [])
    assert _read(body, projects="HR, IT").verdict is Verdict.COMPLETED


def test_an_issue_named_by_its_key_alone_is_asked_for() -> None:
    assert _read(webhook({"key": "IT-40"})).fetch == ("IT-40",)


@pytest.mark.parametrize("about", [None, {}, [], "IT-40"])
def test_an_event_about_no_issue_cannot_be_read(about: Any) -> None:
    with pytest.raises(UnreadableBody, match="Exclude body"):
        _read(webhook(None) | {"issue": about})


@pytest.mark.parametrize(
    ("resolution", "state"),
    [("Won't Do", "Done"), ("won’t fix", "Done"), ("Duplicate", "Done"), ("Done", "Cancelled")],
)
def test_what_was_closed_without_being_delivered_is_completed_but_never_asked_about(
    resolution: str, state: str
) -> None:
    status = {"id": "10002", "name": state, "statusCategory": {"key": "done"}}
    body = webhook(issue(resolution={"id": "10001", "name": resolution}, status=status), moved("In Progress", "Done"))

    found = _read(body)

    assert (found.verdict, found.events[0].kind) == (Verdict.NOT_COMPLETED, EventKind.COMPLETED)
    assert found.events[0].resolution is Resolution.NOT_DELIVERED


def test_settings_say_which_resolutions_and_statuses_deliver_nothing() -> None:
    body = webhook(issue(resolution={"id": "10001", "name": "Abgelehnt"}), moved("In Progress", "Done"))
    duplicate = webhook(issue(resolution={"id": "10003", "name": "Duplicate"}), moved("In Progress", "Done"))

    assert _event(body).resolution is Resolution.DELIVERED
    assert _event(body, not_delivered_resolutions=[10001]).resolution is Resolution.NOT_DELIVERED
    assert _event(duplicate, not_delivered_resolutions="10001").resolution is Resolution.DELIVERED
    assert _event(body, not_delivered_statuses=["Done"]).resolution is Resolution.NOT_DELIVERED


def test_the_order_of_events_follows_the_last_change_of_the_issue_not_the_delivery() -> None:
    body = webhook(issue(at=NOON), moved("In Progress", "Done"), at=NOON + timedelta(minutes=3))

    assert _event(body).occurred_at == NOON


def test_a_server_tells_the_completion_by_its_resolution_unless_that_is_left_over() -> None:
    fresh = webhook(issue(statuscategorychangedate=None), moved("In Progress", "Done"), at=NOON)
    left_over = issue(statuscategorychangedate=None, resolutiondate=written(NOON - timedelta(days=40)))
    never = issue(statuscategorychangedate=None, resolutiondate=None)

    assert _event(fresh).completed_at == NOON
    assert _event(webhook(left_over, moved("In Progress", "Done"), at=NOON)).completed_at == NOON
    assert _event(webhook(never, moved("In Progress", "Done"), at=NOON)).completed_at == NOON


def test_explain_shows_what_the_body_says() -> None:
    body = webhook(issue(duedate="2026-11-20"), moved("In Progress", "Done"))

    said = explained(_read(body), "not_checked")

    assert said == {
        "verdict": "completed",
        "why": "the request is done",
        "external_id": "10040",
        "title": "Toner for room 10040",
        "url": "https://example.atlassian.net/browse/IT-40",
        "requester": {"id": "5c5f88", "name": ALICE.name, "email": ALICE.email},
        "department": {"project_key": "IT", "project_name": "Service desk", "components": ["Printers"]},
        "created_at": "2026-11-16T08:00:00Z",
        "started_at": None,
        "due_at": "2026-11-20",
        "completed_at": "2026-11-16T12:00:00Z",
        "external_key": "IT-40",
        "assignee": {"id": "77", "name": BOB.name},
        "actor": {"id": "77", "name": BOB.name, "email": None},
        "event_id": None,
        "event_type": "jira:issue_updated",
        "event_at": "2026-11-16T12:00:00Z",
        "status": "Done",
        "status_changed_at": None,
        "score": None,
        "fetch": [],
        "signature": "not_checked",
    }


def test_a_delivery_without_a_moment_happened_when_it_came() -> None:
    body = webhook(issue(updated=None, statuscategorychangedate=None, resolutiondate=None), moved("To Do", "Done"))

    assert _event(body | {"timestamp": "soon"}).occurred_at == datetime(2026, 11, 16, 13, tzinfo=UTC)


def test_an_issue_imported_as_done_was_completed_when_it_was_created_not_when_its_status_was_set() -> None:
    told = issue(statuscategorychangedate=written(NOON + timedelta(days=30)))

    event = _event(webhook(told, event="jira:issue_created"))

    assert event.completed_at == CREATED


@pytest.mark.parametrize("name", [None, "", 5.5, []])
def test_an_event_without_a_name_is_like_a_body_that_names_none(name: object) -> None:
    found = _read(webhook(issue(), moved("In Progress", "Done")) | {"webhookEvent": name})

    assert (found.verdict, found.fetch, found.events) == (Verdict.FETCH, (issue()["id"],), ())
