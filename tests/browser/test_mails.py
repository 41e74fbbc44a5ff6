"""Mails in a real browser: readable at every width and in the dark, large enough to tap, silent on the network."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from app.mail.content import scorecard
from tests.mail.samples import LANGUAGES, document, sample, scorecard_mail, thin_document

# A picture of the size that the chart has, drawn by nobody.
PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
).decode()


@pytest.fixture
def read_mail(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a sample as a mail client would: every request it makes is counted on the page's `requests`."""

    def read(message: str, language: str, *, width: int, scheme: str) -> Page:
        page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        requests: list[str] = []

        def refuse(route: Route) -> None:
            requests.append(route.request.url)
            route.abort()

        page.route(re.compile("^https?:"), refuse)
        html = sample(message, language).html.replace("cid:chart", f"data:image/png;base64,{PIXEL}")
        page.set_content(html)
        assert requests == []
        return page

    return read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", ["invitation", "scorecard", "contacts"])
@pytest.mark.parametrize(("width", "scheme"), [(600, "light"), (360, "dark")])
def test_a_mail_fits_its_window(
    read_mail: Callable[..., Page],
    keep_picture: Callable[..., Path],
    message: str,
    language: str,
    width: int,
    scheme: str,
) -> None:
    page = read_mail(message, language, width=width, scheme=scheme)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    keep_picture(page, f"mail-{message}-{language}-{width}-{scheme}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("build", [document, thin_document])
def test_no_cell_of_a_scorecard_is_cut_off_on_a_phone(
    open_page: Callable[..., Page], build: Callable[[], dict[str, Any]], language: str
) -> None:
    page = open_page(viewport={"width": 360, "height": 800})
    page.set_content(scorecard(scorecard_mail(language, document=build(), chart=b"")).html)

    # The scroll width hides it: the paper cuts off what is wider.
    edges = page.evaluate("[...document.querySelectorAll('td, th')].map(cell => cell.getBoundingClientRect().right)")
    assert max(edges) <= 360
    assert page.locator(".figures tr").count() == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_five_choices_are_equal_and_large_enough_to_tap(read_mail: Callable[..., Page], language: str) -> None:
    page = read_mail("invitation", language, width=360, scheme="light")

    boxes = [choice.bounding_box() for choice in page.locator(".choice").all()]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box is not None}
    assert len(boxes) == 5
    assert len(sizes) == 1
    assert min(height for _width, height in sizes) >= 48


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "message", ["invitation", "reminder", "scorecard", "sign_in_link", "small_department", "contacts"]
)
def test_a_mail_has_enough_contrast(
    read_mail: Callable[..., Page], axe: Callable[[Page], list[str]], message: str, scheme: str
) -> None:
    page = read_mail(message, "de", width=600, scheme=scheme)

    # A mail is no page: landmarks and one main heading do not apply to it.
    not_for_mails = ("landmark", "region", "page-has-heading-one")
    assert [found for found in axe(page) if not found.startswith(not_for_mails)] == []
