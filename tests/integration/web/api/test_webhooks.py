"""Webhooks through the API: made with a secret that is shown once, tried, listed, taken away."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.api_scopes import Scope
from app.foundations import clock
from app.models.audit import AuditEntry
from app.models.webhooks import Webhook, WebhookDelivery
from app.upkeep.programs.keys import add_api_key
from tests.servers.databases import Database

HOOK = {"name": "warehouse", "url": "https://warehouse.example.com/told", "events": ["import.finished"]}
Call = Callable[..., TestResponse]


@pytest.fixture
def call(sqlite: Database, sqlite_app: Flask) -> Call:
    with sqlite.sessions.begin() as session:
        key = add_api_key(session, "script", [Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE], now=clock.now())

    def send(method: str, path: str = "webhooks", **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return sqlite_app.test_client().open(f"/api/v1/{path}", method=method, headers=headers, **options)

    return send


def test_its_secret_is_told_once_and_kept_sealed(sqlite: Database, call: Call) -> None:
    made = call("POST", json=HOOK).get_json()
    shown = call("GET", "webhooks/warehouse").get_json()

    assert made["secret"].startswith("whsec_")
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert (shown["is_active"], shown["problem"], shown["events"]) == (True, None, ["import.finished"])
    with sqlite.sessions() as session:
        assert made["secret"].encode() not in session.scalars(select(Webhook.secret)).one()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Ware House"}, "name"),
        ({"name": "taken"}, "name"),
        ({"name": 7}, "name"),
        ({"url": "http://warehouse.example.com/"}, "url"),
        ({"url": "https://192.168.0.1/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["test"]}, "events"),
        ({"events": [7]}, "events"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_what_no_webhook_can_be_is_named_and_nothing_is_made(
    sqlite: Database, call: Call, change: dict[str, Any], field: str
) -> None:
    call("POST", json=HOOK | {"name": "taken"})

    answer = call("POST", json=HOOK | change)

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.get_json()["faults"]] == [field]
    with sqlite.sessions() as session:
        assert session.scalars(select(Webhook.name)).all() == ["taken"]


def test_it_is_tried_listed_and_taken_away(sqlite: Database, call: Call) -> None:
    for name in ("warehouse", "archive"):
        call("POST", json=HOOK | {"name": name})

    asked = [call("POST", "webhooks/warehouse/test").get_json()["message_id"] for _ in range(2)]
    told = call("GET", "webhooks/warehouse/deliveries").get_json()["items"]
    page = call("GET", "webhooks?limit=1").get_json()
    rest = call("GET", f"webhooks?limit=1&cursor={page['next']}").get_json()
    gone = [call("DELETE", "webhooks/warehouse").status_code for _ in range(2)]

    assert [(item["message_id"], item["event"], item["state"]) for item in told] == [(asked[0], "test", "waiting")]
    assert [one["items"][0]["name"] for one in (page, rest)] == ["archive", "warehouse"]
    assert gone == [200, 404]
    with sqlite.sessions() as session:
        assert session.scalars(select(WebhookDelivery)).all() == []
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts == ["webhook.added"] * 2 + ["webhook.tested"] + ["webhook.removed"]


def test_one_that_was_switched_off_is_switched_on_again(sqlite: Database, call: Call) -> None:
    call("POST", json=HOOK)
    with sqlite.sessions.begin() as session:
        session.scalars(select(Webhook)).one().is_active = False

    answers = [call("POST", "webhooks/warehouse/switch-on").get_json()["is_active"] for _ in range(2)]

    assert answers == [True, True]
    assert call("POST", "webhooks/none/switch-on").status_code == 404
