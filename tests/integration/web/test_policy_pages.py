"""The asking policy on its page: a draft, tried by the worker on last quarter, switched on with a reason."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_to_json
from app.domain.states import Role
from app.foundations.crypto import Keys
from app.jobs.chores import run_chores
from app.jobs.installation import Installation
from app.models.policies import PolicyDraft, PolicyVersion, find_policy
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import set_policy
from app.web.policy.texts import texts_of
from tests.builders.bad_input import BAD
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

PATH = "/admin/policy"
TICKED = {"reminder": "y"}


def typed(**changes: Any) -> dict[str, Any]:
    """Return the form as a browser sends it: what is not ticked is not there."""
    texts = texts_of(policy_to_json(AskingPolicy())) | changes
    return {name: ("y" if value is True else value) for name, value in texts.items() if value is not False}


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    """Carol and Dora keep the settings; Alice asked IT twice in August, ten days apart."""
    session = database.session
    staff(session, CAROL.email, Role.ADMIN, now=now)
    staff(session, "dora@example.com", Role.ADMIN, now=now)
    desk, alice = department(session, "IT"), person(session, ALICE.email)
    for day in (3, 13):
        completed_request(session, desk, alice, now.replace(month=8, day=day))
    session.commit()
    return Door(app, database, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def send(door: Door, client: FlaskClient, act: str, **changes: Any) -> TestResponse:
    return door.post(client, PATH, {**typed(**changes), "act": act})


def sure(door: Door, client: FlaskClient) -> TestResponse:
    """Look over what the draft would change, and press."""
    return door.post(client, f"{PATH}/switch-on", {})


def in_force(door: Door) -> tuple[int, AskingPolicy]:
    with door.database.sessions() as session:
        return find_policy(session)


def switch_on(door: Door, document: Mapping[str, Any]) -> None:
    with door.database.sessions.begin() as session:
        set_policy(session, document, author="command line", reason="", now=door.moment)


def work(door: Door) -> int:
    settings = door.app.extensions["parity_settings"]
    return run_chores(Installation(settings, Keys.of(settings), door.database.sessions), now=door.moment)


def plain(page: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def test_every_field_has_a_label_a_value_and_its_unit(carol: FlaskClient) -> None:
    page = carol.get(PATH)

    for field in texts_of(policy_to_json(AskingPolicy())):
        assert f'name="{field}"' in page.text
    assert "The defaults are in force" in page.text
    assert re.search(r'name="quarantine_days"[^>]*value="30"[^>]*><span>days</span>', page.text)
    assert re.search(r'name="response_rate_default"[^>]*value="20"[^>]*><span>%</span>', page.text)


def test_a_draft_is_tried_on_last_quarter_and_only_counts_come_back(door: Door, carol: FlaskClient) -> None:
    asked = send(door, carol, "try", quarantine_days="7", reason="more answers")
    waiting = carol.get(PATH)
    done = work(door)
    tried = plain(carol.get(PATH))

    assert (asked.status_code, asked.location, done) == (303, "/admin/policy#tried", 1)
    assert "It waits for the worker." in waiting.text
    assert "2 requests, July to September 2026. Nothing was sent." in tried
    assert "Surveys sent 1 2 +1" in tried
    assert "People asked 1 1 0" in tried
    assert "People asked 2 times 0 1 +1" in tried
    assert "The requester was asked about another request a short time before. 1 0" in tried
    assert ALICE.email not in tried
    assert in_force(door)[0] == 0


def test_the_draft_is_there_again_for_its_author_only(door: Door, carol: FlaskClient) -> None:
    send(door, carol, "draft", quarantine_days="21", reason="Finance stays under 30 answers.")

    again, dora = carol.get(PATH).text, door.signed_in("dora@example.com").get(PATH).text

    assert re.search(r'name="quarantine_days"[^>]*value="21"', again)
    assert "was 30\u00a0days" in again
    assert "Finance stays under 30 answers." in again
    assert "This is your draft." in again
    assert re.search(r'name="quarantine_days"[^>]*value="30"', dora)
    door.post(carol, PATH, {**typed(), "act": "drop"})
    assert "This is your draft." not in carol.get(PATH).text


def test_a_draft_moves_along_with_what_is_switched_on_meanwhile(door: Door, carol: FlaskClient) -> None:
    send(door, carol, "draft", quarantine_days="21")
    switch_on(door, {"quarter_cap": 2})

    page = carol.get(PATH).text

    assert re.search(r'name="quarter_cap"[^>]*value="2"', page)
    assert re.search(r'name="quarantine_days"[^>]*value="21"', page)


def test_a_trial_of_another_draft_says_so(door: Door, carol: FlaskClient) -> None:
    send(door, carol, "try", quarantine_days="7")
    work(door)
    fresh = carol.get(PATH).text
    send(door, carol, "draft", quarantine_days="8")

    assert "This was another draft." not in fresh
    assert "This was another draft." in carol.get(PATH).text


def test_switching_on_needs_a_reason_and_a_second_look_and_is_noted(door: Door, carol: FlaskClient) -> None:
    silent = send(door, carol, "switch_on", quarantine_days="21")
    asked = send(door, carol, "switch_on", quarantine_days="21", reason="Finance stays under 30 answers.")
    summary, before = plain(carol.get(asked.location)), in_force(door)[0]
    done = sure(door, carol)
    again = send(door, carol, "switch_on", quarantine_days="21", reason="Finance stays under 30 answers.")

    assert (silent.status_code, asked.location, done.status_code) == (422, f"{PATH}/switch-on", 303)
    assert "Say why." in silent.text
    assert "Rest between two surveys 30 days 21 days" in summary.replace("\u00a0", " ")
    assert "This was not tried." in summary
    assert (before, in_force(door)[0], again.location) == (0, 1, f"{PATH}?same=1")
    assert in_force(door)[1].quarantine == timedelta(days=21)
    page = carol.get(PATH)
    assert "Version 1 is in force since 17 November 2026" in plain(page)
    with door.database.sessions() as session:
        row = session.scalars(select(PolicyVersion)).one()
        entry = audit.entries(session)[-1]
        assert (row.reason, row.author, session.scalars(select(PolicyDraft)).all()) == (
            "Finance stays under 30 answers.",
            entry.actor,
            [],
        )
        assert (entry.action, entry.details) == ("policy.set", {"version": 1, "changed": ["quarantine_days"]})


def test_what_was_tried_stands_before_the_press_and_stays_readable(door: Door, carol: FlaskClient) -> None:
    send(door, carol, "try", quarantine_days="7", reason="more answers")
    send(door, carol, "switch_on", quarantine_days="7", reason="more answers")
    waiting = plain(carol.get(f"{PATH}/switch-on"))
    work(door)

    summary = plain(carol.get(f"{PATH}/switch-on"))
    sure(door, carol)
    after = plain(carol.get(PATH))

    assert "The trial is not over yet." in waiting
    assert "Surveys sent 1 2 +1" in summary
    assert "This was tried before it was switched on." in after
    assert "Surveys sent 1 2 +1" in after


def test_what_has_changed_since_it_was_looked_over_is_not_switched_on(door: Door, carol: FlaskClient) -> None:
    send(door, carol, "switch_on", quarantine_days="21", reason="fewer")
    fields = hidden_fields(carol.get(f"{PATH}/switch-on"))
    switch_on(door, {"quarter_cap": 2})

    late = carol.post(f"{PATH}/switch-on", data=fields)
    forged = carol.post(f"{PATH}/switch-on", data={"seen": fields["seen"]})

    assert (late.location, forged.status_code, in_force(door)[0]) == (f"{PATH}/switch-on?moved=1", 400, 1)
    assert "Something has changed meanwhile." in carol.get(late.location).text
    assert sure(door, carol).location == PATH
    assert (in_force(door)[1].quarter_cap, in_force(door)[1].quarantine) == (2, timedelta(days=21))
    assert carol.get(f"{PATH}/switch-on").location == PATH


def test_the_second_of_two_sees_what_the_first_switched_on(door: Door, carol: FlaskClient) -> None:
    fields = hidden_fields(carol.get(PATH))
    switch_on(door, {"quarantine_days": 14})

    late = carol.post(PATH, data={**fields, **typed(quarantine_days="21", reason="x"), "act": "switch_on"})
    knowing = hidden_fields(late)
    pressed = carol.post(PATH, data={**knowing, **typed(quarantine_days="21", reason="x"), "act": "switch_on"})

    assert late.status_code == 409
    assert "Rest between two surveys: was 30, now 14, you wrote 21" in late.text
    assert pressed.location == f"{PATH}/switch-on"
    sure(door, carol)
    assert in_force(door)[0] == 2


def test_an_unknown_department_is_named_beside_its_field_and_nothing_changes(door: Door, carol: FlaskClient) -> None:
    bad = {"not_surveyed": "NOWHERE", "department_targets": "MOON 85 75"}

    answers = [send(door, carol, act, **bad, reason="why") for act in ("try", "draft", "switch_on")]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    for code in ("NOWHERE", "MOON"):
        assert all(f"There is no department “{code}”." in unescape(answer.text) for answer in answers)
    assert in_force(door)[0] == 0


def test_whatever_is_typed_comes_back_escaped(door: Door, carol: FlaskClient) -> None:
    fields = ("quarantine_days", "holidays", "reason")
    answers = {kind: send(door, carol, "draft", **dict.fromkeys(fields, bad)) for kind, bad in BAD.items()}

    assert {answer.status_code for answer in answers.values()} <= {303, 422}
    assert all("<script>alert" not in answer.text for answer in answers.values())
    assert "<script>alert" not in carol.get(PATH).text


def test_a_comma_and_an_order_of_ones_own_are_no_change(door: Door, carol: FlaskClient) -> None:
    same = send(
        door, carol, "draft", delay_hours="4,0", working_days=["friday", "thursday", "monday", "tuesday", "wednesday"]
    )

    assert same.location == "/admin/policy?same=1"
    assert "Nothing differs." in carol.get(same.location).text


def test_versions_say_who_changed_what_and_why(door: Door, carol: FlaskClient) -> None:
    department_targets = "IT 85 75"
    send(door, carol, "switch_on", quarantine_days="21", department_targets=department_targets, reason="<b>why</b>")
    sure(door, carol)

    listed = plain(carol.get("/admin/policy/versions"))
    whole = plain(carol.get("/admin/policy/versions/1"))

    assert "Version 1 In force since 17 November 2026 at 09:30. Switched on by carol@example.com." in listed
    assert "Rest between two surveys: was 30\u00a0days, became 21\u00a0days" in listed.replace(" days", "\u00a0days")
    assert "Departments with targets of their own: was nothing, became IT 85 75" in listed
    assert "<b>why</b>" in listed
    assert "At most in a quarter 3 surveys" in whole.replace("\u00a0", " ")
    assert carol.get("/admin/policy/versions/0").status_code == 200
    assert carol.get("/admin/policy/versions/2").status_code == 404


def test_an_unknown_button_does_nothing(door: Door, carol: FlaskClient) -> None:
    assert send(door, carol, "explode", reason="why").status_code == 400
    assert in_force(door)[0] == 0
