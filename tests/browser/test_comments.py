"""HR works through the comments of a quarter by keyboard; the picture of departments is a help, not a need."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from app.domain.states import CommentState, Role
from app.foundations import clock
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.comments import CommentReview
from app.upkeep.signing_in.links import make_sign_in_link
from tests.browser.looking import DESK, PHONE, OpenPage
from tests.browser.pages.culture import PERIOD
from tests.browser.premises import Premises
from tests.builders.comments import commented
from tests.builders.departments import department
from tests.builders.issued import staff
from tests.conftest import HELEN
from tests.servers.databases import Database


@pytest.fixture
def comments(live: str, sqlite: Database) -> str:
    """Return a link that signs Helen in, where two comments of a quarter wait."""
    session = sqlite.session
    commented(session, department(session, "IT", staff_count=30), ["Quick and kind help", "It took weeks"])
    staff(session, HELEN.email, Role.HR, now=clock.now(), name=HELEN.name)
    link = make_sign_in_link(session, Links(base_url=live, keys=Keys.of(sqlite.settings)), HELEN.email, now=clock.now())
    session.commit()
    return link


def reviews(sqlite: Database) -> dict[str, tuple[CommentState, list[str] | None]]:
    with sqlite.sessions() as session:
        return {row.text: (row.state, row.codes) for row in session.scalars(select(CommentReview))}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_hr_reads_decides_and_codes_by_keyboard(
    open_page: OpenPage, comments: str, live: str, sqlite: Database
) -> None:
    page = open_page(viewport=DESK, locale="en")
    page.goto(comments)
    page.locator("main button").click()
    page.get_by_role("link", name="Comments").click()
    page.get_by_role("link", name="July to September 2026").click()

    press(page, "Read the comments")
    quick = page.locator("article", has_text="Quick and kind help")
    quick.get_by_label("decide later").focus()
    page.keyboard.press("ArrowRight")  # may be shown
    page.keyboard.press("Tab")  # what it is about
    page.keyboard.press("Enter")
    quick.get_by_label("Quick help (proposed)").focus()
    page.keyboard.press("Space")
    press(page, "Save")

    page.get_by_text("Saved.").wait_for()
    assert page.locator("blockquote").all_inner_texts() == ["It took weeks"]
    assert reviews(sqlite) == {
        "Quick and kind help": (CommentState.SHOWN, ["quick"]),
        "It took weeks": (CommentState.WAITING, None),
    }


def test_the_axes_of_the_picture_are_chosen_by_keyboard(open_page: OpenPage, page_company: Premises) -> None:
    page = open_page(viewport=PHONE, locale="en")
    page_company.sign_in(page, Role.HR)
    page.goto(f"{page_company.address}/culture/{PERIOD}/explore")
    canvas = page.locator(".explore canvas")
    canvas.wait_for()
    before = canvas.screenshot()

    page.get_by_label("Upwards").focus()
    page.keyboard.type("Requests on time")

    assert page.get_by_label("Upwards").input_value() == "on_time"
    assert canvas.screenshot() != before


def test_without_script_the_table_stands_alone(open_page: OpenPage, page_company: Premises) -> None:
    page = open_page(viewport=PHONE, locale="en", java_script_enabled=False)
    page_company.sign_in(page, Role.HR)
    page.goto(f"{page_company.address}/culture/{PERIOD}/explore")

    assert (page.locator(".explore").is_visible(), page.get_by_role("rowheader").count()) == (False, 10)
