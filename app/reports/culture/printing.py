"""HR's document to print: tagged PDF with its pictures and their tables, equal for equal documents."""

from datetime import datetime

from app.foundations.languages import speaking
from app.reports.culture.contents import culture_contents
from app.reports.culture.sections import CultureQuarter
from app.reports.documents import compiled
from app.reports.pictures import PrintPicture, print_picture
from app.reports.pictures.company import CompanyKind, company_drawings


def culture_pdf(quarter: CultureQuarter, language: str) -> bytes:
    """Return the document as PDF/UA-1, dated with its freeze."""
    with speaking(language):
        drawn = _pictures(quarter)
        contents = culture_contents(quarter, {kind: picture.about for kind, picture in drawn.items()}, language)
    contents["pictures"] = {kind.value: {"svg": picture.svg} for kind, picture in drawn.items()}
    return compiled("culture.typ", contents, datetime.fromisoformat(quarter.document["frozen_at"]))


def _pictures(quarter: CultureQuarter) -> dict[CompanyKind, PrintPicture]:
    found = company_drawings(quarter.document, quarter.cards, quarter.names, quarter.calendar)
    drawn = {kind: print_picture(kind, drawing) for kind, drawing in found.items()}
    return {kind: picture for kind, picture in drawn.items() if picture is not None}
