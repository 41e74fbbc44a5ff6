"""A company whose departments Carol keeps on its pages: OPS above IT above DESK."""

import re
from collections.abc import Mapping
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.states import Role
from app.mail.outbox.writing import ROLE_GIVEN
from app.models.audit import AuditEntry
from app.models.departments import Department, versions_at
from app.models.messages import Message
from tests.builders.departments import department, touchpoint
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.signing_in import Door
from tests.conftest import ALICE, BOB, CAROL
from tests.servers.databases import Database

LIST = "/admin/departments"


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    """Carol looks after OPS above IT above DESK; Alice works at IT."""
    session = database.session
    ops = department(session, "OPS", name="Operations")
    it = department(session, "IT", name="Computers", parent=ops, head_email=BOB.email, staff_count=12)
    department(session, "DESK", name="Service Desk", parent=it)
    touchpoint(session, it, "web")
    person(session, ALICE.email, works_in=it, name="Alice")
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.commit()
    return Door(app, database, now)


def page_of(door: Door, code: str) -> str:
    with door.database.sessions() as session:
        return f"{LIST}/{session.scalars(select(Department.id).where(Department.code == code)).one()}"


def tree(door: Door, moment: datetime) -> dict[str, tuple[str, str | None]]:
    """Return name and parent of every department at a moment, by code."""
    with door.database.sessions() as session:
        codes = {row.id: row.code for row in session.scalars(select(Department))}
        found = versions_at(session, moment).values()
        return {codes[one.department_id]: (one.name, codes[one.parent_id] if one.parent_id else None) for one in found}


def acts(door: Door) -> list[tuple[str, str]]:
    with door.database.sessions() as session:
        return list(session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id)).tuples())


def mailed(door: Door) -> list[tuple[str | None, str]]:
    """Return who is told of whom that sees more."""
    with door.database.sessions() as session:
        in_order = select(Message).where(Message.name == ROLE_GIVEN).order_by(Message.recipient, Message.id)
        lines = [(one.recipient, (one.params or {})["lines"]) for one in session.scalars(in_order)]
        return [(recipient, ", ".join(dict.fromkeys(line["who"] for line in own))) for recipient, own in lines]


def confirm(door: Door, client: FlaskClient, path: str, told: Mapping[str, object]) -> TestResponse:
    """Send a form, read what it comes to, and agree to just that."""
    asked = door.post(client, path, dict(told))
    found = re.search(r'name="agreed" value="([0-9a-f]{64})"', asked.text)
    assert (asked.status_code, found is not None) == (200, True)
    assert found is not None
    return door.post(client, path, {**told, "agreed": found[1]})
