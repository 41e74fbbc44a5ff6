"""Who sees which scorecards, as page, PDF and JSON; and what the list costs."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.periods import Calendar
from app.domain.scorecards.digest import digest
from app.domain.states import Role
from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion
from app.models.scorecards import ScorecardFile
from app.web.scorecards import pages as scorecard_pages
from tests import pdfs
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.scorecards import (
    a_document_of_another_question,
    a_document_without_customers,
    a_hidden_document,
    a_small_document,
)
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL, HELEN
from tests.servers.databases import Database
from tests.servers.kinds import on_sqlite

CALENDAR = Calendar(ZoneInfo("UTC"))
FORMS = ("", ".pdf", ".csv", ".xlsx", ".json")


class Company:
    """OPS above IT above DESK, and FIN beside IT; Bob heads IT, Helen is HR."""

    def __init__(self, database: Database, now: datetime) -> None:
        session = database.session
        self.database, self.now = database, now
        self.ops = department(session, "OPS")
        self.it = department(session, "IT", parent=self.ops)
        self.desk = department(session, "DESK", parent=self.it)
        self.fin = department(session, "FIN", parent=self.ops)
        staff(session, BOB.email, Role.HEAD, self.it, now=now, name=BOB.name)
        staff(session, HELEN.email, Role.HR, now=now, name=HELEN.name)
        staff(session, CAROL.email, Role.ADMIN, now=now)

    def issue(
        self, owner: Department, period: str = "2026-Q3", *, name: str = "IT Support", posted: bool = True
    ) -> int:
        moment = self.now if posted else None
        return issue(self.database.session, owner, period, name=name, posted=moment, calendar=CALENDAR).id

    def issue_all(self, period: str = "2026-Q3", *, posted: bool = True) -> None:
        for owner in (self.ops, self.it, self.desk, self.fin):
            self.issue(owner, period, name=f"The {owner.code}", posted=posted)
        self.database.session.commit()


@pytest.fixture
def company(database: Database, now: datetime) -> Company:
    return Company(database, now)


@pytest.fixture
def door(app: Flask, database: Database, company: Company, now: datetime) -> Door:
    database.session.commit()
    return Door(app, database, now)


def seen(client: FlaskClient, codes: str = "OPS IT DESK FIN", period: str = "2026-Q3") -> list[tuple[str, str]]:
    """Return what of each form opens; every other answer must be 404."""
    answers = {
        (code, form): client.get(f"/scorecards/{period}/{code}{form}").status_code
        for code in codes.split()
        for form in FORMS
    }
    assert set(answers.values()) <= {200, 404}, answers
    return [place for place, status in answers.items() if status == 200]


def test_a_head_sees_their_own_and_what_lies_below_in_every_form(door: Door, company: Company) -> None:
    company.issue_all()

    opened = seen(door.signed_in(BOB.email))

    assert opened == [(code, form) for code in ("IT", "DESK") for form in FORMS]


def test_hr_sees_every_scorecard(door: Door, company: Company) -> None:
    company.issue_all()

    opened = seen(door.signed_in(HELEN.email), "OPS FIN")

    assert opened == [(code, form) for code in ("OPS", "FIN") for form in FORMS]


def test_an_administrator_sees_no_results_in_any_form(door: Door, company: Company) -> None:
    company.issue_all()
    carol = door.signed_in(CAROL.email)

    answers = [carol.get(f"/scorecards/2026-Q3/IT{form}").status_code for form in FORMS]

    assert answers == [403] * len(FORMS)


def test_nobody_is_led_to_the_way_in(door: Door, company: Company) -> None:
    company.issue_all()
    stranger = door.app.test_client()

    answers = [stranger.get(f"/scorecards/2026-Q3/IT{form}") for form in FORMS]

    assert [(one.status_code, one.location) for one in answers] == [(303, "/sign-in")] * len(FORMS)


def test_a_department_that_moved_in_later_keeps_its_past_to_itself(door: Door, company: Company) -> None:
    moved = datetime(2026, 7, 1, tzinfo=company.now.tzinfo)
    session = company.database.session
    version = session.scalars(select(DepartmentVersion).where(DepartmentVersion.department_id == company.fin.id)).one()
    version.valid_to = moved
    session.add(
        DepartmentVersion(
            department_id=company.fin.id, valid_from=moved, name="Fin", parent_id=company.it.id, staff_count=20
        )
    )
    for period in ("2026-Q2", "2026-Q3"):
        company.issue(company.fin, period)
    session.commit()
    client = door.signed_in(BOB.email)

    opened = [bool(seen(client, "FIN", period)) for period in ("2026-Q2", "2026-Q3")]

    assert version.valid_from == SINCE_EVER
    assert opened == [False, True]


def test_a_frozen_quarter_is_for_hr_until_it_is_posted(door: Door, company: Company) -> None:
    company.issue_all(posted=False)

    assert seen(door.signed_in(BOB.email)) == []
    assert len(seen(door.signed_in(HELEN.email), "IT")) == len(FORMS)


def test_the_list_has_each_scorecard_with_its_finding_newest_quarter_first(door: Door, company: Company) -> None:
    company.issue_all("2026-Q2")
    company.issue_all("2026-Q3")

    text = door.signed_in(BOB.email).get("/scorecards").text

    order = [text.index(f"/scorecards/{place}") for place in ("2026-Q3/DESK", "2026-Q3/IT", "2026-Q2/DESK")]
    assert order == sorted(order)
    assert "FIN" not in text
    assert "Colleagues are less satisfied with The IT than customers are: 66% against 92%." in text


@on_sqlite
def test_the_list_says_when_the_first_scorecard_comes(door: Door) -> None:
    text = door.signed_in(BOB.email).get("/scorecards").text

    assert "The next scorecard comes on 18\N{NO-BREAK SPACE}January" in text


@pytest.mark.parametrize("quarters", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(door: Door, company: Company, quarters: int) -> None:
    for period in ("2026-Q1", "2026-Q2", "2026-Q3")[:quarters]:
        company.issue_all(period)
    client = door.signed_in(BOB.email)

    with counting(door.app) as statements:
        client.get("/scorecards")

    assert len(statements) == 10, statements
    assert not any("scorecards.document" in one for one in statements)


MORE = re.compile(r'<p class="more"><a class="btn second" href="([^"]+)">')


def listed(page: TestResponse) -> list[str]:
    return re.findall(r'<li><a href="/scorecards/([^"]+)">', page.text)


def test_earlier_scorecards_are_one_press_away(door: Door, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorecard_pages, "PER_PAGE", 3)
    for period in ("2026-Q2", "2026-Q3"):
        company.issue_all(period)
    client, found = door.signed_in(HELEN.email), []

    page = client.get("/scorecards")
    while next_ := MORE.search(page.text):
        found.append(listed(page))
        page = client.get(html.unescape(next_[1]))
    found.append(listed(page))

    assert found == [
        ["2026-Q3/DESK", "2026-Q3/FIN", "2026-Q3/IT"],
        ["2026-Q3/OPS", "2026-Q2/DESK", "2026-Q2/FIN"],
        ["2026-Q2/IT", "2026-Q2/OPS"],
    ]


def test_scorecards_are_found_by_department_and_quarter(door: Door, company: Company) -> None:
    for period in ("2026-Q2", "2026-Q3"):
        company.issue_all(period)
    helen, bob = door.signed_in(HELEN.email), door.signed_in(BOB.email)

    found = {
        asked: listed(helen.get(f"/scorecards?{asked}")) for asked in ("words=the+FI", "words=fin&quarter=2026-Q2")
    }
    nothing, odd = helen.get("/scorecards?words=nobody"), helen.get("/scorecards?quarter=2019-Q1")
    of_bob = bob.get("/scorecards?words=fin")

    assert found == {"words=the+FI": ["2026-Q3/FIN", "2026-Q2/FIN"], "words=fin&quarter=2026-Q2": ["2026-Q2/FIN"]}
    assert ("No scorecard matches." in nothing.text, odd.status_code) == (True, 404)
    assert (listed(of_bob), "No scorecard matches." in of_bob.text) == ([], True)


@on_sqlite
def test_the_page_says_it_first_and_shows_hidden_rows_as_hidden(door: Door, company: Company) -> None:
    company.issue_all()

    text = door.signed_in(BOB.email).get("/scorecards/2026-Q3/IT").text

    assert (
        '<p class="finding">Colleagues are less satisfied with The IT than customers are: 66% against 92%.</p>' in text
    )
    assert text.count('<td class="hidden-cell" colspan="3"><span>hidden</span></td>') == 2
    assert "style=" not in text


@on_sqlite
@pytest.mark.parametrize(
    "build",
    [a_document_without_customers, a_document_of_another_question, a_small_document, a_hidden_document],
)
def test_a_scorecard_with_little_to_show_opens_all_the_same(
    door: Door, company: Company, build: Callable[[], dict[str, Any]]
) -> None:
    told = {part: build()[part] for part in ("internal", "external", "gap", "sla", "sentences")}
    issue(company.database.session, company.it, posted=company.now, calendar=CALENDAR, **told)
    company.database.session.commit()
    client = door.signed_in(BOB.email)

    page = client.get("/scorecards/2026-Q3/IT")

    assert page.status_code == 200
    assert '<p class="finding">' in page.text
    assert client.get("/scorecards/2026-Q3/IT.pdf").data.startswith(b"%PDF-1.7")


def test_a_later_revision_is_pointed_at_from_the_one_before(door: Door, company: Company) -> None:
    company.issue(company.it)
    issue(company.database.session, company.it, revision=2, posted=company.now, calendar=CALENDAR)
    company.database.session.commit()
    client = door.signed_in(BOB.email)

    newest, first = (client.get(f"/scorecards/2026-Q3/IT{query}").text for query in ("", "?revision=1"))

    assert "There is a later revision of this scorecard." in first
    assert "There is a later revision of this scorecard." not in newest


def test_the_pdf_is_the_one_that_was_mailed(door: Door, company: Company) -> None:
    id_ = company.issue(company.it)
    stored = {"name": "scorecard.en.pdf", "media_type": "application/pdf", "content": b"%PDF as mailed"}
    company.database.session.add(ScorecardFile(scorecard_id=id_, **stored))
    company.database.session.commit()
    client = door.signed_in(BOB.email)

    mailed, drawn = (client.get(f"/scorecards/2026-Q3/IT.pdf{query}") for query in ("?lang=en", "?lang=de"))

    assert mailed.data == b"%PDF as mailed"
    assert drawn.data.startswith(b"%PDF-1.7")
    assert drawn.headers["Content-Disposition"] == "attachment; filename=IT-2026-Q3-r1.pdf"


@on_sqlite
def test_comments_stand_on_the_page_and_in_its_pdf_though_the_mailed_one_has_none(door: Door, company: Company) -> None:
    session, comment = company.database.session, {"id": "a1", "text": "I heard nothing for <three> days."}
    row = issue(session, company.it, posted=company.now, calendar=CALENDAR, comments=[comment])
    stored = {"name": "scorecard.en.pdf", "media_type": "application/pdf", "content": b"%PDF as mailed"}
    session.add(ScorecardFile(scorecard_id=row.id, **stored))
    session.commit()
    client = door.signed_in(BOB.email)

    page, paper = (client.get(f"/scorecards/2026-Q3/IT{form}?lang=en") for form in ("", ".pdf"))

    assert "<li>I heard nothing for &lt;three&gt; days.</li>" in page.text
    assert "I heard nothing for <three> days." in " ".join(pdfs.text(paper.data).split())


@on_sqlite
def test_the_tables_have_each_figure_as_a_row_and_stand_on_the_page(door: Door, company: Company) -> None:
    company.issue(company.it)
    company.database.session.commit()
    client = door.signed_in(BOB.email)

    page, table, book = (client.get(f"/scorecards/2026-Q3/IT{form}") for form in ("", ".csv", ".xlsx"))

    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    headline = next(row for row in rows if row[3:6] == ["internal", "csat_overall", "top_two_box"])
    assert headline[6:10] == ["0.66", "0.52", "0.78", "47"]
    assert book.data.startswith(b"PK")
    assert [answer.headers["Content-Disposition"] for answer in (table, book)] == [
        "attachment; filename=IT-2026-Q3-r1.csv",
        "attachment; filename=IT-2026-Q3-r1.xlsx",
    ]
    for ending in ("pdf", "csv", "xlsx"):
        assert f'href="/scorecards/2026-Q3/IT.{ending}?revision=1"' in page.text


def test_the_json_is_the_document_with_english_beside_its_sentences(door: Door, company: Company) -> None:
    company.issue(company.it)
    company.database.session.commit()

    shown = json.loads(door.signed_in(BOB.email).get("/scorecards/2026-Q3/IT.json").data)

    assert shown["sentences"]["finding"]["en"].startswith("Colleagues are less satisfied with IT Support")
    assert digest(shown) == shown["digest"]


def test_what_is_not_there_gets_a_kind_page(door: Door, company: Company) -> None:
    company.issue_all()
    places = ("2026-Q5/IT", "yesterday/IT", "2026-Q3/MOON", "%00/IT", "2026-Q3/%00", "2026-Q3/IT/../MOON")
    revisions = ("9", "0", "-1", "x", "²", "9" * 20)
    paths = [*places, *(f"2026-Q3/IT{form}?revision={number}" for form in FORMS for number in revisions)]
    helen = door.signed_in(HELEN.email)

    answers = {path: helen.get(f"/scorecards/{path}") for path in paths}

    found = {path: (one.status_code, "There is no such page" in one.text) for path, one in answers.items()}
    assert found == dict.fromkeys(paths, (404, True))


def test_the_link_of_a_mail_leads_to_a_department_of_any_code(door: Door, company: Company) -> None:
    codes = ["R&D/QA", "IT Support", "a?b#c%2e", "Бухгалтерия", 'x"><script>y</script>']
    for code in codes:
        company.issue(department(company.database.session, code), name="Odd")
    company.database.session.commit()
    client = door.signed_in(HELEN.email)
    mailed = {code: door.links.scorecard("2026-Q3", code).removeprefix(door.links.base_url) for code in codes}

    answers = {code: [client.get(path + form) for form in FORMS] for code, path in mailed.items()}
    listed = re.findall(r'href="(/scorecards/2026-Q3/[^"]+)"', client.get("/scorecards").text)

    assert {code: [one.status_code for one in forms] for code, forms in answers.items()} == {
        code: [200] * len(FORMS) for code in codes
    }
    assert [json.loads(forms[-1].data)["department"]["code"] for forms in answers.values()] == codes
    assert len(listed) == len(codes)
    assert [client.get(html.unescape(path)).status_code for path in listed] == [200] * len(codes)


@on_sqlite
def test_the_start_page_leads_home_or_to_the_way_in(door: Door) -> None:
    ways = [door.app.test_client().get("/").location, door.signed_in(BOB.email).get("/").location]

    assert ways == ["/sign-in", "/home"]


@on_sqlite
def test_the_methods_are_explained_to_everybody(door: Door) -> None:
    languages = ("en", "ru", "pl", "de", "es")

    pages = {language: door.app.test_client().get(f"/methods?lang={language}") for language in languages}

    found = {language: (page.status_code, f'<html lang="{language}">' in page.text) for language, page in pages.items()}
    assert found == dict.fromkeys(languages, (200, True))
