"""Who serves whom as tables: the grid cell by cell, the pairs that stand out, those that serve each other."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.culture.entries import (
    Entry,
    Mark,
    Table,
    counted,
    figure_of,
    figures,
    hidden,
    nothing,
    people,
    share,
    words,
)
from app.reports.pictures.company.matrix import (
    heat_of,
    hidden_providers,
    providers_in_order,
    requesters_in_order,
)
from app.reports.published import Document, read_difference

Names = Mapping[str, str]
Cell = Mapping[str, Any]


def low_pairs(document: Document, names: Names) -> Table | None:
    """Return the pairs that the finding speaks of, each with its interval."""
    cells = [cell for cell in document["service_matrix"]["cells"] if cell.get("flag") == "lower"]
    if not cells:
        return None
    rows = tuple(
        (
            Entry(names.get(cell["provider"], cell["provider"])),
            Entry(names.get(cell["requester"], cell["requester"])),
            share(figure_of(cell)),
            people(figure_of(cell)),
        )
        for cell in cells
    )
    heads = words(gettext("Serves"), gettext("Asks")) + figures(gettext("Satisfied or very satisfied"), "n")
    return Table(gettext("Pairs that need a look"), heads, rows)


def satisfaction_grid(document: Document, names: Names) -> Table | None:
    """Return the matrix as a table: shares with interval and n, hidden cells said so."""
    notes = (
        gettext("Columns serve, rows ask."),
        gettext("Small: the interval and how many people answered."),
        gettext("A dash: no answers."),
        *hidden_providers(document, names),
    )
    table = _grid(document, names, gettext("Who serves whom: share satisfied"), _satisfaction, notes)
    return replace(table, is_heat=True) if table else None


def work_grid(document: Document, names: Names) -> Table | None:
    """Return volume and median time of each shown pair."""
    notes = (
        gettext("Columns serve, rows ask."),
        gettext(
            "Volume in four steps from 1 (fewest requests) to 4; below it, within how long half of them were done."
        ),
    )
    return _grid(document, names, gettext("Who serves whom: requests and time"), _work, notes)


def _grid(
    document: Document, names: Names, title: str, entry: Callable[[Cell], Entry], notes: tuple[str, ...]
) -> Table | None:
    matrix = document["service_matrix"]
    cells = {(cell["provider"], cell["requester"]): cell for cell in matrix["cells"]}
    if not cells:
        return None
    concealed = {(arc["provider"], arc["requester"]) for arc in matrix["hidden"]}
    providers, requesters = providers_in_order(document), requesters_in_order(matrix)

    def entry_at(provider: str, requester: str) -> Entry:
        if (provider, requester) in concealed:
            return hidden()
        cell = cells.get((provider, requester))
        return entry(cell) if cell else nothing()

    rows = tuple(
        (Entry(names.get(requester, requester)), *(entry_at(provider, requester) for provider in providers))
        for requester in requesters
    )
    heads = words(gettext("Asks")) + figures(*(names.get(code, code) for code in providers))
    return Table(title, heads, rows, notes, is_grid=True)


def _satisfaction(cell: Cell) -> Entry:
    found = replace(counted(figure_of(cell)), heat=heat_of(cell))
    if cell.get("flag") != "lower":
        return found
    return replace(found, mark=Mark.LOWER, said=gettext("clearly below the company"))


def _work(cell: Cell) -> Entry:
    time = numbers.span(cell["median_hours"]) if "median_hours" in cell else ""
    return Entry(numbers.whole(cell["volume_band"]), time)


def totals(document: Document, names: Names) -> Table | None:
    """Return what each department says of all that serve it, by name: the margin of the matrix."""
    found = document["service_matrix"].get("totals", [])
    if not found:
        return None
    named = sorted(found, key=lambda row: names.get(row["requester"], row["requester"]).casefold())
    rows = tuple(
        (Entry(names.get(row["requester"], row["requester"])), share(figure_of(row)), people(figure_of(row)))
        for row in named
    )
    heads = words(gettext("Asks")) + figures(gettext("Satisfied or very satisfied"), "n")
    return Table("", heads, rows)


def mutual_pairs(document: Document, names: Names) -> Table | None:
    """Return the pairs that serve each other, with how differently they rate one another."""
    found = document.get("satisfaction_reciprocity", [])
    if not found:
        return None
    rows = tuple(_mutual(row, names) for row in found)
    heads = words(gettext("One"), gettext("The other"))
    heads += figures(gettext("One rates the other, minus the reverse, in points"), "n")
    notes = (gettext("A start for a talk, no verdict: each side asks for other things."),)
    return Table(gettext("Pairs that serve each other"), heads, rows, notes)


def _mutual(row: Document, names: Names) -> tuple[Entry, ...]:
    gap = read_difference(row["top_two_box"])
    assert gap is not None
    points = gap.in_points()
    return (
        Entry(names.get(row["a"], row["a"])),
        Entry(names.get(row["b"], row["b"])),
        Entry(numbers.signed(points.estimate), numbers.words(points.lower, points.upper, signs=True)),
        Entry("\u00a0/\u00a0".join(numbers.whole(n) for n in gap.n)),
    )


def reciprocity_sentences(document: Document) -> list[str]:
    """Say how many services go both ways; nothing where none connects two departments."""
    found = document.get("reciprocity", {})
    if not found:
        return []
    return [
        gettext(
            "%(share)s of the %(arcs)s services between departments that can be shown have one in return; counted by"
            " requests it is %(weighted)s.",
            share=numbers.percent(found["reciprocity"]),
            arcs=numbers.whole(found["arcs"]),
            weighted=numbers.percent(found["weighted_reciprocity"]),
        ),
        gettext("Services are meant to flow one way more often than not: a low share is no fault."),
    ]
