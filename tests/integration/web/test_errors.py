"""What went wrong is said kindly to people and exactly to programs; every answer has its headers."""

import json
from dataclasses import replace

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from app import create_app
from app.models.base import db
from app.web.frame.security import HEADERS
from tests.servers.databases import Database
from tests.servers.kinds import on_sqlite


class LockedDatabase(Exception):
    """What a driver says when somebody else holds the database for too long."""


@pytest.fixture
def failing(app: Flask) -> Flask:
    """The application with routes that fail in every way; as outside of tests, failures become pages."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(how: str) -> str:
        if how == "bug":
            raise ZeroDivisionError
        if how == "busy":
            raise OperationalError("SELECT 1", None, LockedDatabase("database is locked"))
        if how == "full":
            raise NoConnectionLeft("QueuePool limit")
        abort(int(how))

    app.add_url_rule("/fails/<how>", view_func=fail, methods=["GET", "POST"])
    app.add_url_rule("/api/fails/<how>", "api_fails", view_func=fail)
    return app


@on_sqlite
@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nowhere", 404, "There is no such page"),
        ("/chores/99999999999999999999", 404, "There is no such page"),
        ("/fails/403", 403, "This page is not for your role"),
        ("/fails/413", 413, "That was too much at once"),
        ("/fails/busy", 503, "The database is busy"),
        ("/fails/full", 503, "The database is busy"),
        ("/fails/418", 418, "This did not work"),
    ],
)
def test_people_get_a_page(failing: Flask, path: str, status: int, heading: str) -> None:
    answer = failing.test_client().get(path)

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert f"<h1>{heading}</h1>" in answer.text


@on_sqlite
def test_who_saved_while_the_database_was_busy_is_led_back_to_the_page(failing: Flask) -> None:
    answer = failing.test_client().post("/fails/busy?from=3")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "<h1>Not saved yet</h1>" in answer.text
    assert 'href="/fails/busy?from=3">Open the page again</a>' in answer.text


@on_sqlite
def test_the_page_speaks_the_readers_language(failing: Flask) -> None:
    answer = failing.test_client().get("/nowhere", headers={"Accept-Language": "de"})

    assert "<h1>Diese Seite gibt es nicht</h1>" in answer.text


@on_sqlite
def test_a_wrong_method_names_the_right_ones(failing: Flask) -> None:
    answer = failing.test_client().post("/methods")

    assert (answer.status_code, set(answer.allow)) == (405, {"GET", "HEAD", "OPTIONS"})
    assert "<h1>This address cannot be used like that</h1>" in answer.text


@on_sqlite
def test_a_failure_gives_a_number_that_the_log_has_too(
    failing: Flask, expected_errors: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.append("in GET /fails/<how>")

    answer = failing.test_client().get("/fails/bug")

    number = answer.text.split("this number: ", 1)[1][:8]
    assert answer.status_code == 500
    assert f"failure {number} in GET /fails/<how>" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "/fails/bug" not in caplog.text  # a path may hold the token of a link


@on_sqlite
@pytest.mark.parametrize(("how", "status"), [("403", 403), ("413", 413), ("busy", 503)])
def test_programs_get_a_problem_document(failing: Flask, how: str, status: int) -> None:
    answer = failing.test_client().get(f"/api/fails/{how}")

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert json.loads(answer.data)["status"] == status


@on_sqlite
@pytest.mark.parametrize("path", ["/", "/sign-in", "/methods", "/nowhere", "/healthz", "/api/v1/openapi.json"])
def test_every_answer_has_the_headers(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers

    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_over_tls_the_cookie_belongs_to_this_host_alone(sqlite: Database) -> None:
    client = create_app(replace(sqlite.settings, base_url="https://parity.example.com")).test_client()

    answer = client.get("/sign-in", base_url="https://parity.example.com")

    assert answer.headers["Set-Cookie"].startswith("__Host-parity=")
    assert answer.headers["Set-Cookie"].endswith("; Secure; HttpOnly; Path=/; SameSite=Lax")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_name_the_company(sqlite: Database) -> None:
    app = create_app(replace(sqlite.settings, company="Halden & Sons"))

    page = app.test_client().get("/sign-in").text

    assert "<title>Sign in · Parity · Halden &amp; Sons</title>" in page
    assert '<span class="company">· Halden &amp; Sons</span>' in page
    with app.app_context():
        db.engine.dispose()
