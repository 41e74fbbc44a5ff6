"""What tools also send: other ways to write a moment, fields without their usual form, words where numbers stood.

Each body is ours, on the members that its tool documents (docs/connectors/), and departs from the usual one in a single
point. None of them may be misread in silence: `flask trackers explain` says what is told and null for what is not, and
the hook takes or refuses the same body.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.connectors import find_connector
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.base import make_engine, make_sessions
from app.upkeep.connections.adding import add_connection
from tests.builders.senders import NEEDED, PROOFS
from tests.servers.databases import Database

AT = "2026-11-17T09:00:00Z"
NAIVE = "2026-11-17T09:00:00"
SECONDS = 1_794_906_000
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CALLER = "681ccaf9c0a8016400b98a06818d57c7"


@dataclass(frozen=True)
class Case:
    """One body, and some of what is to be concluded from it."""

    kind: str
    name: str
    body: Any
    expected: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def _asana(**changed: Any) -> dict[str, Any]:
    task = {"gid": "12", "resource_type": "task", "completed": True, "completed_at": AT, "modified_at": AT}
    return {"data": {**task, "created_by": {"gid": "7"}, **changed}}


def _custom(**told: Any) -> dict[str, Any]:
    return _asana(custom_fields=[{"gid": "55", **told}])


def _bitrix24(stamp: object) -> dict[str, Any]:
    told = {"event": "ONTASKUPDATE", "data": {"FIELDS_AFTER": {"ID": 7}}, "ts": stamp}
    return {**told, "auth": {"application_token": SECRET}}


def _github(**changed: Any) -> dict[str, Any]:
    issue = {"id": 1, "state": "closed", "updated_at": AT, "closed_at": AT, "user": {"login": "octocat"}}
    return {"action": "closed", "issue": {**issue, **changed}}


def _gitlab(**changed: Any) -> dict[str, Any]:
    told = {"id": 301, "state": "closed", "action": "close", "author_id": 51, "updated_at": AT, "closed_at": AT}
    given = {name: value for name, value in {**told, **changed}.items() if value is not ...}
    return {"object_kind": "issue", "object_attributes": given}


def _jira(**changed: Any) -> dict[str, Any]:
    status = {"id": "10002", "name": "Готово", "statusCategory": {"key": "done"}}
    issue = {"id": "10040", "key": "IT-40", "fields": {"status": status, "project": {"key": "IT"}}}
    items = [{"field": "status", "fieldId": "status", "from": "3", "to": "10002"}]
    body = {"timestamp": SECONDS * 1000, "webhookEvent": "jira:issue_updated", "issue": issue}
    return {**body, "changelog": {"items": items}, **changed}


def _asked_by(value: object) -> dict[str, Any]:
    body = _jira()
    body["issue"]["fields"]["customfield_7"] = value
    return body


def _trello(**changed: Any) -> dict[str, Any]:
    data = {
        "card": {"id": "63d387e699609c7f4bf0e0ce"},
        "old": {"idList": "a"},
        "listAfter": {"id": "l", "name": "Done"},
    }
    action = {"id": "63e28add8b06d26bf065c16a", "type": "updateCard", "date": AT, "data": data, **changed}
    return {"action": {name: value for name, value in action.items() if value is not ...}}


def _snow(**changed: Any) -> dict[str, Any]:
    row = {"sys_id": "9d385017c611228701d22104cc95c371", "state": "6", "resolved_at": "2026-11-17 09:00:00"}
    return {"result": [{**row, **changed}]}


def _yandex(**changed: Any) -> dict[str, Any]:
    return {"id": "593cd211ef7e8a33", "status": {"key": "closed"}, "resolvedAt": AT, **changed}


def _redmine(**changed: Any) -> dict[str, Any]:
    return {"issue": {"id": 7, "status": {"id": 5, "name": "Closed", "is_closed": True}, "closed_on": AT, **changed}}


def _delighted(created_at: object) -> dict[str, Any]:
    told = {"id": "5435", "score": 4, "created_at": created_at}
    return {"event_type": "survey_response.created", "event_data": told}


def _typeform(submitted_at: object) -> dict[str, Any]:
    answer = {"type": "number", "number": 4, "field": {"id": "f1", "type": "rating"}}
    response = {"token": "a3a1", "submitted_at": submitted_at, "answers": [answer]}
    return {"event_type": "form_response", "form_response": response}


def _zendesk(updated_at: str) -> dict[str, Any]:
    return {"satisfaction_rating": {"id": 3, "score": "good", "created_at": updated_at, "updated_at": updated_at}}


DONE = {"verdict": "completed", "completed_at": AT}
CLOSED = {"verdict": "not_completed", "why": "it was closed without being delivered", "completed_at": AT}
UNCLEAR = {"verdict": "not_completed", "why": "this does not say whether the request is done"}
BOB = {"id": None, "name": None, "email": "bob@example.com"}
FIELD = {"requester_field_id": "55"}

CASES = (
    # A moment without an offset is UTC where the tool documents its moments so, wherever the company is.
    Case("asana", "naive", _asana(completed_at=NAIVE), DONE),
    Case("github", "naive", _github(updated_at=NAIVE, closed_at=NAIVE), DONE | {"event_at": AT}),
    Case("gitlab", "naive", _gitlab(updated_at=NAIVE, closed_at=NAIVE), DONE | {"event_at": AT}),
    Case("redmine", "naive", _redmine(closed_on=NAIVE), DONE),
    Case("yandex_tracker", "naive", _yandex(resolvedAt=NAIVE), DONE),
    Case("trello", "naive", _trello(date=NAIVE), DONE | {"event_at": AT}),
    Case("typeform", "naive", _typeform(NAIVE), {"verdict": "score", "event_at": AT}),
    Case("zendesk", "naive", _zendesk(NAIVE), {"verdict": "score", "event_at": AT}),
    # Unix time comes in seconds, in milliseconds and as text; what cannot be one is no moment of 1970.
    Case("delighted", "milliseconds", _delighted(SECONDS * 1000), {"verdict": "score", "event_at": AT}),
    Case("jira", "text", _jira(timestamp=f"{SECONDS}000"), DONE | {"event_at": AT}),
    Case("jira", "seconds", _jira(timestamp=SECONDS), DONE | {"event_at": AT}),
    Case("jira", "no time", _jira(timestamp=1), {"verdict": "completed", "completed_at": None, "event_at": None}),
    Case("bitrix24", "milliseconds", _bitrix24(SECONDS * 1000), {"verdict": "fetch", "event_at": AT}),
    Case("bitrix24", "no time", _bitrix24(1), {"verdict": "fetch", "event_at": None}),
    # When a body came is no moment that anybody told.
    Case("trello", "no date", _trello(date=...), {"verdict": "completed", "completed_at": None, "event_at": None}),
    Case("typeform", "no date", _typeform(None), {"verdict": "score", "event_at": None}),
    Case("signed", "no date", {"event": "deleted", "external_id": "1"}, {"verdict": "deleted", "event_at": None}),
    # A custom field may come without the form in which its tool shows it.
    Case("asana", "text", _custom(text_value="Bob@example.com"), {"requester": BOB}, FIELD),
    Case(
        "asana",
        "option",
        _custom(enum_value={"name": "Lea"}),
        {"requester": {**BOB, "id": "Lea", "email": None}},
        FIELD,
    ),
    Case("asana", "number", _custom(number_value=7), {"requester": {**BOB, "id": "7", "email": None}}, FIELD),
    Case("jira", "list", _asked_by(["bob@example.com"]), {"requester": BOB}, {"requester_field": "customfield_7"}),
    Case(
        "redmine",
        "several values",
        _redmine(custom_fields=[{"id": 1, "name": "Team", "value": ["Druck", "Netz"]}]),
        {"department": {"field": "Druck"}},
        {"department_field": "Team"},
    ),
    # A thin list names tasks, and nothing of their state.
    Case(
        "asana",
        "thin list",
        {"data": [{"gid": one, "name": "x", "resource_type": "task"} for one in ("1", "2")]},
        {"verdict": "fetch", "fetch": ["1", "2"]},
    ),
    # States: in other letters, told by the action alone, shown as a word, and closed without a delivery.
    Case("github", "capitals", _github(state="CLOSED", state_reason="NOT_PLANNED"), CLOSED),
    Case("gitlab", "capitals", _gitlab(state="Closed", action=...), DONE),
    Case("gitlab", "no state", _gitlab(state=...), DONE | {"status": None}),
    Case("glpi", "a word", {"id": 7, "status": "Solved", "solvedate": "2026-11-17 10:00:00"}, UNCLEAR),
    Case("servicenow", "a word", _snow(state="Gelöst"), UNCLEAR | {"status": "Gelöst"}),
    Case(
        "servicenow",
        "words of one's own",
        _snow(state="offen"),
        {"verdict": "not_completed", "why": "the request is open"},
        {"done_states": "fertig"},
    ),
    Case("servicenow", "cancelled", _snow(state="8"), CLOSED),
    Case("redmine", "rejected", _redmine(status={"id": 6, "name": "Rejected", "is_closed": True}), CLOSED),
    Case("yandex_tracker", "not to be done", _yandex(resolution={"key": "wontFix"}), CLOSED),
    Case("yandex_tracker", "cancelled", _yandex(status={"key": "cancelled"}), CLOSED),
    # A reference is told by its value, or by its link and how it is shown: an id is no name.
    Case("servicenow", "value", _snow(caller_id=CALLER), {"requester": {"id": CALLER, "name": None, "email": None}}),
    Case(
        "servicenow",
        "link",
        _snow(caller_id={"display_value": "Lea", "link": f"https://x.example.com/api/now/table/sys_user/{CALLER}"}),
        {"requester": {"id": CALLER, "name": "Lea", "email": None}},
    ),
    # Our own body says how to write what it cannot read.
    Case("signed", "small letters", {"event": "completed", "external_id": "1", "completed_at": AT.lower()}, DONE),
    Case(
        "signed",
        "list",
        {"event": "completed", "external_id": "1", "department": ["IT"]},
        {"verdict": "invalid", "why": 'department: write it as text or as {"field": "value"}'},
    ),
    # A score is a whole number wherever its scale is one.
    Case("jira", "float", {"type": "csat", "rating": 4.0}, {"verdict": "score", "score": 4}),
    Case("jira", "text of a rating", {"type": "csat", "rating": "4"}, {"verdict": "score", "score": 4}),
    Case("jira", "between points", {"type": "csat", "rating": 4.5}, {"verdict": "no_score", "score": None}),
)


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one.kind}-{one.name}")
def test_explain_says_what_is_told_and_nothing_else(sqlite_app: Flask, tmp_path: Path, case: Case) -> None:
    file = tmp_path / "body.json"
    file.write_text(json.dumps(case.body))
    settings = [f"--setting={name}={json.dumps(value)}" for name, value in _settings(case).items()]

    call = ["trackers", "explain", case.kind, "--body", str(file), "--json", *settings]
    result = sqlite_app.test_cli_runner().invoke(args=call)

    said = json.loads(result.stdout)
    assert {name: said[name] for name in case.expected} == dict(case.expected)
    assert not isinstance(said["score"], float)


def _settings(case: Case) -> dict[str, Any]:
    needed = {"trello": {"done_list_ids": ["l"]}}
    return {**needed.get(case.kind, {}), **case.settings}


def test_the_hook_takes_them_and_refuses_only_what_it_cannot_read(sqlite: Database, sqlite_app: Flask) -> None:
    keys, client = Keys.of(sqlite.settings), sqlite_app.test_client()
    sessions = make_sessions(make_engine(sqlite.url))
    hooked = [case for case in CASES if case.kind in PROOFS]
    answers: dict[str, int] = {}

    for number, case in enumerate(hooked):
        tracker = find_connector(ConnectionSide.TRACKER, case.kind)
        side = ConnectionSide.TRACKER if tracker else ConnectionSide.SCORES
        connector = find_connector(side, case.kind)
        assert connector is not None
        with sessions.begin() as session:
            made = add_connection(
                session,
                keys,
                slug=f"c{number}",
                side=side,
                kind=case.kind,
                settings={**NEEDED[case.kind], **case.settings, connector.secret_name: SECRET},
                base_url="https://parity.example.com",
                now=clock.now(),
            )
        path, body = f"/hooks/c{number}/{made.hook_key}", json.dumps(case.body).encode()
        headers = PROOFS[case.kind](body, SECRET, f"https://parity.example.com{path}")
        answers[f"{case.kind}-{case.name}"] = client.post(path, data=body, headers=headers).status_code

    refused = {"signed-list"}
    assert answers == {name: 400 if name in refused else 202 for name in answers}
    assert refused < set(answers)
