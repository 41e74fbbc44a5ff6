"""Deliveries of Jira through the door, the job and the site, with the days that go wrong."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.states import ConnectionSide, DeliveryState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.hooks import look_after_hooks, register_hook
from app.jobs.installation import Installation
from app.models.deliveries import Delivery
from app.models.people import Person
from app.models.service_requests import RequestCycle, ServiceRequest
from app.settings import Settings
from app.upkeep.connections.adding import add_connection, renew_secret
from tests.builders.jira import moved, user, webhook
from tests.conftest import ALICE
from tests.servers.databases import Database
from tests.servers.jira import Jira, hidden
from tests.servers.jira import now as moment
from tests.servers.vendor import Reply, Vendor

AGO = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(database: Database) -> Settings:
    return replace(database.settings, private_hosts=("127.0.0.1",))


@pytest.fixture
def installation(database: Database, settings: Settings) -> Installation:
    return Installation(settings, Keys.of(settings), database.sessions)


@pytest.fixture
def jira(vendor: Vendor) -> Jira:
    return Jira(vendor)


Added = Callable[..., str]


@pytest.fixture
def add(database: Database, installation: Installation, jira: Jira) -> Added:
    """Add the tracker `desk`, register its hook and return the path of its address."""

    def add_one(**more: Any) -> str:
        known = {"base_url": jira.vendor.url, "deployment": "cloud", "email": "p@example.com", "api_token": "t", **more}
        with database.sessions.begin() as session:
            made = add_connection(
                session,
                installation.keys,
                slug="desk",
                side=ConnectionSide.TRACKER,
                kind="jira",
                settings=known,
                base_url="https://parity.example.com",
                now=clock.now(),
            )
        register_hook(installation, "desk", now=clock.now())
        return f"/hooks/desk/{made.hook_key}"

    return add_one


def _cycles(database: Database) -> list[tuple[str, str, int, bool]]:
    query = (
        select(ServiceRequest.external_id, ServiceRequest.title, RequestCycle.number, RequestCycle.undone_at.is_(None))
        .join(RequestCycle, RequestCycle.request_id == ServiceRequest.id)
        .order_by(ServiceRequest.external_id, RequestCycle.number)
    )
    with database.sessions() as session:
        return [(one, title or "", number, bool(holds)) for one, title, number, holds in session.execute(query)]


def _verdicts(database: Database) -> list[str]:
    with database.sessions() as session:
        told = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        return [str((one.conclusion or {"verdict": one.state.value})["verdict"]) for one in told]


def test_a_completion_is_heard_once_however_often_it_is_told(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path = add()
    jira.add(1, at=moment() - AGO, summary="Замена ноутбука 💻", reporter=user("a", "Алиса Петрова"))
    body = jira.move(1, "Done", at=moment() - AGO + MINUTE)
    rule = {"issue": body["issue"] | {"id": 1}, "timestamp": body["timestamp"] + 900}
    raw, headers = jira.signed(body)

    once = client.post(path, data=raw, headers=headers | {"X-Atlassian-Webhook-Retry": "1"})
    again = client.post(path, data=raw, headers=headers)
    by_rule = client.post(path, data=jira.signed(rule)[0], headers=jira.signed(rule)[1])
    process_deliveries(installation, now=clock.now())

    assert [answer.status_code for answer in (once, again, by_rule)] == [202] * 3
    assert (_verdicts(database), _cycles(database)) == (
        ["completed", "not_completed"],
        [("1", "Замена ноутбука 💻", 1, True)],
    )
    with database.sessions() as session:
        assert session.scalars(select(Person.email)).all() == [ALICE.email]


def test_events_newest_first_end_in_the_newest_state(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path, began = add(), moment() - AGO
    told = [jira.add(1, at=began)]
    told += [jira.move(1, state, at=began + n * MINUTE) for n, state in enumerate(("Done", "To Do", "Done"), start=1)]

    for body in reversed(told):
        raw, headers = jira.signed(body)
        client.post(path, data=raw, headers=headers)
        process_deliveries(installation, now=clock.now())

    assert _cycles(database) == [("1", "Toner for room 1", 1, True)]


def test_a_secret_that_changes_is_honoured_with_the_one_before(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path = add()
    old = jira.signed(jira.add(1))
    with database.sessions.begin() as session:
        renew_secret(session, installation.keys, "desk")
    before = client.post(path, data=old[0], headers=old[1]).status_code
    register_hook(installation, "desk", now=clock.now())
    new = jira.signed(jira.add(2))

    assert [before, client.post(path, data=new[0], headers=new[1]).status_code, len(jira.hooks)] == [202, 202, 1]


def test_what_nobody_signed_or_nobody_can_read_is_refused_and_never_an_error_of_ours(
    database: Database, client: FlaskClient, jira: Jira, add: Added
) -> None:
    path = add()
    raw, headers = jira.signed(jira.add(1))
    unreadable = [raw[: len(raw) // 2], raw[:-1] + b",}", b"issue=1&user=2", b"", b"[]", b"\xff\xfe"]
    unsigned = [{}, {"X-Hub-Signature": "sha256=ü"}, {"X-Hub-Signature": headers["X-Hub-Signature"][:-1]}]

    wrong = [client.post(path, data=raw, headers=one).status_code for one in unsigned]
    for body in unreadable:
        signed = jira.signed({})[1] | {"X-Hub-Signature": _signature(jira, body)}
        wrong.append(client.post(path, data=body, headers=signed).status_code)
    huge = client.post(path, data=b"x" * 25_000_000, headers=headers).status_code

    assert (wrong, huge) == ([401] * 3 + [400] * 6, 413)
    with database.sessions() as session:
        kept = session.execute(select(Delivery.state, Delivery.body)).tuples().all()
    assert kept == [(DeliveryState.REFUSED, b"")] * 10


def _signature(jira: Jira, body: bytes) -> str:
    return "sha256=" + hmac.digest(jira.hooks["1"]["secret"].encode(), body, hashlib.sha256).hex()


def test_a_server_that_cannot_sign_is_asked_before_anything_counts(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path = add(unsigned=True)
    jira.add(1, "To Do", at=moment() - AGO)
    forged = webhook(jira.issues["1"] | {"fields": {"status": {"id": "5"}}}, moved("To Do", "Done"))
    vanished = webhook({"id": "9", "key": "IT-9"}, event="jira:issue_deleted")

    statuses = [client.post(path, data=json.dumps(body)).status_code for body in (forged, vanished)]
    process_deliveries(installation, now=clock.now())
    jira.move(1, "Done", at=moment() - AGO + MINUTE)
    client.post(path, data=json.dumps(forged | {"timestamp": 2}))
    process_deliveries(installation, now=clock.now())

    assert statuses == [202, 202]
    assert _verdicts(database) == ["not_completed", "deleted", "completed"]
    assert _cycles(database) == [("1", "Toner for room 1", 1, True)]


def test_an_address_that_the_profile_hides_is_read_off_the_customers_request(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path = add()
    jira.people = {"q-1": hidden("q-1", ALICE.name)}
    jira.requests["1"] = {"issueId": "1", "reporter": user("q-1")}
    for number in (1, 2):
        jira.add(number, at=moment() - AGO, reporter=hidden("q-1", ALICE.name))
        raw, headers = jira.signed(jira.move(number, "Done", at=moment() - AGO + MINUTE))
        client.post(path, data=raw, headers=headers)

    process_deliveries(installation, now=clock.now())

    with database.sessions() as session:
        assert session.scalars(select(Person.email)).all() == [ALICE.email]
    assert jira.vendor.count("/rest/api/3/user") == 1


def test_somebody_whose_address_nobody_shows_is_kept_without_one(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path = add()
    jira.add(1, at=moment() - AGO, reporter=hidden("q-1", ALICE.name))
    raw, headers = jira.signed(jira.move(1, "Done", at=moment() - AGO + MINUTE))
    client.post(path, data=raw, headers=headers)

    process_deliveries(installation, now=clock.now())

    with database.sessions() as session:
        person = session.scalars(select(Person)).one()
        assert (person.email, person.source, person.source_key) == (None, "desk", "q-1")


def test_a_site_that_is_down_is_asked_again_later(
    database: Database, client: FlaskClient, installation: Installation, jira: Jira, add: Added
) -> None:
    path = add(always_fetch=True)
    jira.add(1, at=moment() - AGO)
    raw, headers = jira.signed(jira.move(1, "Done", at=moment() - AGO + MINUTE))
    client.post(path, data=raw, headers=headers)
    jira.vendor.answer("GET", "/rest/api/3/issue/1", Reply(status=429, headers={"Retry-After": "7200"}), jira._issue)
    now = clock.now()

    process_deliveries(installation, now=now)
    waiting = _verdicts(database)
    process_deliveries(installation, now=now + timedelta(hours=3))

    assert (waiting, _verdicts(database)) == ([DeliveryState.STORED.value], ["completed"])


def test_a_webhook_that_was_deleted_in_jira_is_made_again(
    app: Flask, installation: Installation, jira: Jira, add: Added
) -> None:
    add()
    jira.hooks.clear()

    assert look_after_hooks(installation, now=clock.now()) == 1
    assert [one["url"].startswith("https://parity.example.com/hooks/desk/") for one in jira.hooks.values()] == [True]
