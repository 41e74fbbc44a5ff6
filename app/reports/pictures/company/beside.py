"""Departments beside each other on two targets, and their quarters in small frames: charts 5, 6 and 11."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.domain.periods import Calendar, Period
from app.foundations import formats
from app.foundations.languages import gettext, ngettext
from app.reports import charts, numbers
from app.reports.charts import Cross, Flag, Panel, QuadrantChart, Standing
from app.reports.descriptions import Description, alternative, interval_note
from app.reports.pictures.company.compared import flag_of
from app.reports.pictures.company.kinds import FrozenCard, rest_note
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.pictures.standing import (
    ON_TIME_FROM,
    clock_cross,
    clock_subject,
    clock_words,
    crossing_note,
    side_words,
    sides_cross,
    sides_subject,
)
from app.reports.published import Document, Measure, PointState
from app.reports.quarters import quarter_words
from app.reports.trends import trend_of

NAMED_ALL = 10  # departments: up to so many, the undecided have their names too

Cards = Mapping[str, FrozenCard]
Targets = tuple[float, float] | None


def sides_all_drawing(document: Document, cards: Cards, calendar: Calendar) -> Drawing | None:
    """Draw colleagues and customers of all departments; None for fewer than two with 30 answers on both sides."""
    found = [cross for code in sorted(cards) if (cross := sides_cross(cards[code].document))]
    if len(found) < 2:
        return None
    placed = [cross for cross in found if cross.standing is not Standing.UNDECIDED]
    title = gettext(
        "%(placed)s of %(shown)s departments can be placed, the others are undecided.",
        placed=len(placed),
        shown=len(found),
    )
    if not placed:
        title = gettext("No department can be placed: all of them are undecided.")
    values = [_placed_at(corner) for corner in _corners(placed, cards)]
    subject = sides_subject(quarter_words(calendar, document["period"]))
    notes = [crossing_note()]
    if len(found) < len(cards):
        missing = gettext("Not shown, with fewer than 30 answers on a side: %(count)s.", count=len(cards) - len(found))
        notes.append(missing)
    targets = _targets([(card["satisfaction_target"], card["satisfaction_target"]) for card in _clocks(cards)])
    about = _about(document, title, subject, notes, values, targets)
    crosses, words = _named(found, all_names=False), side_words()
    return drawing(about, charts.draw_quadrant, lambda _, head: QuadrantChart(crosses, words, targets, head))


def clocks_drawing(document: Document, cards: Cards, calendar: Calendar) -> Drawing | None:
    """Draw clock and experience of all departments; None for fewer than two with both."""
    found = [cross for code in sorted(cards) if (cross := clock_cross(cards[code].document))]
    if len(found) < 2:
        return None
    worse = [cross.name for cross in found if cross.standing is Standing.WORSE]
    title = gettext("No department is clearly on time and yet leaves colleagues dissatisfied.")
    if worse:
        title = ngettext(
            "%(num)s department is on time and still leaves colleagues dissatisfied.",
            "%(num)s departments are on time and still leave colleagues dissatisfied.",
            len(worse),
        )
    values = [f"{', '.join(worse)}."] if worse else []
    possible = [cross.name for cross in found if cross.standing is Standing.UNDECIDED]
    if possible:
        values.append(gettext("Undecided: %(departments)s.", departments=", ".join(possible)))
    subject = clock_subject(quarter_words(calendar, document["period"]))
    targets = _targets([(sla["target"], sla["satisfaction_target"]) for sla in _clocks(cards)])
    notes = [gettext("Triangle: both intervals agree."), crossing_note()]
    about = _about(document, title, subject, notes, values, targets)
    crosses, words = _named(found, all_names=len(found) <= NAMED_ALL), clock_words()
    return drawing(
        about, charts.draw_quadrant, lambda _, head: QuadrantChart(crosses, words, targets, head, ON_TIME_FROM)
    )


def _clocks(cards: Cards) -> list[Mapping[str, float]]:
    return [card.document["sla"] for card in cards.values() if "satisfaction_target" in card.document.get("sla", {})]


def _targets(found: Sequence[tuple[float, float]]) -> Targets:
    """Return the targets if all departments share them; lines of others would put dots on a wrong side."""
    return found[0] if len(set(found)) == 1 else None


def _named(crosses: Sequence[Cross], *, all_names: bool) -> tuple[Cross, ...]:
    """Leave names of the undecided out where they would crowd the plot."""
    return tuple(
        cross if all_names or cross.standing is not Standing.UNDECIDED else replace(cross, name="") for cross in crosses
    )


def _about(
    document: Document, title: str, subject: str, notes: Sequence[str], values: list[str], targets: Targets
) -> Description:
    dashed = gettext("Dashed: the targets.") if targets else gettext("Each department has targets of its own.")
    subtitle = f"{subject} {interval_note(document)} {dashed}"
    return Description(title, subtitle, " ".join(notes), alternative(title, values))


def _corners(placed: Sequence[Cross], cards: Cards) -> list[tuple[str, list[str]]]:
    """Return the names of the quarters with the departments that stand in them."""
    documents = [card.document for card in cards.values()]
    targets = {found["department"]["name"]: found.get("sla", {}).get("satisfaction_target") for found in documents}
    upper_left, upper_right, lower_left, lower_right = side_words().corners
    corners: dict[str, list[str]] = {upper_left: [], upper_right: [], lower_left: [], lower_right: []}
    for cross in placed:
        inside, outside = (figure.estimate > targets[cross.name] for figure in (cross.across, cross.up))
        corner = {
            (False, True): upper_left,
            (True, True): upper_right,
            (False, False): lower_left,
            (True, False): lower_right,
        }[inside, outside]
        corners[corner].append(cross.name)
    return [(corner, names) for corner, names in corners.items() if names]


def _placed_at(corner: tuple[str, list[str]]) -> str:
    words, names = corner
    return f"{words[:1].upper()}{words[1:]}: {', '.join(names)}."


def multiples_drawing(document: Document, cards: Cards, calendar: Calendar) -> Drawing | None:
    """Draw the quarters of every department; None for fewer than two that ever had a figure."""
    flags = {row["code"]: flag_of(row, differ=document["differ"]) for row in document["departments"]}
    panels = [panel for code in sorted(cards) if (panel := _panel(cards[code], flags.get(code, Flag.NONE), calendar))]
    if sum(any(point.internal for point in panel.points) for panel in panels) < 2:
        return None
    order = (Flag.LOWER, Flag.HIGHER, Flag.NONE)
    panels.sort(key=lambda panel: (order.index(panel.flag), panel.name.casefold()))
    first, last = (formats.month_in_figures(_end(calendar, panels[0], place)) for place in (0, -1))
    chart = charts.MultiplesChart(
        tuple(panels), first, last, gettext("hidden"), lambda tick: numbers.percent(tick / 100)
    )
    about = _multiples_description(document, panels, calendar)
    return drawing(about, charts.draw_multiples, lambda _, head: replace(chart, head=head))


def _panel(card: FrozenCard, flag: Flag, calendar: Calendar) -> Panel | None:
    """Return the department's eight quarters as shares; None for one that nobody ever answered about."""
    points = trend_of(card.document, card.earlier, calendar, measure=Measure.SHARE).points
    if not any(point.internal or point.state is PointState.HIDDEN for point in points):
        return None
    return Panel(card.document["department"]["name"], points, flag)


def _end(calendar: Calendar, panel: Panel, place: int) -> date:
    """Return the last day of a panel's quarter."""
    return calendar.last_day(Period.parse(panel.points[place].period))


def _multiples_description(document: Document, panels: Sequence[Panel], calendar: Calendar) -> Description:
    lower, higher = ([panel.name for panel in panels if panel.flag is flag] for flag in (Flag.LOWER, Flag.HIGHER))
    if lower or higher:
        title = gettext(
            "Clearly below the company: %(lower)s of %(shown)s departments, clearly above: %(higher)s.",
            lower=len(lower),
            higher=len(higher),
            shown=len(panels),
        )
    else:
        title = gettext("No department can be told apart from the company.")
    first, last = (formats.month(_end(calendar, panels[0], place)) for place in (0, -1))
    subject = gettext("Share of satisfied colleagues, quarters that end %(first)s to %(last)s.", first=first, last=last)
    customers = gettext("Dashed ochre: customers.")
    notes = [gettext("Those that differ come first, then by name, never by score. One scale for all.")]
    if len(panels) > charts.NARROW_PANELS:
        notes.append(rest_note())
    if any(point.state is PointState.HIDDEN for panel in panels for point in panel.points):
        notes.append(gettext("Hatched: hidden to protect a small group."))
    values = []
    if lower:
        values.append(gettext("Below: %(departments)s.", departments=", ".join(lower)))
    if higher:
        values.append(gettext("Above: %(departments)s.", departments=", ".join(higher)))
    subtitle = f"{subject} {interval_note(document)} {customers}"
    return Description(title, subtitle, " ".join(notes), alternative(title, values))
