"""The pictures that HR sees: who serves whom, and departments beside each other without a league table."""

from collections.abc import Callable, Iterable, Mapping

from app.domain.periods import Calendar
from app.reports.pictures.company.beside import clocks_drawing, multiples_drawing, sides_all_drawing
from app.reports.pictures.company.compared import departments_drawing, ranks_drawing
from app.reports.pictures.company.kinds import CompanyKind, FrozenCard
from app.reports.pictures.company.matrix import matrix_drawing
from app.reports.pictures.kinds import Drawing
from app.reports.published import Document

__all__ = ["CompanyKind", "FrozenCard", "company_drawings"]


def company_drawings(
    document: Document,
    cards: Mapping[str, FrozenCard],
    names: Mapping[str, str],
    calendar: Calendar,
    kinds: Iterable[CompanyKind] = CompanyKind,
) -> dict[CompanyKind, Drawing]:
    """Return the wished pictures in the language of the moment; those with too little to show are absent.

    `document` is HR's (parity.culture/1), `cards` the frozen scorecards of its departments by code, `names` those of
    all departments that ask or serve.
    """
    makers: dict[CompanyKind, Callable[[], Drawing | None]] = {
        CompanyKind.MATRIX: lambda: matrix_drawing(document, names, calendar),
        CompanyKind.DEPARTMENTS: lambda: departments_drawing(document, calendar),
        CompanyKind.RANKS: lambda: ranks_drawing(document, calendar),
        CompanyKind.SIDES: lambda: sides_all_drawing(document, cards, calendar),
        CompanyKind.CLOCKS: lambda: clocks_drawing(document, cards, calendar),
        CompanyKind.MULTIPLES: lambda: multiples_drawing(document, cards, calendar),
    }
    return {kind: found for kind in kinds if (found := makers[kind]())}
