"""The page of a chore: how far it is, for whoever asked, and for nobody else."""

from datetime import datetime

import pytest
from flask import Flask

from app.domain.states import Role
from app.upkeep.running import chores
from tests.builders.chores import trying
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.conftest import CAROL, HELEN
from tests.servers.databases import Database


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now)
    staff(sqlite.session, HELEN.email, Role.HR, now=now)
    trying(sqlite.session, now)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


def test_whoever_asked_sees_that_it_waits_and_then_what_came_of_it(door: Door) -> None:
    carol = door.signed_in(CAROL.email)

    waiting = carol.get("/chores/1").text
    with door.database.sessions.begin() as session:
        chore = chores.claim(session, now=door.moment)
        assert chore is not None
        chores.fail(session, chore, "The tool says: <no>", now=door.moment)
    ended = carol.get("/chores/1").text

    assert "It waits for the worker." in waiting
    assert "Look again" in waiting
    assert "The tool says: &lt;no&gt;" in ended
    assert "Look again" not in ended


def test_nobody_else_learns_that_it_is_there(door: Door) -> None:
    helen = door.signed_in(HELEN.email)

    assert [helen.get(f"/chores/{number}").status_code for number in (1, 2)] == [404, 404]
