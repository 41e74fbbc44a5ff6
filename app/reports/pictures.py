"""The pictures of a scorecard: the frozen document's values with words of a language, drawn for mail, page and PDF.

Draw in a job, one after the other, and keep the files with the snapshot (matplotlib is slow, and not for threads).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.sentences import coarse_word
from app.foundations.languages import gettext, speaking
from app.reports import charts, numbers
from app.reports.charts import LIGHT, NARROW, PAGE, WIDE, Palette, Sheet
from app.reports.descriptions import Description, describe_distribution, describe_gaps, describe_trend
from app.reports.dimensions import coarse_name, dimension_name, no_gap_reason, verdict_name
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

PRINT_PLOT_HEIGHT = 150.0  # CSS pixels: the first page holds finding, trend and table
SHOWN_IN_MAIL = 504  # CSS pixels at most: the 600 px column less its padding


class Kind(StrEnum):
    """The pictures there are; also the beginning of their file names."""

    TREND = "trend"
    DISTRIBUTION = "distribution"
    GAPS = "gaps"


@dataclass(frozen=True)
class MailPicture:
    """A PNG with the texts around it; width and height are CSS pixels for the attributes of the image."""

    data: bytes
    width: int
    height: int
    about: Description


@dataclass(frozen=True)
class PagePicture:
    """Both layouts of a chart as inline SVG; charts.css shows the one that fits."""

    kind: Kind
    narrow: str
    wide: str
    about: Description


@dataclass(frozen=True)
class PrintPicture:
    """The wide layout in literal colours, for the PDF."""

    kind: Kind
    svg: str
    about: Description


Draw = Callable[[Palette, int], Sheet | None]


def mail_picture(document: Document, trend: Trend, language: str) -> MailPicture | None:
    """Draw the trend for the mail, 1200 px wide and light; None where too little may be shown for a picture."""
    with speaking(language):
        about, draw = _trend(document, trend)
        sheet = draw(LIGHT, NARROW)
        if sheet is None:
            return None
        height = round(SHOWN_IN_MAIL * sheet.height / sheet.width)
        return MailPicture(charts.png(sheet, _frozen_at(document)), SHOWN_IN_MAIL, height, about)


def page_pictures(document: Document, trend: Trend, language: str) -> list[PagePicture]:
    """Draw every chart of the page; those with too little to show are left out."""
    with speaking(language):
        pictures = []
        for kind, (about, draw) in _drawings(document, trend).items():
            narrow, wide = draw(PAGE, NARROW), draw(PAGE, WIDE)
            if narrow and wide:
                pictures.append(
                    PagePicture(kind, _svg(narrow, f"{kind}-narrow", about), _svg(wide, f"{kind}-wide", about), about)
                )
        return pictures


def print_pictures(document: Document, trend: Trend, language: str) -> list[PrintPicture]:
    """Draw every chart for the PDF."""
    with speaking(language):
        pictures = []
        for kind, (about, draw) in _drawings(document, trend, plot_height=PRINT_PLOT_HEIGHT).items():
            sheet = draw(LIGHT, WIDE)
            if sheet:
                pictures.append(PrintPicture(kind, _svg(sheet, kind, about), about))
        return pictures


def _svg(sheet: Sheet, key: str, about: Description) -> str:
    return charts.svg(sheet, key=key, title=about.title, description=about.alt)


def _frozen_at(document: Document) -> datetime:
    return datetime.fromisoformat(document["frozen_at"])


def _drawings(
    document: Document, trend: Trend, *, plot_height: float | None = None
) -> dict[Kind, tuple[Description, Draw]]:
    found = {
        Kind.TREND: _trend(document, trend, plot_height),
        Kind.DISTRIBUTION: _distribution(document),
        Kind.GAPS: _gaps(document),
    }
    return {kind: drawing for kind, drawing in found.items() if drawing}


def _trend(document: Document, trend: Trend, plot_height: float | None = None) -> tuple[Description, Draw]:
    chart = charts.TrendChart(trend.points, trend.measure, _trend_words(trend), plot_height=plot_height)
    return describe_trend(document, trend), lambda palette, width: charts.draw_trend(chart, palette, width)


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
        unit_tick=lambda tick: numbers.value(tick / 100 if trend.measure is Measure.SHARE else tick, trend.measure),
        count=numbers.whole,
    )


def _last(figure: Interval | None, measure: Measure) -> str:
    """Say the figure of the document's own quarter; an earlier one beside the name would pass for it."""
    if figure is None:
        return ""
    return coarse_name(coarse_word(figure.estimate)) if figure.is_coarse else numbers.value(figure.estimate, measure)


def _distribution(document: Document) -> tuple[Description, Draw] | None:
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
    chart = charts.DistributionChart(internal, external, words)
    about = describe_distribution(document, internal, external)
    return about, lambda palette, width: charts.draw_distribution(chart, palette, width)


def _read_distribution(document: Document, side: str) -> Distribution | None:
    part = document.get(side, {}).get(HEADLINE_ITEM, {})
    shares, favourable = part.get("distribution"), read_interval(part.get("top_two_box"))
    if not shares or favourable is None or favourable.is_coarse:
        return None
    return Distribution(tuple(shares), favourable)


def _gaps(document: Document) -> tuple[Description, Draw] | None:
    rows = [row for row in gap_rows(document) if row.verdict]
    if not any(row.gap for row in rows):
        return None
    words = charts.GapWords(gettext("colleagues lower"), gettext("colleagues higher"))

    def draw(palette: Palette, width: int) -> Sheet | None:
        lines = tuple(_gap_line(row, wide=width > NARROW) for row in rows)
        return charts.draw_gaps(charts.GapChart(lines, words), palette, width)

    return describe_gaps(document, rows), draw


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
