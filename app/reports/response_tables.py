"""Who answered, cut by cut: the response rates that a document tells, as tables and as a line."""

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

LINE_CUTS = 2  # on paper: the page has all of them


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


def response_line(document: Document) -> str | None:
    """Return lowest and highest rate of the cuts where these lie furthest apart, as one line; None without any."""
    furthest = sorted(_cuts(document), key=lambda cut: _rate(cut[1][0]) - _rate(cut[1][-1]))[:LINE_CUTS]
    if not furthest:
        return None
    told = (f"{CUT_TITLES[CUT_BLOCKS[cut]]()}: {', '.join(_said(rows))}" for cut, rows in furthest)
    return gettext("Invitations answered. %(groups)s.", groups="; ".join(told))


def _said(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in (rows[0], rows[-1]):
        yield f"{group_name(row)} {numbers.percent(_rate(row))}"


def _rate(row: dict[str, Any]) -> float:
    rate: float = row["response_rate"]["estimate"]
    return rate


def _cuts(document: Document) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows = document.get("funnel", {}).get("response_by", [])
    for cut, found in groupby(rows, key=lambda row: str(row["cut"])):
        yield cut, sorted(found, key=lambda row: (_rate(row), row["value"]))
