"""Keys and webhooks on pages: made, shown once, revoked, tried, switched on again, removed."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.api_scopes import OF_ADMINISTRATORS, Scope
from app.domain.states import Role
from app.domain.webhooks import WebhookEvent, WebhookState
from app.models.accounts import ApiKey
from app.models.audit import AuditEntry
from app.models.webhooks import Webhook, WebhookDelivery
from app.upkeep.programs.keys import add_api_key, find_caller
from tests.builders.bad_input import BAD
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL
from tests.servers.databases import Database

KEYS, NEW_KEY, NEW_WEBHOOK = "/admin/keys", "/admin/keys/new", "/admin/webhooks/new"
KEY: dict[str, Any] = {"name": "nightly-sync", "days": "", "scopes": ["requests:write", "people:write"]}
URL = "https://warehouse.example.com/told"
WEBHOOK: dict[str, Any] = {"name": "warehouse", "url": URL, "events": ["scorecard.issued"]}


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now)
    staff(sqlite.session, BOB.email, Role.HR, now=now)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def acts(door: Door) -> list[tuple[str, str]]:
    with door.database.sessions() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.subject) for row in rows]


def test_a_key_is_shown_once_and_opens_the_api(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, NEW_KEY, KEY | {"days": "30"})
    made, again = carol.get(answer.location), carol.get(answer.location)

    (key,) = re.findall(r"<pre[^>]*>(parity_[^<]+)</pre>", made.text)
    with door.database.sessions() as session:
        row = session.scalars(select(ApiKey)).one()
        caller = find_caller(session, key, now=door.moment)
    assert (answer.status_code, made.status_code, made.headers["Cache-Control"]) == (303, 200, "no-store")
    assert key in again.text
    assert caller is not None
    assert caller.scopes == {Scope.REQUESTS_WRITE, Scope.PEOPLE_WRITE}
    assert row.expires_at == door.moment + timedelta(days=30)
    assert key not in carol.get(KEYS).text
    assert acts(door) == [("api_key.added", "api-key:1")]


def test_the_same_form_again_says_that_the_name_is_taken(door: Door, carol: FlaskClient) -> None:
    fields = hidden_fields(carol.get(NEW_KEY))
    carol.post(NEW_KEY, data=fields | KEY)

    again = carol.post(NEW_KEY, data=fields | KEY)

    assert again.status_code == 422
    assert "there is a key &#39;nightly-sync&#39; already" in again.text
    assert len(acts(door)) == 1


@pytest.mark.parametrize("scope", sorted(set(Scope) - set(OF_ADMINISTRATORS)))
def test_an_administrator_makes_no_key_that_sees_what_administrators_may_not(
    door: Door, carol: FlaskClient, scope: Scope
) -> None:
    offered = re.findall(r'name="scopes"[^>]*value="([^"]+)"', carol.get(NEW_KEY).text)
    refused = door.post(carol, NEW_KEY, KEY | {"scopes": ["people:write", scope.value]})

    assert offered == [one.value for one in OF_ADMINISTRATORS]
    assert (refused.status_code, acts(door)) == (422, [])
    with door.database.sessions() as session:
        assert session.scalars(select(ApiKey)).all() == []


def test_a_key_in_the_name_of_somebody_is_not_made_on_the_page(door: Door, carol: FlaskClient) -> None:
    made = door.post(carol, NEW_KEY, KEY | {"email": BOB.email})

    assert made.status_code == 303
    with door.database.sessions() as session:
        assert session.scalars(select(ApiKey.email)).all() == [None]


def test_a_key_is_revoked_by_its_button_and_pressing_twice_is_harmless(door: Door, carol: FlaskClient) -> None:
    with door.database.sessions.begin() as session:
        add_api_key(session, "old", [Scope.PEOPLE_READ], now=door.moment)
    data = hidden_fields(carol.get(KEYS)) | {"name": "old"}

    answers = [carol.post(KEYS, data=data) for _ in range(2)]
    unknown = carol.post(KEYS, data=data | {"name": "no\0ne"})
    with_nul = carol.post(KEYS, data=data | {"name": "old\0"})
    forged = carol.post(KEYS, data={"name": "old"})

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (unknown.status_code, with_nul.status_code, forged.status_code) == (404, 404, 400)
    assert "revoked" in carol.get(f"{KEYS}?done=revoked").text
    assert acts(door) == [("api_key.revoked", "api-key:1")]


SPOILT = {
    "name": {"missing", "long", "other"},
    "days": {"long", "type", "other", "script", "nul", "number"},
    "scopes": set(BAD),
}


@pytest.mark.parametrize("field", SPOILT)
def test_a_spoilt_key_is_refused_with_what_was_typed_and_nothing_is_made(
    door: Door, carol: FlaskClient, field: str
) -> None:
    fields = hidden_fields(carol.get(NEW_KEY))

    answers = {
        kind: carol.post(NEW_KEY, data=fields | KEY | {"name": f"key {kind}", field: typed})
        for kind, typed in BAD.items()
    }

    assert {kind for kind, answer in answers.items() if answer.status_code == 422} == SPOILT[field]
    assert {answer.status_code for answer in answers.values()} <= {303, 422}
    assert not any("<script>alert" in answer.text for answer in answers.values())
    with door.database.sessions() as session:
        made = session.scalars(select(ApiKey.name)).all()
    assert len(made) == len(BAD) - len(SPOILT[field])


@pytest.mark.parametrize("field", WEBHOOK)
def test_a_spoilt_webhook_is_refused_and_nothing_is_made(door: Door, carol: FlaskClient, field: str) -> None:
    fields = hidden_fields(carol.get(NEW_WEBHOOK))
    kinds = set(BAD) - ({"type", "nul", "number"} if field == "name" else set())  # these are names, without the NUL

    answers = [carol.post(NEW_WEBHOOK, data=fields | WEBHOOK | {field: BAD[kind]}) for kind in kinds]

    assert {answer.status_code for answer in answers} == {422}
    assert not any("<script>alert" in answer.text for answer in answers)
    with door.database.sessions() as session:
        assert session.scalars(select(Webhook)).all() == []


def test_all_that_is_wrong_with_a_webhook_is_said_at_once(door: Door, carol: FlaskClient) -> None:
    spoilt = {"name": "Big Warehouse", "url": "https://10.0.0.7/told", "events": []}

    answer = door.post(carol, NEW_WEBHOOK, spoilt)

    assert answer.status_code == 422
    for sentence in (
        "&#39;Big Warehouse&#39; is no name: use small letters, digits and hyphens, at most 60",
        "10.0.0.7 lies in a private network; whoever runs the server can allow it by name",
        "Choose at least one.",
    ):
        assert sentence in answer.text


@pytest.mark.parametrize("url", ["http://warehouse.example.com/", "https://10.0.0.1/x", "https://[::1]/"])
def test_an_address_of_the_own_network_or_without_tls_is_refused_at_its_field(
    door: Door, carol: FlaskClient, url: str
) -> None:
    answer = door.post(carol, NEW_WEBHOOK, WEBHOOK | {"url": url})

    assert answer.status_code == 422
    assert 'id="url-problem"' in answer.text


def test_a_webhook_is_made_tried_and_removed(door: Door, carol: FlaskClient) -> None:
    made = carol.get(door.post(carol, NEW_WEBHOOK, WEBHOOK).location)
    page = carol.get("/admin/webhooks/warehouse")
    fields = hidden_fields(page)

    answers = [carol.post("/admin/webhooks/warehouse", data=fields | {"act": act}) for act in ("test", "test", "gone")]
    with door.database.sessions() as session:
        deliveries = session.scalars(select(WebhookDelivery)).all()
    told = carol.get("/admin/webhooks/warehouse?done=test")
    removing = carol.get("/admin/webhooks/warehouse?remove=1")
    removed = carol.post("/admin/webhooks/warehouse", data=fields | {"act": "remove"})

    (secret,) = re.findall(r"<pre[^>]*>(whsec_[^<]+)</pre>", made.text)
    assert secret not in page.text
    assert [answer.status_code for answer in answers] == [303, 303, 404]
    assert [(row.event, row.state) for row in deliveries] == [(WebhookEvent.TEST, WebhookState.WAITING)]
    assert deliveries[0].message_id in told.text
    assert "Remove warehouse?" in removing.text
    assert (removed.status_code, removed.location) == (303, "/admin/keys?done=removed")
    assert carol.get("/admin/webhooks/warehouse").status_code == 404
    assert [act for act, _ in acts(door)] == ["webhook.added", "webhook.tested", "webhook.removed"]


def test_a_webhook_that_was_switched_off_says_why_and_can_be_switched_on(door: Door, carol: FlaskClient) -> None:
    door.post(carol, NEW_WEBHOOK, WEBHOOK)
    with door.database.sessions.begin() as session:
        row = session.scalars(select(Webhook)).one()
        row.is_active, row.problem, row.failing_since = False, "warehouse is away", door.moment
    page = carol.get("/admin/webhooks/warehouse")
    data = hidden_fields(page) | {"act": "switch_on"}

    answers = [carol.post("/admin/webhooks/warehouse", data=data) for _ in range(2)]

    assert "It is switched off." in page.text
    assert "warehouse is away" in page.text
    assert [answer.status_code for answer in answers] == [303, 303]
    with door.database.sessions() as session:
        assert session.scalars(select(Webhook)).one().is_active is True
    assert [act for act, _ in acts(door)].count("webhook.switched_on") == 1


def test_what_it_was_told_is_listed_a_page_at_a_time(door: Door, carol: FlaskClient) -> None:
    door.post(carol, NEW_WEBHOOK, WEBHOOK)
    with door.database.sessions.begin() as session:
        webhook = session.scalars(select(Webhook)).one()
        for number in range(60):
            told = {"event": WebhookEvent.TEST, "body": "{}", "state": WebhookState.DELIVERED, "attempts": 1}
            row = WebhookDelivery(webhook_id=webhook.id, message_id=f"msg_{number:02}", created_at=door.moment, **told)
            session.add(row)

    first = carol.get("/admin/webhooks/warehouse").text
    cursor = re.findall(r"\?cursor=([\w-]+)", first)[0]
    second = carol.get(f"/admin/webhooks/warehouse?cursor={cursor}").text

    assert re.findall(r"msg_\d\d", first + second) == [f"msg_{number:02}" for number in reversed(range(60))]
    assert carol.get("/admin/webhooks/warehouse?cursor=x").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(door: Door, carol: FlaskClient, count: int) -> None:
    for number in range(count):
        door.post(carol, NEW_WEBHOOK, WEBHOOK | {"name": f"hook-{number}"})
        door.post(carol, NEW_KEY, KEY | {"name": f"key-{number}"})

    with counting(door.app) as statements:
        carol.get(KEYS)

    assert len(statements) == 5, statements


def test_the_docs_are_there_for_everybody_and_only_their_pictures_are_freer(door: Door) -> None:
    answer = door.app.test_client().get("/api/v1/docs")

    assert answer.status_code == 200
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
