"""The kinds of HR's pictures, and what a department brings to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.foundations.languages import gettext
from app.reports.published import Document


class CompanyKind(StrEnum):
    """HR's pictures; also the beginning of their file names."""

    MATRIX = "matrix"
    DEPARTMENTS = "departments"
    RANKS = "ranks"
    SIDES = "sides"
    CLOCKS = "clocks"
    MULTIPLES = "multiples"


@dataclass(frozen=True)
class FrozenCard:
    """A department's frozen scorecard of the quarter, and those before it by period."""

    document: Document
    earlier: Mapping[str, Document]


def rest_note() -> str:
    """Say where the departments are for which a narrow picture has no room."""
    return gettext("A narrow picture has no room for all departments: the table has them.")
