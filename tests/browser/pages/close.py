"""HR closes a quarter: one that runs, one with everything to do before its freeze, one to be sent, one stopped."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.periods import Calendar
from app.domain.states import ConnectionSide, Role
from app.foundations import clock
from app.models.scorecards import ScorecardPosting, find_revision
from tests.browser.looking import Look
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request, connection
from tests.conftest import BOB

CALENDAR = Calendar(ZoneInfo("UTC"))
RUNNING = CALENDAR.period_of(clock.now())

LOOKS = [
    Look("close-running", f"/close/{RUNNING}", Role.HR),
    Look("close-open", f"/close/{RUNNING.previous}", Role.HR),
    Look("close-frozen", "/close/2026-Q1", Role.HR),
    Look("close-stopped", "/close/2025-Q4", Role.HR),
    Look("close-mails", "/close/2026-Q1/mails", Role.HR),
    Look("close-send", "/close/2026-Q1/send", Role.HR),
    Look("close-again", "/close/2025-Q3/again/IT", Role.HR),
    Look("close-recipients", "/close/recipients", Role.HR),
    Look("close-readers", "/close/recipients/IT", Role.HR),
    Look("close-preview", "/close/2026-Q1/preview/IT", Role.HR),
]


def furnish(session: Session, moment: datetime) -> None:
    """Add requests of the quarter before this one, a source that has told nothing of it, and a mail that Bob had."""
    place = department(session, "FACILITIES")
    for number in range(3):
        who = person(session, f"asked-{number}@example.com")
        completed_request(session, place, who, CALENDAR.starts_at(RUNNING.previous), was_reopened=number == 0)
    connection(session, "rueckmeldungen-aus-dem-kundenportal", ConnectionSide.SCORES)
    had = find_revision(session, "2025-Q3", "IT")
    assert had is not None
    session.add(ScorecardPosting(scorecard_id=had.id, recipient=BOB.email, posted_at=moment))
