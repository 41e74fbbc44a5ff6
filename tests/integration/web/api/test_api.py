import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domain.api_scopes import OF_NOBODY, Scope
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.models.base import Base
from app.models.departments import Department, DepartmentVersion
from app.models.external_scores import ExternalResponse, ExternalTotal
from app.models.messages import Message
from app.models.people import PersonVersion
from app.models.responses import HeldResponse
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import RequestCycle, ServiceRequest
from app.upkeep.audit import log as audit
from app.upkeep.programs.keys import add_api_key, revoke_api_key
from tests.builders.departments import department
from tests.builders.scorecards import a_document
from tests.builders.service_requests import connection
from tests.servers.databases import Database

Post = Callable[..., TestResponse]

REQUEST = {
    "tracker": "desk",
    "external_id": "R-1",
    "requester_email": "alice@example.com",
    "provider_department": "IT",
    "created_at": "2026-07-01T09:00:00Z",
    "completed_at": "2026-07-02T09:00:00Z",
    "title": "Ноутбук",
}
RESPONSE = {
    "source": "forms",
    "response_id": "1",
    "provider_department": "IT",
    "requester": "u-1",
    "completed_at": "2026-07-02T09:00:00Z",
    "overall": 4,
}
SCORE = {
    "source": "forms",
    "response_id": "1",
    "touchpoint": "web",
    "dimension": "overall",
    "instrument": "csat5",
    "score": 5,
    "answered_at": "2026-07-02",
}
TOTAL = {
    "source": "forms",
    "touchpoint": "web",
    "dimension": "overall",
    "instrument": "csat5",
    "period": "2026-Q3",
    "counts": {"4": 3, "5": 7},
}

PERSON = {"email": "alice@example.com", "name": "Alice", "department_code": "IT"}


@pytest.fixture
def key(database: Database) -> str:
    """A key with every scope; tracker `desk`, source `forms` and department IT."""
    session = database.session
    connection(session, "desk")
    connection(session, "forms", ConnectionSide.SCORES)
    department(session, "IT", name="Computers")
    made = add_api_key(session, "script", OF_NOBODY, now=clock.now())
    session.commit()
    return made


@pytest.fixture
def post(client: FlaskClient, key: str) -> Post:
    """Send a body to a route of the API with the key."""

    def send(route: str, body: object, **headers: str) -> TestResponse:
        told = {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):
            return client.post(f"/api/v1/{route}", data=body, headers={"Content-Type": "application/json"} | told)
        return client.post(f"/api/v1/{route}", json=body, headers=told)

    return send


def _faults(answer: TestResponse) -> list[dict[str, Any]]:
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json is not None
    faults: list[dict[str, Any]] = answer.json["faults"]
    return faults


def _count(database: Database, table: type[Base]) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("route", "body", "table"),
    [
        ("requests", REQUEST, RequestCycle),
        ("responses", RESPONSE, HeldResponse),
        ("external-scores", SCORE, ExternalResponse),
        ("external-scores", TOTAL, ExternalTotal),
        ("departments", {"code": "HR", "name": "People", "touchpoints": {"web": 0.5, "phone": 0.5}}, None),
        ("people", {"email": "Alice@Example.com", "name": "Alice", "department_code": "IT"}, PersonVersion),
    ],
)
def test_a_record_is_made_once_and_the_same_again_changes_nothing(
    database: Database, post: Post, route: str, body: dict[str, Any], table: type[Base] | None
) -> None:
    answers = [post(route, body), post(route, [body])]

    assert [(answer.status_code, answer.json) for answer in answers] == [
        (200, {"new": 1, "changed": 0, "unchanged": 0}),
        (200, {"new": 0, "changed": 0, "unchanged": 1}),
    ]
    assert table is None or _count(database, table) == 1


def test_a_key_names_no_head_and_moves_nothing_below_one_unseen(database: Database, post: Post) -> None:
    named = {"code": "IT", "name": "Computers", "head_email": "bob@example.com"}

    refused = post("departments", [{**named, "head_email": "x@else.example"}, {"code": "FIN", "name": ""}])
    looped = post("departments", [{**named, "parent_code": "FIN"}, {"code": "FIN", "name": "F", "parent_code": "IT"}])
    post("departments", named)
    post("departments", {"code": "FIN", "name": "Finance"})
    post("departments", {"code": "FIN", "name": "Finance", "parent_code": "IT"})

    with database.sessions() as session:
        mails = session.scalars(select(Message.params).order_by(Message.id))
        told = [(line["who"], line["departments"], one["by"]) for one in mails if one for line in one["lines"]]
    assert (refused.status_code, looped.status_code) == (422, 422)
    assert told == [("bob@example.com", [name], "script") for name in ("Computers (IT)", "Finance (FIN)")]


def test_one_faulty_item_keeps_the_whole_list_out_and_every_fault_is_named(database: Database, post: Post) -> None:
    bad = [
        REQUEST,
        REQUEST | {"external_id": "R-2", "requester_email": "no address", "completed_at": "2026-06-30T00:00:00Z"},
        REQUEST | {"external_id": "R-3", "completed_at": "2026-06-30T00:00:00Z"},
        REQUEST | {"external_id": "R-4", "colour": "red", "title": ["a"]},
        REQUEST | {"external_id": "R-5", "tracker": "other"},
        REQUEST,
    ]

    answer = post("requests", bad)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"] == "6 faults; nothing was written"
    assert [(fault["item"], fault["field"], fault["detail"]) for fault in answer.json["faults"]] == [
        (1, "requester_email", "'no address' is not an e-mail address"),
        (2, "completed_at", "it was completed before it was created (created_at)"),
        (3, "title", "this must be one value"),
        (3, "colour", "this name is not known"),
        (4, "tracker", "there is no tracker 'other'; an administrator adds it on the page Trackers"),
        (5, "external_id", "the same as item 0"),
    ]
    assert _count(database, ServiceRequest) == 0


def test_what_only_storing_finds_is_named_beside_what_cannot_be_read(database: Database, post: Post) -> None:
    told = REQUEST | {"request_type": "Hardware"}
    post("requests", told)

    orphan = {"code": "C", "name": "C", "parent_code": "B"}  # B itself is at fault, not C
    lists: list[tuple[str, list[Any]]] = [
        ("requests", [7, told | {"request_type": "Software"}, REQUEST | {"external_id": "R-2", "created_at": "x"}]),
        ("responses", [RESPONSE | {"provider_department": "XX"}, RESPONSE | {"response_id": "2", "overall": 9}]),
        ("external-scores", [SCORE | {"score": 9}, TOTAL | {"period": "soon"}]),
        ("people", [PERSON | {"department_code": "XX"}, PERSON | {"email": "nobody"}]),
        (
            "departments",
            [
                {"code": "A", "name": "A", "parent_code": "XX"},
                {"code": "B"},
                orphan,
            ],
        ),
    ]
    found = {route: [(fault["item"], fault["field"]) for fault in _faults(post(route, body))] for route, body in lists}

    assert found == {
        "requests": [(0, ""), (1, "request_type"), (2, "created_at")],
        "responses": [(0, "provider_department"), (1, "csat_overall")],
        "external-scores": [(0, "score"), (1, "period")],
        "people": [(0, "department_code"), (1, "email")],
        "departments": [(0, "parent_code"), (1, "name")],
    }
    assert _count(database, ServiceRequest) == 1


def test_an_item_that_says_one_thing_under_two_names_is_refused(post: Post) -> None:
    answer = post("responses", RESPONSE | {"csat_overall": 1})

    assert _faults(answer) == [{"item": 0, "field": "overall", "detail": "this stands under two names"}]


def test_what_has_not_happened_yet_is_refused(post: Post) -> None:
    in_two_hours = (clock.now() + timedelta(hours=2)).isoformat()
    rows: dict[str, dict[str, Any]] = {"requests": REQUEST, "responses": RESPONSE}
    answers = [post(where, row | {"completed_at": in_two_hours}) for where, row in rows.items()]

    found = [fault for answer in answers for fault in _faults(answer)]
    assert [(one["field"], one["detail"].partition(":")[0]) for one in found] == [
        ("completed_at", f"'{in_two_hours.partition(':')[0]}")
    ] * 2


def test_what_contradicts_a_frozen_completion_is_a_fault(database: Database, post: Post) -> None:
    told = REQUEST | {"request_type": "Hardware"}
    post("requests", told)

    answer = post("requests", [told | {"external_id": "R-2"}, told | {"request_type": "Software"}])

    assert answer.status_code == 422
    assert answer.json is not None
    assert [(fault["item"], fault["field"]) for fault in answer.json["faults"]] == [(1, "request_type")]
    assert _count(database, ServiceRequest) == 1


def test_a_thousand_items_are_taken_and_one_more_is_not(database: Database, post: Post) -> None:
    items = [REQUEST | {"external_id": f"R-{number}"} for number in range(1001)]

    taken, refused = post("requests", items[:1000]), post("requests", items)

    assert (taken.json, refused.status_code) == ({"new": 1000, "changed": 0, "unchanged": 0}, 413)
    assert _count(database, RequestCycle) == 1000


def test_no_body_ends_in_an_error_of_ours(post: Post) -> None:
    bodies = [
        (b"", 400),
        (b'{"tracker": "desk",}', 400),
        (b"[]", 400),
        (b"[1]", 422),
        (b'"text"', 400),
        (b"[" * 100_000, 400),
        (b'{"tracker": "\\ud800"}', 400),
        (b'{"tracker": NaN}', 400),
        (b'{"tracker": ' + b"9" * 5000 + b"}", 400),
        (b"\xff", 400),
        (b'{"tracker": null}', 422),
        (b'{"tracker": "de\\u0000sk"}', 422),
        (b" " * 6_000_000, 413),
    ]

    answers = [post("requests", body) for body, _ in bodies]

    assert [answer.status_code for answer in answers] == [status for _, status in bodies]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}


def test_a_form_is_not_json(client: FlaskClient, key: str) -> None:
    answer = client.post("/api/v1/requests", data={"tracker": "desk"}, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 415


def test_without_a_key_of_ours_nothing_is_read(client: FlaskClient, key: str) -> None:
    headers = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}]

    answers = [client.post("/api/v1/requests", data=b"no json", headers=header) for header in headers]

    told = [(answer.status_code, answer.headers["WWW-Authenticate"]) for answer in answers]
    assert told == [(401, 'Bearer realm="parity"')] * len(headers)


def test_a_key_does_only_what_its_scopes_say_and_nothing_once_it_is_revoked(
    database: Database, client: FlaskClient, key: str
) -> None:
    narrow = add_api_key(database.session, "narrow", [Scope.PEOPLE_WRITE], now=clock.now())
    revoke_api_key(database.session, "script", now=clock.now())
    database.session.commit()

    answers = [
        client.post("/api/v1/requests", json=REQUEST, headers={"Authorization": f"Bearer {one}"})
        for one in (narrow, key)
    ]

    assert [answer.status_code for answer in answers] == [403, 401]


def test_a_call_repeated_under_its_name_is_done_once_and_answered_the_same(database: Database, post: Post) -> None:
    first = post("requests", REQUEST, Idempotency_Key="a")
    again = post("requests", REQUEST, Idempotency_Key="a")
    other = post("requests", REQUEST | {"external_id": "R-2"}, Idempotency_Key="a")

    assert (first.json, again.json) == ({"new": 1, "changed": 0, "unchanged": 0},) * 2
    assert (first.headers.get("Idempotency-Replayed"), again.headers.get("Idempotency-Replayed")) == (None, "true")
    assert (other.status_code, _count(database, ServiceRequest)) == (422, 1)


def test_a_refused_call_may_be_mended_under_the_same_name(post: Post) -> None:
    refused = post("requests", REQUEST | {"tracker": "other"}, Idempotency_Key="a")
    mended = post("requests", REQUEST, Idempotency_Key="a")

    assert (refused.status_code, mended.status_code) == (422, 200)


def test_the_same_named_call_many_times_at_once_is_done_once(database: Database, app: Flask, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "a"}

    def send(_: int) -> tuple[int, object]:
        # Where eight wait for SQLite's writer for longer than a moment, some are told to come again; scripts do.
        while (
            answer := app.test_client().post("/api/v1/responses", json=RESPONSE, headers=headers)
        ).status_code == 503:
            assert answer.headers["Retry-After"] == "5"
        return answer.status_code, json.dumps(answer.json)

    with ThreadPoolExecutor(8) as senders:
        answers = set(senders.map(send, range(24)))

    assert answers == {(200, '{"new": 1, "changed": 0, "unchanged": 0}')}
    assert _count(database, HeldResponse) == 1


def test_other_content_under_a_known_response_id_is_a_fault(post: Post) -> None:
    post("responses", RESPONSE)

    answer = post("responses", RESPONSE | {"overall": 1})

    assert answer.status_code == 422
    assert answer.json is not None
    assert [(fault["item"], fault["field"]) for fault in answer.json["faults"]] == [(0, "response_id")]


def test_responses_and_totals_come_in_one_list(database: Database, post: Post) -> None:
    answer = post("external-scores", [SCORE, TOTAL, SCORE | {"response_id": "2"}])

    assert answer.json == {"new": 3, "changed": 0, "unchanged": 0}
    assert (_count(database, ExternalResponse), _count(database, ExternalTotal)) == (2, 1)


def test_a_department_above_itself_is_refused(database: Database, post: Post) -> None:
    answer = post(
        "departments", [{"code": "A", "name": "A", "parent_code": "B"}, {"code": "B", "name": "B", "parent_code": "A"}]
    )

    assert answer.status_code == 422
    assert (_count(database, Department), _count(database, DepartmentVersion)) == (1, 1)


def test_the_decision_about_a_request_is_told_with_its_reason(client: FlaskClient, post: Post, key: str) -> None:
    just_now = clock.now() - timedelta(hours=1)
    post("requests", REQUEST | {"completed_at": just_now.isoformat()})

    answer = client.get("/api/v1/requests/desk/R-1/decision", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 200
    assert answer.json is not None
    cycle = answer.json["cycles"][0]
    assert (answer.json["decision"], cycle["department"], cycle["decided_at"]) == ("waiting", "IT", None)
    assert cycle["waits_until"] > just_now.isoformat()


def test_an_unknown_request_is_404(client: FlaskClient, key: str) -> None:
    places = ("desk/R-9", "x/R-1", "%00/%00")
    headers = {"Authorization": f"Bearer {key}"}

    answers = [client.get(f"/api/v1/requests/{place}/decision", headers=headers) for place in places]

    told = [(answer.status_code, answer.content_type) for answer in answers]
    assert told == [(404, "application/problem+json")] * len(places)


def test_errors_of_the_framework_are_problems_too_and_keep_their_headers(client: FlaskClient) -> None:
    unknown, wrong = client.get("/api/v1/nothing"), client.get("/api/v1/responses")

    assert (unknown.status_code, unknown.content_type) == (404, "application/problem+json")
    assert (wrong.status_code, wrong.content_type) == (405, "application/problem+json")
    assert sorted(wrong.headers["Allow"].split(", ")) == ["OPTIONS", "POST"]


def test_a_scorecard_is_told_as_issued_with_english_beside_its_sentences(
    database: Database, client: FlaskClient, key: str
) -> None:
    session = database.session
    computers = session.scalars(select(Department)).one()
    for revision in (1, 2):
        document = a_document(revision=revision)
        session.add(
            ScorecardRevision(
                department_id=computers.id,
                period="2026-Q3",
                revision=revision,
                frozen_at=clock.now(),
                digest=document["digest"],
                document=json.dumps(document),
            )
        )
    session.commit()
    headers = {"Authorization": f"Bearer {key}"}

    def get(path: str) -> TestResponse:
        return client.get(f"/api/v1/scorecards/{path}", headers=headers)

    last, first = get("2026-Q3/IT"), get("2026-Q3/IT?revision=1")
    assert last.json is not None
    assert first.json is not None
    assert (last.json["revision"], first.json["revision"]) == (2, 1)
    assert last.json["department"] == {"code": "IT", "name": "IT Support"}
    assert '"en"' in last.get_data(as_text=True)
    paths = ["2026-Q3/HR", "2026-Q2/IT", "May/IT", "2026-Q3/%00", "2026-Q3/IT?revision=9", "2026-Q3/IT?revision=x"]
    assert [get(path).status_code for path in paths] == [404, 404, 404, 404, 404, 422]


def test_a_change_of_people_is_noted_under_the_scripts_key_and_a_stream_is_not(database: Database, post: Post) -> None:
    person = {"email": "Alice@Example.com", "name": "Alice", "department_code": "IT"}
    for _ in range(2):
        for route, body in (("people", person), ("responses", RESPONSE), ("requests", REQUEST)):
            assert post(route, body).status_code == 200
    post("departments", {"code": "HR", "name": "People", "parent_code": "unknown"})

    database.session.rollback()
    counts = {"new": 1, "changed": 0, "unchanged": 0}
    assert [(e.actor, e.action, e.subject, e.details) for e in audit.entries(database.session)] == [
        ("api-key:1", "import.run", "people", {"kind": "people", **counts}),
    ]
