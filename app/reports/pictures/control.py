"""Months against the limits of chance: words around chart 9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.periods import Calendar, Period
from app.foundations import formats
from app.foundations.languages import gettext, ngettext
from app.reports import charts, numbers
from app.reports.charts import ControlPoint
from app.reports.descriptions import Description, alternative
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.published import Document, Interval, Measure, read_interval
from app.reports.tables import Cell, cell

SHOWN_FROM = 4  # months: those of one quarter stand in their table


@dataclass(frozen=True)
class MonthRow:
    """One month as a row of the table below the picture."""

    name: str
    value: Cell
    limits: str
    signal: str


@dataclass(frozen=True)
class _Month:
    first_day: date
    figure: Interval | None = None
    limits: tuple[float, float] | None = None
    centre: float | None = None
    phase: int | None = None
    rule: str | None = None  # of a signal; "" where the document says that it is one and not which
    is_hidden: bool = False

    @property
    def is_above(self) -> bool:
        return self.figure is not None and self.centre is not None and self.figure.estimate > self.centre


def control_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw the months; None below four of them, or where a month has fewer than ten people."""
    months = _months(document, calendar)
    if not months:
        return None
    points = tuple(_point(month) for month in months)
    words = _words(months)
    return drawing(_description(months), charts.draw_control, lambda _, head: charts.ControlChart(points, words, head))


def month_rows(document: Document, calendar: Calendar) -> list[MonthRow]:
    """Return the table below the picture in the language of the moment; empty where there is no picture."""
    return [
        MonthRow(
            formats.month(month.first_day),
            _cell(month),
            numbers.bounds(month.limits[0] * 100, month.limits[1] * 100) if month.limits else "",
            _signal(month),
        )
        for month in _months(document, calendar)
    ]


def _cell(month: _Month) -> Cell:
    if month.figure is None and not month.is_hidden:
        return Cell(gettext("not shown"))
    return cell(month.figure, Measure.SHARE, is_hidden=month.is_hidden)


def _months(document: Document, calendar: Calendar) -> list[_Month]:
    """Return every month from the first to the last one shown; those between without a figure are gaps."""
    found = {month.first_day: month for row in document.get("trend_months", []) if (month := _month(row))}
    figures = [month.figure for month in found.values() if month.figure]
    if len(figures) < SHOWN_FROM or any(figure.is_coarse for figure in figures):
        return []
    hidden = _hidden_months(document, calendar)
    days = sorted({*found, *hidden})
    return [found.get(day) or _Month(day, is_hidden=day in hidden) for day in _each_month(days[0], days[-1])]


def _month(row: Mapping[str, Any]) -> _Month | None:
    figure = read_interval(row.get("top_two_box"))
    if figure is None:
        return None
    limits, signal = row.get("limits"), row.get("signal")
    rule = row.get("rule") or (signal if isinstance(signal, str) else "")
    return _Month(
        date.fromisoformat(f"{row.get('period') or row['value']}-01"),
        figure,
        (limits[0], limits[1]) if limits else None,
        row.get("centre"),
        row.get("phase"),
        rule if signal else None,
    )


def _hidden_months(document: Document, calendar: Calendar) -> set[date]:
    """Return the months of the document's own quarter where it says that they may not be shown."""
    if not any(entry["what"].startswith("trend_months") for entry in document.get("suppressed", [])):
        return set()
    first = calendar.first_day(Period.parse(document["period"]))
    last = calendar.last_day(Period.parse(document["period"]))
    return set(_each_month(first, last))


def _each_month(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month
    places = [first.month - 1 + number for number in range(count + 1)]
    return [date(first.year + place // 12, place % 12 + 1, 1) for place in places]


def _point(month: _Month) -> ControlPoint:
    return ControlPoint(
        name=formats.short_month(month.first_day),
        year=str(month.first_day.year),
        order=month.first_day.month,
        value=month.figure.estimate if month.figure else None,
        limits=month.limits,
        centre=month.centre,
        phase=month.phase,
        signal=_signal(month),
        is_hidden=month.is_hidden,
    )


def _signal(month: _Month) -> str:
    if month.rule is None:
        return ""
    above, below = {
        "outside": (gettext("above the limit"), gettext("below the limit")),
        "run": (gettext("8 in a row above"), gettext("8 in a row below")),
        "near_limit": (gettext("3 of 4 near the upper limit"), gettext("3 of 4 near the lower limit")),
    }.get(month.rule, (gettext("signal: higher"), gettext("signal: lower")))
    return above if month.is_above else below


def _words(months: Sequence[_Month]) -> charts.ControlWords:
    centres = [month.centre for month in months if month.centre is not None]
    return charts.ControlWords(
        average=gettext("average %(share)s", share=numbers.percent(centres[-1])) if centres else "",
        upper=gettext("upper limit"),
        lower=gettext("lower limit"),
        band=gettext("limits of chance"),
        too_early=gettext("too early for limits"),
        hidden=gettext("hidden"),
        missing=gettext("not shown"),
        unit=lambda tick: numbers.percent(tick / 100),
    )


def _description(months: Sequence[_Month]) -> Description:
    title = _title(months)
    shown = [(month, month.figure) for month in months if month.figure]
    least, most = (round(edge(figure.n for _, figure in shown)) for edge in (min, max))
    notes = [gettext("Between %(least)s and %(most)s people a month.", least=least, most=most)]
    if any(month.limits for month in months):
        notes.append(gettext("Inside the grey band chance alone explains the ups and downs."))
    if len({month.phase for month in months if month.phase is not None}) > 1:
        notes.append(gettext("Dotted: limits begin anew, since the questions are new."))
    if any(month.is_hidden for month in months):
        notes.append(gettext("Hatched: hidden to protect a small group."))
    values = [_value(*shown[0]), _value(*shown[-1]), *(_value(month, figure) for month, figure in shown if month.rule)]
    subtitle = gettext("Share of satisfied colleagues, month by month.")
    return Description(title, subtitle, " ".join(notes), alternative(title, list(dict.fromkeys(values))))


def _title(months: Sequence[_Month]) -> str:
    shown = [month for month in months if month.figure]
    signals = [month for month in shown if month.rule is not None]
    if not any(month.limits for month in months):
        count = len(shown)
        return ngettext(
            "Too early for limits: %(num)s month so far.", "Too early for limits: %(num)s months so far.", count
        )
    if not signals:
        return ngettext(
            "Over %(num)s month no lasting shift beyond chance.",
            "Over %(num)s months no lasting shift beyond chance.",
            len(shown),
        )
    first = formats.month(signals[0].first_day)
    if all(month.is_above for month in signals):
        return gettext("Satisfaction was higher than chance explains, first in %(month)s.", month=first)
    if any(month.is_above for month in signals):
        return gettext("Satisfaction moved more than chance explains, first in %(month)s.", month=first)
    return gettext("Satisfaction was lower than chance explains, first in %(month)s.", month=first)


def _value(month: _Month, figure: Interval) -> str:
    words = {"month": formats.month(month.first_day), "value": numbers.percent(figure.estimate)}
    return gettext("%(month)s: %(value)s (n %(n)s).", n=numbers.whole(figure.n), **words)
