"""Administrators decide about held-back answers by pattern: signals and counts on the pages, never a rating."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.states import ResponseState, Role
from app.foundations.crypto import Keys
from app.models.responses import HeldResponse
from app.pipeline.responses import HeldBackPattern
from app.upkeep.audit import log as audit
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR
from tests.builders.signing_in import Door, form_token
from tests.conftest import CAROL
from tests.servers.databases import Database

SCANNER = HeldBackPattern(("no_trusted_input", "too_fast"), "mx.example.com ESMTP")
QUICK = HeldBackPattern(("too_fast",), "")


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    """Three answers of a scanner and one of a quick colleague, in the running quarter."""
    session, period = sqlite.session, str(CALENDAR.period_of(now))
    staff(session, CAROL.email, Role.ADMIN, now=now)
    provider = department(session, "it")
    quarter_salt(session, Keys.of(sqlite.settings), period)
    for number, pattern in enumerate([SCANNER, SCANNER, SCANNER, QUICK]):
        told: dict[str, Any] = {"signals": list(pattern.signals), "mail_system": pattern.mail_system or None}
        who = person(session, f"requester{number}@example.com")
        held = {"state": ResponseState.HELD_BACK, "signals": told, "comment": "a secret"}
        held_response(session, provider, who, {"csat_overall": 1}, period, **held)
    session.commit()
    return Door(sqlite_app, sqlite, now)


def decide(client: FlaskClient, pattern: HeldBackPattern, act: str) -> TestResponse:
    token = form_token(client.get(f"/admin/held-back/{pattern.name}"))
    return client.post(f"/admin/held-back/{pattern.name}", data={"csrf_token": token, "act": act})


def states(door: Door) -> list[str]:
    with door.database.sessions() as session:
        return sorted(session.scalars(select(HeldResponse.state)))


def test_patterns_stand_there_with_what_their_signals_mean(door: Door) -> None:
    client = door.signed_in(CAROL.email)

    page, one = client.get("/admin/held-back").text, client.get(f"/admin/held-back/{SCANNER.name}").text

    assert page.index("mx.example.com ESMTP") < page.index(QUICK.name)
    assert "our script ran and saw no key, pointer or touch" in one
    assert "3 answers that came like this" in one
    assert ("a secret" in page + one, "requester" in page + one) == (False, False)


def test_one_pattern_is_dropped_and_another_released(door: Door) -> None:
    client = door.signed_in(CAROL.email)

    token = form_token(client.get(f"/admin/held-back/{SCANNER.name}"))
    pressed = [decide(client, SCANNER, "drop").location, decide(client, QUICK, "release").location]
    again = client.post(f"/admin/held-back/{SCANNER.name}", data={"csrf_token": token, "act": "release"})

    assert (pressed, again.status_code) == (["/admin/held-back"] * 2, 303)
    assert states(door) == ["accepted", "dropped", "dropped", "dropped"]
    assert "No answer is held back." in client.get("/admin/held-back").text
    with door.database.sessions() as session:
        noted = [(entry.action, entry.details["answers"]) for entry in audit.entries(session)]
    assert noted == [("held_back.dropped", 3), ("held_back.released", 1)]


def test_what_is_not_there_cannot_be_decided(door: Door) -> None:
    client = door.signed_in(CAROL.email)

    answers = [
        client.get("/admin/held-back/00000000").status_code,
        decide(client, SCANNER, "read").status_code,
        client.post(f"/admin/held-back/{SCANNER.name}", data={"act": "drop"}).status_code,
    ]

    assert (answers, states(door)) == ([404, 404, 400], ["held_back"] * 4)
