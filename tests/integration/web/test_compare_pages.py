"""Quarters of a department beside each other: which are shown, to whom, and what the page asks of the database."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.domain.periods import Calendar
from app.domain.states import Role
from app.models.departments import Department
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import BOB, MALLORY
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
QUARTERS = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]
PAGE = "/scorecards/compare/R%26D%2FQA"
COLUMN = re.compile(r'<th scope="col" class="r"><a href="/scorecards/([^/]+)/')
SENTENCE = re.compile(r'<dt><a href="/scorecards/([^/]+)/')


@pytest.fixture
def owner(sqlite: Database, now: datetime) -> Department:
    """Bob heads a department with an odd code and six quarters; the last of them is not posted."""
    session = sqlite.session
    owner = department(session, "R&D/QA")
    staff(session, BOB.email, Role.HEAD, owner, now=now)
    staff(session, MALLORY.email, Role.HEAD, department(session, "FIN"), now=now)
    for period in QUARTERS:
        issue(session, owner, period, posted=None if period == QUARTERS[-1] else now, calendar=CALENDAR)
    session.commit()
    return owner


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, owner: Department, now: datetime) -> Door:
    return Door(sqlite_app, sqlite, now)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", QUARTERS[1:5]),
        ("?quarters=2026-Q1,2025-Q1", ["2025-Q1", "2026-Q1"]),
        ("?quarters=2025-Q2&quarters=2025-Q4", ["2025-Q2", "2025-Q4"]),
    ],
)
def test_the_newest_four_or_those_asked_for_are_shown(door: Door, asked: str, shown: list[str]) -> None:
    page = door.signed_in(BOB.email).get(PAGE + asked)

    assert COLUMN.findall(page.text) == shown
    assert SENTENCE.findall(page.text) == shown


def test_of_more_than_five_the_newest_are_shown_and_the_page_says_so(
    door: Door, sqlite: Database, owner: Department, now: datetime
) -> None:
    issue(sqlite.session, owner, "2024-Q4", posted=now, calendar=CALENDAR)
    sqlite.session.commit()

    page = door.signed_in(BOB.email).get(f"{PAGE}?quarters=2024-Q4,{','.join(QUARTERS[:5])}")

    assert COLUMN.findall(page.text) == QUARTERS[:5]
    assert "Five quarters fit beside each other." in page.text


@pytest.mark.parametrize("asked", ["?quarters=2026-Q2", "?quarters=2030-Q1", "?quarters=yesterday,2025-Q1"])
def test_a_quarter_that_is_not_there_for_the_viewer_is_not_found(door: Door, asked: str) -> None:
    assert door.signed_in(BOB.email).get(PAGE + asked).status_code == 404


@pytest.mark.parametrize("path", [PAGE, "/scorecards/compare/MOON", "/scorecards/compare/FIN"])
def test_another_department_or_one_without_scorecards_is_not_found(door: Door, path: str) -> None:
    assert door.signed_in(MALLORY.email).get(path).status_code == 404


@pytest.mark.parametrize("quarters", [1, 3])
def test_the_page_costs_the_same_for_one_quarter_and_for_three(door: Door, quarters: int) -> None:
    client = door.signed_in(BOB.email)
    path = f"{PAGE}?quarters={','.join(QUARTERS[:quarters])}"
    client.get(path)

    with counting(door.app) as statements:
        page = client.get(path)

    assert len(COLUMN.findall(page.text)) == quarters
    assert len(statements) == 8
