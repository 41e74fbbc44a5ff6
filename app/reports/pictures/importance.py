"""What weighs most and how it is rated: words around chart 7."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.periods import Calendar
from app.domain.sentences import Place, coarse_word
from app.foundations.languages import gettext, pgettext
from app.reports import charts, numbers
from app.reports.charts import Evidence, ImportanceLine
from app.reports.descriptions import Description, alternative, interval_note, said
from app.reports.dimensions import coarse_name, dimension_name
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.published import Document, Interval, Measure, read_interval
from app.reports.tables import Cell, cell


@dataclass(frozen=True)
class DriverRow:
    """One aspect as a row of the table below the picture."""

    name: str
    importance: Cell
    performance: Cell
    word: str


def importance_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw importance beside performance; None without drivers or without a target."""
    target = document.get("sla", {}).get("satisfaction_target")
    lines = _lines(document, target) if target is not None else ()
    if len(lines) < 2:
        return None
    words = charts.ImportanceWords(
        importance=gettext("weight in the overall rating"),
        performance=gettext("rated good or very good"),
        unit=lambda tick: numbers.percent(tick / 100),
    )
    return drawing(
        _description(document, lines, calendar),
        charts.draw_importance,
        lambda _, head: charts.ImportanceChart(lines, words, target, head),
    )


def driver_rows(document: Document) -> list[DriverRow]:
    """Return the table below the picture in the language of the moment; empty where there is no picture."""
    target = document.get("sla", {}).get("satisfaction_target")
    lines = _lines(document, target) if target is not None else ()
    return [
        DriverRow(
            line.name,
            cell(line.importance, Measure.SHARE),
            cell(line.performance, Measure.SHARE, is_hidden=line.performance is None),
            line.word,
        )
        for line in lines
        if len(lines) > 1
    ]


def _lines(document: Document, target: float) -> tuple[ImportanceLine, ...]:
    return tuple(_line(row, document, target) for row in document.get("drivers", []))


def _line(row: Mapping[str, Any], document: Document, target: float) -> ImportanceLine:
    item = row["dimension"]
    rated = read_interval(document.get("internal", {}).get(item, {}).get("top_two_box"))
    importance = read_interval(row["importance"])
    assert importance is not None
    evidence, word = _verdict(rated, target)
    is_action = document.get("action", {}).get("dimension") == item
    if is_action:
        word = gettext("start here")
    return ImportanceLine(dimension_name(item), importance, rated, evidence, word, is_action)


def _verdict(rated: Interval | None, target: float) -> tuple[Evidence, str]:
    """Return what a published share says against the target, as the table of targets does."""
    if rated is None:
        return Evidence.NONE, gettext("hidden")
    if rated.is_coarse:
        return Evidence.NONE, coarse_name(coarse_word(rated.estimate))
    if rated.lower >= target:
        return Evidence.BETTER, pgettext("target", "above")
    if rated.upper < target:
        return Evidence.WORSE, pgettext("target", "below")
    return Evidence.NONE, gettext("too close to tell")


def _description(document: Document, lines: tuple[ImportanceLine, ...], calendar: Calendar) -> Description:
    title = said(document, Place.ACTION, calendar) or gettext("What weighs most, and how it is rated.")
    subtitle = gettext("How much each aspect weighs in the overall rating, beside the share that rates it well.")
    company = any(row["model"] == "company" for row in document["drivers"])
    source = (
        gettext("The weights are those of the whole company: too few full answers here.")
        if company
        else gettext("The weights come from the answers about this department.")
    )
    order, target = gettext("Read the order, not the size."), gettext("Dashed: the target.")
    notes = f"{source} {order} {target}"
    if any(line.performance is None for line in lines):
        hidden = gettext("Hatched: hidden to protect a small group.")
        notes = f"{notes} {hidden}"
    values = [_value(line) for line in lines]
    return Description(title, f"{subtitle} {interval_note(document)}", notes, alternative(title, values))


def _value(line: ImportanceLine) -> str:
    weight = numbers.percent(line.importance.estimate)
    if line.performance is None or line.performance.is_coarse:
        return gettext("%(aspect)s: weight %(weight)s, %(word)s.", aspect=line.name, weight=weight, word=line.word)
    rated = numbers.percent(line.performance.estimate)
    return gettext("%(aspect)s: weight %(weight)s, rated good %(rated)s.", aspect=line.name, weight=weight, rated=rated)
