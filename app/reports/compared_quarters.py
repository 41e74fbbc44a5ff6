"""Quarters of one department beside each other: what each document printed. Nothing is computed here.

A verdict stands only where a document's own change was made against the quarter shown left of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.periods import Calendar
from app.domain.scorecards.changes import questions_are_new
from app.domain.scorecards.cuts import hidden_name
from app.domain.sentences import Place
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.descriptions import said
from app.reports.dimensions import dimension_name
from app.reports.published import HEADLINE_ITEM, Document, Measure, in_order, read_interval
from app.reports.quarters import quarter_words
from app.reports.tables import NOTHING, Cell, cell

MOST = 5  # quarters that fit beside each other


@dataclass(frozen=True)
class ComparedQuarter:
    """One column."""

    period: str
    words: str
    finding: str
    has_new_questions: bool  # against the column left of it


@dataclass(frozen=True)
class ComparedCell:
    """A figure as its document prints it, with that document's verdict on the change, if it made one."""

    figure: Cell
    verdict: str = ""
    verdict_word: str = ""


@dataclass(frozen=True)
class ComparedRow:
    """One measure in all quarters."""

    name: str
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True)
class Comparison:
    """The table."""

    quarters: tuple[ComparedQuarter, ...]
    rows: tuple[ComparedRow, ...]


def compared(documents: Sequence[Document], calendar: Calendar) -> Comparison:
    """Return the documents beside each other, oldest first as they are given; rows that none has are left out."""
    before = [None, *documents[:-1]]
    quarters = tuple(_quarter(now, earlier, calendar) for now, earlier in zip(documents, before, strict=True))
    items = in_order(sorted({item for document in documents for item in _items(document)}))
    rows = [ComparedRow(dimension_name(item), _changing(item, documents)) for item in items]
    rows += [
        ComparedRow(name(), tuple(ComparedCell(read(document)) for document in documents)) for name, read in _MEASURES
    ]
    return Comparison(quarters, tuple(row for row in rows if any(one.figure.value != NOTHING for one in row.cells)))


def _quarter(now: Document, before: Document | None, calendar: Calendar) -> ComparedQuarter:
    return ComparedQuarter(
        now["period"],
        quarter_words(calendar, now["period"]),
        said(now, Place.FINDING, calendar) or "",
        before is not None and questions_are_new(before["method"], now["method"]),
    )


def _hidden(document: Document) -> set[str]:
    return {entry["what"] for entry in document.get("suppressed", [])}


def _items(document: Document) -> set[str]:
    named = {what.removeprefix("internal.") for what in _hidden(document) if what.startswith("internal.")}
    return {*document.get("internal", {}), *named, HEADLINE_ITEM}


def _changing(item: str, documents: Sequence[Document]) -> tuple[ComparedCell, ...]:
    cells = []
    for index, document in enumerate(documents):
        left = documents[index - 1]["period"] if index else None
        change = document.get("change", {}).get(item, {})
        verdict = change.get("verdict", "") if left is not None and change.get("previous") == left else ""
        word = _VERDICTS[verdict]() if verdict in _VERDICTS else ""
        cells.append(ComparedCell(_inside(item, document), verdict, word))
    return tuple(cells)


def _inside(item: str, document: Document) -> Cell:
    hidden = _hidden(document)
    is_hidden = hidden_name() in hidden or f"internal.{item}" in hidden
    figure = read_interval(document.get("internal", {}).get(item, {}).get("top_two_box"))
    return cell(figure, Measure.SHARE, is_hidden=is_hidden)


def _outside(document: Document) -> Cell:
    overall = document.get("external", {}).get(HEADLINE_ITEM, {})
    share = read_interval(overall.get("top_two_box"))
    if share is not None:
        return cell(share, Measure.SHARE)
    return cell(read_interval(overall.get("score_0_100")), Measure.SCORE)


def _share(block: str, name: str) -> Callable[[Document], Cell]:
    return lambda document: cell(read_interval(document.get(block, {}).get(name)), Measure.SHARE)


def _completed(document: Document) -> Cell:
    count = document.get("funnel", {}).get("completed")
    return Cell(NOTHING if count is None else numbers.whole(count))


def _median(document: Document) -> Cell:
    hours = document.get("operations", {}).get("resolution_time", {}).get("median")
    return Cell(NOTHING if hours is None else numbers.span(hours))


_MEASURES: Sequence[tuple[Callable[[], str], Callable[[Document], Cell]]] = (
    (lambda: gettext("Customers, overall"), _outside),
    (lambda: gettext("Requests on time"), _share("sla", "on_time")),
    (lambda: gettext("Half of the requests completed within"), _median),
    (lambda: gettext("Requests completed"), _completed),
    (lambda: gettext("Invitations answered"), _share("funnel", "response_rate")),
    (lambda: gettext("Contacted, of those who asked"), _share("loop", "loop_closure_rate")),
)
_VERDICTS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "better": lambda: gettext("clearly better"),
        "worse": lambda: gettext("clearly worse"),
        "no_evidence": lambda: gettext("too close to tell"),
        "too_few": lambda: gettext("too few to tell"),
    }
)
