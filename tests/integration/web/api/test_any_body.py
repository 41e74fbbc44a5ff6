"""Whatever JSON a script or a tracker sends, the answer is a success or names what is wrong: never an error of ours."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from marshmallow import Schema
from standardwebhooks import Webhook

from app.domain.api_scopes import OF_NOBODY
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.settings import Settings
from app.upkeep.connections.adding import Credentials, add_connection
from app.upkeep.programs.keys import add_api_key
from app.web.api import item_schemas as items
from tests.builders.departments import department
from tests.builders.service_requests import connection
from tests.servers.databases import Database

WHEN = "2026-07-02T09:00:00Z"
SCORE = {"source": "forms", "touchpoint": "web", "dimension": "overall", "instrument": "csat5"}
REQUEST = {"tracker": "desk", "external_id": "R-1", "requester": "u", "provider_department": "IT", "created_at": WHEN}
RESPONSE = {"source": "forms", "response_id": "1", "provider_department": "IT", "requester": "u", "completed_at": WHEN}
ITEMS: dict[str, tuple[type[Schema], dict[str, Any]]] = {
    "requests": (items.RequestItem, REQUEST),
    "departments": (items.DepartmentItem, {"code": "A", "name": "A"}),
    "people": (items.PersonItem, {"email": "alice@example.com", "name": "Alice", "department_code": "IT"}),
    "external-scores": (items.ScoreItem, SCORE),
    "responses": (items.ResponseItem, RESPONSE | {"csat_overall": 4}),
}
LIKELY = st.sampled_from(
    [
        *("desk", "forms", "IT", "alice@example.com", "2026-07-01", "2026-07-02T10:00:00Z", "0001-01-01", "9999-12-31"),
        *("true", "csat5", "percent", "nps", "csat_overall", "2026-Q3", "2026-07", "completed", "reopened", "a\0b"),
        *(
            10**400,
            -(10**400),
            math.inf,
            "inf",
            "nan",
            "1e400",
            "9" * 5000,
            {"1": 10**400},
            {"--1": 2},
            {"9" * 5000: 1},
        ),
        *({"1": math.inf}, {"1": -(10**400)}, "1=nan;2=inf", "1=1e400", f"{'9' * 5000}=1"),
        *(-1, 0, 1, 5, 2**31, 2**63, 10**30, 1e308, "", None, True, "x" * 3000, {"1": 2}, {"1": "x"}, ["a"], "ü; ="),
    ]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
often = hypothesis_settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    return sqlite.settings


@pytest.fixture
def key(sqlite: Database) -> str:
    """A key with every scope; tracker `desk`, source `forms` and department IT."""
    session = sqlite.session
    connection(session, "desk")
    connection(session, "forms", ConnectionSide.SCORES)
    department(session, "IT")
    made = add_api_key(session, "script", OF_NOBODY, now=clock.now())
    session.commit()
    return made


@pytest.fixture
def tracker(sqlite: Database) -> Credentials:
    """A signed tracker `hook`."""
    keys = Keys.of(sqlite.settings)
    made = add_connection(
        sqlite.session,
        keys,
        slug="hook",
        side=ConnectionSide.TRACKER,
        kind="signed",
        settings={},
        base_url="http://127.0.0.1:8000",
        now=clock.now(),
    )
    sqlite.session.commit()
    return made


@pytest.mark.parametrize("route", ITEMS)
@often
@given(data=st.data())
def test_the_api_takes_or_refuses_any_item(client: FlaskClient, key: str, route: str, data: st.DataObject) -> None:
    schema, good = ITEMS[route]
    changes = st.dictionaries(st.sampled_from(list(schema().fields)), LIKELY | ANYTHING, min_size=1, max_size=3)
    item = changes.map(lambda changed: good | changed)
    body = data.draw(item | st.lists(item, max_size=3) | ANYTHING)

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    raw = json.dumps(body).replace("Infinity", "1e400")  # a number of JSON that no float holds
    answer = client.post(f"/api/v1/{route}", data=raw, headers=headers)

    assert answer.status_code in {200, 400, 422}, (body, answer.get_data(as_text=True))


HUGE = ["1e400", "-1e400", "1" + "0" * 400, "-1" + "0" * 400, '"nan"', '"inf"', '"-Infinity"', '"1e400"']
NUMBERS = {
    "requests": ("reopened_count",),
    "departments": ("staff_count", "touchpoints"),
    "external-scores": ("score", "positive", "positive_share", "mean", "standard_deviation", "counts", "nps", "n"),
    "responses": ("csat_overall",),
}


@pytest.mark.parametrize("value", HUGE)
@pytest.mark.parametrize(("route", "field"), [(route, field) for route, fields in NUMBERS.items() for field in fields])
def test_a_number_that_is_none_is_refused_by_name(
    client: FlaskClient, key: str, route: str, field: str, value: str
) -> None:
    _, good = ITEMS[route]
    told = f'{{"4": {value}}}' if field in {"counts", "touchpoints"} and not value.startswith('"') else value
    if told.startswith('"') and field in {"counts", "touchpoints"}:
        told = f'"4={value.strip(chr(34))}"'
    body = json.dumps(good)[:-1] + f', "{field}": {told}}}'
    if field != "score" and route == "external-scores":
        body = body[:-1] + ', "period": "2026-Q3"' + (', "positive": 1}' if field != "positive" else "}")
    elif route == "external-scores":
        body = body[:-1] + f', "response_id": "1", "answered_at": "{WHEN}"}}'

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answer = client.post(f"/api/v1/{route}", data=body, headers=headers)

    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert field in {fault["field"] for fault in answer.get_json()["faults"]}


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    return {"event": "completed", "external_id": "R-1", "completed_at": WHEN} | changes


EVENT_FIELDS = [
    *("event", "external_id", "occurred_at", "completed_at", "created_at", "due_at", "requester", "department"),
    *("title", "url", "on_time", "resolution", "reopened_count", "requester_kind", "requester_department"),
]


@often
@given(body=st.dictionaries(st.sampled_from(EVENT_FIELDS), LIKELY | ANYTHING, max_size=3).map(changed) | ANYTHING)
def test_the_hook_takes_or_refuses_any_body_and_what_it_takes_can_be_recorded(
    sqlite: Database, client: FlaskClient, tracker: Credentials, body: Any
) -> None:
    raw, now = json.dumps(body).encode(), datetime.now(UTC)
    message = f"m{hash(raw)}"
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(tracker.secret or "").sign(message, now, raw.decode()),
    }

    answer = client.post(f"/hooks/hook/{tracker.hook_key}", data=raw, headers=headers)
    process_deliveries(Installation(sqlite.settings, Keys.of(sqlite.settings), sqlite.sessions), now=clock.now())

    assert answer.status_code in {202, 400}
