"""Tables of HR's document as values: heads, rows and cells in the language of the moment, for page and paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.dimensions import verdict_name
from app.reports.published import Document, Interval, Measure, read_interval
from app.reports.tables import NOTHING, cell


class Mark(StrEnum):
    """What an entry is marked with, beside its words."""

    NONE = ""
    HIDDEN = "hidden"
    LOWER = "worse"
    HIGHER = "better"
    UNDECIDED = "undecided"  # a verdict that says nothing either way


@dataclass(frozen=True)
class Entry:
    """One cell: its words or figure, what stands small beside it, and its mark; `said` is the mark for ears alone."""

    text: str
    small: str = ""
    mark: Mark = Mark.NONE
    said: str = ""
    heat: int = 0  # 1 to 5: the class of colour on a page's heat map


@dataclass(frozen=True)
class Column:
    """The head of a column; figures stand to the right."""

    name: str
    is_figure: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows; a grid has names of departments or quarters on both sides."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    notes: tuple[str, ...] = ()
    is_grid: bool = False
    is_heat: bool = False  # on pages, where it stands in the place of its picture


def words(*names: str) -> tuple[Column, ...]:
    """Return heads of columns of words."""
    return tuple(Column(name) for name in names)


def figures(*names: str) -> tuple[Column, ...]:
    """Return heads of columns of figures."""
    return tuple(Column(name, is_figure=True) for name in names)


def hidden() -> Entry:
    """Return what stands where a figure may not be shown."""
    return Entry(gettext("hidden"), mark=Mark.HIDDEN)


def nothing() -> Entry:
    """Return what stands where there is no figure."""
    return Entry(NOTHING)


def share(figure: Interval | None) -> Entry:
    """Return a share with its interval; 5 to 9 people get a word."""
    shown = cell(figure, Measure.SHARE)
    return Entry(shown.value, shown.range)


def people(figure: Interval | None) -> Entry:
    """Return the n of a figure."""
    return Entry(numbers.whole(figure.n)) if figure else nothing()


def counted(figure: Interval | None) -> Entry:
    """Return a share with its interval and n in one cell, for grids."""
    if figure is None:
        return nothing()
    shown = cell(figure, Measure.SHARE)
    n = f"n\u00a0{shown.n}"
    return Entry(shown.value, f"{shown.range}, {n}" if shown.range else n)


def figure_of(document: Document) -> Interval | None:
    """Return the share of a row or cell of the document."""
    return read_interval(document.get("top_two_box"))


def against_company(flag: str | None, *, is_judged: bool) -> Entry:
    """Return the verdict of one department beside the company as words with their mark."""
    if flag == "lower":
        return Entry(gettext("clearly below the company"), mark=Mark.LOWER)
    if flag == "higher":
        return Entry(gettext("clearly above the company"), mark=Mark.HIGHER)
    if is_judged:
        return Entry(gettext("too close to tell"), mark=Mark.UNDECIDED)
    return Entry(verdict_name("too_few"), mark=Mark.UNDECIDED)


def by_name(rows: Sequence[Document]) -> list[Document]:
    """Return rows of departments in the order of their names: an order by figures would be a league table."""
    return sorted(rows, key=lambda row: (row["name"].casefold(), row["code"]))
