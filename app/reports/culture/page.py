"""What HR's page shows: the sections of the PDF, with pictures that fit screen and theme."""

from dataclasses import dataclass
from typing import Any

from app.foundations.languages import speaking
from app.reports.culture.contents import culture_contents
from app.reports.culture.sections import KINDS, CultureQuarter, Part
from app.reports.pictures import PagePicture, page_picture
from app.reports.pictures.company import CompanyKind, company_drawings


@dataclass(frozen=True)
class CulturePage:
    """HR's document of one quarter in one language; pictures by kind, absent where too little may be shown.

    The matrix is none: a page has it as a table whose cells are coloured.
    """

    language: str
    contents: dict[str, Any]
    pictures: dict[str, PagePicture]


def culture_page(quarter: CultureQuarter, language: str, part: Part = Part.WHOLE) -> CulturePage:
    """Return the page of a frozen document or of a part of it. Draws, so keep it out of loops."""
    with speaking(language):
        found = company_drawings(quarter.document, quarter.cards, quarter.names, quarter.calendar, KINDS[part])
        drawn = {
            kind: picture
            for kind, drawing in found.items()
            if kind is not CompanyKind.MATRIX and (picture := page_picture(kind, drawing))
        }
        about = {kind: drawing.about for kind, drawing in found.items() if kind in drawn or kind is CompanyKind.MATRIX}
        contents = culture_contents(quarter, about, language, part)
    return CulturePage(language, contents, {kind.value: picture for kind, picture in drawn.items()})
