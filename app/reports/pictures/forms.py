"""Drawings as files: PNG for mails, inline SVG for pages, SVG with colours of its own for paper, both for downloads.

Draw in a job, one after the other, and keep the files with the snapshot (matplotlib is slow, and not for threads).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.foundations.languages import speaking
from app.reports import charts
from app.reports.charts import DARK, LIGHT, NARROW, PAGE, WIDE, Sheet
from app.reports.descriptions import Description
from app.reports.pictures.kinds import (
    ON_PAGES,
    ON_PAPER,
    SHOWN_IN_MAIL,
    Drawing,
    Kind,
    MailPicture,
    PagePicture,
    PrintPicture,
)
from app.reports.pictures.scorecard import drawings
from app.reports.published import Document
from app.reports.trends import Trend

PRINT_PLOT_HEIGHT = 150.0  # CSS pixels: the first page holds finding, trend and table


def mail_picture(document: Document, trend: Trend, language: str) -> MailPicture | None:
    """Draw the trend for the mail, 1200 px wide and light; None where too little may be shown for a picture."""
    with speaking(language):
        drawing = drawings(document, trend, [Kind.TREND])[Kind.TREND]
        sheet = drawing.sheet(LIGHT, NARROW)
        if sheet is None:
            return None
        height = round(SHOWN_IN_MAIL * sheet.height / sheet.width)
        return MailPicture(charts.png(sheet, frozen_at(document)), SHOWN_IN_MAIL, height, drawing.about)


def page_pictures(document: Document, trend: Trend, language: str) -> list[PagePicture]:
    """Draw every chart of the page; those with too little to show are left out."""
    with speaking(language):
        drawn = (page_picture(kind, drawing) for kind, drawing in drawings(document, trend, ON_PAGES).items())
        return [picture for picture in drawn if picture is not None]


def page_picture(kind: StrEnum, drawing: Drawing) -> PagePicture | None:
    """Draw one chart of a page in both layouts; None where too little may be shown."""
    narrow, wide = drawing.sheet(PAGE, NARROW), drawing.sheet(PAGE, WIDE)
    if narrow is None or wide is None:
        return None
    about = drawing.about
    return PagePicture(kind, _svg(narrow, f"{kind}-narrow", about), _svg(wide, f"{kind}-wide", about), about)


def print_pictures(document: Document, trend: Trend, language: str) -> list[PrintPicture]:
    """Draw every chart for the PDF."""
    with speaking(language):
        found = drawings(document, trend, ON_PAPER, plot_height=PRINT_PLOT_HEIGHT).items()
        drawn = (print_picture(kind, drawing) for kind, drawing in found)
        return [picture for picture in drawn if picture is not None]


def print_picture(kind: StrEnum, drawing: Drawing) -> PrintPicture | None:
    """Draw one chart of a PDF, wide and in literal colours; None where too little may be shown."""
    sheet = drawing.sheet(LIGHT, WIDE)
    return PrintPicture(kind, _svg(sheet, kind, drawing.about), drawing.about) if sheet is not None else None


def downloads(pictures: Mapping[Any, Drawing], moment: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield file names and contents of pictures that stand alone: PNG narrow and wide, light and dark, and SVG."""
    layouts = (("narrow", NARROW), ("wide", WIDE))
    for kind, drawing in pictures.items():
        for layout, width in layouts:
            for theme, palette in (("", LIGHT), ("-dark", DARK)):
                sheet = drawing.sheet(palette, width, alone=True)
                if sheet is None:
                    continue
                yield f"{kind}-{layout}{theme}.png", charts.png(sheet, moment)
            sheet = drawing.sheet(LIGHT, width, alone=True)
            if sheet is not None:
                yield f"{kind}-{layout}.svg", _svg(sheet, f"{kind}-{layout}", drawing.about).encode()


def frozen_at(document: Document) -> datetime:
    """Return when a document was frozen: the date of its pictures."""
    return datetime.fromisoformat(document["frozen_at"])


def _svg(sheet: Sheet, key: str, about: Description) -> str:
    return charts.svg(sheet, key=key, title=about.title, description=about.alt)
