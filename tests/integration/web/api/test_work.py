"""Policy, trackers, contact cases, held-back answers and the log through the API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.api_scopes import OF_NOBODY, Scope
from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_to_json
from app.domain.states import DeliveryState, FollowUpState, Role
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.chores import run_chores
from app.jobs.installation import Installation
from app.models.audit import AuditEntry
from app.models.deliveries import Delivery
from app.models.follow_ups import FollowUp
from app.models.messages import Message
from app.upkeep.programs.keys import add_api_key
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request, connection
from tests.conftest import ALICE, BOB, CAROL, MALLORY
from tests.servers.databases import Database

Call = Callable[..., TestResponse]


@pytest.fixture
def call(database: Database, app: Flask) -> Call:
    """Call the API as somebody, by default as the installation."""
    made: dict[str | None, str] = {}
    scopes = {
        None: OF_NOBODY,
        BOB.email: [Scope.FOLLOW_UPS_READ, Scope.FOLLOW_UPS_WRITE],
        MALLORY.email: [Scope.FOLLOW_UPS_READ, Scope.FOLLOW_UPS_WRITE],
        CAROL.email: [Scope.FOLLOW_UPS_READ, Scope.POLICY_READ],
    }

    def send(method: str, path: str, email: str | None = None, **options: Any) -> TestResponse:
        if email not in made:
            with database.sessions.begin() as session:
                made[email] = add_api_key(session, f"of {email}", scopes[email], email=email, now=clock.now())
        headers = {"Authorization": f"Bearer {made[email]}"}
        return app.test_client().open(f"/api/v1/{path}", method=method, headers=headers, **options)

    return send


def acts(database: Database) -> list[tuple[str, str, str]]:
    with database.sessions() as session:  # of its own: SQLite's writer must not find it open
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.actor, row.action, row.subject) for row in rows]


def test_a_policy_is_read_changed_and_read_again(database: Database, call: Call) -> None:
    before = call("GET", "policy").get_json()

    changed = call("PUT", "policy", json={"rules": {"quarantine_days": 21}, "reason": "asked less", "base_version": 0})
    again = call("PUT", "policy", json={"rules": {"quarantine_days": 21}})

    assert before == {"version": 0, "rules": policy_to_json(AskingPolicy())}
    assert changed.get_json() == {"version": 1, "rules": before["rules"] | {"quarantine_days": 21}}
    assert again.get_json()["version"] == 1
    assert acts(database) == [("api-key:1", "policy.set", "policy")]


def test_a_policy_made_from_an_older_version_is_refused(database: Database, call: Call) -> None:
    call("PUT", "policy", json={"rules": {"quarantine_days": 21}})

    late = call("PUT", "policy", json={"rules": {"quarantine_days": 14}, "base_version": 0})

    assert (late.status_code, late.get_json()["detail"]) == (409, "version 1 is in force by now; look at it first")
    assert call("GET", "policy").get_json()["rules"]["quarantine_days"] == 21


def test_every_fault_of_a_policy_is_named_and_nothing_written(database: Database, call: Call) -> None:
    faulty: list[tuple[dict[str, Any], list[str]]] = [
        ({"rules": {"minimum_group_size": 4, "colour": "red"}}, ["colour", "minimum_group_size"]),
        ({"rules": [], "reason": "x" * 501, "base_version": "1"}, ["rules", "reason", "base_version"]),
        ({"rules": {}, "reason": "a\nb", "author": "x"}, ["reason", "author"]),
        ({"rules": {"not_surveyed": ["NIL"]}}, ["not_surveyed"]),
        ({"rules": {}, "base_version": True}, ["base_version"]),
        ({"rules": {}, "base_version": 10**30}, ["base_version"]),
    ]

    answers = [call("PUT", "policy", json=body) for body, _ in faulty]

    assert [answer.status_code for answer in answers] == [422] * len(faulty)
    named = [sorted(fault["field"] for fault in answer.get_json()["faults"]) for answer in answers]
    assert named == [sorted(fields) for _, fields in faulty]
    assert acts(database) == []


def test_a_policy_is_tried_by_the_worker_and_switched_on_by_nobody(
    database: Database, call: Call, now: datetime
) -> None:
    asked = call("POST", "policy/dry-run", json={"rules": {"quarantine_days": 60}})
    wrong = call("POST", "policy/dry-run", json={"rules": {"quarantine_days": 0}})
    path = f"policy/dry-run/{asked.get_json()['number']}"
    waiting = call("GET", path).get_json()
    again, other = (call("POST", "policy/dry-run", json={"rules": {"quarantine_days": days}}) for days in (60, 61))

    run_chores(Installation(database.settings, Keys.of(database.settings), database.sessions), now=clock.now())

    done = call("GET", path).get_json()
    assert (asked.status_code, wrong.status_code, other.status_code) == (202, 422, 409)
    assert again.get_json() == asked.get_json()
    assert (waiting["state"], waiting["result"]) == ("waiting", None)
    assert (done["state"], done["error"], sorted(done["result"])[:2]) == ("done", None, ["cap", "draft"])
    assert call("GET", "policy").get_json()["version"] == 0
    assert call("GET", "policy/dry-run/999").status_code == 404


def test_a_key_that_only_reads_keeps_no_worker_busy(database: Database, call: Call, now: datetime) -> None:
    with database.sessions.begin() as session:
        staff(session, CAROL.email, Role.ADMIN, now=now)

    answers = [call("GET", "policy", CAROL.email), call("POST", "policy/dry-run", CAROL.email, json={"rules": {}})]

    assert [answer.status_code for answer in answers] == [200, 403]


def test_what_is_no_object_is_no_policy(call: Call) -> None:
    bodies = ["[]", "7", "{", '{"rules": NaN}', '"\\ud800"']

    answers = [call("PUT", "policy", data=body, content_type="application/json").status_code for body in bodies]

    assert answers == [400] * len(bodies)


def test_trackers_are_told_with_what_they_sent(database: Database, call: Call, now: datetime) -> None:
    session = database.session
    for slug in ("desk", "mail"):
        connection(session, slug)
    desk = connection(session, "desk")
    for number in range(3):
        state = DeliveryState.FAILED if number else DeliveryState.PROCESSED
        told = {"headers": {}, "body": b"{}", "state": state, "attempts": number, "error": "no" if number else None}
        session.add(Delivery(connection_id=desk.id, delivery_key=str(number), received_at=now, **told))
    turned_away = {"headers": {}, "body": b"", "state": DeliveryState.REFUSED, "error": "no token", "attempts": 0}
    session.add(Delivery(connection_id=desk.id, delivery_key="refused", received_at=now, **turned_away))
    session.commit()

    refused = call("GET", "trackers/desk/deliveries?state=refused").get_json()
    listed = call("GET", "trackers?limit=1").get_json()
    following = call("GET", f"trackers?limit=1&cursor={listed['next']}").get_json()
    health = call("GET", "trackers/desk").get_json()
    failed = call("GET", "trackers/desk/deliveries?state=failed&limit=1").get_json()
    rest = call("GET", f"trackers/desk/deliveries?state=failed&limit=1&cursor={failed['next']}").get_json()
    retried = call("POST", "trackers/desk/deliveries/retry").get_json()

    assert [page["items"][0]["slug"] for page in (listed, following)] == ["desk", "mail"]
    assert (health["deliveries_failed"], health["kind"], health["side"]) == (2, "csv", "tracker")
    assert ([one["error"] for one in refused["items"]], health["deliveries_refused"]) == (["no token"], 1)
    assert [page["items"][0]["attempts"] for page in (failed, rest)] == [2, 1]
    assert "body" not in failed["items"][0]
    assert (rest["next"], retried) == (None, {"deliveries": 2})
    assert acts(database) == [("api-key:1", "deliveries.retried", "tracker:desk")]
    assert [call(*way).status_code for way in (("GET", "trackers/x"), ("GET", "trackers/x/deliveries"))] == [404, 404]
    assert call("POST", "trackers/x/deliveries/retry").status_code == 404


@pytest.fixture
def case(database: Database, now: datetime) -> int:
    """Alice waits for Bob, who heads IT; Mallory heads FIN."""
    session = database.session
    it = department(session, "IT", head_email=BOB.email)
    fin = department(session, "FIN")
    staff(session, BOB.email, Role.HEAD, now=now, name=BOB.name)
    staff(session, MALLORY.email, Role.HEAD, fin, now=now)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    cycle = completed_request(session, it, person(session, ALICE.email), now - timedelta(days=6))
    asked = invitation(session, cycle, sent_at=now - timedelta(days=6))
    told = {"invitation_id": asked.id, "person_id": asked.person_id, "department_id": it.id, "period": asked.period}
    row = FollowUp(**told, created_at=now - timedelta(days=4))
    session.add(row)
    session.commit()
    return row.id


def listed(call: Call, email: str | None, state: str = "waiting") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = call("GET", f"follow-ups?state={state}", email).get_json()["items"]
    return [{name: value for name, value in row.items() if name != "period"} for row in rows]


def test_a_head_finds_their_cases_without_names_and_who_keeps_the_work_finds_no_department_and_no_day(
    call: Call, case: int, now: datetime
) -> None:
    found = {email: listed(call, email) for email in (BOB.email, MALLORY.email, CAROL.email, None)}

    told = {
        "number": case,
        "department": "IT",
        "state": "waiting",
        "asked_on": (now - timedelta(days=4)).date().isoformat(),
    }
    hidden = told | {"department": None, "asked_on": None}
    assert found == {BOB.email: [told], MALLORY.email: [], CAROL.email: [hidden], None: [hidden]}
    assert listed(call, None, "done") == []


def test_a_case_of_this_minute_is_for_its_head_alone(call: Call, case: int, database: Database) -> None:
    database.session.get_one(FollowUp, case).created_at = datetime.now(UTC)
    database.session.commit()

    found = {email: len(listed(call, email)) for email in (BOB.email, CAROL.email, None)}

    assert found == {BOB.email: 1, CAROL.email: 0, None: 0}


def test_the_head_moves_a_case_on_and_nobody_else_does(database: Database, call: Call, case: int) -> None:
    path = f"follow-ups/{case}"

    answers = [
        call("POST", path, email, json={"state": state})
        for email, state in (
            *((MALLORY.email, "contacted"), (None, "contacted"), (BOB.email, "contacted"), (BOB.email, "contacted")),
            *((MALLORY.email, "done"), (None, "done"), (BOB.email, "gone"), (BOB.email, "done")),
        )
    ]

    assert [answer.status_code for answer in answers] == [404, 403, 200, 200, 404, 403, 422, 200]
    assert answers[2].get_json() == {"number": case, "state": "contacted", "is_new": True}
    assert answers[3].get_json()["is_new"] is False
    with database.sessions() as session:
        assert session.get_one(FollowUp, case).state is FollowUpState.DONE
    noted = [(actor, act) for actor, act, _ in acts(database)]
    assert noted == [("head", "follow_up.contacted"), ("head", "follow_up.done")]


@pytest.mark.parametrize("state", ["contacted", "done"])
def test_who_is_head_and_administrator_writes_as_head_and_in_no_other_department(
    database: Database, call: Call, case: int, now: datetime, state: str
) -> None:
    with database.sessions.begin() as session:
        for email in (BOB.email, MALLORY.email):
            staff(session, email, Role.ADMIN, now=now)

    answers = [call("POST", f"follow-ups/{case}", email, json={"state": state}) for email in (MALLORY.email, BOB.email)]

    assert [answer.status_code for answer in answers] == [404, 200]
    assert [row["department"] for row in listed(call, MALLORY.email, state)] == [None]
    assert [row["department"] for row in listed(call, BOB.email, state)] == ["IT"]
    with database.sessions() as session:
        told = [(message.params or {}).get("head_email") for message in session.scalars(select(Message))]
    assert told == ([BOB.email] if state == "done" else [])


def test_a_case_that_is_not_there_is_not_found(call: Call, case: int) -> None:
    assert case == 1
    numbers = (999, 2**31 - 1, 2**31, 10**30)

    answers = [call("POST", f"follow-ups/{number}", BOB.email, json={"state": "done"}) for number in numbers]

    assert [answer.status_code for answer in answers] == [404] * len(numbers)


def test_the_log_is_read_in_its_order_and_by_act(call: Call) -> None:
    for days in (21, 22, 23):
        call("PUT", "policy", json={"rules": {"quarantine_days": days}})

    first = call("GET", "log?limit=2").get_json()
    rest = call("GET", f"log?limit=2&cursor={first['next']}").get_json()

    entries = first["items"] + rest["items"]
    assert [entry["details"]["version"] for entry in entries] == [1, 2, 3]
    assert (rest["next"], entries[0]["digest"].startswith("sha256:")) == (None, True)
    assert call("GET", "log?action=policy.set&subject=policy").get_json()["items"] == entries
    assert call("GET", "log?action=none").get_json()["items"] == []


def test_there_are_no_patterns_where_nothing_is_held_back(call: Call) -> None:
    assert call("GET", "held-back").get_json() == {"items": [], "next": None}
