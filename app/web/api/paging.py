"""Lists of the API: `?limit=` rows a page, `?cursor=` where it begins, and `next` for the page after it.

A page is read by the key of the list, so the last one costs what the first does, and rows that come or go meanwhile
shift nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request

from app.foundations import cursors
from app.foundations.languages import gettext
from app.foundations.quoting import quoted
from app.web.api.asked_for import refused_by_name
from app.web.frame.problems import Problem

Row = TypeVar("Row")

PER_PAGE, MOST = 50, 200
LARGEST_NUMBER = 2**31 - 1  # of a row: PostgreSQL's integers end there
_LONGEST_NUMBER = 6  # digits


@dataclass(frozen=True)
class Wish:
    """How many rows were asked for, and after which key; None from the beginning."""

    limit: int
    after: tuple[Any, ...] | None

    @property
    def to_read(self) -> int:
        """How many rows to read: one more than are told says whether there is a next page."""
        return self.limit + 1


def wished(*kinds: type[str] | type[int]) -> Wish:
    """Return which page was asked for. Raises Problem 422 for a limit or a cursor that is none."""
    text = request.args.get("limit", str(PER_PAGE))
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    if not is_number or not 1 <= int(text) <= MOST:
        sentence = gettext("limit: '%(value)s' is no number from 1 to %(most)s", value=quoted(text), most=MOST)
        raise refused_by_name("limit", sentence)
    cursor = request.args.get("cursor")
    if cursor is None:
        return Wish(int(text), None)
    after = cursors.decode(cursor, kinds)
    if after is None:
        raise foreign_cursor()
    return Wish(int(text), after)


def foreign_cursor() -> Problem:
    """Return the refusal of a cursor that no answer of this list has given."""
    sentence = gettext("cursor: this is none of this list; take `next` of the answer before, as it is")
    return refused_by_name("cursor", sentence)


def listing(
    rows: Sequence[Row],
    wish: Wish,
    *,
    key: Callable[[Row], tuple[str | int, ...]],
    tell: Callable[[Row], dict[str, Any]],
) -> dict[str, Any]:
    """Return a page as it is answered: of rows of which one more was read than is told."""
    shown = rows[: wish.limit]
    following = cursors.encode(*key(shown[-1])) if len(rows) > wish.limit else None
    return {"items": [tell(row) for row in shown], "next": following}


def filter_of(name: str, known: Sequence[str] | None = None) -> str | None:
    """Return a filter of the address, None where it is not set. Raises Problem 422 for none of the `known` values."""
    value = request.args.get(name)
    if value is None or (known is None and "\0" not in value) or (known is not None and value in known):
        return value
    if known is None:
        raise refused_by_name(name, gettext("%(name)s: this holds a character that no name has", name=name))
    told = {"name": name, "value": quoted(value), "choices": ", ".join(known)}
    raise refused_by_name(name, gettext("%(name)s: '%(value)s' is none of %(choices)s", **told))
