"""The description of the API as a page: drawn from our own server under a strict policy, with nothing refused."""

from playwright.sync_api import ConsoleMessage, Page

from tests.browser.looking import KeepPicture
from tests.browser.premises import Premises


def test_the_api_is_drawn_in_a_browser_and_nothing_is_refused(
    page: Page, page_company: Premises, keep_picture: KeepPicture
) -> None:
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(message.text)

    page.on("console", note)
    page.goto(f"{page_company.address}/api/v1/docs")
    page.get_by_text("/api/v1/webhooks/{name}/test").wait_for()
    keep_picture(page, "api-docs")

    assert troubles == []
    assert page.locator("#api .opblock").count() >= 30
