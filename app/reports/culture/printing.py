"""HR's document to print: tagged PDF with its pictures, equal for equal documents."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.periods import Calendar
from app.foundations.languages import speaking
from app.reports import charts
from app.reports.charts import LIGHT, WIDE
from app.reports.culture.contents import culture_contents
from app.reports.documents import compiled
from app.reports.pictures.company import CompanyKind, FrozenCard, company_drawings
from app.reports.pictures.kinds import Drawing
from app.reports.published import Document


def culture_pdf(
    document: Document, cards: Mapping[str, FrozenCard], names: Mapping[str, str], language: str, calendar: Calendar
) -> bytes:
    """Return the document as PDF/UA-1, dated with its freeze; `cards` and `names` as its pictures need them."""
    with speaking(language):
        drawn = {
            kind: (drawing, svg)
            for kind, drawing in company_drawings(document, cards, names, calendar).items()
            if (svg := _svg(kind, drawing))
        }
        contents = culture_contents(document, drawn, names, language, calendar)
    return compiled("culture.typ", contents, datetime.fromisoformat(document["frozen_at"]))


def _svg(kind: CompanyKind, drawing: Drawing) -> str:
    """Return the wide picture in literal colours, empty where too little may be shown."""
    sheet = drawing.sheet(LIGHT, WIDE)
    about = drawing.about
    return charts.svg(sheet, key=kind, title=about.title, description=about.alt) if sheet is not None else ""
