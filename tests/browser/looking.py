"""Looking at a page as everybody has to be able to read it: axe, nothing sideways, no word out of its place."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from app.domain.states import Role

NARROWEST, PHONE, DESK = ({"width": width, "height": height} for width, height in ((320, 640), (360, 740), (1440, 900)))
OK = 200
DRAWING = 40_000  # milliseconds: a page whose pictures are drawn first, on a machine with other work

OpenPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
KeepPicture = Callable[..., Path]

#: Words beside the block that holds them, cut by one that hides what is too much, or outside their drawing. What may be
#: scrolled, and what only a screen reader reads, has room enough.
OUT_OF_PLACE = """() => {
    const scrolls = style => ['auto', 'scroll'].includes(style.overflowX)
    const hides = style => ['hidden', 'clip'].includes(style.overflowX)
    const told = (what, text) => `${what}: ${text.trim().slice(0, 80)}`
    const out = (box, place) => box.left < place.left - 1 || box.right > place.right + 1
    const found = new Set()
    const check = (what, text, boxes, place) => boxes.some(box => out(box, place)) && found.add(told(what, text))
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (words.nextNode()) {
        const text = words.currentNode, own = text.parentElement
        if (!text.data.trim() || !own.checkVisibility() || own.closest('.sr, .skip, option, script, style')) continue
        const range = document.createRange()
        range.selectNodeContents(text)
        const boxes = [...range.getClientRects()]
        const drawing = own.closest('svg')
        if (drawing) {
            check('out of its drawing', text.data, boxes, drawing.getBoundingClientRect())
            continue
        }
        let place = own
        while (['inline', 'contents'].includes(getComputedStyle(place).display)) place = place.parentElement
        for (let box = place; box && !scrolls(getComputedStyle(box)); box = box.parentElement) {
            if (box !== place && !hides(getComputedStyle(box))) continue
            check('out of its place', text.data, boxes, box.getBoundingClientRect())
        }
    }
    return [...found]
}"""


#: Everything that keys reach and that shows no ring when it is reached (WCAG 2.4.7; look.md §3: 3 px).
WITHOUT_RING = """() => {
    const ring = element => {
        element.focus({ focusVisible: true, preventScroll: true })
        return [element, element.parentElement, element.closest('label')].some(one => {
            if (!one) return false
            const style = getComputedStyle(one)
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        })
    }
    const reached = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(one => one.type !== 'hidden' && one.checkVisibility() && !one.disabled)
    const bare = reached.filter(one => !ring(one)).map(one => `no focus ring: ${one.outerHTML.slice(0, 80)}`)
    document.activeElement?.blur()
    return bare
}"""

#: Lines, letters and words as far apart as a reader may want them (WCAG 1.4.12). A sheet made by script is not bound by
#: the page's policy.
SPREAD = """wide => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important;'
        + ' word-spacing: 0.16em !important } p { margin-bottom: 2em !important }')
    document.adoptedStyleSheets = wide ? [sheet] : []
}"""


@dataclass(frozen=True)
class Look:
    """A page to look at: `role` is who looks, None somebody who has not signed in; `do` is done on it first."""

    name: str
    path: str
    role: Role | None = None
    status: int = OK
    do: Callable[[Page], None] | None = None


def unfold(page: Page) -> None:
    """Open everything that is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")


def sideways(page: Page) -> list[str]:
    """Return how far the page runs out of the screen, where it does."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{width} px sideways"] if width > 0 else []


def out_of_place(page: Page) -> list[str]:
    """Return the words that do not fit where they stand."""
    found: list[str] = page.evaluate(OUT_OF_PLACE)
    return found


def when_spread(page: Page) -> list[str]:
    """Return what does not fit once letters, words and lines stand further apart; a chart's words stay as drawn."""
    page.evaluate(SPREAD, True)
    found = [*sideways(page), *(told for told in out_of_place(page) if not told.startswith("out of its drawing"))]
    page.evaluate(SPREAD, False)
    return [f"spread, {told}" for told in found]


def faults(page: Page, axe: Axe) -> list[str]:
    """Return what is wrong with a page that is open, with everything unfolded."""
    unfold(page)
    bare: list[str] = page.evaluate(WITHOUT_RING)
    return [*axe(page), *sideways(page), *out_of_place(page), *bare, *when_spread(page)]


def go(page: Page, address: str, look: Look) -> Iterator[str]:
    """Open what is looked at; yield what is wrong with its status."""
    answer = page.goto(address + look.path, timeout=DRAWING)
    if answer is None or answer.status != look.status:
        yield f"status {answer.status if answer else None}, not {look.status}"
    if look.do is not None:
        look.do(page)


def look_at(
    page: Page, address: str, looks: Iterable[Look], axe: Axe, keep_picture: KeepPicture, suffix: str
) -> dict[str, list[str]]:
    """Look at pages one after the other and keep a picture of each; return what is wrong by their names."""
    found: dict[str, list[str]] = {}
    for look in looks:
        wrong = list(go(page, address, look))
        keep_picture(page, f"{look.name}-{suffix}")
        if wrong := [*wrong, *faults(page, axe)]:
            found[look.name] = wrong
    return found


def by_role(looks: Iterable[Look]) -> dict[Role | None, list[Look]]:
    """Return the looks by who looks, strangers first: each signs in once."""
    found: dict[Role | None, list[Look]] = {}
    for look in sorted(looks, key=lambda one: one.role or ""):
        found.setdefault(look.role, []).append(look)
    return found
