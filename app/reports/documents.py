"""Documents to print and to attach: tagged PDF through typst, with words and figures as data, never as markup."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.characters import readable
from app.foundations.languages import speaking
from app.reports.charts import font_folder
from app.reports.document_contents import contents_of
from app.reports.pictures import print_pictures
from app.reports.published import Document
from app.reports.trends import Trend

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
STANDARD: Final = "ua-1"  # PDF/UA-1: tags, title, language and alternative texts are there, or typst refuses


@cache
def _fonts() -> "typst.Fonts":
    """Only the fonts that come with matplotlib: the same bytes on every machine."""
    import typst  # noqa: PLC0415  only where a PDF is drawn

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])


def scorecard_pdf(document: Document, trend: Trend, language: str) -> bytes:
    """Return the scorecard as PDF/UA-1, dated with its freeze; equal documents give equal bytes."""
    pictures = print_pictures(document, trend, language)
    with speaking(language):
        contents = contents_of(document, pictures, language, trend.calendar)
    return compiled("scorecard.typ", contents, datetime.fromisoformat(document["frozen_at"]))


def compiled(template: str, contents: Mapping[str, Any], frozen_at: datetime) -> bytes:
    """Return what a template makes of its contents, as PDF/UA-1, without the characters that nobody reads."""
    import typst  # noqa: PLC0415  only where a PDF is drawn

    data = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"contents": json.dumps(_readable(contents), ensure_ascii=False)},
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=int(frozen_at.timestamp()),
    )
    assert isinstance(data, bytes)
    return data


def _readable(contents: Any) -> Any:
    """Return the contents with every text readable: a stored control character must not stop a PDF."""
    if isinstance(contents, str):
        return readable(contents)
    if isinstance(contents, Mapping):
        return {name: _readable(value) for name, value in contents.items()}
    return [_readable(value) for value in contents] if isinstance(contents, list | tuple) else contents
