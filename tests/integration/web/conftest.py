"""Alice's survey link behind the application, with a clock that tests turn."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from app.domain.states import InvitationState, ResponseState
from app.foundations.crypto import Keys
from app.models.invitations import Invitation
from app.models.responses import HeldAnswer, HeldResponse
from tests.builders import surveys
from tests.servers.databases import Database

Result = tuple[ResponseState | None, InvitationState, dict[str, int | None]]


class Clock:
    """The application's clock in tests: it moves only when told."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Link:
    """A survey link and what has become of it."""

    app: Flask
    database: Database
    clock: Clock
    invitation: Invitation
    token: str

    @property
    def path(self) -> str:
        return f"/s/{self.token}"

    def get(self, query: str = "", **options: Any) -> TestResponse:
        return self.app.test_client().get(self.path + query, **options)

    def post(self, fields: Mapping[str, Any], *, read_for: float = 25, query: str = "", **options: Any) -> TestResponse:
        """Open the page, look at it for some seconds, send the form."""
        client = self.app.test_client()
        nonce = nonce_of(client.get(self.path + query))
        self.clock.wait(seconds=read_for)
        return client.post(self.path, data={"nonce": nonce, "lang": "en", **fields}, **options)

    def response(self) -> HeldResponse | None:
        # A session of its own and a short one: on SQLite a longer one would keep the application from writing.
        with self.database.sessions() as session:
            return session.scalars(select(HeldResponse)).one_or_none()

    def result(self) -> Result:
        """Return the states of answer and invitation, and the values."""
        response = self.response()
        with self.database.sessions() as session:
            rows = session.execute(select(HeldAnswer.item, HeldAnswer.value)).tuples()
            state = session.scalars(select(Invitation.state)).one()
            return response.state if response else None, state, dict(rows.all())


NOTHING: Result = (None, InvitationState.SENT, {})
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "CREATE", "DROP", "ALTER")


def nonce_of(page: TestResponse) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


@pytest.fixture
def link(app: Flask, database: Database, now: datetime) -> Link:
    clock = Clock(now)
    app.extensions["parity_clock"] = clock
    keys: Keys = app.extensions["parity_keys"]
    row, token = surveys.survey(database.session, keys, surveys.provider(database.session), now=now)
    return Link(app, database, clock, row, token)


@pytest.fixture
def written() -> Iterator[list[str]]:
    """Every writing statement that any engine executes."""
    found: list[str] = []

    def watch(_c: Connection, _cursor: object, statement: str, _p: object, _context: object, _many: bool) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", watch)
    yield found
    event.remove(Engine, "before_cursor_execute", watch)
