"""Departments beside each other as tables, by name and never by a figure: what charts 5, 6, 8, 11 and 12 show."""

from collections.abc import Mapping

from app.domain.periods import Calendar, Period
from app.foundations import formats
from app.foundations.languages import gettext, pgettext
from app.reports import numbers
from app.reports.culture.entries import (
    Entry,
    Mark,
    Table,
    against_company,
    by_name,
    figure_of,
    figures,
    hidden,
    people,
    share,
    words,
)
from app.reports.dimensions import verdict_name
from app.reports.pictures.company import FrozenCard
from app.reports.pictures.company.compared import flag_of
from app.reports.pictures.standing import side_words
from app.reports.published import HEADLINE_ITEM, Document, Interval, Measure, PointState, TrendPoint, read_interval
from app.reports.tables import state_word
from app.reports.trends import trend_of

Cards = Mapping[str, FrozenCard]


def compared_table(document: Document) -> Table | None:
    """Return each department's share, as observed and drawn towards the company, with what may be said of it."""
    rows = by_name(document["departments"])
    if not rows:
        return None
    notes = (gettext("By name, never by score. Adjusted: moved towards the company where answers are few."),)
    heads = words(gettext("Department"))
    heads += figures(gettext("Satisfied or very satisfied"), "n", gettext("Adjusted"))
    heads += words(gettext("Against the company"))
    table = tuple(_compared(row, differ=document["differ"]) for row in rows)
    return Table(gettext("Departments beside each other"), heads, table, notes)


def _compared(row: Document, *, differ: bool) -> tuple[Entry, ...]:
    drawn = numbers.percent(row["shrunken"]) if "shrunken" in row else "–"
    verdict = against_company(flag_of(row, differ=differ).value or None, is_judged="shrunken" in row)
    return Entry(row["name"]), share(figure_of(row)), people(figure_of(row)), Entry(drawn), verdict


def answers_table(cards: Cards) -> Table | None:
    """Return which part of the requests asked about was answered, by the department that did them."""
    documents = [card.document for card in cards.values()]
    found = [(card, read_interval(card.get("funnel", {}).get("response_rate"))) for card in documents]
    told = [(card["department"], rate) for card, rate in found if rate is not None]
    if not told:
        return None
    rows = tuple(
        (Entry(department["name"]), share(rate), people(rate))
        for department, rate in sorted(told, key=lambda pair: (pair[0]["name"].casefold(), pair[0]["code"]))
    )
    heads = words(gettext("Department")) + figures(gettext("Answered"), gettext("Asked about"))
    notes = (gettext("Of the requests that a department did and somebody was asked about. By name, never by rate."),)
    return Table("", heads, rows, notes)


def above_table(document: Document) -> Table | None:
    """Return the departments that hold others: sums of those below, hence compared with none of them."""
    rows = by_name(document.get("departments_above", []))
    if not rows:
        return None
    notes = (gettext("Each is a sum of departments in the table above, so it is compared with none of them."),)
    heads = words(gettext("Department")) + figures(gettext("Satisfied or very satisfied"), "n")
    table = tuple((Entry(row["name"]), share(figure_of(row)), people(figure_of(row))) for row in rows)
    return Table(gettext("Departments that hold others"), heads, table, notes)


def ranks_table(document: Document) -> Table | None:
    """Return between which ranks each department lies."""
    rows = by_name([row for row in document["departments"] if "rank" in row])
    if not rows:
        return None
    heads = words(gettext("Department")) + figures(gettext("Rank between"))
    table = tuple(
        (
            Entry(row["name"]),
            Entry(pgettext("range", "%(lower)s to %(upper)s", lower=row["rank"][0], upper=row["rank"][1])),
        )
        for row in rows
    )
    return Table(gettext("Ranks as intervals"), heads, table)


def sides_table(document: Document, cards: Cards) -> Table | None:
    """Return colleagues and customers of each department that has both, and where it stands to its target."""
    rows = by_name([row for row in document["departments"] if row["code"] in cards])
    table = tuple(found for row in rows if (found := _sides(row, cards[row["code"]].document)))
    if not table:
        return None
    heads = words(gettext("Department")) + figures(gettext("Colleagues"), "n", gettext("Customers"), "n")
    return Table(gettext("Colleagues and customers"), heads + words(gettext("Where it stands")), table)


def _sides(row: Document, card: Document) -> tuple[Entry, ...] | None:
    outside = _outside(card)
    if outside is None:
        return None
    inside, standing = figure_of(row), Entry(_quadrant_words(row["quadrant"]), mark=Mark.UNDECIDED)
    return Entry(row["name"]), share(inside), people(inside), share(outside), people(outside), standing


def _outside(card: Document) -> Interval | None:
    return read_interval(card.get("external", {}).get(HEADLINE_ITEM, {}).get("top_two_box"))


def _quadrant_words(quadrant: str) -> str:
    upper_left, upper_right, lower_left, lower_right = side_words().corners
    return {
        "both_high": upper_right,
        "only_outside": upper_left,
        "only_inside": lower_right,
        "both_low": lower_left,
        "undecided": gettext("too close to tell"),
    }.get(quadrant) or verdict_name(quadrant)


def clocks_table(document: Document, cards: Cards) -> Table | None:
    """Return clock and experience of each department whose due dates are known."""
    rows = by_name([row for row in document["departments"] if row["code"] in cards])
    table = tuple(found for row in rows if (found := _clock(row, cards[row["code"]].document)))
    if not table:
        return None
    heads = words(gettext("Department")) + figures(
        gettext("Requests on time"), "n", gettext("Colleagues satisfied"), "n"
    )
    return Table(gettext("The clock and the experience"), heads + words(gettext("Where it stands")), table)


def _clock(row: Document, card: Document) -> tuple[Entry, ...] | None:
    on_time = read_interval(card.get("sla", {}).get("on_time"))
    if on_time is None:
        return None
    inside = figure_of(row)
    standing = _watermelon(row.get("watermelon", "too_few"))
    return Entry(row["name"]), share(on_time), people(on_time), share(inside), people(inside), standing


def _watermelon(state: str) -> Entry:
    if state == "confirmed":
        return Entry(gettext("on time, yet not satisfied"), mark=Mark.LOWER)
    if state == "inverse":
        return Entry(gettext("late, yet satisfied"), mark=Mark.HIGHER)
    undecided = {
        "possible": gettext("perhaps on time, yet not satisfied"),
        "none": gettext("nothing that stands out"),
    }
    return Entry(undecided.get(state, verdict_name("too_few")), mark=Mark.UNDECIDED)


def quarters_table(cards: Cards, calendar: Calendar) -> Table | None:
    """Return the eight quarters of every department, colleagues and below them customers where they are."""
    named = by_name([card.document["department"] for card in cards.values()])
    trends = [(row["name"], _points(cards[row["code"]], calendar)) for row in named]
    trends = [(name, points) for name, points in trends if any(_is_told(point) for point in points)]
    if not trends:
        return None
    quarters = [point.period for point in trends[0][1]]
    heads = words(gettext("Department"), gettext("Who"))
    heads += figures(*(formats.month_in_figures(calendar.last_day(Period.parse(period))) for period in quarters))
    rows: list[tuple[Entry, ...]] = []
    for name, points in trends:
        rows.append((Entry(name), Entry(gettext("Colleagues")), *(_inside(point) for point in points)))
        if any(point.external for point in points):
            rows.append((Entry(name), Entry(gettext("Customers")), *(share(point.external) for point in points)))
    notes = (gettext("Quarters are called by the month in which they end."),)
    return Table(gettext("Department by department, quarter by quarter"), heads, tuple(rows), notes, is_grid=True)


def _points(card: FrozenCard, calendar: Calendar) -> tuple[TrendPoint, ...]:
    return trend_of(card.document, card.earlier, calendar, measure=Measure.SHARE).points


def _is_told(point: TrendPoint) -> bool:
    return point.internal is not None or point.state is PointState.HIDDEN


def _inside(point: TrendPoint) -> Entry:
    if point.state is PointState.SHOWN:
        return share(point.internal)
    return hidden() if point.state is PointState.HIDDEN else Entry(state_word(point.state))
