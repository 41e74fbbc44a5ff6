"""The cuts of a scorecard as tables: who asked, for what, on time or not. Hidden rows stand there and say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.scorecards.cuts import own_rows
from app.foundations.languages import gettext, ngettext
from app.reports.groups import CUT_TITLES, value_name
from app.reports.published import Document, Measure, read_interval
from app.reports.tables import Cell, cell

HIDDEN_ROWS = 3  # of each cut; more of them share one row, for they all say the same


@dataclass(frozen=True)
class Bar:
    """An interval to draw, in whole per cent of the width."""

    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class CutRow:
    """One value of a cut; without a bar where a word or nothing may be shown."""

    name: str
    figure: Cell
    bar: Bar | None = None


@dataclass(frozen=True)
class CutTable:
    """One cut, worst first, hidden rows last."""

    block: str
    title: str
    rows: list[CutRow]
    has_hidden: bool
    has_words: bool  # groups of 5 to 9 people
    note: str = ""  # where what may be shown is not the lowest of all


def cut_tables(document: Document) -> list[CutTable]:
    """Return the tables in the language of the moment; cuts without any visible row are left out."""
    tables = []
    for block, title in CUT_TITLES.items():
        shown = sorted(own_rows(document, block), key=lambda row: row["top_two_box"]["estimate"])
        hidden = _hidden_rows(block, [value_name(block, value) for value in _hidden_values(document, block)])
        if shown:
            rows = [_row(block, row) for row in shown]
            has_words = any(row.bar is None for row in rows)
            note = _note(document, rows, shown) if hidden else ""
            tables.append(CutTable(block, title(), rows + hidden, bool(hidden), has_words, note))
    return tables


def cuts_title(document: Document) -> str:
    """Return the heading above the tables: it speaks of hurting only where a row below the whole misses the target."""
    target = document.get("sla", {}).get("satisfaction_target")
    shares = [row["top_two_box"] for block in CUT_TITLES for row in own_rows(document, block)]
    whole = _whole(document)
    is_low = target is not None and any(one["upper"] < target and one["estimate"] <= whole for one in shares)
    return gettext("Where it hurts") if is_low else gettext("Group by group")


def _note(document: Document, rows: list[CutRow], shown: Sequence[Mapping[str, Any]]) -> str:
    """Say that the tables' lowest row is none where all shown ones lie above the whole; words are not compared."""
    exact = all(row.bar is not None for row in rows)
    if exact and all(row["top_two_box"]["estimate"] > _whole(document) for row in shown):
        return gettext("What may be shown lies above the department as a whole; the rest is hidden.")
    return ""


def _whole(document: Document) -> float:
    """Return the department's own share; no row lies above what is not told."""
    found: float = document["internal"].get("csat_overall", {}).get("top_two_box", {}).get("estimate", 1.0)
    return found


def _hidden_rows(block: str, names: list[str]) -> list[CutRow]:
    if len(names) > HIDDEN_ROWS:
        is_staff = block == "by_requester_department"
        names = [ngettext("%(num)s department", "%(num)s departments", len(names)) if is_staff else ", ".join(names)]
    return [CutRow(name, Cell(gettext("hidden"), is_hidden=True)) for name in names]


def _row(block: str, row: Mapping[str, Any]) -> CutRow:
    figure = read_interval(row["top_two_box"])
    assert figure is not None
    bar = None if figure.is_coarse else Bar(*(round(at * 100) for at in (figure.lower, figure.estimate, figure.upper)))
    name = row.get("name") or value_name(block, row["value"])
    return CutRow(name, cell(figure, Measure.SHARE), bar)


def _hidden_values(document: Document, block: str) -> list[str]:
    whats = [entry["what"] for entry in document.get("suppressed", [])]
    return [what.removeprefix(f"{block}:") for what in whats if what.startswith(f"{block}:")]
