"""HR's document as a page with its files: only for those who see all results, and at a cost that stays."""

import csv
import io
import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.scorecards.digest import digest
from app.domain.states import Role
from app.models.departments import Department
from tests.builders.culture import ASKED, VOICES, company, culture, forget_drawn, freeze_documents, scorecard
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.scorecards import CALENDAR
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL, HELEN
from tests.servers.databases import Database

FORMS = ("", ".pdf", ".csv", ".xlsx", ".json")


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    """Helen is HR, Bob heads a department, Carol runs the installation; nothing is frozen yet."""
    session = database.session
    it = department(session, "IT")
    staff(session, BOB.email, Role.HEAD, it, now=now, name=BOB.name)
    staff(session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    session.commit()
    forget_drawn()
    return Door(app, database, now)


def a_document(*codes: str, **changed: Any) -> dict[str, Any]:
    """A quarter in which Sales is less satisfied with every department than People is."""
    cards = [scorecard(code, (39, 60), {"HR": (14, 30), "SALES": (25, 30)}) for code in codes or ("IT",)]
    return culture(*cards, company=company(), asked=ASKED, voices=VOICES, **changed)


def of_quarter(document: dict[str, Any], period: str) -> dict[str, Any]:
    moved = document | {"period": period}
    return moved | {"digest": digest(moved)}


def test_hr_sees_it_in_every_form_and_nobody_else_in_any(door: Door, database: Database) -> None:
    freeze_documents(database.session, a_document())

    seen = {
        who.name: [door.signed_in(who.email).get(f"/culture/2026-Q3{form}").status_code for form in FORMS]
        for who in (HELEN, BOB, CAROL)
    }

    assert seen == {HELEN.name: [200] * 5, BOB.name: [403] * 5, CAROL.name: [403] * 5}
    assert [door.signed_in(who.email).get("/culture").status_code for who in (HELEN, BOB, CAROL)] == [303, 403, 403]
    strangers = [door.app.test_client().get(f"/culture/2026-Q3{form}").location for form in FORMS]
    assert strangers == ["/sign-in"] * 5


def test_only_who_may_see_it_is_shown_the_way(door: Door, database: Database) -> None:
    freeze_documents(database.session, a_document())

    ways = ['href="/culture"' in door.signed_in(who.email).get("/scorecards").text for who in (HELEN, BOB)]

    assert ways == [True, False]


def test_the_page_says_it_first_shows_it_and_repeats_it_as_tables(door: Door, database: Database) -> None:
    hidden = scorecard("IT", (39, 60), {"HR": (14, 30)}, hidden=("by_requester_department:SALES",))
    other = scorecard("FM", (50, 60), {"HR": (22, 30), "SALES": (28, 30)})
    freeze_documents(database.session, culture(hidden, other, company=company(), asked=ASKED, voices=VOICES))

    text = door.signed_in(HELEN.email).get("/culture/2026-Q3").text

    assert '<p class="finding">Of 3 pairs of departments that can be shown, 1 is rated lower' in text
    assert "All of this is about people who raised requests, not about all employees." in text
    assert re.search(r'<th scope="row">SALES</th>\s+<td class="hidden-cell"><span>hidden</span></td>', text)
    assert '<td class="heat-1 is-low"><b>47%</b><span class="sr">, clearly below the company</span>' in text
    assert '<th scope="col" class="r">FM</th>' in text
    assert "Index = (cooperation + communication + contact cases closed) / 3" in text
    assert "No ranking of departments" in text
    assert ("style=" in text, "<script" in text) == (False, False)


def test_the_tables_hold_the_figures_of_the_document(door: Door, database: Database) -> None:
    freeze_documents(database.session, a_document())
    client = door.signed_in(HELEN.email)

    answers = {form: client.get(f"/culture/2026-Q3{form}") for form in FORMS[1:]}

    rows = list(csv.reader(io.StringIO(answers[".csv"].data.decode("utf-8-sig"))))
    trust = next(dict(zip(rows[0], row, strict=True)) for row in rows if "trust_index" in row)
    assert (trust["estimate"], trust["lower"], trust["upper"], trust["n"]) == ("72.5", "67.5", "77.5", "70")
    assert answers[".xlsx"].data.startswith(b"PK")
    assert answers[".pdf"].data.startswith(b"%PDF-1.7")
    shown = json.loads(answers[".json"].data)
    assert digest(shown) == shown["digest"]
    names = [answers[form].headers["Content-Disposition"].partition("filename=")[2] for form in FORMS[1:4]]
    assert names == ["culture-2026-Q3-r1.pdf", "culture-2026-Q3-r1.csv", "culture-2026-Q3-r1.xlsx"]


def test_the_page_leads_to_its_files_its_neighbours_and_the_later_revision(door: Door, database: Database) -> None:
    first, second = a_document(), a_document(revision=2)
    freeze_documents(database.session, of_quarter(first, "2026-Q2"), first, second)
    client = door.signed_in(HELEN.email)

    newest, old = client.get("/culture/2026-Q3").text, client.get("/culture/2026-Q3?revision=1").text

    assert client.get("/culture").location == "/culture/2026-Q3"
    for form in ("pdf", "csv", "xlsx", "json"):
        assert f'href="/culture/2026-Q3.{form}?revision=2"' in newest
    assert "Previous: April to June 2026" in newest
    assert "There is a later revision of this document." in old
    assert "There is a later revision of this document." not in newest


def test_what_is_not_there_gets_a_kind_page(door: Door, database: Database) -> None:
    freeze_documents(database.session, a_document())
    helen = door.signed_in(HELEN.email)

    for path in ("2026-Q2", "May", "2026-Q3?revision=9", "2026-Q3?revision=x", "2026-Q3.doc"):
        answer = helen.get(f"/culture/{path}")

        assert answer.status_code == 404, path
        assert "There is no such page" in answer.text, path


def test_before_the_first_freeze_it_says_when_there_will_be_something(door: Door) -> None:
    answer = door.signed_in(HELEN.email).get("/culture")

    assert answer.status_code == 200
    assert "This page is filled on 15\N{NO-BREAK SPACE}January" in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_many_departments_and_next_to_nothing_once_drawn(
    door: Door, database: Database, count: int
) -> None:
    codes = ("IT", "FM", "PAY")[:count]
    for code in codes:
        owner = database.session.scalars(select(Department).where(Department.code == code)).one_or_none()
        issue(database.session, owner or department(database.session, code), posted=None, calendar=CALENDAR)
    freeze_documents(database.session, a_document(*codes))
    client = door.signed_in(HELEN.email)

    with counting(door.app) as drawing:
        client.get("/culture/2026-Q3")
    with counting(door.app) as again:
        client.get("/culture/2026-Q3")

    assert (len(drawing), len(again)) == (9, 4), drawing
