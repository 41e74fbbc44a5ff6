"""What stands around a picture as text: title, subtitle, notes and the alternative text with its numbers.

Mails, pages and documents print these beside the picture: they wrap, and they stay when pictures are blocked.
"""

from dataclasses import dataclass, replace

from app.domain.periods import Calendar, Period
from app.domain.sentences import Place, SentenceKey, coarse_word, sentence
from app.foundations.formats import month
from app.foundations.languages import gettext
from app.reports import numbers
from app.reports.dimensions import coarse_name, dimension_name
from app.reports.published import Distribution, Document, GapRow, Interval, Measure, PointState, TrendPoint
from app.reports.quarters import quarter_words
from app.reports.sentences import say
from app.reports.trends import Trend

ALT_LENGTH = 250  # longer ones are cut by mail clients and tire those who listen


@dataclass(frozen=True)
class Description:
    """Texts of one picture, in one language."""

    title: str
    subtitle: str
    notes: str
    alt: str


def describe_trend(document: Document, trend: Trend) -> Description:
    """Describe chart 1; its title is the document's finding."""
    title = said(document, Place.FINDING, trend.calendar) or ""
    what = _trend_subject(trend)
    subtitle = [what, interval_note(document)]
    if not trend.has_customers and trend.comparability in {"D", "E"}:
        subtitle.append(gettext("Customers were asked something else: their figures stand alone in the table."))
    elif not trend.has_customers:
        subtitle.append(gettext("There is no customer score to set beside it."))
    values = [*_last_values(trend), *_hidden_periods(trend), what, _span(trend)]
    return Description(title, " ".join(subtitle), " ".join(_trend_notes(trend)), alternative(title, values))


def _span(trend: Trend) -> str:
    first, last = (Period.parse(trend.points[end].period) for end in (0, -1))
    months = {"first": month(trend.calendar.first_day(first)), "last": month(trend.calendar.last_day(last))}
    return gettext("From %(first)s to %(last)s.", **months)


def describe_customers(document: Document, trend: Trend) -> Description:
    """Describe the lower chart of class D: customers alone, since they answered another question."""
    title = gettext("Customers answered another question: their figures stand apart.")
    points = replace(trend, points=trend.customers, measure=trend.customers_measure)
    subject = (
        gettext("Share of satisfied customers, per quarter.")
        if points.measure is Measure.SHARE
        else gettext("Mean of the customers from 0 to 100, per quarter.")
    )
    notes = [
        gettext("Below the quarters (n): how many answered."),
        gettext("Do not subtract one chart from the other."),
    ]
    subtitle = f"{subject} {interval_note(document)}"
    return Description(title, subtitle, " ".join(notes), alternative(title, [*_last_values(points), _span(points)]))


def _trend_subject(trend: Trend) -> str:
    if trend.measure is Measure.SHARE:
        return gettext("Share of satisfied and very satisfied, per quarter.")
    return gettext("Mean from 0 to 100, per quarter.")


def interval_note(document: Document) -> str:
    """Say once what the lines mean."""
    return gettext("Lines are %(confidence)s intervals.", confidence=numbers.percent(document["method"]["confidence"]))


def _trend_notes(trend: Trend) -> list[str]:
    notes = [gettext("Below the quarters (n): how many answered.")]
    states = {point.state for point in trend.points}
    if any(point.internal and point.internal.is_coarse for point in trend.points):
        notes.append(gettext("Wide pale line: 5 to 9 people, rounded to tenths, without a point."))
    if PointState.HIDDEN in states:
        notes.append(gettext("Hatched: hidden to protect a small group."))
    if any(point.new_questions for point in trend.points[1:]):
        notes.append(gettext("Do not compare across the dotted line: the questions are new."))
    if trend.has_customers:
        notes.append(gettext("Lines that overlap may still differ: the gap has an interval of its own."))
    return notes


def _last_values(trend: Trend) -> list[str]:
    values = []
    inside = _last(trend.points, inside=True)
    if inside:
        values.append(_colleagues_value(quarter_words(trend.calendar, inside[0]), inside[1], trend.measure))
    outside = _last(trend.points, inside=False)
    if outside:
        period, figure = outside
        words = {"period": quarter_words(trend.calendar, period), **_figure_words(figure, trend.measure)}
        values.append(gettext("Customers in %(period)s: %(value)s (%(range)s, n %(n)s).", **words))
    return values


def _colleagues_value(period: str, figure: Interval, measure: Measure) -> str:
    words = {"period": period, **_figure_words(figure, measure)}
    if figure.is_coarse:
        word = coarse_name(coarse_word(figure.estimate))
        return gettext("Colleagues in %(period)s: %(value)s (n %(n)s).", period=period, value=word, n=words["n"])
    return gettext("Colleagues in %(period)s: %(value)s (%(range)s, n %(n)s).", **words)


def _figure_words(figure: Interval, measure: Measure) -> dict[str, str]:
    return {
        "value": numbers.value(figure.estimate, measure),
        "range": numbers.interval(figure, measure),
        "n": numbers.whole(figure.n),
    }


def _last(points: tuple[TrendPoint, ...], *, inside: bool) -> tuple[str, Interval] | None:
    for point in reversed(points):
        figure = point.internal if inside else point.external
        if figure:
            return point.period, figure
    return None


def _hidden_periods(trend: Trend) -> list[str]:
    hidden = [quarter_words(trend.calendar, one.period) for one in trend.points if one.state is PointState.HIDDEN]
    return [gettext("Hidden: %(what)s.", what=", ".join(hidden))] if hidden else []


def describe_distribution(document: Document, internal: Distribution, external: Distribution | None) -> Description:
    """Describe chart 2."""
    share = internal.favourable.estimate
    if external:
        stored = sentence(SentenceKey.DISTRIBUTION_BOTH, internal=share, external=external.favourable.estimate)
    else:
        stored = sentence(SentenceKey.DISTRIBUTION_INTERNAL, internal=share)
    title = say(stored)
    values = [gettext("Colleagues from 5 down to 1: %(shares)s.", shares=_shares(internal))]
    if external:
        values.append(gettext("Customers from 5 down to 1: %(shares)s.", shares=_shares(external)))
    subtitle = gettext("Answers from 1 to 5 in per cent; right of the line satisfied and very satisfied.")
    note = gettext("Line under the bar: interval of the satisfied share. Rounded parts need not add up to 100.")
    return Description(title, subtitle, f"{interval_note(document)} {note}", alternative(title, values))


def _shares(distribution: Distribution) -> str:
    return ", ".join(numbers.percent(share) for share in reversed(distribution.shares))


def describe_gaps(document: Document, rows: list[GapRow]) -> Description:
    """Describe chart 3; the title names the dimensions with evidence and says that the rest cannot be told apart."""
    title = " ".join(say(stored) for stored in _gap_titles(rows))
    subtitle = f"{gettext('Colleagues minus customers, in points.')} {interval_note(document)}"
    notes = [gettext("Letter: how alike the two questions are, from A (the same) to E (not known).")]
    if any(row.comparability == "C" and row.gap for row in rows):
        notes.append(gettext("Dotted band: differences this small may come from the scale."))
    values = [gettext("Colleagues minus customers, in points.")]
    values += [
        gettext("%(dimension)s %(gap)s.", dimension=dimension_name(row.item), gap=numbers.difference(row.gap))
        for row in rows
        if row.gap
    ]
    return Description(title, subtitle, " ".join(notes), alternative(title, values))


def _gap_titles(rows: list[GapRow]) -> list[dict[str, object]]:
    worse, better, rest = (
        [row.item for row in rows if row.verdict == verdict] for verdict in ("worse", "better", "no_evidence")
    )
    if worse and better:
        titles = [sentence(SentenceKey.GAPS_MIXED, worse=worse, better=better)]
    elif worse:
        titles = [sentence(SentenceKey.GAPS_WORSE, items=worse)]
    elif better:
        titles = [sentence(SentenceKey.GAPS_BETTER, items=better)]
    else:
        return [sentence(SentenceKey.GAPS_NONE)]
    return [*titles, sentence(SentenceKey.GAPS_REST)] if rest else titles


def alternative(title: str, values: list[str]) -> str:
    """Join title and values to at most 250 characters: whole sentences, the last ones give way first.

    A title too long to leave room for numbers gives way itself: it stands as text beside the picture anyway.
    """
    text = title if len(title) <= ALT_LENGTH // 2 or not values else ""
    for value in values:
        longer = f"{text} {value}".strip()
        text = longer if len(longer) <= ALT_LENGTH else text
    return text if len(text) <= ALT_LENGTH else f"{text[: ALT_LENGTH - 1].rsplit(' ', 1)[0]}…"


def said(document: Document, place: Place, calendar: Calendar) -> str | None:
    """Say the document's sentence of a place in the language of the moment, None where there is none."""
    stored = document.get("sentences", {}).get(place.value)
    return say(stored, calendar) if stored else None
