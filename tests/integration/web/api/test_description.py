import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema
from werkzeug.test import TestResponse

from app.domain.api_scopes import OF_NOBODY
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.imports.departments import DEPARTMENTS
from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS
from app.imports.people import PEOPLE
from app.imports.requests import REQUESTS
from app.imports.responses import RESPONSES
from app.imports.schema import Kind
from app.settings import Settings
from app.upkeep.programs.keys import add_api_key
from app.web.api import item_schemas as items
from tests.builders.departments import department
from tests.builders.service_requests import connection
from tests.integration.web.api.conformity import faults, references, resolved
from tests.servers.databases import Database

BODIES: dict[str, dict[str, Any]] = {
    "requests": items.REQUEST,
    "departments": items.DEPARTMENT,
    "people": items.PERSON,
    "external-scores": items.TOTAL,
    "responses": items.RESPONSE,
}


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    return sqlite.settings


def test_the_description_is_openapi_3_1_and_names_every_route(client: FlaskClient) -> None:
    document: dict[str, Any] = client.get("/api/v1/openapi.json").json or {}

    described = {
        (method, path) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    assert document["openapi"] == "3.1.0"
    assert described >= {
        ("post", "/api/v1/requests"),
        ("post", "/api/v1/departments"),
        ("post", "/api/v1/people"),
        ("post", "/api/v1/external-scores"),
        ("post", "/api/v1/responses"),
        ("get", "/api/v1/requests/{tracker}/{external_id}/decision"),
        ("get", "/api/v1/culture/{period}"),
        ("get", "/api/v1/scorecards/{period}/{code}"),
    }


@pytest.mark.parametrize(
    ("schema", "kinds", "more"),
    [
        (items.RequestItem, [REQUESTS], {"tracker"}),
        (items.DepartmentItem, [DEPARTMENTS], set()),
        (items.PersonItem, [PEOPLE], set()),
        (items.ScoreItem, [EXTERNAL_RESPONSES, EXTERNAL_TOTALS], {"source"}),
        (items.ResponseItem, [RESPONSES], {"source"}),
    ],
)
def test_it_describes_exactly_the_columns_of_the_tables(
    schema: type[Schema], kinds: list[Kind[Any]], more: set[str]
) -> None:
    assert set(schema().fields) == {name for kind in kinds for name in kind.column_names()} | more


@pytest.fixture
def call(client: FlaskClient, sqlite: Database) -> Callable[..., TestResponse]:
    """Call the API with a key that may do everything."""
    session = sqlite.session
    connection(session, "desk")
    connection(session, "forms", ConnectionSide.SCORES)
    department(session, "IT")
    key = add_api_key(session, "script", OF_NOBODY, now=clock.now())
    session.commit()

    def send(method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"} | options.pop("headers", {})
        return client.open(f"/api/v1/{path}", method=method, headers=headers, **options)

    return send


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json or {}


def conforms(document: dict[str, Any], route: str, answer: TestResponse) -> list[str]:
    """Name what an answer says otherwise than the description of its route does."""
    operation = document["paths"][f"/api/v1/{route}"][answer.request.method.lower()]
    described = operation["responses"][str(answer.status_code)]
    return list(faults(document, described["content"][answer.content_type]["schema"], answer.json))


def test_every_reference_leads_somewhere_and_every_operation_has_a_name(document: dict[str, Any]) -> None:
    operations = [
        operation for item in document["paths"].values() for method, operation in item.items() if method != "parameters"
    ]

    assert all(resolved(document, {"$ref": reference}) for reference in references(document))
    assert len({operation["operationId"] for operation in operations}) == len(operations) >= 7


def test_every_call_that_changes_something_says_what_a_repeated_one_does(document: dict[str, Any]) -> None:
    changing = [
        operation
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in {"post", "put", "delete"}
    ]

    knows = ["Idempotency-Key" in [one.get("name") for one in operation["parameters"]] for operation in changing]
    says = [operation.get("description", "").endswith("Idempotency-Key is not looked at.") for operation in changing]

    assert [one != other for one, other in zip(knows, says, strict=True)] == [True] * len(changing)
    assert sum(knows) == len(BODIES)


@pytest.mark.parametrize("route", list(BODIES))
def test_what_is_taken_and_what_is_answered_are_as_described(
    call: Callable[..., TestResponse], document: dict[str, Any], route: str
) -> None:
    body = BODIES[route]
    item = document["paths"][f"/api/v1/{route}"]["post"]["requestBody"]["content"]["application/json"]["schema"]

    answers = [
        call("POST", route, json=[body]),
        call("POST", route, json=[body | {"colour": "red"}, 7]),
        call("POST", route, json=[]),
        call("POST", route, json=[body] * 1001),
        call("POST", route, data="x", content_type="text/plain"),
        call("POST", route, json=[body], headers={"Authorization": "Bearer none"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 422, 400, 413, 415, 401]
    assert [conforms(document, route, answer) for answer in answers] == [[]] * len(answers)
    assert list(faults(document, item["oneOf"][0], body)) == []


def test_each_record_says_what_its_members_mean_and_shows_one(document: dict[str, Any]) -> None:
    records = {name: one for name, one in document["components"]["schemas"].items() if name.endswith("Item")}
    bodies = [document["paths"][f"/api/v1/{route}"]["post"]["requestBody"]["content"] for route in BODIES]

    silent = [
        f"{name}.{member}"
        for name, record in records.items()
        for member, told in record["properties"].items()
        if not told.get("description")
    ]
    assert (len(records), silent) == (len(BODIES), [])
    assert [body["application/json"]["example"] for body in bodies] == [[one] for one in BODIES.values()]


def test_decisions_are_answered_as_described(call: Callable[..., TestResponse], document: dict[str, Any]) -> None:
    route = "requests/{tracker}/{external_id}/decision"
    call("POST", "requests", json=items.REQUEST)

    answers = [call("GET", f"requests/desk/{name}/decision") for name in ("4711", "4712")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert [conforms(document, route, answer) for answer in answers] == [[], []]


def test_the_judge_of_answers_sees_what_is_wrong(document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Written"}

    assert list(faults(document, schema, {"new": 1, "changed": True})) == [
        "$: unchanged is missing",
        "$.changed: True is none of ['integer']",
    ]


ROW = re.compile(r"^\| `(GET|POST|PUT|DELETE) (/[^`]*)` \| `([^`]+)` \|", re.MULTILINE)


def test_docs_name_every_route_with_its_scope(document: dict[str, Any]) -> None:
    page = (Path(__file__).parents[4] / "docs" / "api.md").read_text(encoding="utf-8")

    told = sorted(
        (method, path.replace("<", "{").replace(">", "}"), scope) for method, path, scope in ROW.findall(page)
    )

    assert told == sorted(
        (method.upper(), path.removeprefix("/api/v1"), *operation["security"][0]["key"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    )
