"""Every figure of a frozen document as a row of its own, in the document's order, by the names of its JSON.

The rows are made from the document alone and know nothing of what stands in it: a block that is added to documents is
exported from that day on. What is hidden says so in the row where its figure would stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from app.domain.periods import Calendar
from app.foundations.languages import spoken
from app.reports.published import Document
from app.reports.sentences import say

Value = str | float | int | None
HIDDEN = "hidden"
_TEXT = "text"
# Comments are no figures, and a table that is passed on would outlive their twelve months.
_NO_FIGURES = frozenset({"department", "period", "revision", "suppressed", "comments", "comments_seed"})
# How the entries of a list are told apart; what names an entry is no figure of it.
_NAMES = (
    *("period", "cut", "value", "code", "provider", "requester", "a", "b", "dimension", "item", "source", "theme"),
    "what",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One figure. `estimate` holds a plain number too; `n` and `answers` of a difference are those inside."""

    department: str
    period: str
    revision: int
    part: str  # block of the document: internal, gap, by_request_type …
    name: str = ""  # what in it: an item, a value of a cut, a quarter
    measure: str = ""
    estimate: Value = None
    lower: Value = None
    upper: Value = None
    n: Value = None
    n_outside: Value = None
    answers: Value = None
    answers_outside: Value = None
    method: str = ""
    text: str = ""  # verdicts, classes, names, sentences, reasons


HEAD = tuple(field.name for field in fields(ExportRow))


def export_rows(document: Document, calendar: Calendar) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of a document in the language of the moment, each as long as HEAD."""
    writer = _Writer(document, calendar)
    for part, block in document.items():
        if part not in _NO_FIGURES:
            yield from (astuple(row) for row in writer.rows((part,), block))
            yield from (astuple(row) for row in writer.hidden(part))
    yield from (astuple(row) for row in writer.hidden_elsewhere())


class _Writer:
    def __init__(self, document: Document, calendar: Calendar) -> None:
        self._calendar = calendar
        self._parts = frozenset(document)
        self._hidden = [_what(entry) for entry in document.get("suppressed", [])]
        department = document.get("department", {})
        self._common: dict[str, Any] = {
            "department": str(department.get("code", "")),
            "period": str(document["period"]),
            "revision": int(document["revision"]),
        }

    def rows(self, path: tuple[str, ...], value: Any) -> Iterator[ExportRow]:
        """Yield the rows of a value and of everything below it."""
        if isinstance(value, Mapping):
            yield from self._of_mapping(path, value)
        elif isinstance(value, list):
            yield from self._of_list(path, value)
        elif isinstance(value, bool):
            yield self._row(path, text="yes" if value else "no")
        elif isinstance(value, int | float):
            yield self._row(path, estimate=value)
        elif value is not None:
            yield self._row(path, text=str(value))

    def hidden(self, part: str) -> Iterator[ExportRow]:
        """Yield what is hidden of a block."""
        return (self._row_hidden(*what) for what in self._hidden if what[0] == part)

    def hidden_elsewhere(self) -> Iterator[ExportRow]:
        """Yield what is hidden of blocks that the document does not have."""
        return (self._row_hidden(*what) for what in self._hidden if what[0] not in self._parts)

    def _of_mapping(self, path: tuple[str, ...], value: Mapping[str, Any]) -> Iterator[ExportRow]:
        if set(value) == {"key", "params"}:
            yield self._row(path, text=say(dict(value), self._calendar))
            return
        if "estimate" in value:
            yield self._row(path, **_figure(value))
            value = {key: inner for key, inner in value.items() if key not in _FIGURE}
        for key, inner in value.items():
            if key == "names":  # of a theme, by language
                yield self._row((*path, "name"), text=inner.get(spoken()) or inner["en"])
            else:
                yield from self.rows((*path, str(key)), inner)

    def _of_list(self, path: tuple[str, ...], entries: list[Any]) -> Iterator[ExportRow]:
        for number, entry in enumerate(entries, start=1):
            if isinstance(entry, Mapping):
                named = [str(entry[key]) for key in _NAMES if isinstance(entry.get(key), str)]
                rest = {key: inner for key, inner in entry.items() if key not in _NAMES or not named}
                yield from self.rows((*path, "/".join(named) or str(number)), rest)
            else:
                yield from self.rows((*path, str(number)), entry)

    def _row(self, path: tuple[str, ...], **cells: Any) -> ExportRow:
        part, *names = path
        *middle, measure = names or [""]
        return ExportRow(**self._common, part=part, name="/".join(middle), measure=measure, **cells)

    def _row_hidden(self, part: str, name: str, why: str) -> ExportRow:
        return ExportRow(**self._common, part=part, name=name, estimate=HIDDEN, text=why)


_FIGURE = frozenset({"estimate", "lower", "upper", "n", "answers", "method"})


def _figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of an interval or a difference."""
    cells: dict[str, Any] = {key: value.get(key) for key in ("estimate", "lower", "upper")}
    for key in ("n", "answers"):
        sides = value.get(key)
        cells[key], cells[f"{key}_outside"] = sides if isinstance(sides, list) else (sides, None)
    return cells | {"method": value.get("method", "")}


def _what(entry: Mapping[str, str]) -> tuple[str, str, str]:
    """Return block, name and reason of an entry of `suppressed`: `internal.effort`, `by_request_type:access`."""
    block, _, value = entry["what"].partition(":")
    part, _, item = block.partition(".")
    return part, item or value, entry["why"]
