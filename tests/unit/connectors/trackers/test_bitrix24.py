"""What Bitrix24's deliveries and answers mean; the bodies are ours, on its documented fields."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.trackers.bitrix24 import CONNECTOR, events
from app.connectors.trackers.bitrix24.brackets import read_form
from app.domain.service_requests import EventKind
from app.domain.states import RequestState, Resolution

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
TOKEN = "0123456789abcdef0123456789abcdef"
TASK: dict[str, Any] = {
    "id": "71",
    "title": "Новый пропуск",
    "status": "5",
    "createdBy": "3",
    "creator": {"id": "3", "name": "Алиса"},
    "responsibleId": "8",
    "responsible": {"id": "8", "name": "Борис"},
    "groupId": "125",
    "group": {"id": "125", "name": "Пропуска"},
    "createdDate": "2026-11-10T11:00:00+03:00",
    "deadline": "2026-11-18T18:00:00+03:00",
    "changedDate": "2026-11-17T12:00:05+03:00",
    "statusChangedDate": "2026-11-17T12:00:00+03:00",
    "closedDate": "2026-11-17T12:00:00+03:00",
}


def _form(event: str, **changed: str) -> bytes:
    fields = {"event": event, "data[FIELDS_BEFORE][ID]": "71", "data[FIELDS_AFTER][ID]": "71", "ts": "1789000000"}
    fields |= {"auth[application_token]": TOKEN, "auth[member_id]": "m1", "auth[access_token]": "s3cret"}
    return urlencode({name: value for name, value in (fields | changed).items() if value}).encode()


def _hook(body: bytes, **more: Any) -> Hook:
    return Hook(body=body, headers={}, received_at=NOW, **more)


def _told(was: RequestState | None = None, settings: dict[str, Any] | None = None, **changed: Any) -> Conclusion:
    fetched = json.dumps({"result": {"task": TASK | changed}}).encode()
    return events.read(_hook(_form("ONTASKUPDATE"), fetched=fetched, was=was, settings=settings or {}))


@pytest.mark.parametrize("event", ["ONTASKADD", "ONTASKUPDATE", "OnTaskUpdate"])
def test_an_event_names_a_task_to_ask_for(event: str) -> None:
    found = events.read(_hook(_form(event)))

    assert (found.verdict, found.fetch, found.events) == (Verdict.FETCH, ("71",), ())


def test_brackets_may_stand_as_they_are_and_sides_may_be_missing() -> None:
    body = b"event=ONTASKADD&data[FIELDS_BEFORE]=undefined&data[FIELDS_AFTER][ID]=9&data[IS_ACCESSIBLE_AFTER]=undefined"

    assert events.read(_hook(body)).fetch == ("9",)


def test_the_same_as_json_is_understood() -> None:
    body = json.dumps({"event": "ONTASKUPDATE", "data": {"FIELDS_AFTER": {"ID": 9}}}).encode()

    assert events.read(_hook(body)).fetch == ("9",)


def test_a_deletion_names_the_task_before_it() -> None:
    found = events.read(_hook(_form("ONTASKDELETE", **{"data[FIELDS_AFTER][ID]": "undefined"})))

    assert (found.verdict, found.events[0].external_id) == (Verdict.DELETED, "71")


@pytest.mark.parametrize("event", ["ONTASKCOMMENTADD", "ONCRMDEALADD", "ONAPPTEST"])
def test_other_events_are_ignored(event: str) -> None:
    assert events.read(_hook(_form(event))).verdict is Verdict.IGNORED


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"ts=1", b"event=ONTASKUPDATE&ts=1"])
def test_what_names_no_task_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        events.read(_hook(body))


def test_status_five_is_completed_with_all_that_is_told() -> None:
    found = _told()

    event = found.events[0]
    assert (found.verdict, event.title) == (Verdict.COMPLETED, "Новый пропуск")
    assert event.completed_at == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert event.occurred_at == datetime(2026, 11, 17, 9, 0, 5, tzinfo=UTC)
    assert event.due_at == datetime(2026, 11, 18, 15, tzinfo=UTC)
    assert dict(event.department) == {"group_name": "Пропуска", "group_id": "125", "responsible": "8"}
    assert found.details["requester"] == {"id": "3", "name": "Алиса", "email": None}
    assert found.details["assignee"] == {"id": "8", "name": "Борис"}


@pytest.mark.parametrize(
    ("status", "was", "verdict"),
    [
        ("4", None, Verdict.NOT_COMPLETED),
        ("4", RequestState.OPEN, Verdict.NOT_COMPLETED),
        ("2", RequestState.DONE, Verdict.REOPENED),
        ("5", RequestState.DONE, Verdict.NOT_COMPLETED),
        ("5", RequestState.OPEN, Verdict.COMPLETED),
        ("7", None, Verdict.NOT_COMPLETED),
    ],
)
def test_only_status_five_is_done(status: str, was: RequestState | None, verdict: Verdict) -> None:
    assert _told(was, status=status).verdict is verdict


def test_what_people_set_themselves_is_not_delivered_unless_wished() -> None:
    own: dict[str, Any] = {"responsibleId": "3"}

    assert _told(**own).events[0].resolution is Resolution.NOT_DELIVERED
    assert _told(settings={"self_assigned": True}, **own).events[0].resolution is Resolution.DELIVERED


def test_an_empty_list_may_stand_for_an_object() -> None:
    found = _told(group=[], groupId="0", creator=[])

    assert (found.details["department"], found.details["requester"]) == (
        None,
        {"id": "3", "name": None, "email": None},
    )


def test_a_mapped_field_and_the_crms_contact_come_first() -> None:
    settings = {"department_field": "UF_AUTO_12", "crm_requesters": True}
    event = _told(settings=settings, ufAuto12=["Ausweise"], ufCrmTask=["D_1", "C_12"]).events[0]

    assert (event.department["field"], event.requester and event.requester.key) == ("Ausweise", "C_12")


def test_older_names_are_understood() -> None:
    body = json.dumps({"result": {"ID": "7", "TITLE": "x", "STATUS": "5", "CLOSED_DATE": "2026-11-17T09:00:00Z"}})

    assert events.read(_hook(body.encode())).verdict is Verdict.COMPLETED


@pytest.mark.parametrize("token", ["", "x", "токен", TOKEN[:-1]])
def test_another_token_is_refused(token: str) -> None:
    with pytest.raises(WrongSignature):
        events.verify(_hook(_form("ONTASKADD", **{"auth[application_token]": token}), secrets=(TOKEN,)))


def test_the_token_and_the_portal_are_accepted() -> None:
    events.verify(_hook(_form("ONTASKADD"), secrets=("new", TOKEN), settings={"member_id": "m1"}))

    with pytest.raises(WrongSignature):
        events.verify(_hook(_form("ONTASKADD"), secrets=(TOKEN,), settings={"member_id": "m2"}))


def test_what_is_kept_opens_no_portal_and_is_the_same_delivery() -> None:
    one, other = _form("ONTASKADD"), _form("ONTASKADD", **{"auth[access_token]": "an0ther"})
    as_json = json.dumps({"event": "ONTASKADD", "auth": {"access_token": "s3cret", "member_id": "m1"}}).encode()

    assert TOKEN.encode() not in events.scrub(one)
    assert b"s3cret" not in events.scrub(one) + events.scrub(as_json)
    assert events.delivery_key(_hook(one)) == events.delivery_key(_hook(other))
    assert CONNECTOR.read is not None
    assert CONNECTOR.read(_hook(events.scrub(one))).fetch == ("71",)


def test_forms_of_any_shape_become_objects() -> None:
    assert read_form(b"a[b][c]=1&a[b]=2&a[]=3&=4&a[[=5") == {"a": {"b": {"c": "1"}, "1": "3"}}
    assert read_form(b"x" + b"[y]" * 50 + b"=1") == {}


def test_a_task_without_its_status_is_asked_for_and_never_taken_for_open() -> None:
    answer = json.dumps({"result": {"task": {"id": "71", "title": "Новый пропуск", "responsibleId": "8"}}}).encode()

    given, asked = events.read(_hook(answer)), events.read(_hook(_form("ONTASKUPDATE"), fetched=answer))

    assert (given.verdict, given.fetch) == (Verdict.FETCH, ("71",))
    assert (asked.verdict, [event.kind for event in asked.events]) == (Verdict.NOT_COMPLETED, [EventKind.UPDATED])
    assert "status" not in asked.events[0].given


@pytest.mark.parametrize(
    "result",
    [
        [{"ID": "3", "NAME": "Алиса", "EMAIL": "alice@example.com"}],
        [{"ID": "14", "NAME": "Пропуска", "SORT": 500}],
        {"ID": "40", "TITLE": "Сделка", "STAGE_ID": "WON"},
        {"task": []},
        {"tasks": []},
        {"list": [{"id": 9, "field": "STATUS", "value": {"from": "2", "to": "5"}}]},
        True,
    ],
)
def test_people_departments_and_deals_are_no_tasks(result: Any) -> None:
    answer = json.dumps({"result": result}).encode()

    given = events.read(_hook(answer))

    assert (given.verdict, given.why, given.events) == (Verdict.IGNORED, "the answer holds no task", ())
    with pytest.raises(UnreadableBody, match="the answer holds no task"):
        events.read(_hook(_form("ONTASKUPDATE"), fetched=answer))


def test_a_comment_is_ignored_and_the_task_it_belongs_to_is_shown() -> None:
    fields = {"data[FIELDS_BEFORE]": "undefined", "data[FIELDS_AFTER][ID]": "0", "data[FIELDS_AFTER][TASK_ID]": "71"}

    found = events.read(_hook(_form("ONTASKCOMMENTADD", **fields)))

    assert (found.verdict, found.events, found.details["external_id"]) == (Verdict.IGNORED, (), "71")


@pytest.mark.parametrize(
    ("changed", "verdict", "why"),
    [
        ({"status": "4"}, Verdict.NOT_COMPLETED, "the task waits for its creator to accept the work (status 4)"),
        (
            {"createdBy": "8"},
            Verdict.COMPLETED,
            "the task is done, but its creator did it: nobody is asked (setting self_assigned)",
        ),
        ({"status": "7"}, Verdict.NOT_COMPLETED, "the request is open"),
    ],
)
def test_the_reason_speaks_of_bitrix24_where_it_has_words_for_it(
    changed: dict[str, Any], verdict: Verdict, why: str
) -> None:
    found = _told(**changed)

    assert (found.verdict, found.why) == (verdict, why)
