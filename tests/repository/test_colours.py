"""One palette: static/tokens.css. Charts, mails and PDF repeat it, because they cannot read it, and may not differ."""

import re
from dataclasses import asdict

import pytest

from app.reports.charts.palettes import DARK, LIGHT, Palette
from tests.repository.tree import ROOT, name, tracked

COLOUR = re.compile(r"(?<![&\w])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
DRAWN = frozenset({".css", ".html", ".mjml", ".typ", ".js", ".mplstyle", ".svg"})
# Mails, PDF and the browser's tab know no style sheet of ours: they repeat values, and only values of the palette.
REPEATING = ("templates/mail/", "templates/pdf/", "static/mark.svg")
OWN = {"static/tokens.css", "static/charts.css"}  # charts.css adds the paler ochre of the distribution


def colours(text: str) -> set[str]:
    return {found.lower() for found in COLOUR.findall(text)}


def full(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def tokens(dark: bool) -> dict[str, str]:
    """Return the palette's names and values; the dark theme changes some of the light one."""
    css = "".join((ROOT / path).read_text(encoding="utf-8") for path in sorted(OWN))
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found: dict[str, str] = {}
    for selector, body in re.findall(r"(:root[^{]*)\{([^{}]*)\}", css):
        if ("dark" not in selector and "light" not in selector) or dark:
            found |= {
                key: full(value.lower()) for key, value in re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", body)
            }
    return found


@pytest.mark.parametrize(("palette", "dark"), [(LIGHT, False), (DARK, True)])
def test_charts_have_the_colours_of_the_pages(palette: Palette, dark: bool) -> None:
    pages = tokens(dark)
    charts = {key.replace("_", "-"): full(value.lower()) for key, value in asdict(palette).items()}

    assert charts == {key: pages.get(key) for key in charts}


def test_mails_and_documents_use_colours_of_the_palette_only() -> None:
    known = set(tokens(False).values()) | set(tokens(True).values())
    strange = {
        name(path): sorted(found)
        for path in tracked()
        if name(path).startswith(REPEATING) and path.suffix in DRAWN
        if (found := {full(colour) for colour in colours(path.read_text(encoding="utf-8"))} - known)
    }

    assert strange == {}


def test_no_other_file_has_colours_of_its_own() -> None:
    strange = {
        name(path): sorted(found)
        for path in tracked()
        if path.suffix in DRAWN and name(path).startswith(("static/", "templates/", "app/"))
        if "vendor" not in path.parts  # of others
        if not name(path).startswith(REPEATING) and name(path) not in OWN
        if (found := colours(path.read_text(encoding="utf-8")))
    }

    assert strange == {}


def test_by_night_nothing_changes_but_colours() -> None:
    """So what axe says by day about places, sizes and names holds by night: only contrast is asked about anew."""
    blocks = {
        (name(path), block)
        for path in tracked()
        if path.suffix == ".css" and not name(path).startswith("static/vendor")
        for block in re.findall(
            r"@media[^{]*prefers-color-scheme[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}", path.read_text("utf-8")
        )
    }
    declared = {
        part.partition(":")[0].strip() for _, block in blocks for part in re.findall(r"[\w-]+\s*:[^;{}]+;", block)
    }

    assert len(blocks) >= 2
    assert {found for found in declared if not found.startswith("--")} == set()
