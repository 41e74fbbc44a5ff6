"""docs/pictures shows each station of each journey in two languages at two widths, with what axe said; no others."""

import re
from itertools import product

from tests.repository.tree import ROOT

PICTURES = ROOT / "docs" / "pictures"
JOURNEYS = (PICTURES / "journeys.md").read_text(encoding="utf-8")
CELL = re.compile(
    r"\[picture\]\(journey-(\w+)-\d+-([a-z-]+)-(1440|360)-(en|de)\.png\)(?: · (\d+)/(\d+) · (\d+)/(\d+))?"
)
MAIL = ("requester", "mail")  # no page; axe looks at mails in a test of theirs
MOST_BYTES = 300_000


def walked() -> set[tuple[str, str]]:
    """Return the stations that the tests look at, by journey."""
    found = {MAIL}
    for path in (ROOT / "tests" / "browser").glob("test_journey_*.py"):
        text = path.read_text(encoding="utf-8")
        (walk,) = re.findall(r'take_walk\("(\w+)"', text)
        found |= {(walk, station) for station in re.findall(r'\.station\("([a-z-]+)"\)', text)}
    return found


def test_every_station_has_its_pictures_and_what_axe_said() -> None:
    cells = CELL.findall(JOURNEYS)
    shown = {(walk, station, width, language) for walk, station, width, language, *_ in cells}
    wanted = {(*station, *view) for station in walked() for view in product(("1440", "360"), ("en", "de"))}
    judged = {(walk, station) for walk, station, _, _, by_day, rules, by_night, _ in cells if int(rules or 0)}
    found = {cell for cell in cells if cell[4] not in {"", "0"} or cell[6] not in {"", "0"}}

    assert (shown, judged, found) == (wanted, walked() - {MAIL}, set())


def test_pictures_are_those_that_the_pages_show_and_are_small() -> None:
    pages = JOURNEYS + "".join(
        path.read_text(encoding="utf-8") for path in (PICTURES / "README.md", ROOT / "README.md")
    )
    there = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    linked = set(re.findall(r"\((?:docs/pictures/)?([\w-]+\.png)\)|src=\"docs/pictures/([\w-]+\.png)\"", pages))

    assert {name for pair in linked for name in pair if name} == set(there)
    assert {name: size for name, size in there.items() if size > MOST_BYTES} == {}
