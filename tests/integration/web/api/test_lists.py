"""Lists of the API: every row once, in pages of any size, and nobody who asked for something."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.api_scopes import OF_NOBODY, Scope
from app.domain.decisions import DecisionReason
from app.foundations import clock
from app.foundations.cursors import encode
from app.models.departments import DepartmentVersion
from app.models.people import Person, PersonVersion
from app.upkeep.programs.keys import add_api_key
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database

Pages = Callable[[str], list[list[dict[str, Any]]]]


@pytest.fixture
def headers(database: Database, now: datetime) -> dict[str, str]:
    """A key for all lists; five requests of Alice to IT, one of them to HR."""
    session = database.session
    it, hr = department(session, "IT", name="Computers"), department(session, "HR")
    alice = person(session, ALICE.email)
    for hours in range(4):
        completed_request(session, it, alice, now - timedelta(hours=hours))
    completed_request(session, hr, alice, now)
    key = add_api_key(session, "script", OF_NOBODY, now=now)
    session.commit()
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def pages(client: FlaskClient, headers: dict[str, str]) -> Pages:
    """Read a list two rows at a time, to its end."""

    def read(path: str) -> list[list[dict[str, Any]]]:
        found: list[list[dict[str, Any]]] = []
        cursor: str | None = ""
        while cursor is not None:
            between = "&" if "?" in path else "?"
            answer = client.get(f"/api/v1/{path}{between}limit=2{cursor}", headers=headers)
            assert answer.status_code == 200, answer.text
            found.append(answer.get_json()["items"])
            following = answer.get_json()["next"]
            cursor = f"&cursor={following}" if following else None
        return found

    return read


def test_requests_come_once_each_in_three_pages(pages: Pages) -> None:
    found = pages("requests")

    ids = [row["external_id"] for page in found for row in page]
    assert [len(page) for page in found] == [2, 2, 1]
    assert len(set(ids)) == 5
    assert ALICE.email not in str(found)


def test_a_filter_holds_on_every_page(pages: Pages) -> None:
    found = pages("requests?department=IT&tracker=desk")

    assert [[row["provider_department"] for row in page] for page in found] == [["IT", "IT"], ["IT", "IT"]]
    assert pages("requests?department=NIL") == [[]]


def test_decisions_are_told_newest_first_without_the_requester(pages: Pages) -> None:
    found = pages("decisions")

    moments = [row["completed_at"] for page in found for row in page]
    assert [len(page) for page in found] == [2, 2, 1]
    assert moments == sorted(moments, reverse=True)
    assert {row["decision"] for page in found for row in page} == {DecisionReason.WAITING}
    assert ALICE.email not in str(found)


def test_decisions_are_narrowed_by_day_and_reason(pages: Pages, now: datetime) -> None:
    today = now.date().isoformat()

    assert sum(map(len, pages(f"decisions?from={today}&to={today}&reason=waiting"))) == 5
    assert pages("decisions?to=2020-01-01") == [[]]
    assert pages("decisions?reason=invited") == [[]]


def test_departments_and_people_are_told_as_they_are_today(database: Database, pages: Pages, now: datetime) -> None:
    session = database.session
    fin = department(session, "FIN", name="Money")
    session.add(DepartmentVersion(department_id=fin.id, valid_from=now, name="Finance", staff_count=7))
    bob = person(session, "bob@example.com")
    session.add(PersonVersion(person_id=bob.id, valid_from=now, name="Bob", department_id=fin.id))
    session.add(Person(email="zoe@example.com"))  # known from a request alone
    session.commit()

    departments, people = pages("departments"), pages("people")

    assert [row["code"] for page in departments for row in page] == ["FIN", "HR", "IT"]
    assert departments[0][0] == {
        "code": "FIN",
        "name": "Finance",
        "parent_code": None,
        "head_email": None,
        "staff_count": 7,
        "language": None,
        "valid_from": now.isoformat(),
        "valid_to": None,
        "successor_code": None,
    }
    assert departments[0][1]["valid_from"] is None
    assert [(row["email"], row["name"], row["department_code"]) for page in people for row in page] == [
        (ALICE.email, people[0][0]["name"], people[0][0]["department_code"]),
        ("bob@example.com", "Bob", "FIN"),
        ("zoe@example.com", None, None),
    ]


def test_what_a_list_does_not_know_is_refused_by_name(client: FlaskClient, headers: dict[str, str]) -> None:
    paths = [
        *("requests?limit=0", "requests?limit=201", "requests?limit=x", "requests?limit=", "requests?limit=9999999"),
        *("requests?cursor=x", "requests?cursor=", "people?department=a%00b&cursor=1", "requests?tracker=a%00b"),
        f"requests?cursor={encode('text')}",
        f"decisions?cursor={encode('no moment', 1)}",
        *("decisions?from=2026-7-1", "decisions?to=", "decisions?from=0001-01-01", "decisions?reason=bored"),
    ]

    for path in paths:
        answer = client.get(f"/api/v1/{path}", headers=headers)

        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), path
        told = answer.get_json()
        name = told["detail"].split(":")[0]
        assert name in {"limit", "cursor", "tracker", "from", "to", "reason"}, path
        assert told["faults"] == [{"item": 0, "field": name, "detail": told["detail"]}], path


def test_a_key_for_requests_reads_no_people(database: Database, app: Flask) -> None:
    with database.sessions.begin() as session:
        key = add_api_key(session, "narrow", [Scope.REQUESTS_READ], now=clock.now())

    answers = [
        app.test_client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"}).status_code
        for path in ("requests", "people", "departments", "decisions")
    ]

    assert answers == [200, 403, 403, 403]
