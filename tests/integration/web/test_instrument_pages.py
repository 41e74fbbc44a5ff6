"""Questions asked by other tools on a page: added once, never changed under their name."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.auditing import Act
from app.domain.states import Role
from app.models.audit import AuditEntry
from app.models.instruments import CustomInstrument
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import CAROL
from tests.servers.databases import Database

PATH = "/admin/trackers/instruments"
GOOD = {
    "name": "helpdesk5",
    "construct": "satisfaction",
    "lowest": "1",
    "highest": "5",
    "is_reversed": "y",
    "labels": "1=Great\n5=Poor",
    "mode": "phone",
    "moment": "",
    "notes": "",
}


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def send(client: FlaskClient, **changed: str) -> int:
    return client.post(PATH, data=hidden_fields(client.get(PATH)) | GOOD | changed).status_code


def test_a_question_is_added_once_and_noted(door: Door, carol: FlaskClient) -> None:
    assert [send(carol), send(carol)] == [303, 303]

    with door.database.sessions() as session:
        one = session.scalars(select(CustomInstrument)).one()
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == Act.INSTRUMENT_ADDED)).one()
    assert (one.labels, one.is_reversed, one.mode, one.moment) == ({"1": "Great", "5": "Poor"}, True, "phone", None)
    assert noted.details == {"points": "1..5", "reverse": True}
    assert "helpdesk5" in carol.get(PATH).text


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "No Name"},
        {"name": "csat5", "highest": "x"},
        {"lowest": "5", "highest": "1"},
        {"labels": "9=Far away"},
        {"labels": "no label"},
        {"construct": "joy"},
        {"mode": "smoke"},
        {"highest": "1e400"},
    ],
)
def test_what_is_no_question_is_refused(door: Door, carol: FlaskClient, changed: dict[str, str]) -> None:
    assert send(carol, **changed) == 422

    with door.database.sessions() as session:
        assert session.scalars(select(CustomInstrument)).all() == []


def test_another_definition_under_the_same_name_is_refused(carol: FlaskClient) -> None:
    send(carol)

    assert send(carol, highest="7") == 422
