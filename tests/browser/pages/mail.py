"""What those who watch the work see: mails, one that was refused, addresses, patterns of held-back answers, jobs."""

from datetime import datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.domain.states import MessageState, ResponseState, Role
from app.mail.outbox import enqueue, sample_message
from app.models.messages import Message
from app.models.run_marks import move_run_mark
from app.pipeline.responses import HeldBackPattern
from tests.browser.looking import Look
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.responses import held_response
from tests.builders.service_requests import CALENDAR

HELD = {"signals": ["no_trusted_input", "too_fast"], "mail_system": "mx.example.com ESMTP"}
PATTERN = HeldBackPattern(("no_trusted_input", "too_fast"), "mx.example.com ESMTP").name


def look_up(page: Page) -> None:
    """Look an address up that gets mail."""
    page.get_by_role("textbox").fill("alice@example.com")
    page.locator("main form button").first.click()


def open_first(page: Page) -> None:
    """Open the first row of a list."""
    page.locator("main tbody a").first.click()


LOOKS = [
    Look("mail", "/admin/mail", Role.ADMIN),
    Look("mail-refused", "/admin/mail?state=failed", Role.ADMIN, do=open_first, reaches="/admin/mail/<int:number>"),
    Look("mail-addresses", "/admin/mail/addresses", Role.ADMIN, do=look_up),
    Look("mail-test", "/admin/mail/test", Role.ADMIN),
    Look("held-back", "/admin/held-back", Role.ADMIN),
    Look("held-back-pattern", f"/admin/held-back/{PATTERN}", Role.ADMIN),
    Look("jobs", "/admin/jobs", Role.ADMIN),
]


def furnish(session: Session, moment: datetime) -> None:
    """Add a refused mail and one that waits, answers of a scanner, and what the worker did last."""
    for number, state in enumerate((MessageState.FAILED, MessageState.WAITING), start=1):
        to = f"maximiliane.hohenberger-lindstroem{number}@example.com"
        out = sample_message(key=str(number), recipient=to, name="", language="de", period="2026-Q4", now=moment)
        enqueue(session, out, now=moment)
        row = session.query(Message).filter_by(key=out.key).one()
        row.state = state
    session.query(Message).filter_by(key="test:1").one().error = "550 5.7.1 Sender not allowed here"
    place = department(session, "SCANNED")
    for number in range(3):
        who = person(session, f"scanned-{number}@example.com")
        told = {"state": ResponseState.HELD_BACK, "signals": HELD}
        held_response(session, place, who, {"csat_overall": 1}, str(CALENDAR.period_of(moment)), **told)
    move_run_mark(session, "worker", moment)
    for step in ("freeze", "deliver_mail"):
        move_run_mark(session, f"job:{step}", moment - timedelta(minutes=1))
