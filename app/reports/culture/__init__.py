"""HR's document: the frozen scorecards of a quarter, the few sums that no scorecard prints, and its page and PDF."""

from app.reports.culture.building import Top, build_culture
from app.reports.culture.cards import read_quarter
from app.reports.culture.contents import CultureQuarter
from app.reports.culture.lines import culture_lines
from app.reports.culture.page import CulturePage, culture_page
from app.reports.culture.printing import culture_pdf

__all__ = [
    "CulturePage",
    "CultureQuarter",
    "Top",
    "build_culture",
    "culture_lines",
    "culture_page",
    "culture_pdf",
    "read_quarter",
]
