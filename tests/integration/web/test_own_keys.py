"""Heads and HR make keys of their own, which act as them, and revoke them; nobody makes or revokes one of another."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.api_scopes import Scope, may_use
from app.domain.rights import Viewer
from app.domain.states import Role
from app.models.accounts import ApiKey
from app.models.audit import AuditEntry
from app.models.messages import Message
from app.upkeep.programs.keys import add_api_key, find_caller
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import BOB, HELEN
from tests.servers.databases import Database

KEYS, NEW = "/account/keys", "/account/keys/new"
KEY: dict[str, Any] = {"name": "bobs-sheet", "days": "30", "scopes": ["scorecards:read"]}


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, BOB.email, Role.HEAD, department(sqlite.session, "IT"), now=now)
    staff(sqlite.session, HELEN.email, Role.HR, now=now)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


def stored(door: Door) -> list[ApiKey]:
    with door.database.sessions() as session:
        return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))


def acts(door: Door) -> list[tuple[str, str, dict[str, Any]]]:
    with door.database.sessions() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.actor, row.action, dict(row.details)) for row in rows]


def test_a_head_makes_a_key_that_is_shown_once_acts_as_them_and_is_told_of(door: Door) -> None:
    bob = door.signed_in(BOB.email)

    made = bob.get(door.post(bob, NEW, KEY).location)

    (key,) = re.findall(r"<pre[^>]*>(parity_[^<]+)</pre>", made.text)
    with door.database.sessions() as session:
        caller = find_caller(session, key, now=door.moment)
        mailed = session.execute(select(Message.recipient, Message.params)).tuples().all()
    assert caller is not None
    assert (caller.viewer.email, caller.scopes) == (BOB.email, frozenset({Scope.SCORECARDS_READ}))
    assert [row.expires_at for row in stored(door)] == [door.moment + timedelta(days=30)]
    assert [(recipient, (params or {})["change"]) for recipient, params in mailed] == [(BOB.email, "api_key_made")]
    details = {"scopes": ["scorecards:read"], "is_personal": True, "days": 30}
    assert acts(door) == [("staff:1", "api_key.added", details)]
    listed = bob.get(KEYS).text
    assert ("bobs-sheet" in listed, key in listed) == (True, False)


@pytest.mark.parametrize(("email", "role"), [(BOB.email, Role.HEAD), (HELEN.email, Role.HR)])
def test_what_ones_roles_do_not_reach_is_neither_offered_nor_made(door: Door, email: str, role: Role) -> None:
    reached = [scope.value for scope in Scope if may_use(scope, Viewer(email, frozenset({role})))]
    client = door.signed_in(email)

    offered = re.findall(r'name="scopes"[^>]*value="([^"]+)"', client.get(NEW).text)
    refused = door.post(client, NEW, KEY | {"scopes": [*reached, "policy:write"]})

    assert (offered, refused.status_code, stored(door)) == (reached, 422, [])
    assert f"the roles of {email} do not reach as far as policy:write" in refused.text


def test_a_key_is_revoked_by_its_owner_and_is_not_there_for_others(door: Door) -> None:
    with door.database.sessions.begin() as session:
        for name, email in (("bobs", BOB.email), ("helens", HELEN.email), ("nobodys", None)):
            add_api_key(session, name, [Scope.SCORECARDS_READ], email=email, now=door.moment)
    bob = door.signed_in(BOB.email)
    page = bob.get(KEYS)
    fields = hidden_fields(page)

    answers = [bob.post(KEYS, data=fields | {"name": name}) for name in ("helens", "nobodys", "b\0bs", "bobs", "bobs")]
    forged = bob.post(KEYS, data={"name": "bobs"})

    assert "helens" not in page.text
    assert [answer.status_code for answer in answers] == [404, 404, 404, 303, 303]
    assert forged.status_code == 400
    assert [row.revoked_at for row in stored(door)] == [door.moment, None, None]
    assert acts(door) == [("staff:1", "api_key.revoked", {})]


def test_an_old_session_signs_in_once_more_before_it_makes_a_key(door: Door) -> None:
    bob = door.signed_in(BOB.email)
    fields = hidden_fields(bob.get(NEW))
    door.wait(minutes=16)

    late = bob.post(NEW, data=fields | KEY)

    assert (late.status_code, late.location, stored(door)) == (303, NEW, [])
    assert (bob.get(NEW).status_code, bob.get(KEYS).status_code) == (403, 200)
