"""A company behind a web server, built once a process for everything that only looks at pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app import create_app
from app.domain.periods import Calendar
from app.domain.states import Role
from app.foundations import clock
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.base import db
from app.models.departments import Department
from app.models.releases import PeriodRecord
from app.upkeep.policy.versions import set_policy
from app.upkeep.signing_in.links import make_sign_in_link
from tests.browser.looking import DRAWING
from tests.browser.pages import areas
from tests.builders.culture import ASKED, VOICES, culture, freeze_documents, scorecard
from tests.builders.culture import company as whole_company
from tests.builders.departments import department
from tests.builders.issued import CUTS, HOURS, issue, staff
from tests.conftest import BOB, CAROL, HELEN, Person
from tests.servers import databases, web
from tests.servers.databases import Database
from tests.servers.processes import free_port

CALENDAR = Calendar(ZoneInfo("UTC"))
LONG_AGO = timedelta(days=150)
SHARED_FOR = 5 * 60.0  # seconds; pages that change a way in ask for a sign-in of the last 15 minutes
LONG_NAME = "Informationstechnik und Arbeitsplatzservice"
WAITS = CUTS["operations"] | {"by_request_type": [{"value": "access", "resolution_time": HOURS, "stuck_share": 0.06}]}
PEOPLE = {
    Role.HEAD: BOB,
    Role.HR: HELEN,
    Role.ADMIN: CAROL,
    Role.AUDITOR: Person("Nina Auditor", "nina@example.com"),
}


@dataclass(frozen=True)
class Premises:
    """A running application with its company."""

    address: str
    database: Database
    cookies: dict[Role, tuple[float, Any]] = field(default_factory=dict)

    def let_in(self, page: Page, role: Role) -> None:
        """Let somebody with the role in by the session of who signed in for it before, while that is fresh."""
        began, cookies = self.cookies.get(role, (-SHARED_FOR, None))
        if monotonic() < began + SHARED_FOR:
            page.context.add_cookies(cookies)
            return
        self.sign_in(page, role)
        self.cookies[role] = monotonic(), page.context.cookies()

    def sign_in(self, page: Page, role: Role) -> None:
        """Let somebody with the role in through the form behind a link."""
        links = Links(base_url=self.address, keys=Keys.of(self.database.settings))
        with self.database.sessions() as session, session.begin():
            link = make_sign_in_link(session, links, PEOPLE[role].email, now=clock.now())
        page.goto(link)
        page.locator("main button").click(timeout=DRAWING)  # what comes next may have pictures
        page.wait_for_url(lambda address: "/sign-in" not in address, timeout=DRAWING)


def nine_quarters(session: Session, moment: datetime) -> Department:
    """Nine quarters of a department, the last to be sent by HR and the one before stopped, HR's document and Helen."""
    owner = department(session, "IT", name=LONG_NAME, head_email=BOB.email)
    staff(session, HELEN.email, Role.HR, now=moment, name=HELEN.name)
    for period in [f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)] + ["2026-Q1"]:
        posted = None if period == "2026-Q1" else moment
        issue(session, owner, period, name=LONG_NAME, posted=posted, calendar=CALENDAR, operations=WAITS)
    session.get_one(PeriodRecord, "2025-Q4").posting_stopped = True
    set_policy(session, {"posting": "after_review"}, author="a", reason="", now=moment - LONG_AGO)
    freeze_documents(session, hrs_document())
    return owner


def hrs_document() -> dict[str, Any]:
    """Return a quarter with a hidden pair, five to nine people, long names, and every measure of the company."""
    rated = {"IT": (14, 30), "SALES": (25, 30), LONG_NAME: (6, 8)}
    cards = [scorecard(code, (39, 60), rated, hidden=("by_requester_department:FIN",)) for code in ("IT", "FM", "PAY")]
    return culture(*cards, company=whole_company(), asked=ASKED, voices=VOICES)


@contextmanager
def running(template: Path, folder: Path) -> Iterator[Premises]:
    """Build the company, with what every area adds to it, and serve it."""
    database = databases.opened("sqlite", databases.sqlite_copy(template, folder), folder)
    session, moment = database.session, clock.now()
    nine_quarters(session, moment)
    for role in (Role.ADMIN, Role.AUDITOR):
        staff(session, PEOPLE[role].email, role, now=moment, name=PEOPLE[role].name)
    for area in areas():
        if hasattr(area, "furnish"):
            area.furnish(session, moment)
    session.commit()
    port = free_port()
    address = f"http://localhost:{port}"  # a number has no passkeys
    app = create_app(replace(database.settings, base_url=address, passwords=True))
    with web.serving(app, port):
        yield Premises(address, database)
    with app.app_context():
        db.engine.dispose()
    databases.close(database)
