"""Every figure of a frozen document as a row of its own, in the document's order, by the names of its JSON.

The rows are made from the document alone and know nothing of what stands in it: a block that is added to documents is
exported from that day on. What is hidden says so in the row where its figure would stand.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.periods import Calendar
from app.foundations.languages import spoken
from app.reports.published import Document
from app.reports.sentences import say

Value = str | float | int | None
HIDDEN = "hidden"
# Comments are no figures, and a table that is passed on would outlive their twelve months.
_NO_FIGURES = frozenset({"department", "period", "revision", "suppressed", "comments", "comments_seed"})
# How the entries of a list are told apart; what names an entry is no figure of it.
_NAMES = (
    *("period", "cut", "value", "code", "provider", "requester", "a", "b", "dimension", "item", "source", "theme"),
    "what",
)


#: One figure a row. `estimate` holds a plain number too; `n` and `answers` of a difference are those inside; `part` is
#: the block of the document, `name` what in it (an item, a value of a cut, a quarter), `text` holds verdicts, classes,
#: names, sentences and reasons.
HEAD = (
    "department",
    "period",
    "revision",
    "part",
    "name",
    "measure",
    "estimate",
    "lower",
    "upper",
    "n",
    "n_outside",
    "answers",
    "answers_outside",
    "method",
    "text",
)
Figures = tuple[Value, Value, Value, Value, Value, Value, Value, str]  # estimate to method
_NOTHING: Figures = (None, None, None, None, None, None, None, "")


def export_rows(document: Document, calendar: Calendar) -> list[tuple[Value, ...]]:
    """Return the rows of a document in the language of the moment, each as long as HEAD."""
    writer = _Writer(document, calendar)
    for part, block in document.items():
        if part not in _NO_FIGURES:
            writer.write(part, "", "", block)
            writer.write_hidden(part)
    writer.write_hidden_elsewhere()
    return writer.rows


class _Writer:
    """Collects plain tuples in plain lists: a quarter of a company has a hundred thousand of them."""

    def __init__(self, document: Document, calendar: Calendar) -> None:
        self.rows: list[tuple[Value, ...]] = []
        self._calendar = calendar
        self._parts = frozenset(document)
        self._hidden = [_what(entry) for entry in document.get("suppressed", [])]
        department = str(document.get("department", {}).get("code", ""))
        self._common = (department, str(document["period"]), int(document["revision"]))

    def write(self, part: str, name: str, measure: str, value: Any) -> None:
        """Write the rows of a value and of everything below it; `measure` is its own name, `name` what is above."""
        if isinstance(value, dict):
            self._write_mapping(part, name, measure, value)
        elif isinstance(value, list):
            self._write_list(part, _joined(name, measure), value)
        elif isinstance(value, bool):
            self._add(part, name, measure, _NOTHING, "yes" if value else "no")
        elif isinstance(value, int | float):
            self._add(part, name, measure, (value, None, None, None, None, None, None, ""), "")
        elif value is not None:
            self._add(part, name, measure, _NOTHING, str(value))

    def write_hidden(self, part: str) -> None:
        """Write what is hidden of a block."""
        for entry in self._hidden:
            if entry[0] == part:
                self._write_hidden(*entry)

    def write_hidden_elsewhere(self) -> None:
        """Write what is hidden of blocks that the document does not have."""
        for entry in self._hidden:
            if entry[0] not in self._parts:
                self._write_hidden(*entry)

    def _write_mapping(self, part: str, name: str, measure: str, value: dict[str, Any]) -> None:
        if value.keys() == _SENTENCE:
            self._add(part, name, measure, _NOTHING, say(value, self._calendar))
            return
        is_figure = "estimate" in value
        if is_figure:
            self._add(part, name, measure, _figure(value), "")
        above = _joined(name, measure)
        for key, inner in value.items():
            if key == "names":  # of a theme, by language
                self._add(part, above, "name", _NOTHING, inner.get(spoken()) or inner["en"])
            elif not (is_figure and key in _FIGURE):
                self.write(part, above, key, inner)

    def _write_list(self, part: str, above: str, entries: list[Any]) -> None:
        for number, entry in enumerate(entries, start=1):
            if isinstance(entry, dict):
                named = [entry[key] for key in _NAMES if isinstance(entry.get(key), str)]
                rest = {key: inner for key, inner in entry.items() if key not in _NAMES} if named else entry
                self.write(part, above, "/".join(named) or str(number), rest)
            else:
                self.write(part, above, str(number), entry)

    def _add(self, part: str, name: str, measure: str, figures: Figures, text: str) -> None:
        self.rows.append((*self._common, part, name, measure, *figures, text))

    def _write_hidden(self, part: str, name: str, why: str) -> None:
        self._add(part, name, "", (HIDDEN, None, None, None, None, None, None, ""), why)


def _joined(name: str, measure: str) -> str:
    return f"{name}/{measure}" if name else measure


_SENTENCE = {"key", "params"}
_FIGURE = frozenset({"estimate", "lower", "upper", "n", "answers", "method"})


def _figure(value: dict[str, Any]) -> Figures:
    """Return the cells of an interval or a difference."""
    n, n_outside = _sides(value.get("n"))
    answers, answers_outside = _sides(value.get("answers"))
    bounds = value["estimate"], value.get("lower"), value.get("upper")
    return (*bounds, n, n_outside, answers, answers_outside, value.get("method", ""))


def _sides(value: Any) -> tuple[Value, Value]:
    """Return a count inside and outside; what is no difference has no outside."""
    return (value[0], value[1]) if isinstance(value, list) else (value, None)


def _what(entry: Mapping[str, str]) -> tuple[str, str, str]:
    """Return block, name and reason of an entry of `suppressed`: `internal.effort`, `by_request_type:access`."""
    block, _, value = entry["what"].partition(":")
    part, _, item = block.partition(".")
    return part, item or value, entry["why"]
