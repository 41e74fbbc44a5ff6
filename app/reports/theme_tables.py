"""Themes of a frozen document as tables, one per source, in the language of the moment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.instruments import Reason, wording
from app.domain.scorecards.themes import COMMENTS, REASONS
from app.foundations.languages import gettext, ngettext, spoken
from app.reports import numbers
from app.reports.published import Document, Interval, Measure, read_interval


@dataclass(frozen=True)
class ThemeRow:
    """One theme: how many of the answers name it, and the share of people; in HR's document also of how many cards."""

    name: str
    answers: str  # 14 of 27
    share: str
    range: str
    departments: int | None = None


@dataclass(frozen=True)
class ThemeTable:
    """What one source says, and of whom."""

    source: str
    title: str
    head: tuple[str, str, str]  # theme, answers, people
    rows: list[ThemeRow]
    note: str


def theme_tables(document: Document) -> list[ThemeTable]:
    """Return the tables in the order of the document; sources without a shown theme have none."""
    found: dict[str, list[Document]] = {}
    for row in document.get("themes", []):
        found.setdefault(row["source"], []).append(row)
    return [_SOURCES[source](rows) for source, rows in found.items()]


def theme_lines(document: Document) -> list[str]:
    """Return title, themes and note of each table, for text without tables."""
    lines = []
    for table in theme_tables(document):
        lines.append(f"{table.title}:")
        _, answers, people = table.head
        lines += [
            f"  {row.name} · {answers}: {row.answers} · {people}: {row.share} ({row.range})" for row in table.rows
        ]
        lines.append(table.note)
    return lines


def _reasons(rows: list[Document]) -> ThemeTable:
    words = wording(spoken()).reasons
    people = round(_share(rows[0]).n)
    note = ngettext(
        "%(num)s person rated low and was asked why; several reasons could be ticked."
        " Each person counts once in the share.",
        "%(num)s people rated low and were asked why; several reasons could be ticked."
        " Each person counts once in the share.",
        people,
    )
    head = (gettext("Reason"), gettext("Low ratings"), gettext("People"))
    title = gettext("Reasons named with low ratings")
    return ThemeTable(REASONS, title, head, [_row(words[Reason(row["theme"])], row) for row in rows], note)


def _row(name: str, row: Document) -> ThemeRow:
    share = _share(row)
    answers = gettext(
        "%(count)s of %(all)s", count=numbers.whole(row["answers"]), all=numbers.whole(row["share"]["answers"])
    )
    bounds = numbers.interval(share, Measure.SHARE)
    return ThemeRow(name, answers, numbers.percent(share.estimate), bounds, row.get("departments"))


def _share(row: Document) -> Interval:
    share = read_interval(row["share"])
    assert share is not None  # a theme without its share is not told
    return share


def _comments(rows: list[Document]) -> ThemeTable:
    people = round(_share(rows[0]).n)
    note = ngettext(
        "Comments of %(num)s person, read and sorted; one may have several themes."
        " Each person counts once in the share.",
        "Comments of %(num)s people, read and sorted; one may have several themes."
        " Each person counts once in the share.",
        people,
    )
    head = (gettext("Theme"), gettext("Comments"), gettext("People"))
    names = [row["names"].get(spoken()) or row["names"]["en"] for row in rows]
    found = [_row(name, row) for name, row in zip(names, rows, strict=True)]
    notes = [note, *_agreement(rows[0])]
    return ThemeTable(COMMENTS, gettext("What colleagues write about"), head, found, " ".join(notes))


def _agreement(row: Document) -> Iterator[str]:
    """Yield how far two coders agreed, where enough comments were sorted by both."""
    kappa = row.get("agreement")
    if kappa is not None:
        yield gettext(
            "Two people sorted %(comments)s comments: their agreement beyond chance is %(kappa)s"
            " (%(lower)s to %(upper)s), full agreement would be 1.",
            comments=numbers.whole(kappa["n"]),
            kappa=numbers.hundredths(kappa["estimate"]),
            lower=numbers.hundredths(kappa["lower"]),
            upper=numbers.hundredths(kappa["upper"]),
        )


_SOURCES: Mapping[str, Callable[[list[Document]], ThemeTable]] = {REASONS: _reasons, COMMENTS: _comments}
