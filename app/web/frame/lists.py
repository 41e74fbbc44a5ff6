"""What lists of staff share: how long a page is, where the next one begins, which filters an address has."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from flask import abort, request
from werkzeug.exceptions import UnprocessableEntity

from app.foundations import cursors
from app.foundations.languages import gettext
from app.web.frame.form_rules import too_long

Row = TypeVar("Row")
ANYTHING: Collection[str] = ()  # a filter for words of one's own
PER_PAGE = 50
LONGEST_FILTER = 200  # characters


class UnusableFilter(UnprocessableEntity):
    """What somebody typed into a filter cannot be looked for; `sentence` says how to write it."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """The rows of one page, and the cursor of the next one; None on the last."""

    rows: Sequence[Row]
    following: str | None


def paged(rows: Sequence[Row], key: Callable[[Row], tuple[str | int, ...]], *, count: int = PER_PAGE) -> Paged[Row]:
    """Make a page of rows, of which one more was read than it shows; `key` gives what the list is sorted by."""
    shown = rows[:count]
    return Paged(shown, cursors.encode(*key(shown[-1])) if len(rows) > count else None)


def cursor(*kinds: type[str] | type[int]) -> tuple[str | int, ...] | None:
    """Return where the page that was asked for begins; None for the first. A cursor that nobody was given is 404."""
    text = request.args.get("cursor")
    if text is None:
        return None
    return cursors.decode(text, kinds) or abort(404)


def moment_and_number() -> tuple[datetime, int] | None:
    """Return the cursor of a list that is sorted by moment and number; None for the first page."""
    parts = cursor(str, int)
    if parts is None:
        return None
    try:
        at = datetime.fromisoformat(str(parts[0]))
    except ValueError:
        abort(404)
    return (at, int(parts[1])) if at.tzinfo else abort(404)


def filters(known: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return the filters of the address that are set, of those that are `known` with their values.

    A choice that a filter does not have is 404, as any page that is not there. Words of one's own are trimmed.
    Raises UnusableFilter for words that no database can look for.
    """
    told = {}
    for name, values in known.items():
        text = request.args.get(name, "").strip()
        if text and values and text not in values:
            abort(404)
        if len(text) > LONGEST_FILTER:
            raise UnusableFilter(too_long(len(text) - LONGEST_FILTER, LONGEST_FILTER))
        if "\0" in text:
            raise UnusableFilter(gettext("Write it in one line, without invisible characters."))
        if text:
            told[name] = text
    return told


def a_day(text: str | None) -> date | None:
    """Return the day of a filter. Raises UnusableFilter for what no calendar has."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    if found is None or 1 < found.year < 9999:
        return found
    raise UnusableFilter(gettext("“%(text)s” is no day to look for. Write it as in 2026-09-30.", text=text))
