"""Bodies without an event, answers of the REST API, and what they say of people, departments and service levels."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, explained
from app.connectors.trackers.jira.reading import read
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequesterKind, RequestState
from tests.builders.jira import CREATED, NOON, issue, moved, service_level, user, webhook, written
from tests.conftest import ALICE, BOB


def _hook(body: object = b"", was: RequestState | None = None, fetched: object = None, **settings: Any) -> Hook:
    return Hook(
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={},
        settings=settings,
        time_zone=ZoneInfo("Europe/Warsaw"),
        received_at=NOON + timedelta(hours=1),
        was=was,
        fetched=None if fetched is None else json.dumps(fetched).encode(),
    )


def _read(body: object = b"", was: RequestState | None = None, fetched: object = None, **settings: Any) -> Conclusion:
    return read(_hook(body, was, fetched, **settings))


def _event(told: object, **settings: Any) -> TrackerEvent:
    (event,) = _read(fetched=told, **settings).events
    return event


def _with_changelog(told: dict[str, Any], *histories: tuple[datetime, str, str], total: int | None = None) -> Any:
    written_down = [{"created": written(at), "items": moved(before, after)} for at, before, after in histories]
    return told | {"changelog": {"total": total or len(written_down), "histories": written_down}}


# --- shapes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"transition": {"from_status": "To Do", "to_status": "Done"}, "issue": issue(), "timestamp": 1},
        {"issue": issue() | {"id": 10040}},
        issue() | {"id": 10040, "changelog": {"total": 0, "histories": None}},
        issue(),
        {"issue_id": 10040, "issue_key": "IT-40", "event": "resolved"},
        {"id": "10040", "key": "IT-40"},
    ],
    ids=["post-function", "rule, Jira format", "rule, automation format", "issue alone", "own words", "names alone"],
)
def test_a_body_without_an_event_names_an_issue_and_is_not_believed(body: dict[str, Any]) -> None:
    found = _read(body)

    assert (found.verdict, found.fetch, found.events) == (Verdict.FETCH, ("10040",), ())
    assert explained(found, "not_checked")["completed_at"] is None


def test_what_was_fetched_for_it_decides() -> None:
    body = {"transition": {"to_status": "Done"}, "issue": issue("To Do"), "user": user("77", BOB.name), "timestamp": 5}

    done, open_again = _read(body, fetched={"issue": issue()}), _read(body, RequestState.DONE, issue("To Do"))

    assert [(one.verdict, one.events[0].kind) for one in (done, open_again)] == [
        (Verdict.COMPLETED, EventKind.COMPLETED),
        (Verdict.REOPENED, EventKind.REOPENED),
    ]
    assert done.details["actor"] == {"id": "77", "name": BOB.name, "email": ALICE.email}


def test_an_answer_of_the_rest_api_given_as_the_body_is_judged_by_its_state() -> None:
    answer = issue() | {"expand": "renderedFields,names"}

    assert _read(answer).verdict is Verdict.COMPLETED
    assert _read(answer, RequestState.DONE).verdict is Verdict.NOT_COMPLETED
    assert _read(issue("To Do") | {"expand": ""}).verdict is Verdict.NOT_COMPLETED


def test_a_page_of_a_search_tells_every_issue() -> None:
    found = _read({"issues": [issue(), issue("To Do", number=10041), {"id": "7"}], "isLast": True})

    assert (found.verdict, [event.external_id for event in found.events]) == (Verdict.COMPLETED, ["10040", "10041"])
    assert _read([issue()]).verdict is Verdict.COMPLETED
    assert _read({"issues": []}).verdict is Verdict.IGNORED


@pytest.mark.parametrize("setting", ["unsigned", "always_fetch"])
def test_nothing_that_looks_like_an_answer_is_believed_where_bodies_are_not(setting: str) -> None:
    settings: dict[str, Any] = {setting: True}
    answer, page = issue() | {"expand": ""}, {"issues": [issue(), issue(number=10041)]}
    request = {"issueId": 7, "issueKey": "HELP-1", "currentStatus": {"status": "x", "statusCategory": "DONE"}}

    found = [_read(body, **settings) for body in (answer, page, [issue()], {"values": [request]}, request)]

    assert [one.fetch for one in found] == [("10040",), ("10040", "10041"), ("10040",), ("7",), ("7",)]
    assert [one.events for one in found] == [()] * 5
    assert _read(answer, fetched=issue(), **settings).verdict is Verdict.COMPLETED


def test_a_customers_request_is_judged_by_its_category_in_capitals() -> None:
    request = {
        "issueId": "107001",
        "issueKey": "HELP-1",
        "createdDate": {"iso8601": "2026-11-16T09:00:00+0100"},
        "reporter": user(),
        "requestFieldValues": [{"fieldId": "summary", "value": "Ноутбук 💻"}],
        "currentStatus": {
            "status": "Erledigt",
            "statusCategory": "DONE",
            "statusDate": {"iso8601": "2026-11-16T13:00:00+0100"},
        },
    }

    event = _read(request).events[0]
    waiting = _read(request | {"currentStatus": {"status": "Offen", "statusCategory": "INDETERMINATE"}})
    unknown = _read(request | {"currentStatus": {"status": "Offen"}})

    assert (event.external_id, event.title, event.completed_at) == ("107001", "Ноутбук 💻", NOON)
    assert (waiting.verdict, unknown.verdict) == (Verdict.NOT_COMPLETED, Verdict.FETCH)


@pytest.mark.parametrize(
    ("rating", "verdict", "score"),
    [(4, "score", 4), ("4", "score", 4), (None, "no_score", None), (6, "no_score", None), (True, "no_score", None)],
)
def test_a_rating_is_a_score_that_a_tracker_explains_and_does_not_record(
    rating: int | str | None, verdict: str, score: int | None
) -> None:
    found = _read({"type": "csat", "rating": rating, "comment": {"body": "quick"}})

    assert (found.verdict.value, found.scores, explained(found, "not_checked")["score"]) == (verdict, (), score)


@pytest.mark.parametrize("body", [service_level(True), {"values": [], "isLast": True}])
def test_answers_that_name_no_issue_are_ignored(body: dict[str, Any]) -> None:
    assert _read(body).verdict is Verdict.IGNORED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"webhookEvent": "jira:issue_updated",}',
        b'{"webhookEvent"',
        b"payload=%7B%7D",
        b"[]",
        b"7",
        b"\xff",
        b'{"a": 1}',
        b'{"accountId": "1", "username": "eve"}',
    ],
)
def test_what_is_nothing_of_jiras_cannot_be_read(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        _read(body)


def test_a_byte_order_mark_is_no_reason_to_refuse() -> None:
    assert (
        _read(b"\xef\xbb\xbf" + json.dumps(webhook(None, event="sprint_started")).encode()).verdict is Verdict.IGNORED
    )


@pytest.mark.parametrize("answer", [{}, {"key": "IT-1", "fields": {}}, {"id": "1", "fields": {"summary": "x"}}])
def test_an_answer_without_id_or_status_cannot_be_read(answer: dict[str, Any]) -> None:
    with pytest.raises(UnreadableBody, match="answer of Jira"):
        _read(fetched=answer)


# --- state and history ----------------------------------------------------------------------------------------------


def test_a_server_older_than_categories_is_done_where_it_has_a_resolution() -> None:
    weird = {"id": "10777", "name": "Weird"}

    assert _event(issue(status=weird)).kind is EventKind.COMPLETED
    assert _event(issue(status=weird, resolution=None)).kind is EventKind.REOPENED


def test_the_site_tells_the_category_of_a_status_that_says_nothing() -> None:
    told = {"issue": issue(status={"id": "10777", "name": "Weird"}, resolution=None), "statuses": {"10777": "done"}}

    assert _event(told).kind is EventKind.COMPLETED


def test_an_issue_born_done_does_not_count_where_that_is_set() -> None:
    born = issue(at=CREATED + timedelta(seconds=2))

    assert (_event(born).kind, _event(born).completed_at) == (EventKind.COMPLETED, CREATED)
    assert _event(born, ignore_created_done=True).kind is EventKind.UPDATED
    assert _event(issue(), ignore_created_done=True).kind is EventKind.COMPLETED


def test_the_changelog_tells_start_completion_and_reopenings() -> None:
    def hour(number: int) -> datetime:
        return CREATED + timedelta(hours=number)

    life = [
        (hour(5), "In Progress", "Done"),
        (hour(6), "Done", "Released"),
        (hour(1), "To Do", "In Progress"),
        (hour(2), "In Progress", "Done"),
        (hour(3), "Done", "In Progress"),
    ]
    told = _with_changelog(issue("Released", statuscategorychangedate=None, resolutiondate=None), *life)
    statuses = {"10001": "new", "10002": "done", "10009": "done"}

    found = _read(fetched={"issue": told, "statuses": statuses})

    assert found.details["started_at"] == hour(1)
    assert (found.events[0].completed_at, found.events[0].reopened_count) == (hour(5), 1)
    assert {"reopened_count", "reassignment_count"} <= found.events[0].given


def test_a_changelog_that_is_cut_off_or_not_understood_counts_nothing() -> None:
    step = (NOON, "In Progress", "Done")
    cut, strange = _with_changelog(issue(), step, total=41), _with_changelog(issue(), (NOON, "To Do", "Done"))

    assert _event(cut).given.isdisjoint({"reopened_count", "reassignment_count"})
    assert "reopened_count" not in _event(strange).given


def test_handing_on_is_counted_and_the_first_assignment_is_not() -> None:
    told = issue()
    items = [
        {"field": "assignee", "fieldtype": "jira", "from": before, "to": after}
        for before, after in ((None, "a"), ("a", "b"), ("b", None), ("c", "d"))
    ]
    told["changelog"] = {"total": 1, "histories": [{"created": written(NOON), "items": items}]}

    assert (_event(told).reassignment_count, _event(told).reopened_count) == (2, 0)


# --- people ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reporter", "requester"),
    [
        (user(), Requester(key="5c5f88", name=ALICE.name, email=ALICE.email)),
        (user(email=None), Requester(key="5c5f88", name=ALICE.name)),
        ({"key": "JIRAUSER1", "name": "alice"}, Requester(key="JIRAUSER1", name="alice")),
        ({"name": "alice", "displayName": "Алиса 💙"}, Requester(key="alice", name="Алиса 💙")),
        ({"name": "alice", "emailAddress": "alice at example dot com"}, Requester(key="alice", name="alice")),
        ({"accountId": "1", "emailAddress": ""}, Requester(key="1")),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_the_reporter_is_who_asked_and_no_address_is_invented(reporter: Any, requester: Requester | None) -> None:
    assert _event(issue(reporter=reporter)).requester == requester


def test_a_field_can_name_who_asked() -> None:
    told = issue(customfield_1=[user("9", BOB.name, BOB.email)], customfield_2="Carol@Example.com", customfield_3=None)

    assert _event(told, requester_field="customfield_1").requester == Requester(key="9", name=BOB.name, email=BOB.email)
    assert _event(told, requester_field="customfield_2").requester == Requester(email="carol@example.com")
    assert _event(told, requester_field="customfield_3").requester == _event(told).requester


def test_an_app_is_no_person() -> None:
    app, portal = user() | {"accountType": "app"}, user() | {"accountType": "customer"}

    assert _event(issue(reporter=app)).requester_kind is RequesterKind.BOT
    assert _event(issue(reporter=portal)).requester_kind is RequesterKind.PERSON
    assert (
        _event(issue(reporter=app, customfield_1=user("9")), requester_field="customfield_1").requester_kind == "person"
    )


# --- department, type, service level --------------------------------------------------------------------------------


def test_the_department_is_named_by_its_field_then_component_then_project() -> None:
    told = issue(
        customfield_1={"value": "IT", "child": {"value": "Network"}}, components=[{"name": "A"}, {"name": "B"}]
    )

    assert list(_event(told, department_field="customfield_1").department.items()) == [
        ("customfield_1", "Network"),
        ("customfield_1_2", "IT"),
        ("component", "A"),
        ("component_2", "B"),
        ("project", "IT"),
        ("project_name", "Service desk"),
    ]


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Printers", ["Printers"]),
        (7, ["7"]),
        ([{"value": "A"}, {"name": "B"}, None, True, "C"], ["A", "B", "C"]),
        ({"displayName": "Team"}, ["Team"]),
        ({"x": 1}, []),
        ([[[[["deep"]]]]], []),
    ],
)
def test_a_field_of_any_kind_can_name_the_department(value: Any, names: list[str]) -> None:
    told = _event(issue(customfield_1=value, components=[]), department_field="customfield_1").department

    assert [text for name, text in told.items() if name.startswith("customfield")] == names


def test_the_request_type_of_service_management_comes_before_the_type_of_the_issue() -> None:
    told = issue(customfield_1={"requestType": {"id": "25", "name": "New laptop"}, "currentStatus": {}})

    assert [_event(told).request_type, _event(told, request_type_field="customfield_1").request_type] == [
        "Task",
        "New laptop",
    ]


@pytest.mark.parametrize(
    ("sla", "on_time"),
    [
        (service_level(False), True),
        (service_level(True), False),
        (service_level(True, False), True),
        (service_level(False, True), False),
        (service_level(), None),
        (service_level(ongoing=True), False),
        (service_level(ongoing=False), None),
        ({"completedCycles": [{"elapsedTime": {"millis": 9}, "goalDuration": {"millis": 8}}]}, False),
        ({"completedCycles": [{}]}, None),
        ({"name": "never started"}, None),
        (None, None),
        ([], None),
    ],
)
def test_the_last_cycle_of_a_service_level_says_whether_it_was_met(sla: Any, on_time: bool | None) -> None:
    event = _event(issue(customfield_1=sla), sla_field="customfield_1")

    assert (event.on_time, "on_time" in event.given) == (on_time, on_time is not None)


def test_a_due_day_lasts_until_its_end_where_the_company_is() -> None:
    assert _event(issue(duedate="2026-11-20")).due_at == datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC)


def test_only_what_a_body_speaks_of_is_given() -> None:
    event = _event({"id": 1, "key": "IT-1", "fields": {"status": {"id": "5"}, "summary": None}})

    assert event.given == {"external_key", "title", "status"}


def test_a_rule_may_name_the_issue_by_its_key_under_issue() -> None:
    found = _read({"issue": "IT-7", "status": "Done"})

    assert (found.verdict, found.fetch) == (Verdict.FETCH, ("IT-7",))


def test_the_state_of_a_customers_request_without_its_issue_is_ignored() -> None:
    found = _read({"requestType": {"id": "1"}, "currentStatus": {"status": "Fertig", "statusCategory": "DONE"}})

    assert (found.verdict, found.events) == (Verdict.IGNORED, ())
