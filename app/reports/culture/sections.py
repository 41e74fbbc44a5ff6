"""The sections of HR's document: words, pictures, tables and cards, in one order for page and paper.

A section has a picture, tables, cards and sentences, or some of these; a further block is one more section.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.culture import department_tables as departments
from app.reports.culture import matrix_tables as matrix
from app.reports.culture import measure_tables as measures
from app.reports.culture.entries import Entry, Table, figures, words
from app.reports.culture.measure_tables import Card, Strip
from app.reports.pictures.company import CompanyKind, FrozenCard
from app.reports.published import Document
from app.reports.sentences import say
from app.reports.theme_tables import ThemeTable, theme_tables

_OF_DEPARTMENTS = frozenset(
    {
        CultureKey.DEPARTMENTS_DIFFER,
        CultureKey.DEPARTMENTS_DIFFER_TOGETHER,
        CultureKey.DEPARTMENTS_DO_NOT_DIFFER,
        CultureKey.DEPARTMENTS_TOO_FEW,
        CultureKey.DEPARTMENTS_OVERDISPERSED,
    }
)
_WITHOUT_FIGURES = frozenset({CultureKey.MEASURES_HIDDEN, CultureKey.MEASURES_NO_COMPANY})


@dataclass(frozen=True)
class CultureQuarter:
    """A quarter of HR's document with what its pictures and tables rest on: frozen scorecards and names, by code."""

    document: Document
    cards: Mapping[str, FrozenCard]
    names: Mapping[str, str]
    calendar: Calendar


@dataclass(frozen=True)
class Section:
    """One part of the document; a section of which nothing may be said is left out."""

    key: str
    title: str  # below a picture that is drawn, its finding takes the title's place
    kind: CompanyKind | None = None
    sentences: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    strips: tuple[Strip, ...] = ()  # on pages alone: paper has their table
    tables: tuple[Table, ...] = ()  # to be seen at once
    beside: tuple[Table, ...] = ()  # the values of the picture
    is_list: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.sentences or self.cards or self.tables or self.beside)


def said(quarter: CultureQuarter) -> dict[str, str]:
    """Return the sentences of the document by their key."""
    return {sentence["key"]: say(sentence, quarter.calendar) for sentence in quarter.document["sentences"]}


def _tables(*found: Table | None) -> tuple[Table, ...]:
    return tuple(table for table in found if table is not None)


def _matrix(quarter: CultureQuarter) -> Section:
    document, names = quarter.document, quarter.names
    return Section(
        "matrix",
        gettext("Who serves whom"),
        CompanyKind.MATRIX,
        sentences=tuple(one for key, one in said(quarter).items() if key == CultureKey.MATRIX_HIDDEN),
        tables=_tables(matrix.low_pairs(document, names)),
        beside=_tables(matrix.satisfaction_grid(document, names), matrix.work_grid(document, names)),
    )


def _totals(quarter: CultureQuarter) -> Section:
    title = gettext("What each department says of all that serve it")
    return Section("totals", title, tables=_tables(matrix.totals(quarter.document, quarter.names)))


def _reciprocity(quarter: CultureQuarter) -> Section:
    return Section(
        "reciprocity",
        gettext("Who serves each other"),
        sentences=tuple(matrix.reciprocity_sentences(quarter.document)),
        tables=_tables(matrix.mutual_pairs(quarter.document, quarter.names)),
    )


def _measures(quarter: CultureQuarter) -> Section:
    told = said(quarter)
    return Section(
        "measures",
        gettext("The company's measures"),
        sentences=tuple(one for key, one in told.items() if key in _WITHOUT_FIGURES),
        cards=tuple(measures.measure_cards(quarter.document, told)),
        tables=_tables(measures.index_table(quarter.document)),
    )


def _trend(quarter: CultureQuarter) -> Section:
    table = measures.trend_table(quarter.document, quarter.calendar)
    strips = measures.trend_strips(quarter.document, quarter.calendar)
    return Section("trend", gettext("Quarter by quarter"), strips=strips, tables=_tables(table))


def _themes(quarter: CultureQuarter) -> Section:
    tables = tuple(map(_theme_table, theme_tables(quarter.document)))
    return Section("themes", gettext("Themes"), tables=tables)


def _theme_table(found: ThemeTable) -> Table:
    """Return one source's table, with how many departments' scorecards show a theme if any of them shows one."""
    theme, answers, people = found.head
    if not any(row.departments for row in found.rows):
        told = tuple((Entry(row.name), Entry(row.answers), Entry(row.share, row.range)) for row in found.rows)
        return Table(found.title, words(theme) + figures(answers, people), told, (found.note,))
    heads = words(theme) + figures(answers, gettext("Departments"), people)
    rows = tuple(
        (Entry(row.name), Entry(row.answers), Entry(numbers.whole(row.departments or 0)), Entry(row.share, row.range))
        for row in found.rows
    )
    counted = gettext("Departments: those whose own scorecard shows the theme.")
    return Table(found.title, heads, rows, (found.note, counted))


def _departments(quarter: CultureQuarter) -> Section:
    document = quarter.document
    return Section(
        "departments",
        gettext("Departments beside each other"),
        CompanyKind.DEPARTMENTS,
        sentences=tuple(one for key, one in said(quarter).items() if key in _OF_DEPARTMENTS),
        beside=_tables(departments.compared_table(document), departments.above_table(document)),
    )


def _answers(quarter: CultureQuarter) -> Section:
    return Section("answers", gettext("Who answers"), tables=_tables(departments.answers_table(quarter.cards)))


def _ranks(quarter: CultureQuarter) -> Section:
    title = gettext("Ranks as intervals")
    return Section("ranks", title, CompanyKind.RANKS, beside=_tables(departments.ranks_table(quarter.document)))


def _sides(quarter: CultureQuarter) -> Section:
    table = departments.sides_table(quarter.document, quarter.cards)
    return Section("sides", gettext("Colleagues and customers"), CompanyKind.SIDES, beside=_tables(table))


def _clocks(quarter: CultureQuarter) -> Section:
    table = departments.clocks_table(quarter.document, quarter.cards)
    return Section("clocks", gettext("The clock and the experience"), CompanyKind.CLOCKS, beside=_tables(table))


def _multiples(quarter: CultureQuarter) -> Section:
    table = departments.quarters_table(quarter.cards, quarter.calendar)
    title = gettext("Department by department, quarter by quarter")
    return Section("multiples", title, CompanyKind.MULTIPLES, beside=_tables(table))


def _refused(quarter: CultureQuarter) -> Section:
    told = tuple(say(sentence, quarter.calendar) for sentence in quarter.document["refused"])
    return Section("refused", gettext("What is not said, and why"), sentences=told, is_list=True)


class Part(StrEnum):
    """What of the document a page shows; paper shows all of it."""

    WHOLE = "whole"
    COMPANY = "company"
    DEPARTMENTS = "departments"


Maker = Callable[[CultureQuarter], Section]

_OF_THE_COMPANY: tuple[Maker, ...] = (_matrix, _totals, _reciprocity, _measures, _trend, _themes)
_BESIDE_EACH_OTHER: tuple[Maker, ...] = (_departments, _answers, _ranks, _sides, _clocks, _multiples)
#: What stands between the finding and the small print, in order.
_SECTIONS: Mapping[Part, tuple[Maker, ...]] = {
    Part.WHOLE: (*_OF_THE_COMPANY, *_BESIDE_EACH_OTHER, _refused),
    Part.COMPANY: (*_OF_THE_COMPANY, _refused),
    Part.DEPARTMENTS: _BESIDE_EACH_OTHER,
}
_KINDS_BESIDE = (
    CompanyKind.DEPARTMENTS,
    CompanyKind.RANKS,
    CompanyKind.SIDES,
    CompanyKind.CLOCKS,
    CompanyKind.MULTIPLES,
)
#: The pictures of these sections.
KINDS: Mapping[Part, tuple[CompanyKind, ...]] = {
    Part.WHOLE: tuple(CompanyKind),
    Part.COMPANY: (CompanyKind.MATRIX,),
    Part.DEPARTMENTS: _KINDS_BESIDE,
}


def sections(quarter: CultureQuarter, part: Part) -> list[Section]:
    """Return the sections that say something, in order; that no pair is shown is said late, before what is refused."""
    makers = list(_SECTIONS[part])
    if _matrix in makers and not quarter.document["service_matrix"]["cells"]:
        makers.remove(_matrix)
        makers.insert(makers.index(_refused), _matrix)
    return [section for make in makers if (section := make(quarter)).says_something]
