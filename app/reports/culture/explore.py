"""Departments as points that a reader places on two axes: frozen figures only, and the same figures as a table.

What a scorecard hides or tells in words alone is no point; the table says which.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.foundations import formats
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.culture.entries import Entry, Table, figures, hidden, nothing, people, share, words
from app.reports.dimensions import dimension_name
from app.reports.pictures.company.compared import funnel_limits
from app.reports.published import HEADLINE_ITEM, Document, Interval, read_interval

PEOPLE = "people"  # who answered: an axis, and no share
_ITEMS = ("timeliness", "result_quality", "communication", "effort")


@dataclass(frozen=True)
class _Measure:
    """A share of a scorecard that can be an axis."""

    key: str
    name: Callable[[], str]
    read: Callable[[Document], Any]
    hidden_as: frozenset[str] = frozenset()  # what `suppressed` calls it


def _inside(item: str) -> Callable[[Document], Any]:
    return lambda card: card["internal"].get(item, {}).get("top_two_box")


def _of_item(item: str) -> _Measure:
    return _Measure(item, lambda: dimension_name(item), _inside(item), _hidden_as(item))


def _hidden_as(item: str) -> frozenset[str]:
    return frozenset({"internal", f"internal.{item}"})


_MEASURES = (
    _Measure("satisfied", lambda: gettext("Colleagues satisfied"), _inside(HEADLINE_ITEM), _hidden_as(HEADLINE_ITEM)),
    *map(_of_item, _ITEMS),
    _Measure(
        "customers",
        lambda: gettext("Customers satisfied"),
        lambda card: card.get("external", {}).get(HEADLINE_ITEM, {}).get("top_two_box"),
    ),
    _Measure("on_time", lambda: gettext("Requests on time"), lambda card: card.get("sla", {}).get("on_time")),
    _Measure("response", lambda: gettext("Response rate"), lambda card: card.get("funnel", {}).get("response_rate")),
)


def explore_points(document: Document, cards: Mapping[str, Document]) -> dict[str, Any]:
    """Return the departments with their exact figures in per cent, the axes, and the limits of chance alone."""
    points = [_point(card) for card in _by_name(cards)]
    shown = {key for point in points for key in point["values"]}
    unit = formats.percent(0.5).removeprefix("50")  # with the space before it where the language has one
    return {
        "axes": [{"key": PEOPLE, "name": gettext("People who answered"), "unit": ""}]
        + [{"key": one.key, "name": one.name(), "unit": unit} for one in _MEASURES if one.key in shown],
        "points": [point for point in points if point["values"]],
        "others": [point["name"] for point in points if not point["values"]],
        "absent": gettext(
            "Not in the picture, for these two figures may not both be printed exactly: %(departments)s."
        ),
        "limits": _limits(document, [point["values"][PEOPLE][0] for point in points if PEOPLE in point["values"]]),
    }


def explore_table(cards: Mapping[str, Document]) -> Table | None:
    """Return the same figures as a table, by name; columns without any figure are left out."""
    rows = [(card, [read_interval(one.read(card)) for one in _MEASURES]) for card in _by_name(cards)]
    kept = [place for place in range(len(_MEASURES)) if any(found[place] for _, found in rows)]
    if not kept:
        return None
    heads = words(gettext("Department")) + figures("n", *(_MEASURES[place].name() for place in kept))
    table = tuple(
        (
            Entry(card["department"]["name"]),
            people(found[0]),
            *(_entry(card, _MEASURES[place], found[place]) for place in kept),
        )
        for card, found in rows
    )
    notes = (gettext("By name, never by score. Words instead of numbers: 5 to 9 people."),)
    return Table("", heads, table, notes, is_grid=True)


def _entry(card: Document, measure: _Measure, figure: Interval | None) -> Entry:
    if figure is not None:
        return share(figure)
    whats = {entry["what"] for entry in card.get("suppressed", [])}
    return hidden() if whats & measure.hidden_as else nothing()


def _point(card: Document) -> dict[str, Any]:
    found = {one.key: read_interval(one.read(card)) for one in _MEASURES}
    exact = {key: figure for key, figure in found.items() if figure is not None and not figure.is_coarse}
    values = {key: _values(figure) for key, figure in exact.items()}
    if "satisfied" in exact:
        n = exact["satisfied"].n
        values[PEOPLE] = [n, n, n, numbers.whole(n)]
    return {"name": card["department"]["name"], "values": values}


def _values(figure: Interval) -> list[Any]:
    """Return estimate and bounds in per cent, and how they are read."""
    told = share(figure)
    bounds = [round(value * 100, 1) for value in (figure.estimate, figure.lower, figure.upper)]
    return [*bounds, f"{told.text} ({told.small}), n {numbers.whole(figure.n)}"]


def _limits(document: Document, counts: list[float]) -> dict[str, Any] | None:
    """Return the funnel around the common share; None where the document has none."""
    found = document["limits"]
    if "centre" not in found or len(counts) < 2:
        return None
    curves = funnel_limits(found["centre"], found["conf_levels"], max(counts))
    inner, outer = (numbers.fine_percent(level) for level in sorted(found["conf_levels"]))
    return {
        "centre": round(found["centre"] * 100),
        "words": [
            gettext("company %(share)s", share=numbers.percent(found["centre"])),
            gettext("limit of %(level)s", level=inner),
            gettext("limit of %(level)s", level=outer),
        ],
        "curves": [
            [round(limit.n, 1), *(round(max(0.0, min(1.0, share)) * 100, 1) for share in (*limit.inner, *limit.outer))]
            for limit in curves
        ],
    }


def _by_name(cards: Mapping[str, Document]) -> list[Document]:
    return sorted(cards.values(), key=lambda card: (card["department"]["name"].casefold(), card["department"]["code"]))
