"""Where a head begins, and what a department does about the one thing its scorecard proposes."""

import html
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.periods import Calendar
from app.domain.states import ActionResult, Role
from app.foundations.formats import full_day
from app.models.actions import QuarterAction
from app.models.departments import Department
from app.models.releases import PeriodRecord
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import set_policy
from tests.builders.bad_input import BAD
from tests.builders.departments import department
from tests.builders.follow_ups import case
from tests.builders.issued import issue, staff
from tests.builders.people import person
from tests.builders.scorecards import a_hidden_document
from tests.builders.signing_in import Door, hidden_fields
from tests.builders.statements import counting
from tests.conftest import BOB, HELEN, MALLORY
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
RITA = "rita@example.com"
PLACE = "/actions/2026-Q3/IT"
TYPED = re.compile(r'<textarea id="\w+" name="(\w+)"[^>]*>([^<]*)</textarea>')


class Company:
    """Mallory heads OPS; Bob and Rita head IT below it, which has DESK below. Helen is HR."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.session, self.now = database.session, now
        self.ops = department(self.session, "OPS", head_email=MALLORY.email)
        self.it = department(self.session, "IT", parent=self.ops)
        self.desk = department(self.session, "DESK", parent=self.it)
        staff(self.session, BOB.email, Role.HEAD, self.it, now=now, name=BOB.name)
        staff(self.session, RITA, Role.HEAD, self.it, now=now)
        staff(self.session, HELEN.email, Role.HR, now=now)
        self.session.commit()

    def issue(self, owner: Department, period: str = "2026-Q3", *, name: str = "IT Support", **changed: Any) -> None:
        issue(self.session, owner, period, name=name, posted=self.now, calendar=CALENDAR, **changed)
        self.session.commit()


@pytest.fixture
def company(sqlite: Database, now: datetime) -> Company:
    return Company(sqlite, now)


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, company: Company, now: datetime) -> Door:
    return Door(sqlite_app, sqlite, now)


def words(answer: TestResponse) -> str:
    """Return a page as people read it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def form(client: FlaskClient, **typed: str) -> dict[str, str]:
    """Return the form of the quarter's action as it is shown, with what is typed."""
    page = client.get(PLACE)
    areas = {name: html.unescape(text).removeprefix("\n") for name, text in TYPED.findall(page.text)}
    return hidden_fields(page) | areas | typed


def stored(door: Door) -> list[tuple[str, str | None, ActionResult | None, str]]:
    with door.database.sessions() as session:
        return [
            (row.words, row.due_on.isoformat() if row.due_on else None, row.result, row.outcome)
            for row in session.scalars(select(QuarterAction))
        ]


def test_a_head_begins_with_the_quarter_what_changed_what_to_do_and_who_waits(door: Door, company: Company) -> None:
    company.issue(company.it)
    company.issue(company.desk, name="Service Desk")
    case(company.session, company.desk, company.now, name="Ines Varga")
    company.session.commit()
    client = door.signed_in(BOB.email)

    begun = client.get("/")
    page = client.get("/home")

    assert begun.location == "/home"
    told = words(page)
    assert "July to September 2026 IT Support" in told
    assert "Colleagues are less satisfied with IT Support than customers are:" in told
    assert "What changed Against April to June 2026 nothing has clearly changed." in told
    assert "Start with the time it took." in told
    assert f'href="{PLACE}"' in page.text
    assert "Ines Varga" in told
    assert "1 scorecard of a department below yours" in told


def test_before_the_first_scorecard_the_page_names_its_day(door: Door) -> None:
    page = door.signed_in(BOB.email).get("/home")

    assert "The next scorecard comes on 18 January" in words(page)
    assert "Nobody waits for a word from you." in page.text


@pytest.mark.parametrize(
    ("posting", "is_stopped", "waits"),
    [
        ("after_review", False, "They wait for HR to send them. Then you get yours by mail and see the quarter here."),
        ("automatic", True, "HR has stopped their mails. Once they go on, you get yours and see the quarter here."),
        ("automatic", False, "They are being sent: you get yours by mail, and see the quarter here within minutes."),
    ],
)
def test_a_head_reads_that_a_frozen_quarter_waits_and_for_what(
    door: Door, company: Company, posting: str, is_stopped: bool, waits: str
) -> None:
    company.issue(company.it, "2026-Q2")
    session = company.session
    issue(session, company.it, "2026-Q3", posted=None, calendar=CALENDAR)
    session.get_one(PeriodRecord, "2026-Q3").posting_stopped = is_stopped
    set_policy(session, {"posting": posting}, author="a", reason="", now=company.now)
    session.commit()

    told = words(door.signed_in(BOB.email).get("/home"))

    assert (
        f"April to June 2026 IT Support Open the scorecard The scorecards of July to September 2026 are ready. {waits}"
        in told
    )
    assert "next scorecard" not in told


def test_where_hr_sends_scorecards_no_day_is_promised_for_them(door: Door, company: Company) -> None:
    set_policy(company.session, {"posting": "after_review"}, author="a", reason="", now=company.now)
    company.session.commit()

    told = words(door.signed_in(BOB.email).get("/home"))

    assert "The next scorecard is ready on 15 January and comes when HR sends it" in told


def test_a_hidden_quarter_is_no_verdict(door: Door, company: Company) -> None:
    hidden = a_hidden_document("IT Support")
    company.issue(company.it, **{name: hidden[name] for name in ("internal", "suppressed", "sentences", "gap", "sla")})

    told = words(door.signed_in(BOB.email).get("/home"))

    assert "That is no verdict on your work." in told


@pytest.mark.parametrize("departments", [1, 3])
def test_home_costs_the_same_for_one_department_and_for_three(door: Door, company: Company, departments: int) -> None:
    own = [company.it, department(company.session, "HUB"), department(company.session, "LAB")][:departments]
    staff(company.session, "head@example.com", Role.HEAD, *own, now=company.now)
    for owner in own:
        company.issue(owner, name=f"The {owner.code}")
    client = door.signed_in("head@example.com")
    client.get("/home")

    with counting(door.app) as statements:
        page = client.get("/home")

    assert page.text.count('href="/scorecards/2026-Q3/') == departments
    assert len(statements) == COST
    (read,) = (one for one in statements if "scorecards.document" in one)
    assert "WHERE scorecards.id = " in read  # the document of the one that the page is about


COST = 14


def test_accepting_is_one_press_and_stands_on_the_scorecard(door: Door, company: Company) -> None:
    company.issue(company.it)
    client = door.signed_in(BOB.email)

    pressed = client.post(PLACE, data=form(client))

    assert (pressed.status_code, pressed.location) == (303, f"{PLACE}?kept=1")
    assert stored(door) == [("", None, None, "")]
    assert "Start with the time it took." in words(client.get(PLACE))
    for path in ("/home", "/scorecards/2026-Q3/IT"):
        assert "Decided." in words(client.get(path))


def test_own_words_a_day_and_later_the_outcome(door: Door, company: Company) -> None:
    company.issue(company.it)
    client = door.signed_in(BOB.email)
    client.post(PLACE, data=form(client, words="A date for <each> request.", due_on="2026-12-01"))
    seen = words(door.signed_in(HELEN.email).get("/scorecards/2026-Q3/IT"))

    kept = form(client, due_on="2026-12-01", result="done", outcome="Since November.")
    client.post(PLACE, data=kept)
    company.issue(company.it, "2026-Q4")
    later = words(client.get("/scorecards/2026-Q4/IT"))

    assert "A date for <each> request. The proposal was: Start with the time it took." in seen
    assert "Decided; to be done by 1 December 2026." in seen
    assert PLACE not in seen
    assert stored(door) == [("A date for <each> request.", "2026-12-01", ActionResult.DONE, "Since November.")]
    assert "Last quarter A date for <each> request. It was done. Since November." in later
    with door.database.sessions() as session:
        acts = [(entry.action, entry.subject) for entry in audit.entries(session)]
    assert acts == [("action.decided", "action:2026-Q3/IT"), ("action.concluded", "action:2026-Q3/IT")]


def test_the_documents_hold_none_of_it(door: Door, company: Company) -> None:
    company.issue(company.it)
    client = door.signed_in(BOB.email)
    before = [client.get(f"/scorecards/2026-Q3/IT.{ending}").data for ending in ("json", "csv")]

    client.post(PLACE, data=form(client, words="A date for each request."))

    assert [client.get(f"/scorecards/2026-Q3/IT.{ending}").data for ending in ("json", "csv")] == before


@pytest.mark.parametrize("first", [True, False], ids=["first decision", "changed decision"])
def test_of_two_heads_the_second_sees_what_the_first_decided(door: Door, company: Company, first: bool) -> None:
    company.issue(company.it)
    bob, rita = door.signed_in(BOB.email), door.signed_in(RITA)
    if not first:
        bob.post(PLACE, data=form(bob, words="As before."))
    bobs, ritas = form(bob, words="Ring back."), form(rita, words="Write first.")
    bob.post(PLACE, data=bobs)

    late = rita.post(PLACE, data=ritas)

    assert late.status_code == 409
    assert late.text.count("you wrote") == 1
    was = "nothing" if first else "As before."
    assert f"What you will do: was {was}, now Ring back., you wrote Write first." in words(late)
    assert [row[0] for row in stored(door)] == ["Ring back."]
    again = hidden_fields(late) | {"words": "Ring back, write first.", "result": "", "outcome": "", "due_on": ""}
    assert rita.post(PLACE, data=again).status_code == 303
    assert [row[0] for row in stored(door)] == ["Ring back, write first."]


@pytest.mark.parametrize("field", ["words", "due_on", "result", "outcome"])
def test_whatever_is_typed_is_kept_or_pointed_at(door: Door, company: Company, field: str) -> None:
    company.issue(company.it)
    client = door.signed_in(BOB.email)
    client.post(PLACE, data=form(client, words="Ring back."))

    statuses = {}
    for kind, typed in BAD.items():
        answer = client.post(PLACE, data=form(client, result="done") | {field: typed})
        assert "<script>alert" not in answer.text
        statuses[kind] = answer.status_code

    refused = {"words": {"long"}, "outcome": {"long"}}.get(field, BAD.keys() - {"missing"})
    assert {kind for kind, status in statuses.items() if status == 422} == refused
    assert {status for kind, status in statuses.items() if kind not in refused} == {303}


def test_a_day_of_no_plan_and_words_without_a_result_are_refused(door: Door, company: Company) -> None:
    company.issue(company.it)
    client = door.signed_in(BOB.email)

    early = client.post(PLACE, data=form(client, due_on=f"{company.now.date() - timedelta(days=1)}"))
    client.post(PLACE, data=form(client))
    untold = client.post(PLACE, data=form(client, outcome="It went well."))

    today = full_day(company.now.date()).replace("\N{NO-BREAK SPACE}", " ")
    assert (early.status_code, untold.status_code) == (422, 422)
    assert f"Choose a day from {today} to 30 September 2028." in words(early)
    assert "Say above whether it was done." in untold.text


def test_a_day_that_has_passed_since_does_not_keep_the_outcome_out(door: Door, company: Company) -> None:
    company.issue(company.it)
    client = door.signed_in(BOB.email)
    day = f"{company.now.date()}"
    client.post(PLACE, data=form(client, due_on=day))
    door.wait(hours=48)

    client = door.signed_in(BOB.email)
    later = client.post(PLACE, data=form(client, due_on=day, result="done"))

    assert (later.status_code, stored(door)) == (303, [("", day, ActionResult.DONE, "")])


def test_a_name_of_somebody_is_asked_about_once_and_kept_if_it_is_meant(door: Door, company: Company) -> None:
    company.issue(company.it)
    person(company.session, "anna@example.com", name="Anna Müller")
    company.session.commit()
    client = door.signed_in(BOB.email)
    typed = form(client, words="Anna Müller rings back.")

    asked = client.post(PLACE, data=typed)
    meant = client.post(PLACE, data=typed | {"names_are_meant": "y"})
    same = client.post(PLACE, data=form(client, result="", due_on=f"{company.now.date()}"))

    assert asked.status_code == 422
    assert "People here are called “Anna”, “Müller”." in words(asked)
    assert "Anna Müller rings back.</textarea>" in asked.text
    assert (meant.status_code, same.status_code) == (303, 303)
    assert [row[0] for row in stored(door)] == ["Anna Müller rings back."]


def test_where_nothing_is_proposed_the_head_writes_or_decides_nothing(door: Door, company: Company) -> None:
    company.issue(company.it, action={})
    client = door.signed_in(BOB.email)

    empty = client.post(PLACE, data=form(client))
    client.post(PLACE, data=form(client, words="Ask more often."))

    assert empty.status_code == 422
    assert "Write what you will do: this scorecard names no aspect to start with." in empty.text
    assert [row[0] for row in stored(door)] == ["Ask more often."]


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (BOB.email, "/actions/2026-Q3/DESK", 200),  # DESK has no head, so Bob answers for it
        (MALLORY.email, PLACE, 404),  # sees the scorecard, and another answers for it
        (BOB.email, "/actions/2026-Q3/OPS", 404),
        (BOB.email, "/actions/2026-Q2/IT", 404),
        (BOB.email, "/actions/yesterday/IT", 404),
        (HELEN.email, PLACE, 403),
    ],
)
def test_only_who_answers_for_a_department_decides(
    door: Door, company: Company, who: str, path: str, status: int
) -> None:
    for owner in (company.ops, company.it, company.desk):
        company.issue(owner)

    assert door.signed_in(who).get(path).status_code == status


def test_a_scorecard_tells_the_loop_and_what_each_block_means(door: Door, company: Company) -> None:
    loop = {"low_ratings": 9, "consented": 6, "contacted": 5, "thanks": 8, "median_hours": 30.0}
    company.issue(company.it, loop=loop)

    page = door.signed_in(BOB.email).get("/scorecards/2026-Q3/IT")

    told = words(page)
    assert "After a low rating Low ratings 9 Asked to be contacted 6 Contacted 5 Half of them within 30 hours" in told
    assert page.text.count("What does this mean?") == page.text.count('<details class="means">') == 9
