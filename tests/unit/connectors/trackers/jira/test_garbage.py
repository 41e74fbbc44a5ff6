"""No body raises anything but UnreadableBody, and no header anything but WrongSignature."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, WrongSignature, explained
from app.connectors.trackers.jira.reading import read
from app.connectors.trackers.jira.signatures import delivery_key, judge_age, verify
from tests.builders.jira import NOON, issue, item, moved, service_level, webhook

SETTINGS: dict[str, Any] = {
    "base_url": "https://example.atlassian.net",
    "department_field": "customfield_1",
    "requester_field": "customfield_2",
    "request_type_field": "customfield_3",
    "sla_field": "customfield_4",
}
FULL = webhook(
    issue(
        customfield_1=[{"value": "IT"}],
        customfield_2=[{"accountId": "1"}],
        customfield_3={"requestType": {"name": "Laptop"}},
        customfield_4=service_level(True, False),
    )
    | {
        "changelog": {
            "total": 1,
            "histories": [{"created": "2026-11-16T09:00:00.000+0000", "items": moved("To Do", "Done")}],
        }
    },
    [*moved("In Progress", "Done"), item("resolution", None, "10000")],
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FULL, "id", "key"]), inner),
    max_leaves=8,
)


def _paths(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(one for name, value in inner for one in _paths(value, (*path, name)))]


def _replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(body)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


def _concluded(body: bytes, fetched: bytes | None = None) -> Conclusion | None:
    hook = Hook(body=body, headers={}, settings=SETTINGS, received_at=NOON, fetched=fetched)
    try:
        found = read(hook)
    except UnreadableBody:
        return None
    json.dumps(explained(found, "not_checked"))
    return found


@given(st.sampled_from(_paths(FULL)), values)
def test_a_real_body_with_anything_in_any_place(path: tuple[Any, ...], value: Any) -> None:
    body = _replaced(FULL, path, value)

    _concluded(json.dumps(body).encode())
    _concluded(b"", json.dumps(_replaced(FULL["issue"], path[1:], value) if path[:1] == ("issue",) else body).encode())


@given(st.integers(0, len(json.dumps(FULL)) - 1))
def test_a_real_body_cut_off_anywhere(length: int) -> None:
    assert _concluded(json.dumps(FULL).encode()[:length]) is None


@given(
    st.dictionaries(st.sampled_from(["x-hub-signature", "authorization", "x-atlassian-webhook-identifier"]), st.text())
)
def test_any_headers(headers: dict[str, str]) -> None:
    for prefix in ("", "sha256=", "Basic ", "Bearer ", "JWT a.b."):
        sent = {name: prefix + value for name, value in headers.items()}
        hook = Hook(
            body=b"{}",
            headers=sent,
            secrets=("s",),
            settings={"basic_auth": "a:b", "client_secret": "c"},
            received_at=NOON,
        )
        for judge in (verify, judge_age):
            try:
                judge(hook)
            except WrongSignature:
                continue
        assert delivery_key(hook)
