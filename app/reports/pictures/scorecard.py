"""The pictures of a scorecard: the frozen document's values with words of a language."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.domain.sentences import coarse_word
from app.foundations.languages import gettext
from app.reports import charts, numbers
from app.reports.charts import NARROW
from app.reports.descriptions import describe_customers, describe_distribution, describe_gaps, describe_trend
from app.reports.dimensions import coarse_name, dimension_name, no_gap_reason, verdict_name
from app.reports.pictures.control import control_drawing
from app.reports.pictures.funnel import funnel_drawing
from app.reports.pictures.importance import importance_drawing
from app.reports.pictures.kinds import Drawing, Kind, drawing
from app.reports.pictures.standing import clock_drawing, sides_drawing
from app.reports.published import (
    HEADLINE_ITEM,
    Distribution,
    Document,
    GapRow,
    Interval,
    Measure,
    PointState,
    read_interval,
)
from app.reports.tables import gap_rows, state_word
from app.reports.trends import Trend


def drawings(
    document: Document, trend: Trend, kinds: Iterable[Kind], *, plot_height: float | None = None
) -> dict[Kind, Drawing]:
    """Return the wished pictures of a document in the language of the moment; those with nothing to show are absent."""
    makers: dict[Kind, Callable[[], Drawing | None]] = {
        Kind.TREND: lambda: _trend(document, trend, plot_height),
        Kind.CUSTOMERS: lambda: _customers(document, trend),
        Kind.DISTRIBUTION: lambda: _distribution(document),
        Kind.GAPS: lambda: _gaps(document),
        Kind.FUNNEL: lambda: funnel_drawing(document, trend.calendar),
        Kind.CLOCK: lambda: clock_drawing(document, trend.calendar),
        Kind.IMPORTANCE: lambda: importance_drawing(document, trend.calendar),
        Kind.CONTROL: lambda: control_drawing(document, trend.calendar),
        Kind.SIDES: lambda: sides_drawing(document, trend.calendar),
    }
    return {kind: found for kind in kinds if (found := makers[kind]())}


def _trend(document: Document, trend: Trend, plot_height: float | None = None) -> Drawing:
    words = _trend_words(trend)
    return drawing(
        describe_trend(document, trend),
        charts.draw_trend,
        lambda _, head: charts.TrendChart(
            trend.points, trend.measure, words, head, plot_height, _target(document, trend)
        ),
    )


def _target(document: Document, trend: Trend) -> float | None:
    """Return the target of colleagues where their chart stands above one of customers who answered something else."""
    apart = trend.customers and trend.measure is Measure.SHARE
    target: float | None = document.get("sla", {}).get("satisfaction_target") if apart else None
    return target


def _customers(document: Document, trend: Trend) -> Drawing | None:
    if not trend.customers:
        return None
    words = replace(
        _trend_words(trend),
        customers_last=_last(trend.customers[-1].external, trend.customers_measure),
        unit_tick=_ticks(trend.customers_measure),
    )
    return drawing(
        describe_customers(document, trend),
        charts.draw_trend,
        lambda _, head: charts.TrendChart(trend.customers, trend.customers_measure, words, head, customers_alone=True),
    )


def _trend_words(trend: Trend) -> charts.TrendWords:
    last = trend.points[-1]
    return charts.TrendWords(
        colleagues=gettext("Colleagues"),
        customers=gettext("Customers"),
        colleagues_last=_last(last.internal, trend.measure) or state_word(last.state),
        customers_last=_last(last.external, trend.measure),
        colleagues_n=gettext("colleagues (n)"),
        customers_n=gettext("customers (n)"),
        hidden=state_word(PointState.HIDDEN),
        no_answers=state_word(PointState.NO_ANSWERS),
        not_measured=state_word(PointState.NOT_MEASURED),
        new_questions=gettext("new questions"),
        unit_tick=_ticks(trend.measure),
        count=numbers.whole,
    )


def _ticks(measure: Measure) -> Callable[[int], str]:
    return lambda tick: numbers.value(tick / 100 if measure is Measure.SHARE else tick, measure)


def _last(figure: Interval | None, measure: Measure) -> str:
    """Say the figure of the document's own quarter; an earlier one beside the name would pass for it."""
    if figure is None:
        return ""
    return coarse_name(coarse_word(figure.estimate)) if figure.is_coarse else numbers.value(figure.estimate, measure)


def _distribution(document: Document) -> Drawing | None:
    internal = _read_distribution(document, "internal")
    if internal is None:
        return None
    same_points = document.get("gap", {}).get(HEADLINE_ITEM, {}).get("comparability") == "A"
    external = _read_distribution(document, "external") if same_points else None
    words = charts.DistributionWords(
        colleagues=gettext("Colleagues"),
        customers=gettext("Customers"),
        unfavourable=gettext("not satisfied"),
        favourable=gettext("satisfied"),
        colleagues_missing=gettext("too few answers to show them one by one"),
        share=numbers.percent,
        count=numbers.whole,
    )
    return drawing(
        describe_distribution(document, internal, external),
        charts.draw_distribution,
        lambda _, head: charts.DistributionChart(internal, external, words, head),
    )


def _read_distribution(document: Document, side: str) -> Distribution | None:
    part = document.get(side, {}).get(HEADLINE_ITEM, {})
    shares, favourable = part.get("distribution"), read_interval(part.get("top_two_box"))
    if not shares or favourable is None or favourable.is_coarse:
        return None
    return Distribution(tuple(shares), favourable)


def _gaps(document: Document) -> Drawing | None:
    rows = [row for row in gap_rows(document) if row.verdict]
    if not any(row.gap for row in rows):
        return None
    words = charts.GapWords(gettext("colleagues lower"), gettext("colleagues higher"))

    def chart(width: int, head: charts.Head | None) -> charts.GapChart:
        return charts.GapChart(tuple(_gap_line(row, wide=width > NARROW) for row in rows), words, head)

    return drawing(describe_gaps(document, rows), charts.draw_gaps, chart)


def _gap_line(row: GapRow, *, wide: bool) -> charts.GapLine:
    evidence = {"better": charts.Evidence.BETTER, "worse": charts.Evidence.WORSE}.get(row.verdict, charts.Evidence.NONE)
    verdict = verdict_name(row.verdict)
    if row.gap and wide:
        verdict = f"{verdict} ({numbers.words(row.gap.lower, row.gap.upper, signs=True)})"
    if row.gap and evidence is not charts.Evidence.NONE:
        verdict = f"{numbers.signed(row.gap.estimate)}  {verdict}"
    return charts.GapLine(
        row.comparability,
        dimension_name(row.item),
        verdict,
        evidence,
        row.gap,
        "" if row.gap else no_gap_reason(row.verdict, row.comparability),
        far_scale=row.comparability == "C",
    )
