"""The cuts of the fixed cube for HR: one at a time, every department beside the others or one alone.

Frozen scorecards are read and nothing else; what a scorecard hides is hidden here, in the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.scorecards.cuts import CUT_BLOCKS, MONTH, own_rows
from app.foundations.languages import gettext, ngettext
from app.reports.culture.entries import Entry, Table, counted, figure_of, figures, hidden, nothing, people, share, words
from app.reports.groups import CUT_TITLES, UNKNOWN, value_name
from app.reports.published import Document, Interval

_OF_DEPARTMENTS = CUT_BLOCKS["requester_department"]
_IN_THIS_ORDER = ("yes", "no", "first_time", "returning", "key", "other")


@dataclass(frozen=True)
class Cut:
    """A way to look at a department's answers: its name in an address, and in words."""

    name: str
    title: str


@dataclass(frozen=True)
class CutView:
    """One cut, of one department or of all: tables, and where there is nothing to show, why."""

    title: str
    tables: tuple[Table, ...]
    sentences: tuple[str, ...]


def cuts() -> list[Cut]:
    """Return every cut there is, in the order of the scorecard; there is no other way to look at a part."""
    blocks = {block: cut for cut, block in CUT_BLOCKS.items()}
    return [Cut(blocks[block], title()) for block, title in CUT_TITLES.items()]


def telling(cards: Iterable[Document]) -> list[str]:
    """Return the names of the cuts of which any of these scorecards shows something, in their order."""
    found = list(cards)
    return [cut.name for cut in cuts() if any(own_rows(card, CUT_BLOCKS[cut.name]) for card in found)]


def cut_of_all(cards: Mapping[str, Document], cut: str, minimum_group: int, names: Mapping[str, str]) -> CutView:
    """Return a cut of every department, by name. `names` are those of departments, by code."""
    block = CUT_BLOCKS[cut]
    told = {code: _told(card, cut) for code, card in cards.items()}
    values = _values(block, [value for found in told.values() for value in found], names)
    rows = [
        (Entry(card["department"]["name"]), *(told[code].get(value, nothing()) for value, _ in values))
        for code, card in sorted(cards.items(), key=lambda pair: (pair[1]["department"]["name"].casefold(), pair[0]))
        if told[code]
    ]
    title = CUT_TITLES[block]()
    if not rows:
        return CutView(
            title, (), (_nothing_to_show(any(_is_hidden(card, cut) for card in cards.values()), minimum_group),)
        )
    heads = words(gettext("Department")) + figures(*(name for _, name in values))
    notes = [gettext("Share of colleagues who are satisfied, with its interval and the number of people.")]
    if any(entry.mark == hidden().mark for row in rows for entry in row):
        notes.append(_why_hidden(minimum_group))
    return CutView(title, (Table("", heads, tuple(rows), tuple(notes), is_grid=True),), ())


def cut_of_one(card: Document, cut: str, minimum_group: int, names: Mapping[str, str]) -> CutView:
    """Return a cut of one department: each of its values with interval and n."""
    block = CUT_BLOCKS[cut]
    shown = {row["value"]: figure_of(row) for row in own_rows(card, block)}
    values = _values(block, [*shown, *_hidden_values(card, cut)], names)
    rows = tuple(_row(name, shown.get(value)) for value, name in values)
    title = CUT_TITLES[block]()
    is_hidden = _is_hidden(card, cut)
    if not shown:
        return CutView(title, (), (_nothing_to_show(is_hidden, minimum_group),))
    heads = words(title) + figures(gettext("Satisfied or very satisfied"), "n")
    return CutView(title, (Table("", heads, rows),), (_why_hidden(minimum_group),) if is_hidden else ())


def _row(name: str, figure: Interval | None) -> tuple[Entry, ...]:
    return Entry(name), share(figure) if figure else hidden(), people(figure)


def _told(card: Document, cut: str) -> dict[str, Entry]:
    """Return what stands in the cells of a department, by value; empty where its scorecard has no such cut."""
    found = {row["value"]: counted(figure_of(row)) for row in own_rows(card, CUT_BLOCKS[cut])}
    return found | {value: hidden() for value in _hidden_values(card, cut)}


def _values(block: str, values: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return values with their names: those of a fixed order in it, others by name, what is not known last."""
    known = names if block == _OF_DEPARTMENTS else {}
    named = {value: known.get(value) or value_name(block, value) for value in values}
    order = {value: place for place, value in enumerate(_IN_THIS_ORDER)}

    def place(value: str) -> tuple[bool, int, str]:
        by = value if block == CUT_BLOCKS[MONTH] else named[value].casefold()
        return value == UNKNOWN, order.get(value, len(order)), by

    return [(value, named[value]) for value in sorted(named, key=place)]


def _hidden_values(card: Document, cut: str) -> list[str]:
    """Return the hidden values of a cut; months are hidden together and have no names then."""
    block = CUT_BLOCKS[cut]
    whats = [entry["what"] for entry in card.get("suppressed", [])]
    return [what.removeprefix(f"{block}:") for what in whats if what.startswith(f"{block}:")]


def _is_hidden(card: Document, cut: str) -> bool:
    """Tell whether something of the cut may not be shown, or the whole department."""
    whats = {entry["what"] for entry in card.get("suppressed", [])}
    return bool(_hidden_values(card, cut)) or bool(whats & {"internal", CUT_BLOCKS[cut]})


def _nothing_to_show(is_hidden: bool, minimum_group: int) -> str:
    if is_hidden:
        return ngettext(
            "This may not be shown: it would tell about fewer than %(num)s person.",
            "This may not be shown: it would tell about fewer than %(num)s people.",
            minimum_group,
        )
    return gettext("There is nothing to compare: all answers of the quarter are of one kind, or there are none.")


def _why_hidden(minimum_group: int) -> str:
    return ngettext(
        "Hidden: it would tell about fewer than %(num)s person, here or by subtraction.",
        "Hidden: it would tell about fewer than %(num)s people, here or by subtraction.",
        minimum_group,
    )
