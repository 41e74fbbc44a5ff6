"""What a picture of a document is: its kind, its forms for mail, page and paper, and the texts around it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from app.reports.charts import Head, Palette, Sheet
from app.reports.descriptions import Description

SHOWN_IN_MAIL = 504  # CSS pixels at most: the 600 px column less its padding


class Kind(StrEnum):
    """The pictures there are; also the beginning of their file names."""

    TREND = "trend"
    DISTRIBUTION = "distribution"
    GAPS = "gaps"
    FUNNEL = "funnel"
    CLOCK = "clock"
    CUSTOMERS = "customers"  # below the trend, where customers were asked something else
    SIDES = "sides"
    IMPORTANCE = "importance"
    CONTROL = "control"


#: Those on the page of a scorecard, those on paper; the rest are for downloads.
ON_PAGES = (
    Kind.TREND,
    Kind.CUSTOMERS,
    Kind.DISTRIBUTION,
    Kind.GAPS,
    Kind.FUNNEL,
    Kind.CLOCK,
    Kind.IMPORTANCE,
    Kind.CONTROL,
)
ON_PAPER = (Kind.TREND, Kind.DISTRIBUTION, Kind.GAPS)


@dataclass(frozen=True)
class MailPicture:
    """A PNG with the texts around it; width and height are CSS pixels for the attributes of the image."""

    data: bytes
    width: int
    height: int
    about: Description


@dataclass(frozen=True)
class PagePicture:
    """Both layouts of a chart as inline SVG; charts.css shows the one that fits."""

    kind: StrEnum
    narrow: str
    wide: str
    about: Description


@dataclass(frozen=True)
class PrintPicture:
    """The wide layout in literal colours, for the PDF."""

    kind: StrEnum
    svg: str
    about: Description


class Chart(Protocol):
    """What a chart draws; with a head it stands alone."""

    @property
    def head(self) -> Head | None: ...


C = TypeVar("C", bound=Chart)


@dataclass(frozen=True)
class Drawing:
    """One picture before it is drawn: the texts around it, and what draws it for a palette, a width and a head."""

    about: Description
    draw: Callable[[Palette, int, Head | None], Sheet | None]

    def sheet(self, palette: Palette, width: int, *, alone: bool = False) -> Sheet | None:
        """Draw it; `alone` writes title, subtitle and notes into the picture. None where too little may be shown."""
        about = self.about
        return self.draw(palette, width, Head(about.title, about.subtitle, about.notes) if alone else None)


def drawing(
    about: Description, draw: Callable[[C, Palette, int], Sheet | None], chart: Callable[[int, Head | None], C]
) -> Drawing:
    """Return the drawing of a chart that may differ by width."""
    return Drawing(about, lambda palette, width, head: draw(chart(width, head), palette, width))
