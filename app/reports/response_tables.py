"""Who answered, cut by cut: the response rates that a document tells, as tables and as lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.domain.scorecards.cuts import CUT_BLOCKS
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.groups import CUT_TITLES, group_name
from app.reports.published import Document, Measure, read_interval
from app.reports.tables import Cell, cell

LINE_GROUPS = 4  # of each cut on paper: the page has all of them


@dataclass(frozen=True)
class ResponseRow:
    """One value of a cut; `figure.n` counts requests that somebody was asked about."""

    name: str
    figure: Cell


@dataclass(frozen=True)
class ResponseTable:
    """One cut, the lowest rate first."""

    title: str
    rows: list[ResponseRow]


def response_tables(document: Document) -> list[ResponseTable]:
    """Return the tables in the language of the moment."""
    return [
        ResponseTable(
            CUT_TITLES[CUT_BLOCKS[cut]](),
            [ResponseRow(group_name(row), cell(read_interval(row["response_rate"]), Measure.SHARE)) for row in rows],
        )
        for cut, rows in _cuts(document)
    ]


def response_lines(document: Document) -> list[str]:
    """Return one line a cut, its lowest rates first."""
    return [
        gettext("Responded, %(cut)s: %(groups)s.", cut=CUT_TITLES[CUT_BLOCKS[cut]](), groups=", ".join(_said(rows)))
        for cut, rows in _cuts(document)
    ]


def _said(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows[:LINE_GROUPS]:
        yield f"{group_name(row)} {numbers.percent(row['response_rate']['estimate'])}"


def _cuts(document: Document) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows = document.get("funnel", {}).get("response_by", [])
    for cut, found in groupby(rows, key=lambda row: str(row["cut"])):
        yield cut, sorted(found, key=lambda row: (row["response_rate"]["estimate"], row["value"]))
