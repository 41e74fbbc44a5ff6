"""HR's document as lines of text, for a terminal."""

from app.foundations.languages import gettext
from app.reports.culture.department_tables import above_table, compared_table
from app.reports.culture.entries import Entry, Table
from app.reports.culture.matrix_tables import low_pairs
from app.reports.culture.sections import CultureQuarter
from app.reports.quarters import quarter_words
from app.reports.sentences import say
from app.reports.theme_tables import theme_lines


def culture_lines(quarter: CultureQuarter) -> list[str]:
    """Return quarter and revision, the sentences, pairs and departments by name, themes, and what is not said."""
    document, calendar = quarter.document, quarter.calendar
    head = gettext(
        "Culture, %(period)s, revision %(revision)s. Confidential.",
        period=quarter_words(calendar, document["period"]),
        revision=document["revision"],
    )
    finding = document["finding"]
    said = [finding, *(one for one in document["sentences"] if one != finding)]
    tables = (low_pairs(document, quarter.names), compared_table(document), above_table(document))
    return [
        head,
        *(say(one, calendar) for one in said),
        *(line for table in tables if table is not None for line in _lines(table)),
        *theme_lines(document),
        *(say(one, calendar) for one in document["refused"]),
    ]


def _lines(table: Table) -> list[str]:
    names = [column.name for column in table.columns]
    rows = [
        " · ".join(f"{name}: {_words(entry)}" for name, entry in zip(names, row, strict=True)) for row in table.rows
    ]
    return [f"{table.title}:", *(f"  {row}" for row in rows), *table.notes]


def _words(entry: Entry) -> str:
    return f"{entry.text} ({entry.small})" if entry.small else entry.text
