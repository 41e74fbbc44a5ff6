"""HR's way: what is odd, what to go without, a look at the mail, and off it goes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.states import ConnectionSide, Role
from app.jobs.mail import deliver_mail
from app.jobs.quarters import post_due
from app.mail.links import Links
from app.models.departments import Department
from app.upkeep.policy.versions import set_policy
from app.upkeep.signing_in.links import make_sign_in_link
from tests.browser.walking import TakeWalk, Walk
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request, connection
from tests.conftest import ALICE, BOB, HELEN
from tests.journeys.conftest import Company, company
from tests.servers.databases import Database

__all__ = ["company"]

IN_AUGUST, EVENING = datetime(2026, 8, 4, 9, tzinfo=UTC), datetime(2026, 10, 14, 20, tzinfo=UTC)
AFTER_THE_FREEZE = datetime(2026, 10, 15, 7, tzinfo=UTC)
WORDS = {
    "en": (
        "I have looked at it",
        "Go without",
        "Look at the mails",
        "Read it",
        "Send 1 mail",
        "All mails have left.",
    ),
    "de": (
        "Ich habe nachgesehen",
        "Darauf verzichten",
        "Mails ansehen",
        "Lesen",
        "1 E-Mail senden",
        "Alle E-Mails sind versendet.",
    ),
}


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


def open_quarter(company: Company, language: str) -> str:
    """Complete requests of Alice's and connect a source that stays silent; return the link that lets Helen in."""
    session = company.database.session
    desk = department(session, "IT", name="IT Support", head_email=BOB.email)
    alice = person(session, ALICE.email)
    for number in range(3):
        completed_request(session, desk, alice, IN_AUGUST, was_reopened=number == 0)
    connection(session, "billing", ConnectionSide.SCORES)
    helen = staff(session, HELEN.email, Role.HR, now=EVENING, name=HELEN.name)
    helen.language = language
    set_policy(session, {"posting": "after_review"}, author="a", reason="", now=EVENING)
    links = Links(base_url=company.settings.base_url, keys=company.keys)
    link = make_sign_in_link(session, links, HELEN.email, now=EVENING)
    session.commit()
    company.turn_clock(EVENING)
    return link


def freeze(company: Company) -> None:
    session = company.database.session
    desk = session.scalars(select(Department)).one()
    issue(session, desk, name="IT Support", posted=None, calendar=company.calendar)
    session.commit()
    company.turn_clock(AFTER_THE_FREEZE)


def press(walk: Walk, label: str) -> None:
    walk.press(walk.page.get_by_role("button", name=label).first)


def test_closing_a_quarter(take_walk: TakeWalk, company: Company) -> None:
    walk = take_walk("hr", by_keys_at_desk=True)
    page, language = walk.page, walk.view.language
    looked, without, mails, read, send, left = WORDS[language]
    page.goto(open_quarter(company, language))
    walk.press(page.locator("main button"))

    page.goto(f"{company.settings.base_url}/close")
    walk.station("checks")
    press(walk, looked)
    page.locator("#scores.now").wait_for()
    press(walk, without)
    page.locator("#freeze.now").wait_for()
    freeze(company)
    page.goto(f"{company.settings.base_url}/close")
    walk.station("send")
    walk.press(page.get_by_role("link", name=mails))
    walk.press(page.get_by_role("link", name=read))
    walk.station("preview")
    page.goto(f"{company.settings.base_url}/close")
    walk.press(page.get_by_role("link", name=send).first)
    walk.station("ask")
    press(walk, send)
    page.locator("#send.now").get_by_text(HELEN.email).wait_for()
    post_due(company.installation, now=AFTER_THE_FREEZE + timedelta(minutes=1))
    deliver_mail(company.installation, now=AFTER_THE_FREEZE + timedelta(minutes=2))
    page.reload()

    page.get_by_text(left).wait_for()
    walk.station("sent")
    assert (len(company.mails_to(BOB.email)), walk.wrong) == (1, {})
