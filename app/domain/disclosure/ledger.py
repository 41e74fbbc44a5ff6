"""What a document discloses, figure by figure: one walk for scorecards and HR's document, whatever blocks they have.

A block that is new is walked as it stands. What tells nothing of colleagues, or says again what stands elsewhere, is
named here once.
"""

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

#: Blocks without a figure of colleagues: what the document is, how it was made, and customers' side.
NOT_OF_COLLEAGUES = frozenset(
    {"schema", "department", "period", "revision", "frozen_at", "digest", "funnel_basis", "method", "external"}
    | {"population", "comments_seed"}
)
#: Blocks that say again what stands in others, or what an earlier document told.
SAID_AGAIN = frozenset({"trend", "sentences", "action", "finding", "refused", "limits"})
HIDDEN = "suppressed"
#: Inside a block: targets and seeds, which are ours, and what follows from figures of earlier documents.
_FOLLOWS = frozenset(
    {"target", "satisfaction_target", "target_hours", "seed", "phase", "limits", "centre", "score_limits"}
    | {"score_centre", "hidden"}
)
#: What names a row of a list, by the first of these that it has.
_ROW_NAMES = (
    *(("cut", "value"), ("provider", "requester"), ("a", "b"), ("theme", "source"), ("theme",)),
    *(("value",), ("dimension",), ("requester",), ("provider",), ("code",), ("id",)),
)
_REST = "/rest"  # no value of a cut begins so


class UnnamedFigure(ValueError):
    """A document has a list of rows that nothing names: the ledger could not tell one from another."""


class Name(NamedTuple):
    """A figure of a document: `internal`, `timeliness`, `top_two_box`. Parts below are joined by dots."""

    block: str
    key: str = ""
    part: str = ""

    def __str__(self) -> str:
        return ".".join(step for step in self if step)


@dataclass(frozen=True)
class Figure:
    """One figure as printed: an interval, a number, a list of them, or None for a row that is words."""

    name: Name
    printed: Any


def figures_of(document: Mapping[str, Any]) -> Iterator[Figure]:
    """Yield every figure of colleagues that a document tells; raise UnnamedFigure for rows without a name."""
    return (Figure(name, printed) for _, name, printed in _walked(document))


def hidden_in(document: Mapping[str, Any]) -> Iterator[Name]:
    """Yield what a document says it hides."""
    return (hidden_figure(row["what"]) for row in document[HIDDEN])


def hidden_figure(what: str) -> Name:
    """Return the figure that a document's `suppressed` calls so: `internal.effort`, `by_on_time:yes`."""
    ends = min((what.index(mark) for mark in ".:" if mark in what), default=len(what))
    return Name(what[:ends], what[ends + 1 :])


def without(document: Mapping[str, Any], names: Collection[Name]) -> dict[str, Any]:
    """Return a copy of a document that tells no figure of these names, nor rows and lists that are empty without."""
    found = copy.deepcopy(dict(document))
    for steps, name, _ in reversed(list(_walked(document))):
        if name in names:
            _remove(found, steps)
    return found


_Steps = tuple[str | int, ...]


def _walked(document: Mapping[str, Any]) -> Iterator[tuple[_Steps, Name, Any]]:
    for block, value in document.items():
        if block not in NOT_OF_COLLEAGUES | SAID_AGAIN and block != HIDDEN:
            for steps, words, printed in _leaves(value, (block,)):
                yield (block, *steps), _named(block, words), printed


def _named(block: str, words: Sequence[str]) -> Name:
    return Name(block, words[0] if words else "", ".".join(words[1:]))


def _leaves(value: Any, path: _Steps) -> Iterator[tuple[_Steps, tuple[str, ...], Any]]:
    """Yield steps, words and value of each figure below; a row's word is its name, its step its place."""
    if _is_figure(value):
        yield (), (), value
        return
    for step, word, inner in _parts(value, path):
        found = list(_leaves(inner, (*path, step)))
        if not found and isinstance(step, int):
            found = [((), (), None)]  # a row of words: that it stands there is what it tells
        for steps, words, printed in found:
            yield (step, *steps), (word, *words), printed


def _parts(value: Any, path: _Steps) -> Iterator[tuple[str | int, str, Any]]:
    """Yield step, word and value of what a block or a list of rows holds."""
    if isinstance(value, Mapping):
        yield from ((key, key, inner) for key, inner in value.items() if key not in _FOLLOWS)
    elif isinstance(value, list):
        rows = [(place, row) for place, row in enumerate(value) if isinstance(row, Mapping) and not _is_earlier(row)]
        names = [_row_name(row) for _, row in rows]
        if names.count(_REST) > 1 or names == [_REST]:
            raise UnnamedFigure(f"rows of {'.'.join(map(str, path))} have none of the names that the ledger knows")
        yield from ((place, name, row) for name, (place, row) in zip(names, rows, strict=True))


def _is_figure(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_number(part) for part in value)
    return _is_number(value) or (isinstance(value, Mapping) and "estimate" in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row_name(row: Mapping[str, Any]) -> str:
    """Return what names a row; beside named ones, one without a name is what is left of them."""
    keys = next((keys for keys in _ROW_NAMES if all(key in row for key in keys)), None)
    return _REST if keys is None else ":".join(str(row[key]) for key in keys)


def _is_earlier(row: Mapping[str, Any]) -> bool:
    return "period" in row and "value" not in row


def _remove(document: dict[str, Any], steps: _Steps) -> None:
    """Take a figure out, and above it what holds nothing more: rows without figures, lists without rows."""
    *above, last = steps
    holder: Any = document
    for step in above:
        holder = holder[step]
    del holder[last]
    is_inner = len(above) > 1  # a block stays, empty, for whoever reads it
    if is_inner and (holder == [] or (isinstance(above[-1], int) and not any(_leaves(holder, ())))):
        _remove(document, tuple(above))
