"""What HR's page and PDF say: the frozen document as sections of words, pictures and tables, in one order for both.

A section has a picture, tables, cards and sentences, or some of these; a further block is one more section.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.domain.scorecards.themes import HIDDEN
from app.foundations.languages import gettext, ngettext
from app.reports import numbers
from app.reports.culture import department_tables as departments
from app.reports.culture import matrix_tables as matrix
from app.reports.culture import measure_tables as measures
from app.reports.culture.entries import Entry, Table, figures, words
from app.reports.culture.measure_tables import Card
from app.reports.descriptions import Description
from app.reports.pictures.company import CompanyKind, FrozenCard
from app.reports.published import Document
from app.reports.quarters import quarter_words
from app.reports.sentences import say
from app.reports.theme_tables import ThemeTable, theme_tables

Contents = dict[str, Any]

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
    tables: tuple[Table, ...] = ()  # to be seen at once
    beside: tuple[Table, ...] = ()  # the values of the picture
    is_list: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.sentences or self.cards or self.tables or self.beside)


def culture_contents(quarter: CultureQuarter, about: Mapping[CompanyKind, Description], language: str) -> Contents:
    """Return everything the templates say, as JSON values; `about` are the texts of the pictures that are drawn."""
    document, calendar = quarter.document, quarter.calendar
    period = quarter_words(calendar, document["period"])
    return {
        "language": language,
        "title": gettext("Culture, %(period)s", period=period),
        "caption": gettext("Culture, %(period)s", period=period),
        "heading": _heading(document),
        "finding": say(document["finding"], calendar),
        "population": _said(quarter)[CultureKey.POPULATION],
        "sections": [
            _written(section, about) for make in _in_order(document) if (section := make(quarter)).says_something
        ],
        "suppressed": _suppressed(document),
        "method": _method(document),
        "revision": _revision(document, calendar),
        "footer": gettext(
            "Culture, %(period)s, revision %(revision)s. Confidential.", period=period, revision=document["revision"]
        ),
    }


def _heading(document: Document) -> str:
    if document["service_matrix"]["cells"]:
        return gettext("How departments serve each other")
    return gettext("How service within the company is felt")


def _written(section: Section, about: Mapping[CompanyKind, Description]) -> Contents:
    found = about.get(section.kind) if section.kind is not None else None
    written = asdict(section)
    for table in (*written["tables"], *written["beside"]):
        table["label"] = table["title"] or section.title
    written["kind"] = section.kind.value if section.kind is not None and found is not None else None
    return written | {"about": asdict(found)} if found is not None else written | {"about": None}


def _said(quarter: CultureQuarter) -> dict[str, str]:
    return {sentence["key"]: say(sentence, quarter.calendar) for sentence in quarter.document["sentences"]}


def _tables(*found: Table | None) -> tuple[Table, ...]:
    return tuple(table for table in found if table is not None)


def _matrix(quarter: CultureQuarter) -> Section:
    document, names = quarter.document, quarter.names
    return Section(
        "matrix",
        gettext("Who serves whom"),
        CompanyKind.MATRIX,
        sentences=tuple(one for key, one in _said(quarter).items() if key == CultureKey.MATRIX_HIDDEN),
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
    said = _said(quarter)
    return Section(
        "measures",
        gettext("The company's measures"),
        sentences=tuple(one for key, one in said.items() if key in _WITHOUT_FIGURES),
        cards=tuple(measures.measure_cards(quarter.document, said)),
        tables=_tables(measures.index_table(quarter.document)),
    )


def _trend(quarter: CultureQuarter) -> Section:
    table = measures.trend_table(quarter.document, quarter.calendar)
    return Section("trend", gettext("Quarter by quarter"), tables=_tables(table))


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
        sentences=tuple(one for key, one in _said(quarter).items() if key in _OF_DEPARTMENTS),
        beside=_tables(departments.compared_table(document), departments.above_table(document)),
    )


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
    said = tuple(say(sentence, quarter.calendar) for sentence in quarter.document["refused"])
    return Section("refused", gettext("What is not said, and why"), sentences=said, is_list=True)


#: What page and PDF say between the finding and the small print, in order.
SECTIONS: tuple[Callable[[CultureQuarter], Section], ...] = (
    _matrix,
    _totals,
    _reciprocity,
    _measures,
    _trend,
    _themes,
    _departments,
    _ranks,
    _sides,
    _clocks,
    _multiples,
    _refused,
)


def _in_order(document: Document) -> tuple[Callable[[CultureQuarter], Section], ...]:
    """Return the sections in order; that no pair is shown is said late, right before what is refused."""
    if document["service_matrix"]["cells"]:
        return SECTIONS
    *shown, refused = (make for make in SECTIONS if make is not _matrix)
    return (*shown, _matrix, refused)


def _suppressed(document: Document) -> Contents | None:
    hidden = [entry["what"] for entry in document["suppressed"]]
    count = sum(1 for what in hidden if what != HIDDEN)
    themes = [gettext("Some reasons and themes are hidden: few people name them, or few of those asked do not.")]
    sentence = ngettext(
        "%(num)s cell of the matrix is hidden: too few people answered, or showing it would give another one away.",
        "%(num)s cells of the matrix are hidden: too few people answered, or showing them would give another one away.",
        count,
    )
    sentences = [*([sentence] if count else []), *(themes if HIDDEN in hidden else [])]
    return {"title": gettext("What is hidden"), "sentence": " ".join(sentences)} if sentences else None


def _method(document: Document) -> Contents:
    method = document["method"]
    sentences = [
        gettext("Lines are %(confidence)s intervals.", confidence=numbers.percent(method["confidence"])),
        gettext(
            "Numbers in the matrix are as observed. Its colours, and the column “Drawn in”, are drawn towards the"
            " common share where answers are few."
        ),
    ]
    if "false_discoveries" in method:
        share = numbers.percent(method["false_discoveries"])
        sentences.append(
            gettext(
                "Of everything marked as clearly lower or higher, at most %(share)s is expected to be chance.",
                share=share,
            )
        )
    return {"title": gettext("Method"), "sentences": sentences}


def _revision(document: Document, calendar: Calendar) -> Contents:
    day = numbers.day(datetime.fromisoformat(document["frozen_at"]).astimezone(calendar.time_zone))
    return {
        "title": gettext("Revision"),
        "sentences": [
            gettext("Frozen on %(day)s as revision %(revision)s.", day=day, revision=document["revision"]),
            gettext("It is made of the frozen scorecards of its quarter and shows nothing that they hide."),
        ],
        "digest": document["digest"],
    }
