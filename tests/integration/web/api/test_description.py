from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema

from app.imports.departments import DEPARTMENTS
from app.imports.external_scores import EXTERNAL_RESPONSES, EXTERNAL_TOTALS
from app.imports.people import PEOPLE
from app.imports.requests import REQUESTS
from app.imports.responses import RESPONSES
from app.imports.schema import Kind
from app.settings import Settings
from app.web.api import schemas
from tests.servers.databases import Database


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
        ("get", "/api/v1/scorecards/{period}/{code}"),
    }


@pytest.mark.parametrize(
    ("schema", "kinds", "more"),
    [
        (schemas.RequestItem, [REQUESTS], {"tracker"}),
        (schemas.DepartmentItem, [DEPARTMENTS], set()),
        (schemas.PersonItem, [PEOPLE], set()),
        (schemas.ScoreItem, [EXTERNAL_RESPONSES, EXTERNAL_TOTALS], {"source"}),
        (schemas.ResponseItem, [RESPONSES], {"source"}),
    ],
)
def test_it_describes_exactly_the_columns_of_the_tables(
    schema: type[Schema], kinds: list[Kind[Any]], more: set[str]
) -> None:
    assert set(schema().fields) == {name for kind in kinds for name in kind.column_names()} | more
