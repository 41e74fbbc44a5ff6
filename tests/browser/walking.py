"""A way through the application as one person takes it: each station is looked at, and kept as a picture.

`make pictures` walks the journeys anew and puts these pictures, with what axe said, into docs/pictures.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, ViewportSize

from tests.browser.looking import BY_SIGHT, DESK, NARROWEST, PHONE, Axe, KeepPicture, asked, faults, unfold
from tests.browser.rules import OUT_OF_PLACE, SIDEWAYS, STOP

MOST_STOPS = 150  # of one page


@dataclass(frozen=True)
class View:
    """On what somebody walks: the size of their window, and their language."""

    name: str
    size: ViewportSize
    language: str


#: `make pictures` walks each journey in all four; a run of the tests in the first two, between which language and size
#: both change. At each station the other sizes are tried on, too.
VIEWS = (View("desk-en", DESK, "en"), View("phone-de", PHONE, "de"))
EVERY_VIEW = (*VIEWS, View("desk-de", DESK, "de"), View("phone-en", PHONE, "en"))


@dataclass
class Walk:
    """Someone's way. Check `wrong` at its end: what axe found and what did not fit, by station.

    `by_keys` lets `press` and `write` use the keyboard alone, and each stop has to be seen. Where all stations are
    pages that `test_every_page.py` looks at as they stand, `is_seen_elsewhere` leaves that to it.
    """

    page: Page
    name: str
    view: View
    axe: Axe
    keep_picture: KeepPicture
    keep_axe: Callable[[Page, str], list[str]]
    by_keys: bool = False
    is_seen_elsewhere: bool = False
    wrong: dict[str, list[str]] = field(default_factory=dict)
    stations: int = 0

    def picture(self, station: str) -> str:
        """Return the name of the picture of a station: `journey-<walk>-<n>-<station>-<width>-<language>`."""
        return f"journey-{self.name}-{station}-{self.view.size['width']}-{self.view.language}"

    def station(self, name: str) -> None:
        """Look at the page that is open now."""
        self.stations += 1
        picture = self.picture(f"{self.stations}-{name}")
        self.keep_picture(self.page, picture, unrolled=True)
        unfold(self.page)
        found = [] if self.is_seen_elsewhere else self._looked_at()
        found += self.keep_axe(self.page, picture)
        if found:
            self.wrong[name] = found

    def _looked_at(self) -> list[str]:
        """Return what is wrong with the page that is open, in this window and in narrower and wider ones."""
        size = self.view.size
        found = faults(self.page, self.axe, self.view.language, () if size == DESK else BY_SIGHT)
        for other in (NARROWEST, PHONE, DESK):
            if other != size:
                self.page.set_viewport_size(other)
                found += [f"{other['width']} px, {told}" for told in asked(self.page, SIDEWAYS, OUT_OF_PLACE)]
        self.page.set_viewport_size(size)
        return found

    def press(self, target: Locator) -> None:
        """Press a button or a link, or fold something open."""
        if not self.by_keys:
            target.click()
            return
        self._reach(target)
        if target.evaluate("one => one.localName === 'summary'"):
            self.page.keyboard.press("Enter")
        else:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")

    def write(self, target: Locator, words: str) -> None:
        """Write words in place of those that stand in a field."""
        if self.by_keys:
            self._reach(target)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(words)
        else:
            target.fill(words)

    def _reach(self, target: Locator) -> None:
        """Go on with Tab, past the navigation where there is a way, until the target has the focus."""
        target.wait_for()
        has_skipped = False
        for _ in range(MOST_STOPS):
            is_there, may_skip, unseen = target.evaluate(STOP)
            if unseen:
                self.wrong.setdefault("by keys", []).extend(unseen)
            if is_there:
                return
            if may_skip and not has_skipped:
                self.page.keyboard.press("Enter")
                has_skipped = True
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached by keys")


TakeWalk = Callable[..., Walk]
