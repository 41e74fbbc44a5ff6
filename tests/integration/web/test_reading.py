"""No page that is only read writes anything: mail scanners and previews open every link they meet."""

from datetime import timedelta

import pytest
from flask import Flask

from app.foundations import clock
from app.foundations.crypto import Keys
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.paths import path_of
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database


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


def test_opening_any_page_writes_nothing_and_breaks_nothing(app: Flask, token: str, written: list[str]) -> None:
    client = app.test_client()
    answers = {}
    for rule in app.url_map.iter_rules():
        for method in {"GET", "HEAD"} & (rule.methods or set()):
            with client.open(path_of(app, rule, {"token": token, "code": "it"}), method=method) as answer:
                answers[f"{method} {rule.rule}"] = answer.status_code

    broken = {page: status for page, status in answers.items() if status >= 500 and page.split()[1] != "/readyz"}
    assert answers["GET /s/<token>"] == 200
    assert len(answers) > 20
    assert broken == {}
    assert written == []
