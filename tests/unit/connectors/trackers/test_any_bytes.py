"""Any bytes at all, and real shapes with something wrong in them: a clear refusal or a conclusion, never a crash."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.connector import Connector
from app.connectors.hooks import Hook, UnreadableBody, explained
from app.connectors.trackers import bitrix24, github, gitlab, signed
from app.domain.service_requests import TrackerEvent
from tests.builders.any_json import ANY_JSON, mutated

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
AT = "2026-11-17T09:00:00Z"
ISSUE: dict[str, Any] = {
    "id": 1,
    "number": 2,
    "iid": 2,
    "state": "closed",
    "state_reason": "completed",
    "created_at": AT,
    "updated_at": AT,
    "closed_at": AT,
    "due_date": "2026-11-18",
    "user": {"login": "alice", "type": "User"},
    "author": {"id": 7, "name": "Alice"},
    "labels": [{"name": "infra", "title": "infra"}, "plain"],
}
TASK: dict[str, Any] = {
    "id": "7",
    "status": "5",
    "createdBy": "1",
    "creator": {"id": "1", "name": "Алиса"},
    "responsibleId": "2",
    "group": [],
    "groupId": "0",
    "ufCrmTask": ["C_1"],
    "closedDate": "2026-11-17T12:00:00+03:00",
}
SHAPES: dict[str, tuple[Connector, list[object]]] = {
    "github": (
        github.CONNECTOR,
        [{"action": "closed", "issue": ISSUE, "repository": {"full_name": "a/b"}, "sender": {}}, ISSUE, [ISSUE]],
    ),
    "gitlab": (
        gitlab.CONNECTOR,
        [
            {"object_kind": "issue", "user": {"id": 7}, "project": {}, "object_attributes": {**ISSUE, "type": "Task"}},
            ISSUE | {"state": "opened", "service_desk_reply_to": "alice@example.com"},
        ],
    ),
    "bitrix24": (
        bitrix24.CONNECTOR,
        [
            {"event": "ONTASKUPDATE", "data": {"FIELDS_AFTER": {"ID": "7"}}, "ts": "1789000000", "auth": {}},
            {"event": "ONTASKCOMMENTADD", "data": {"FIELDS_AFTER": {"TASK_ID": "7"}}},
            {"result": {"task": TASK}},
            {"result": {"tasks": [TASK]}},
        ],
    ),
    "signed": (
        signed.CONNECTOR,
        [{"event": "completed", "external_id": "1", "requester": {"email": "a@example.com"}, "department": {"a": "b"}}],
    ),
}


def _survives(connector: Connector, body: bytes, fetched: bytes | None = None) -> None:
    assert connector.read is not None
    hook = Hook(body=body, headers={}, received_at=NOW, fetched=fetched)
    events: tuple[TrackerEvent, ...] = ()
    try:
        found = connector.read(hook)
    except UnreadableBody as unreadable:
        said = str(unreadable)
    else:
        said, events = found.why, found.events
        json.dumps(explained(found, "not_checked"))

    assert said != ""
    assert all(event.external_id for event in events)


@pytest.mark.parametrize("kind", sorted(SHAPES))
@given(data=st.data())
def test_shapes_with_something_wrong_in_them_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    connector, shapes = SHAPES[kind]
    body = json.dumps(data.draw(mutated(shapes))).encode()

    _survives(connector, body)
    _survives(connector, b"event=ONTASKUPDATE&data[FIELDS_AFTER][ID]=7", fetched=body)


@pytest.mark.parametrize("kind", sorted(SHAPES))
@given(body=st.binary(max_size=60) | ANY_JSON.map(lambda told: json.dumps(told).encode()))
def test_any_bytes_are_read_or_refused(kind: str, body: bytes) -> None:
    _survives(SHAPES[kind][0], body)
