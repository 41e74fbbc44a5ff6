"""HR's document: the frozen scorecards of a quarter, the few sums that no scorecard prints, and its page and PDF."""

from app.reports.culture.building import Top, build_culture
from app.reports.culture.cards import cards_alone, department_names, read_quarter
from app.reports.culture.cuts import Cut, CutView, cut_of_all, cut_of_one, cuts, telling
from app.reports.culture.explore import explore_points, explore_table
from app.reports.culture.lines import culture_lines
from app.reports.culture.page import CulturePage, culture_page
from app.reports.culture.printing import culture_pdf
from app.reports.culture.sections import CultureQuarter, Part

__all__ = [
    "CulturePage",
    "CultureQuarter",
    "Cut",
    "CutView",
    "Part",
    "Top",
    "build_culture",
    "cards_alone",
    "culture_lines",
    "culture_page",
    "culture_pdf",
    "cut_of_all",
    "cut_of_one",
    "cuts",
    "department_names",
    "explore_points",
    "explore_table",
    "read_quarter",
    "telling",
]
