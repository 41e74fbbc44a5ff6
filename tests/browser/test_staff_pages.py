"""The pages of staff in a real browser: on a phone and on a desk, by day and by night, in several languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from app.domain.periods import Calendar
from app.domain.states import Role
from app.foundations import clock
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.departments import Department
from app.models.releases import PeriodRecord
from app.upkeep.sign_in import make_sign_in_link
from tests.builders.culture import ASKED, VOICES, culture, freeze_documents, scorecard
from tests.builders.culture import company as whole_company
from tests.builders.departments import department
from tests.builders.issued import CUTS, HOURS, issue, staff
from tests.conftest import HELEN
from tests.servers.databases import Database

PHONE, NARROWEST, DESK = ({"width": width, "height": height} for width, height in ((360, 740), (320, 640), (1440, 900)))
CALENDAR = Calendar(ZoneInfo("UTC"))
LONG_NAME = "Informationstechnik und Arbeitsplatzservice"
WAITS = CUTS["operations"] | {"by_request_type": [{"value": "access", "resolution_time": HOURS, "stuck_share": 0.06}]}

OpenPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
KeepPicture = Callable[..., Path]


@pytest.fixture
def company(sqlite: Database) -> Department:
    """Nine quarters of a department, the last not mailed yet and the one before stopped, and Helen who may see them."""
    session, moment = sqlite.session, clock.now()
    owner = department(session, "IT")
    staff(session, HELEN.email, Role.HR, now=moment, name=HELEN.name)
    for period in [f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)] + ["2026-Q1"]:
        posted = None if period == "2026-Q1" else moment
        issue(session, owner, period, name=LONG_NAME, posted=posted, calendar=CALENDAR, operations=WAITS)
    session.get_one(PeriodRecord, "2025-Q4").posting_stopped = True
    freeze_documents(session, hrs_document())
    session.commit()
    return owner


def hrs_document() -> dict[str, Any]:
    """Return a quarter with a hidden pair, five to nine people, long names, and every measure of the company."""
    rated = {"IT": (14, 30), "SALES": (25, 30), LONG_NAME: (6, 8)}
    cards = [scorecard(code, (39, 60), rated, hidden=("by_requester_department:FIN",)) for code in ("IT", "FM", "PAY")]
    return culture(*cards, company=whole_company(), asked=ASKED, voices=VOICES)


@pytest.fixture
def sign_in(live: str, company: Department, sqlite: Database) -> Callable[[Page], None]:
    def enter(page: Page) -> None:
        links = Links(base_url=live, keys=Keys.of(sqlite.settings))
        with sqlite.sessions() as session, session.begin():
            address = make_sign_in_link(session, links, HELEN.email, now=clock.now())
        page.goto(address)
        page.locator("button").click()
        page.wait_for_url("**/scorecards")

    return enter


def _overflow(page: Page) -> int:
    """Return how far the page runs out of the screen with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize("locale", ["en", "ru"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_can_be_read_by_everybody(
    open_page: OpenPage,
    axe: Axe,
    keep_picture: KeepPicture,
    live: str,
    sign_in: Callable[[Page], None],
    size: dict[str, int],
    scheme: str,
    locale: str,
) -> None:
    page = open_page(viewport=size, color_scheme=scheme, locale=locale)
    found: dict[str, Any] = {}

    def look(name: str, path: str) -> None:
        answer = page.goto(live + path)
        assert answer is not None
        assert answer.status == (404 if name == "not-found" else 200)
        keep_picture(page, f"{name}-{size['width']}-{scheme}-{locale}")
        if problems := [*axe(page), *([f"{_overflow(page)} px sideways"] if _overflow(page) > 0 else [])]:
            found[name] = problems

    look("sign-in", "/sign-in")
    look("sign-in-sent", "/sign-in?sent=1")
    look("methods", "/methods")
    look("not-found", "/nowhere")
    sign_in(page)
    look("scorecards", "/scorecards")
    look("scorecard", "/scorecards/2026-Q1/IT")
    look("culture", "/culture/2026-Q3")

    assert found == {}


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
def test_nothing_is_wider_than_the_narrowest_screen(
    open_page: OpenPage, live: str, sign_in: Callable[[Page], None], language: str
) -> None:
    page = open_page(viewport=NARROWEST)
    sign_in(page)

    overflows = {}
    for path in ("/scorecards", "/scorecards/2026-Q1/IT", "/culture/2026-Q3", "/methods"):
        page.goto(f"{live}{path}?lang={language}")
        overflows[path] = _overflow(page)

    assert set(overflows.values()) == {0}, overflows


def test_the_way_in_and_out_works_by_keyboard(open_page: OpenPage, sign_in: Callable[[Page], None]) -> None:
    page = open_page(viewport=DESK)
    sign_in(page)

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/sign-in")
    assert skip == "Skip to content"


def test_a_wrong_address_is_pointed_at(open_page: OpenPage, axe: Axe, keep_picture: KeepPicture, live: str) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"{live}/sign-in")

    page.get_by_label("Work mail address").fill("maren.osei@halden")
    page.get_by_role("button", name="Send me a link").click()

    page.get_by_text("Something is missing after “halden”, such as .com").wait_for()
    keep_picture(page, "sign-in-wrong")
    assert axe(page) == []


def test_the_tables_beside_hrs_pictures_open_and_scroll_by_keyboard(
    open_page: OpenPage, axe: Axe, live: str, sign_in: Callable[[Page], None]
) -> None:
    page = open_page(viewport=PHONE)
    sign_in(page)
    page.goto(f"{live}/culture/2026-Q3?lang=en")

    page.locator("#matrix summary").focus()
    page.keyboard.press("Enter")
    grid = page.get_by_role("region", name="Who serves whom: share satisfied")
    grid.focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert grid.get_by_role("cell", name="hidden").count() == 3
    assert grid.get_by_role("rowheader").first.is_visible()
    assert (axe(page), _overflow(page)) == ([], 0)
