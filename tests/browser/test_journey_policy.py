"""The administrator's way to another policy: a draft, tried by the worker on last quarter, switched on for a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.states import Role
from app.foundations import clock
from app.jobs.chores import run_chores
from app.mail.links import Links
from app.models.policies import PolicyVersion
from app.upkeep.signing_in.links import make_sign_in_link
from tests.browser.walking import TakeWalk, Walk
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import CAROL
from tests.journeys.conftest import Company, company
from tests.servers.databases import Database

__all__ = ["company"]

WORDS = {
    "en": {
        "rest": "Rest between two surveys",
        "group": "What may be shown",
        "smallest": "Smallest group",
        "wrong": "Write a number from 5 to 100.",
        "why": "Why this change?",
        "reason": "Finance and Legal stay under 30 answers.",
        "try": "Try on last quarter",
        "waits": "It waits for the worker.",
        "row": "Surveys sent",
        "on": "Switch on",
        "sure": "Switch on now",
        "done": "Version 1 is in force since",
    },
    "de": {
        "rest": "Pause zwischen zwei Umfragen",
        "group": "Was gezeigt werden darf",
        "smallest": "Kleinste Gruppe",
        "wrong": "Schreiben Sie eine Zahl von 5 bis 100.",
        "why": "Warum diese Änderung?",
        "reason": "Finanzen und Recht bleiben unter 30 Antworten.",
        "try": "Am letzten Quartal ausprobieren",
        "waits": "Wartet auf den Hintergrundprozess.",
        "row": "Verschickte Umfragen",
        "on": "Einschalten",
        "sure": "Jetzt einschalten",
        "done": "Version 1 gilt seit",
    },
}
PEOPLE, EACH = 30, 3


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


def last_quarter(company: Company) -> None:
    """Thirty colleagues asked IT and LAW for something every twelve days of the quarter before this one."""
    session, now = company.database.session, clock.now()
    staff(session, CAROL.email, Role.ADMIN, now=now, name=CAROL.name)
    desks = [department(session, code) for code in ("IT", "LAW")]
    begin = company.calendar.starts_at(company.calendar.period_of(now).previous)
    for number in range(PEOPLE):
        who = person(session, f"p{number}@example.com")
        for time in range(EACH):
            moment = begin + timedelta(days=5 + number % 5 + 12 * time, hours=9)
            completed_request(session, desks[number % 2], who, moment)
    session.commit()


def signed_in(company: Company, walk: Walk) -> None:
    links = Links(base_url=company.settings.base_url, keys=company.keys)
    with company.database.sessions() as session, session.begin():
        link = make_sign_in_link(session, links, CAROL.email, now=clock.now())
    walk.page.goto(link)
    walk.press(walk.page.locator("main button"))


def test_from_a_draft_to_another_policy(take_walk: TakeWalk, company: Company) -> None:
    walk = take_walk("policy", by_keys_at_desk=True)
    page, language = walk.page, walk.view.language
    words = WORDS[language]
    last_quarter(company)

    signed_in(company, walk)
    page.goto(f"{company.settings.base_url}/admin/policy")
    walk.write(page.get_by_label(words["rest"]), "10")
    walk.press(page.locator("summary", has_text=words["group"]))
    walk.write(page.get_by_label(words["smallest"], exact=True), "4")
    walk.press(page.get_by_role("button", name=words["try"]))
    page.locator(".msg", has_text=words["wrong"]).wait_for()
    walk.station("wrong")

    walk.write(page.get_by_label(words["smallest"], exact=True), "5")
    walk.write(page.get_by_label(words["why"]), words["reason"])
    walk.press(page.get_by_role("button", name=words["try"]))
    page.get_by_text(words["waits"]).wait_for()
    assert run_chores(company.installation, now=clock.now()) == 1
    row = page.get_by_role("row", name=words["row"])
    row.wait_for()  # the page looks again by itself
    walk.station("tried")
    told = [cell.inner_text() for cell in row.get_by_role("cell").all()]

    walk.press(page.get_by_role("button", name=words["on"], exact=True))
    page.get_by_role("button", name=words["sure"]).wait_for()
    walk.station("looked-over")
    walk.press(page.get_by_role("button", name=words["sure"]))
    page.get_by_text(words["done"]).wait_for()
    walk.station("in-force")

    (version,) = company.rows(select(PolicyVersion))
    assert (version.reason, version.rules["quarantine_days"]) == (words["reason"], 10)
    assert (told, walk.wrong) == (["30", "90", "+60"], {})
