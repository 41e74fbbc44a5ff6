"""Who gets scorecards by mail, read and chosen by a script; nobody comes to read more by it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.api_scopes import OF_ADMINISTRATORS, Scope, may_use
from app.domain.rights import Viewer
from app.domain.states import Role
from app.foundations import clock
from app.upkeep.audit import log as audit
from app.upkeep.programs.keys import add_api_key
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.conftest import BOB, HELEN, MALLORY
from tests.servers.databases import Database

Call = Callable[..., TestResponse]
OF_HR = [Scope.RECIPIENTS_READ, Scope.RECIPIENTS_WRITE]
TO_BOB = {"email": BOB.email, "language": "en", "time_zone": "UTC", "why": "head"}


@pytest.fixture
def call(sqlite: Database, sqlite_app: Flask, now: datetime) -> Call:
    """Bob heads IT, where Rita is a deputy; FIN has no head, so Helen of HR gets its scorecard. Call it as Helen."""
    session = sqlite.session
    it = department(session, "IT", head_email=BOB.email)
    department(session, "FIN")
    staff(session, "rita@example.com", Role.HEAD, it, now=now)
    staff(session, HELEN.email, Role.HR, now=now)
    key = add_api_key(session, "script", OF_HR, email=HELEN.email, now=clock.now())
    session.commit()

    def send(method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return sqlite_app.test_client().open(f"/api/v1/recipients{path}", method=method, headers=headers, **options)

    return send


def test_a_script_reads_who_gets_what_page_by_page(call: Call) -> None:
    first = call("GET", "?limit=1").get_json()
    second = call("GET", f"?limit=1&cursor={first['next']}").get_json()

    to_helen = TO_BOB | {"email": HELEN.email, "why": "hr"}
    fin = {"department": "FIN", "is_small": False, "mails_head": True, "recipients": [to_helen]}
    assert (first["items"], second) == (
        [fin],
        {"items": [fin | {"department": "IT", "recipients": [TO_BOB]}], "next": None},
    )


def test_a_choice_is_stored_once_noted_once_and_read_again(call: Call, sqlite: Database) -> None:
    choice = {"mails_head": False, "deputies": ["rita@example.com"]}

    answers = [call("PUT", "/IT", json=choice) for _ in range(2)]

    to_rita = TO_BOB | {"email": "rita@example.com", "why": "deputy"}
    told = {"department": "IT", "is_small": False, "mails_head": False, "recipients": [to_rita]}
    told["deputies"] = [{"email": "rita@example.com", "gets_mail": True}]
    assert [answer.get_json() for answer in answers] == [told, told]
    assert call("GET", "/IT").get_json() == told
    with sqlite.sessions() as session:
        acts = [(entry.action, entry.subject, entry.details) for entry in audit.entries(session)]
    assert acts == [("scorecards.recipients_chosen", "department:1", {"head": False, "deputies": ["staff:1"]})]


def test_only_who_may_read_it_anyway_can_be_chosen(call: Call) -> None:
    of_it = call("PUT", "/IT", json={"mails_head": True, "deputies": [MALLORY.email]})
    of_fin = call("PUT", "/FIN", json={"mails_head": "yes", "deputies": [BOB.email], "why": 1})
    gone = call("PUT", "/NONE", json={"mails_head": True, "deputies": []})

    assert [(one["field"], one["detail"]) for one in of_it.get_json()["faults"]] == [
        ("deputies", "this must be a list of some of rita@example.com")
    ]
    assert [(one["field"], one["detail"]) for one in of_fin.get_json()["faults"]] == [
        ("mails_head", "this must be true or false"),
        ("deputies", "this must be an empty list: there is nothing to choose from"),
        ("why", "nobody knows this name"),
    ]
    assert (of_it.status_code, of_fin.status_code, gone.status_code) == (422, 422, 404)
    assert [one["email"] for one in call("GET", "/IT").get_json()["recipients"]] == [BOB.email]


@pytest.mark.parametrize("scope", OF_HR)
def test_it_is_for_hr_alone(scope: Scope) -> None:
    reaching = {role for role in Role if may_use(scope, Viewer("", frozenset({role})))}

    assert (reaching, scope in OF_ADMINISTRATORS) == ({Role.HR}, False)
