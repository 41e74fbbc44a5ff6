"""What people do on pages of staff, in a real browser; how the pages look is in test_every_page."""

from playwright.sync_api import Page

from app.domain.states import Role
from tests.browser.looking import DESK, PHONE, Axe, KeepPicture, OpenPage, sideways, unfold
from tests.browser.premises import Premises


def test_the_way_in_and_out_works_by_keyboard(open_page: OpenPage, page_company: Premises) -> None:
    page = open_page(viewport=DESK)
    page_company.sign_in(page, Role.HR)

    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/sign-in")
    assert skip == "Skip to content"


def test_a_wrong_address_is_pointed_at(
    open_page: OpenPage, axe: Axe, keep_picture: KeepPicture, page_company: Premises
) -> None:
    page: Page = open_page(viewport=PHONE)
    page.goto(f"{page_company.address}/sign-in")

    page.get_by_label("Work mail address").fill("maren.osei@halden")
    page.get_by_role("button", name="Send me a link").click()

    page.get_by_text("Something is missing after “halden”, such as .com").wait_for()
    keep_picture(page, "sign-in-wrong")
    assert axe(page) == []


def test_the_tables_beside_hrs_pictures_open_and_scroll_by_keyboard(
    open_page: OpenPage, axe: Axe, page_company: Premises
) -> None:
    page = open_page(viewport=PHONE)
    page_company.sign_in(page, Role.HR)
    page.goto(f"{page_company.address}/culture/2026-Q3?lang=en")

    page.locator("#matrix summary").focus()
    page.keyboard.press("Enter")
    grid = page.get_by_role("region", name="Who serves whom: share satisfied")
    grid.focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert grid.get_by_role("cell", name="hidden").count() == 3
    assert grid.get_by_role("rowheader").first.is_visible()
    unfold(page)
    assert (axe(page), sideways(page)) == ([], [])
