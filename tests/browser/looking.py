"""Looking at a page as everybody has to be able to read it. The rules are in rules.py, what each is for in
docs/accessibility.md."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize

from app.domain.states import Role
from tests.browser.rules import (
    FAINT,
    IN_LANGUAGES,
    MOVING,
    OUT_OF_PLACE,
    SIDEWAYS,
    SMALL,
    SPREAD,
    STRUCTURE,
    UNSEEN,
)

LANGUAGES = ["en", "ru", "pl", "de", "es"]
NARROWEST: ViewportSize = {"width": 320, "height": 640}  # 1280 px at 400 % (WCAG 1.4.10)
PHONE: ViewportSize = {"width": 360, "height": 740}
ZOOMED: ViewportSize = {"width": 640, "height": 450}  # 1280 px at 200 % (WCAG 1.4.4)
DESK: ViewportSize = {"width": 1440, "height": 900}
BY_SIGHT = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")  # rules of axe
OK = 200
DRAWING = 40_000  # milliseconds: a page whose pictures are drawn first, on a machine with other work

OpenPage = Callable[..., Page]
Axe = Callable[..., list[str]]
KeepPicture = Callable[..., None]


@dataclass(frozen=True)
class Look:
    """A page to look at: `role` is who looks, None somebody who has not signed in; `do` is done on it first.

    Where `do` leads to another page, `reaches` is the route of that page. `others` is a place that code of others
    draws: it has to fit on every screen, and is emptied before axe and the other rules are asked.
    """

    name: str
    path: str
    role: Role | None = None
    status: int = OK
    do: Callable[[Page], None] | None = None
    reaches: str = ""
    others: str = ""


def unfold(page: Page) -> None:
    """Open everything that is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")


def asked(page: Page, *rules: str, language: str = "") -> list[str]:
    """Return what the rules say about the page that is open, all asked at once."""
    found: list[str] = page.evaluate(f"told => [{', '.join(f'...({rule})(told)' for rule in rules)}]", language)
    return found


def sideways(page: Page) -> list[str]:
    """Return how far the page runs out of the screen, where it does."""
    return asked(page, SIDEWAYS)


def out_of_place(page: Page) -> list[str]:
    """Return the words that do not fit where they stand."""
    return asked(page, OUT_OF_PLACE)


def when_spread(page: Page) -> list[str]:
    """Return what does not fit once letters, words and lines stand further apart; a chart's words stay as drawn."""
    page.evaluate(SPREAD, True)
    found = [told for told in asked(page, SIDEWAYS, OUT_OF_PLACE) if not told.startswith("out of its drawing")]
    page.evaluate(SPREAD, False)
    return [f"spread, {told}" for told in found]


def faults(page: Page, axe: Axe, language: str, rules: tuple[str, ...] = ()) -> list[str]:
    """Return what is wrong with a page that is open, with everything unfolded; of axe by `rules`, or by all."""
    unfold(page)
    ours = asked(page, SIDEWAYS, OUT_OF_PLACE, STRUCTURE, SMALL, UNSEEN, language=language)
    return [*axe(page, *rules), *ours, *when_spread(page)]


def go(page: Page, address: str, look: Look, language: str) -> list[str]:
    """Open what is looked at; return what is wrong with its status."""
    asks = "&" if "?" in look.path else "?"
    answer = page.goto(f"{address}{look.path}{asks}lang={language}", timeout=DRAWING)
    if look.do is not None:
        look.do(page)
        page.wait_for_load_state()  # a click returns once another page has begun to arrive
    reached = re.fullmatch(re.sub("<[^>]*>", "[^/]+", look.reaches) or ".*", urlsplit(page.url).path)
    if answer is None or answer.status != look.status or not reached:
        return [f"status {answer.status if answer else None} at {page.url}, not {look.status}"]
    return []


def look_at(page: Page, address: str, look: Look, axe: Axe, keep_picture: KeepPicture) -> list[str]:
    """Look at a page by day at a desk, by night on a phone, and in all languages on narrow screens."""
    page.set_viewport_size(DESK)
    wrong = go(page, address, look, LANGUAGES[0])
    keep_picture(page, f"{look.name}-1440-light")
    if look.others:
        wrong += asked(page, SIDEWAYS, OUT_OF_PLACE)
        page.locator(look.others).evaluate("one => one.replaceChildren()")
    wrong += [*faults(page, axe, LANGUAGES[0]), *asked(page, MOVING)]
    page.emulate_media(color_scheme="dark")
    keep_picture(page, f"{look.name}-1440-dark")
    wrong += [f"dark: {told}" for told in asked(page, FAINT)]
    page.set_viewport_size(PHONE)
    keep_picture(page, f"{look.name}-360-dark")
    found = [*axe(page, *BY_SIGHT), *asked(page, SMALL, UNSEEN), *when_spread(page)]
    page.emulate_media(color_scheme="light")
    keep_picture(page, f"{look.name}-360-light")
    wrong += [f"phone: {told}" for told in asked(page, FAINT)]
    return [*wrong, *(f"phone, dark: {told}" for told in found), *in_languages(page, address, look)]


def in_languages(page: Page, address: str, look: Look) -> list[str]:
    """Return what does not fit on narrow screens, in each language. What was pressed or drawn is opened anew."""
    found: list[str] = []
    if look.do is None:
        for size in (PHONE, NARROWEST, ZOOMED):
            page.set_viewport_size(size)
            found += _at(size, page, LANGUAGES)
        return found
    for language in LANGUAGES:
        if language != LANGUAGES[0]:
            page.set_viewport_size(PHONE)
            found += go(page, address, look, language)
            unfold(page)
        found += _at(PHONE, page, [language])
        page.set_viewport_size(NARROWEST)
        found += _at(NARROWEST, page, [language])
    return found


def _at(size: ViewportSize, page: Page, languages: list[str]) -> list[str]:
    found: list[str] = page.evaluate(IN_LANGUAGES, languages)
    return [f"{size['width']} px, {told}" for told in found]


def by_role(looks: Iterable[Look]) -> dict[Role | None, list[Look]]:
    """Return the looks by who looks, strangers first: each signs in once."""
    found: dict[Role | None, list[Look]] = {}
    for look in sorted(looks, key=lambda one: one.role or ""):
        found.setdefault(look.role, []).append(look)
    return found
