"""A way through the application as one person takes it: each station is looked at, and kept as a picture.

`make pictures` walks the journeys anew and puts these pictures into docs/pictures.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.looking import DESK, PHONE, Axe, KeepPicture, faults

#: Each journey is walked twice: (viewport, language).
VIEWS = [(DESK, "en"), (PHONE, "de")]
VIEW_IDS = ["desk-en", "phone-de"]


@dataclass
class Walk:
    """Someone's way. Check `wrong` at its end: what axe found and what did not fit, by station."""

    page: Page
    name: str
    language: str
    axe: Axe
    keep_picture: KeepPicture
    wrong: dict[str, list[str]] = field(default_factory=dict)
    stations: int = 0

    def station(self, name: str) -> None:
        """Look at the page that is open now. Pictures are `journey-<walk>-<n>-<station>-<width>-<language>`."""
        self.stations += 1
        size = self.page.viewport_size
        assert size is not None
        # As high as the page: what sticks to the window's lower edge stands where the page ends.
        height: int = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": height})
        self.keep_picture(self.page, f"journey-{self.name}-{self.stations}-{name}-{size['width']}-{self.language}")
        self.page.set_viewport_size(size)
        if found := faults(self.page, self.axe):
            self.wrong[name] = found
