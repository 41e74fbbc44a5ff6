"""What the page of a scorecard shows: the words and cells of the PDF, with pictures that fit screen and theme."""

from dataclasses import dataclass
from typing import Any

from app.foundations.languages import speaking
from app.reports.clock_tables import TargetRow, WaitRow, target_rows, wait_rows, work_facts
from app.reports.cut_tables import CutTable, cut_tables, cuts_title
from app.reports.document_contents import contents_of
from app.reports.explanations import explanations
from app.reports.loop_facts import loop_facts
from app.reports.pictures import Kind, PagePicture, page_pictures
from app.reports.pictures.control import MonthRow, month_rows
from app.reports.pictures.importance import DriverRow, driver_rows
from app.reports.published import Document
from app.reports.response_tables import ResponseTable, response_tables
from app.reports.tables import TrendRow, customer_rows, trend_rows
from app.reports.trends import Trend


@dataclass(frozen=True)
class ScorecardPage:
    """One department's quarter in one language."""

    language: str
    contents: dict[str, Any]
    pictures: dict[str, PagePicture | None]  # every kind; None where too little may be shown
    trend: list[TrendRow]
    drivers: list[DriverRow]
    months: list[MonthRow]
    customers: list[TrendRow]  # below the trend, where customers were asked something else
    cuts_title: str
    cuts: list[CutTable]
    targets: list[TargetRow]
    work: list[tuple[str, str]]
    waits: list[WaitRow]
    response: list[ResponseTable]
    loop: list[tuple[str, str]]
    explanations: dict[str, str]


def page_of(document: Document, trend: Trend, language: str) -> ScorecardPage:
    """Return the page of a frozen document. Draws, so keep it out of loops."""
    drawn = {picture.kind: picture for picture in page_pictures(document, trend, language)}
    with speaking(language):
        contents = contents_of(document, [], language, trend.calendar)
        return ScorecardPage(
            language,
            contents,
            {kind.value: drawn.get(kind) for kind in Kind},
            trend_rows(trend),
            driver_rows(document),
            month_rows(document, trend.calendar),
            customer_rows(trend),
            cuts_title(document),
            cut_tables(document),
            target_rows(document),
            work_facts(document),
            wait_rows(document),
            response_tables(document),
            loop_facts(document),
            explanations(),
        )
