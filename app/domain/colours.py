"""Contrast of two colours, and what a company's accent may be: readable wherever our pages use it.

Relative luminance and contrast ratio as in WCAG 2.2, definitions; 4.5 is what success criterion 1.4.3 asks of text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TEXT_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}\Z")

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Ground:
    """What stands behind an accent in one theme."""

    surface: str
    sunken: str
    soft: float  # how much of the accent tints a selected row
    hover: str  # towards which the accent moves under the pointer


@dataclass(frozen=True)
class Accent:
    """An accent with the colours that follow from it."""

    accent: str
    hover: str
    on: str  # text on the accent
    soft: str


def read_colour(text: str) -> str | None:
    """Return a colour as `#0e5f78`, None for what is none."""
    found = text.strip().lower()
    found = found if found.startswith("#") else f"#{found}"
    return found if _HEX.match(found) else None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def accent_on(colour: str, ground: Ground) -> Accent:
    """Return what follows from an accent: lighter or darker under the pointer, tinted, and the text on it."""
    on = max((ground.surface, ground.hover), key=lambda text: contrast(text, colour))
    return Accent(colour, _mixed(colour, ground.hover, 0.25), on, _mixed(ground.surface, colour, ground.soft))


def too_faint(colour: str, ground: Ground) -> Iterator[tuple[str, float]]:
    """Yield where text could not be read: `surface`, `sunken`, `soft` or `button`, with the contrast there."""
    found = accent_on(colour, ground)
    pairs = {
        "surface": (colour, ground.surface),
        "sunken": (colour, ground.sunken),
        "soft": (colour, found.soft),
        "button": (found.on, colour),
    }
    for place, (text, behind) in pairs.items():
        if (ratio := contrast(text, behind)) < TEXT_CONTRAST:
            yield place, ratio


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _mixed(one: str, other: str, share: float) -> str:
    """Return `one` with so large a share of `other` in it."""
    parts = (round(a + (b - a) * share) for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)
