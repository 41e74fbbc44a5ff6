"""No page that is only read writes anything: mail scanners and previews open every link they meet."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

from app.foundations import clock
from app.foundations.crypto import Keys
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "CREATE", "DROP", "ALTER")


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


@pytest.fixture
def token(database: Database) -> str:
    """Alice's token, of an invitation that is open at this moment."""
    session, sent_at = database.session, clock.now() - timedelta(hours=1)
    company = department(session, "company")
    alice = person(session, ALICE.email, works_in=company)
    cycle = completed_request(session, department(session, "it", parent=company), alice, sent_at - timedelta(days=1))
    asked = invitation(session, cycle, sent_at=sent_at)
    session.commit()
    return Keys.of(database.settings).token("survey", asked.public_id)


def path_of(app: Flask, rule: Rule, token: str) -> str:
    known = {
        "period": "2026-Q3",
        "code": "it",
        "slug": "desk",
        "key": "k" * 32,
        "token": token,
        "filename": "survey.css",
    }
    values: dict[str, Any] = {name: known.get(name, 1) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def test_opening_any_page_writes_nothing_and_breaks_nothing(app: Flask, token: str, written: list[str]) -> None:
    client = app.test_client()
    answers = {}
    for rule in app.url_map.iter_rules():
        for method in {"GET", "HEAD"} & (rule.methods or set()):
            with client.open(path_of(app, rule, token), method=method) as answer:
                answers[f"{method} {rule.rule}"] = answer.status_code

    broken = {page: status for page, status in answers.items() if status >= 500 and page.split()[1] != "/readyz"}
    assert answers["GET /s/<token>"] == 200
    assert len(answers) > 20
    assert broken == {}
    assert written == []
