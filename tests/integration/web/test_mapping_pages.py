"""What a tracker's values mean: unknown departments and requesters are asked for, and what is told holds at once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.auditing import Act
from app.domain.states import Role
from app.foundations.crypto import Keys
from app.models.audit import AuditEntry
from app.models.connections import Connection
from app.models.people import Person
from app.models.service_requests import ServiceRequest
from tests.builders.connections import jira
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

PATH = "/admin/trackers/desk/mapping"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    """A Jira called desk told of a request by somebody known by a key alone, done by a group that nobody knows."""
    session = sqlite.session
    staff(session, CAROL.email, Role.ADMIN, now=now)
    keys: Keys = sqlite_app.extensions["parity_keys"]
    jira(session, keys, now, "desk")
    nameless = Person(source="desk", source_key="u-17")
    session.add(nameless)
    session.flush()
    completed_request(session, department(session, "IT"), nameless, now - timedelta(hours=2))
    request = session.scalars(select(ServiceRequest)).one()
    request.provider_department_id, request.raw_department = None, {"component": "Printers <b>"}
    session.commit()
    return Door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def fields(client: FlaskClient) -> list[str]:
    """Return the names of the fields, departments first."""
    page = client.get(PATH).text
    return [part.split('"')[0] for part in page.split('name="')[1:] if part.startswith(("departments_", "requesters_"))]


def send(client: FlaskClient, *means: str) -> int:
    named = dict(zip(fields(client), means, strict=True))
    return client.post(PATH, data=hidden_fields(client.get(PATH)) | named).status_code


def settings(door: Door) -> dict[str, object]:
    with door.database.sessions() as session:
        return session.scalars(select(Connection).where(Connection.slug == "desk")).one().settings


def test_what_is_unknown_is_asked_for_with_how_often_it_came(carol: FlaskClient) -> None:
    page = carol.get(PATH).text

    assert "component:Printers &lt;b&gt;" in page
    assert "u-17" in page
    assert page.count("1 request<") == 2


def test_what_is_told_holds_and_people_get_their_address(door: Door, carol: FlaskClient) -> None:
    assert send(carol, "IT", ALICE.email) == 303

    assert settings(door)["departments"] == {"component:Printers <b>": "IT"}
    assert settings(door)["requesters"] == {"u-17": ALICE.email}
    with door.database.sessions() as session:
        assert [one.email for one in session.scalars(select(Person))] == [ALICE.email]
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == Act.CONNECTION_CHANGED)).one()
        assert noted.details == {"settings": ["departments", "requesters"]}
    assert "Mapped already" in carol.get(PATH).text


def test_an_unknown_department_and_what_is_no_address_are_refused_at_their_fields(
    door: Door, carol: FlaskClient
) -> None:
    assert [send(carol, "NOWHERE", ""), send(carol, "", "alice")] == [422, 422]
    assert "departments" not in settings(door)


def test_what_means_a_department_or_a_person_that_nobody_knows_needs_somebody(door: Door, carol: FlaskClient) -> None:
    session = door.database.session
    desk = session.scalars(select(Connection).where(Connection.slug == "desk")).one()
    desk.settings = {
        **desk.settings,
        "departments": {"component:Printers <b>": "NODEPT", "Phones": "IT"},
        "requesters": {"u-17": "stranger@example.com", "u-18": ALICE.email},
    }
    person(session, ALICE.email)
    session.commit()

    page, tracker = carol.get(PATH).text, carol.get("/admin/trackers/desk").text
    refused = send(carol, "NODEPT", "IT", "stranger@example.com", "elsewhere@example.com")
    mended = send(carol, "IT", "IT", "stranger@example.com", ALICE.email)

    assert page.count("1 request. No department here has this code or name: nobody is asked about its requests.") == 1
    assert page.count("No table of people names this address.") == 1
    assert "1 value means a department that is not known here" in page
    assert "1 address stands in no table of people" in page
    assert "component:Printers &lt;b&gt;" in tracker
    assert (refused, mended) == (422, 303)
    assert "component:Printers" not in carol.get("/admin/trackers/desk").text


def test_a_mapping_that_is_emptied_goes(door: Door, carol: FlaskClient) -> None:
    send(carol, "IT", "")
    mapped = dict.fromkeys(fields(carol), "")

    gone = carol.post(PATH, data=hidden_fields(carol.get(PATH)) | mapped)

    assert gone.status_code == 303
    assert settings(door)["departments"] == {}


def test_a_page_that_nobody_changed_writes_nothing(door: Door, carol: FlaskClient) -> None:
    assert send(carol, "", "") == 303

    with door.database.sessions() as session:
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == Act.CONNECTION_CHANGED)).all() == []
