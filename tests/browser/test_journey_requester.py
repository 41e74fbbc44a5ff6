"""The requester's way: the mail, one tap, the reasons, sent, and a second thought."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.domain.states import ResponseState
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.models.quarter_salts import ensure_salt
from app.models.responses import HeldResponse
from tests.browser.walking import TakeWalk
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.journeys.conftest import Company, company, next_morning
from tests.servers.databases import Database

__all__ = ["company"]

A_MOMENT = 2_200  # milliseconds: longer than the two seconds below which an answer is held back
WORDS = {
    "en": ("Dissatisfied", "Too slow", "Send answer", "Your answer is in. Thank you.", "Change my answer"),
    "de": ("Eher unzufrieden", "Zu lange gedauert", "Antwort senden", "Ihre Antwort ist da. Danke.", "Antwort ändern"),
}


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


def invited(company: Company, language: str) -> EmailMessage:
    """Complete a request of Alice's, let the worker ask her about it next morning, and return the mail."""
    session, now = company.database.session, datetime.now(UTC)
    root = department(session, "COMPANY", staff_count=200)
    desk = department(session, "IT", parent=root, name="IT Support")
    alice = person(
        session, ALICE.email, name=ALICE.name, language=language, works_in=department(session, "HR", parent=root)
    )
    completed_request(session, desk, alice, now - timedelta(days=1), request_type="access", on_time=True)
    ensure_salt(session, company.keys, str(company.calendar.period_of(now)))
    session.commit()
    morning = next_morning(now)
    run_invitations(company.installation, now=morning)
    deliver_mail(company.installation, now=morning + timedelta(minutes=1))
    company.turn_clock(morning + timedelta(hours=1))
    (mail,) = company.mails_to(ALICE.email)
    return mail


def html(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_from_the_mail_to_a_second_thought(take_walk: TakeWalk, company: Company) -> None:
    walk = take_walk("requester")
    page, language = walk.page, walk.view.language
    dissatisfied, slow, send, thanks, change = WORDS[language]

    page.set_content(html(invited(company, language)))
    walk.keep_picture(page, walk.picture("0-mail"))
    page.get_by_role("link", name=dissatisfied, exact=True).click()

    page.get_by_role("button", name=send).wait_for()
    page.get_by_text(slow, exact=True).click()
    walk.station("survey")
    page.wait_for_timeout(A_MOMENT)
    page.get_by_role("button", name=send).click()

    page.get_by_text(thanks).wait_for()
    walk.station("thanks")
    page.get_by_role("link", name=change).click()
    walk.station("again")

    (stored,) = company.rows(select(HeldResponse))
    assert (stored.state, stored.reason_chips, walk.wrong) == (ResponseState.ACCEPTED, ["too_slow"], {})
    assert page.get_by_label(slow).is_checked()
