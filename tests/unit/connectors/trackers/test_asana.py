"""Deliveries of Asana: handshakes, signatures, events that name tasks; and any bytes at all."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature, explained
from app.connectors.trackers import asana
from app.connectors.trackers.asana import reading
from app.domain.service_requests import EventKind
from app.domain.states import RequestState
from tests.builders.any_json import ANY_JSON, mutated

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
AT = "2026-07-06T11:30:00.250Z"
TASK = {
    "gid": "101",
    "resource_type": "task",
    "resource_subtype": "default_task",
    "name": "Toner",
    "completed": True,
    "completed_at": "2026-07-06T11:29:59.000Z",
    "modified_at": "2026-07-06T11:29:59.500Z",
    "parent": None,
}


def _event(
    action: str = "changed", field: str | None = "completed", gid: str = "101", **changed: Any
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "user": {"gid": "7", "resource_type": "user"},
        "created_at": AT,
        "action": action,
        "resource": {"gid": gid, "resource_type": "task", "resource_subtype": "default_task"},
        "parent": None,
    }
    if field is not None:
        found["change"] = {"field": field, "action": "changed"}
    return found | changed


def _hook(
    body: object,
    *,
    headers: dict[str, str] | None = None,
    fetched: object = None,
    was: RequestState | None = None,
    **settings: Any,
) -> Hook:
    return Hook(
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers=headers or {},
        secrets=("text of the secret",),
        settings=settings,
        received_at=NOON,
        fetched=None if fetched is None else json.dumps(fetched).encode(),
        was=was,
    )


def _read(*events: dict[str, Any], **options: Any) -> Conclusion:
    return reading.read(_hook({"events": list(events)}, **options))


def test_a_handshake_is_answered_with_its_own_secret() -> None:
    greeting = reading.greet(_hook({"events": []}, headers={"x-hook-secret": "b537207f20cbfa02357cf448134da559"}))

    assert greeting is not None
    assert (greeting.secret, dict(greeting.headers)) == (
        "b537207f20cbfa02357cf448134da559",
        {"X-Hook-Secret": "b537207f20cbfa02357cf448134da559"},
    )


@pytest.mark.parametrize("offered", ["", " ", "a b", "a\r\nSet-Cookie: x", "ключ", "x" * 256])
def test_a_secret_that_no_header_carries_is_no_handshake(offered: str) -> None:
    assert reading.greet(_hook({"events": []}, headers={"x-hook-secret": offered})) is None
    assert reading.greet(_hook({"events": []})) is None


def test_the_signature_is_that_of_the_body_under_the_text_of_the_secret() -> None:
    # printf '{"events":[]}' | openssl dgst -sha256 -hmac 'text of the secret'
    reading.verify(
        _hook(
            b'{"events":[]}',
            headers={"x-hook-signature": "2b9c79e709c7672177e267b64cd64e1d3846a0fb5d5901885db18e033587a3ca"},
        )
    )


@pytest.mark.parametrize(
    "offered", ["", "2b9c79e709c7672177e267b64cd64e1d3846a0fb5d5901885db18e033587", "подпись", "0" * 64]
)
def test_every_other_signature_is_refused(offered: str) -> None:
    with pytest.raises(WrongSignature):
        reading.verify(_hook(b'{"events":[]}', headers={"x-hook-signature": offered}))


def test_an_empty_list_of_events_is_a_heartbeat_and_nothing_else_is() -> None:
    assert reading.is_heartbeat(_hook({"events": []}))
    assert not reading.is_heartbeat(_hook({"events": [_event()]}))
    assert not reading.is_heartbeat(_hook([]))
    assert _read().verdict is Verdict.IGNORED


def test_the_two_events_of_one_click_ask_for_one_task() -> None:
    found = _read(_event(field="completed"), _event(field="completed_at"))

    assert (found.verdict, found.fetch, found.events) == (Verdict.FETCH, ("101",), ())


@pytest.mark.parametrize(
    "event",
    [
        _event(field="approval_status"),
        _event("undeleted", None),
        _event(field=None),
        {"action": "changed", "resource": {"gid": 101, "resource_type": "task"}, "change": {"field": "completed"}},
        {"action": "changed", "resource": 101, "type": "task", "created_at": AT},  # as deliveries were years ago
    ],
)
def test_what_may_complete_a_task_asks_for_it(event: dict[str, Any]) -> None:
    assert _read(event).fetch == ("101",)


@pytest.mark.parametrize(
    ("event", "verdict"),
    [
        (_event(field="name"), Verdict.NOT_COMPLETED),
        (_event("added", None), Verdict.NOT_COMPLETED),
        (_event("removed", None), Verdict.NOT_COMPLETED),
        (_event(resource={"gid": "5", "resource_type": "story"}), Verdict.IGNORED),
        (_event(resource={"gid": "5"}), Verdict.IGNORED),
        (_event(resource=None), Verdict.IGNORED),
        (_event(resource={"gid": "../users/me", "resource_type": "task"}), Verdict.IGNORED),
        (_event(action=5.5), Verdict.IGNORED),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_complete_a_task_asks_for_nothing(event: dict[str, Any], verdict: Verdict) -> None:
    found = _read(event)

    assert (found.verdict, found.fetch, found.events) == (verdict, (), ())


def test_a_deletion_is_told_at_its_own_moment() -> None:
    found = _read(_event("deleted", None))
    (event,) = found.events

    assert (found.verdict, event.kind, event.external_id) == (Verdict.DELETED, EventKind.DELETED, "101")
    assert event.occurred_at == datetime(2026, 7, 6, 11, 30, 0, 250_000, tzinfo=UTC)


def test_a_deletion_without_a_moment_is_asked_about() -> None:
    assert _read(_event("deleted", None, created_at=None)).fetch == ("101",)


def test_a_delivery_may_tell_of_several_tasks() -> None:
    found = _read(_event("deleted", None, gid="3"), _event(gid="2"), _event(field="name", gid="1"), _event(gid="2"))

    assert (found.verdict, found.fetch, [event.external_id for event in found.events]) == (
        Verdict.FETCH,
        ("2",),
        ["3"],
    )


def test_it_explains_who_changed_what() -> None:
    document = explained(_read(_event(field="name")), "not_checked")

    assert {name: value for name, value in document.items() if value not in (None, [])} == {
        "verdict": "not_completed",
        "why": "this change of a task is no completion",
        "external_id": "101",
        "actor": {"id": "7", "name": None, "email": None},
        "event_type": "changed",
        "event_at": "2026-07-06T11:30:00.250000Z",
        "signature": "not_checked",
    }


@pytest.mark.parametrize(
    ("completed", "was", "verdict"),
    [
        (True, None, Verdict.COMPLETED),
        (True, RequestState.DONE, Verdict.NOT_COMPLETED),
        (False, RequestState.DONE, Verdict.REOPENED),
        (False, None, Verdict.NOT_COMPLETED),
    ],
)
def test_the_task_decides_what_the_event_left_open(completed: bool, was: RequestState | None, verdict: Verdict) -> None:
    found = _read(_event(), fetched={"data": TASK | {"completed": completed}}, was=was)

    assert (found.verdict, found.details["actor"]) == (verdict, {"id": "7", "name": None, "email": None})


def test_what_was_asked_because_of_an_event_holds_after_it() -> None:
    (restored,) = _read(_event("undeleted", None), fetched={"data": TASK}).events
    (other,) = _read(_event("undeleted", None, gid="5"), fetched={"data": TASK}).events

    assert restored.occurred_at == datetime(2026, 7, 6, 11, 30, 0, 250_000, tzinfo=UTC)
    assert other.occurred_at == datetime(2026, 7, 6, 11, 29, 59, 500_000, tzinfo=UTC)


def test_events_of_the_other_call_are_read_alike() -> None:
    assert reading.read(_hook({"data": [_event()], "sync": "abc:1", "has_more": False})).fetch == ("101",)


@pytest.mark.parametrize("body", [{"data": [{"gid": "5", "resource_type": "story"}]}, [{"gid": "5"}], {"data": []}])
def test_lists_of_other_things_concern_no_task(body: object) -> None:
    assert reading.read(_hook(body)).verdict is Verdict.IGNORED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xfe",
        b"5",
        b'{"events": {}}',
        b'{"events": "none"}',
        b'{"events": [],}',
        b'{"events": [{"action": "changed", "reso',
        b"events=completed",
        b'{"errors": [{"message": "Not Found", "help": "..."}]}',
        b'{"data": {"gid": "1", "resource_type": "project", "completed": true}}',
    ],
)
def test_what_is_nothing_of_asana_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        reading.read(_hook(body))


@pytest.mark.parametrize("fetched", [[], {}, {"data": None}, {"data": {"gid": "1"}}, {"errors": []}])
def test_an_answer_that_is_no_task_is_unreadable(fetched: object) -> None:
    with pytest.raises(UnreadableBody):
        _read(_event(), fetched=fetched)


SHAPES = [{"events": [_event(), _event("deleted", None)]}, {"data": TASK}, {"data": [TASK]}, TASK]
SETTINGS = st.dictionaries(
    st.sampled_from([one.name for one in asana.SETTINGS] + ["departments", "requesters"]), ANY_JSON
)


def _survives(body: bytes, fetched: bytes | None, settings: dict[str, Any]) -> None:
    hook = Hook(body=body, headers={}, settings=settings, received_at=NOON, fetched=fetched)
    try:
        document = explained(reading.read(hook), "not_checked")
    except UnreadableBody:
        return
    json.dumps(document, ensure_ascii=False).encode()
    assert reading.is_heartbeat(hook) in {True, False} or not body


@given(st.binary(), st.none() | st.binary(), SETTINGS)
def test_no_bytes_break_it(body: bytes, fetched: bytes | None, settings: dict[str, Any]) -> None:
    _survives(body, fetched, settings)


@given(mutated(SHAPES) | ANY_JSON, st.none() | mutated(SHAPES) | ANY_JSON, SETTINGS)
def test_no_json_breaks_it(body: object, fetched: object, settings: dict[str, Any]) -> None:
    _survives(json.dumps(body).encode(), None if fetched is None else json.dumps(fetched).encode(), settings)


def test_an_empty_object_is_a_sign_of_life_too() -> None:
    hook = _hook({})

    assert (reading.is_heartbeat(hook), reading.read(hook).verdict) == (True, Verdict.IGNORED)


def test_a_task_told_by_id_and_name_alone_is_asked_for() -> None:
    found = reading.read(_hook({"data": {"gid": "101", "resource_type": "task", "name": "Toner"}}))

    assert (found.verdict, found.fetch, found.events) == (Verdict.FETCH, ("101",), ())
