"""Departments beside their common share, and what is known of their ranks: words around charts 8 and 12."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.culture.sentences import CultureKey
from app.domain.periods import Calendar
from app.domain.statistics.distributions import two_sided_z
from app.foundations.languages import gettext, ngettext
from app.reports import charts, numbers
from app.reports.charts import Flag, FunnelDot, FunnelLimit, RankLine
from app.reports.descriptions import Description, alternative
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.published import COARSE_METHOD, Document
from app.reports.quarters import quarter_words

STEPS = 80  # of the drawn limits
FEWEST = 10  # people: the axis begins here

Row = Mapping[str, Any]


def departments_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw shares against people; None for fewer than two departments with ten people or more."""
    rows = [row for row in document["departments"] if "shrunken" in row]
    limits = document["limits"]
    if len(rows) < 2 or "centre" not in limits:
        return None
    dots = tuple(_dot(row, differ=document["differ"]) for row in rows)
    curves = funnel_limits(limits["centre"], limits["conf_levels"], max(dot.n for dot in dots))
    words = _words(limits)
    return drawing(
        _departments_description(document, dots, calendar),
        charts.draw_funnel_plot,
        lambda _, head: charts.FunnelPlotChart(dots, limits["centre"], curves, words, head),
    )


def _dot(row: Row, *, differ: bool) -> FunnelDot:
    figure = row["top_two_box"]
    return FunnelDot(row["name"], figure["n"], figure["estimate"], row["shrunken"], flag_of(row, differ=differ))


def flag_of(row: Row, *, differ: bool) -> Flag:
    """Return the document's flag; none where departments differ by no more than chance."""
    return Flag(row.get("flag", "")) if differ else Flag.NONE


def funnel_limits(centre: float, levels: Sequence[float], most: float) -> tuple[FunnelLimit, ...]:
    """Return what chance alone allows around the published centre, from ten people to the end of the axis."""
    inner, outer = (two_sided_z(level) for level in sorted(levels))
    first, last = math.sqrt(FEWEST), math.sqrt(charts.people_ticks(most)[-1])
    found = []
    for step in range(STEPS + 1):
        root = first + (last - first) * step / STEPS
        spread = math.sqrt(centre * (1 - centre)) / root
        near, far = inner * spread, outer * spread
        found.append(FunnelLimit(root**2, (centre - near, centre + near), (centre - far, centre + far)))
    return tuple(found)


def _words(limits: Mapping[str, Any]) -> charts.FunnelPlotWords:
    inner, outer = (numbers.fine_percent(level) for level in sorted(limits["conf_levels"]))
    return charts.FunnelPlotWords(
        people=gettext("people who answered"),
        share=gettext("satisfied or very satisfied"),
        company=gettext("company %(share)s", share=numbers.percent(limits["centre"])),
        inner=gettext("limit of %(level)s", level=inner),
        outer=gettext("limit of %(level)s", level=outer),
        unit=lambda tick: numbers.percent(tick / 100),
        count=numbers.whole,
    )


def _departments_description(document: Document, dots: Sequence[FunnelDot], calendar: Calendar) -> Description:
    flagged = [dot for dot in dots if dot.flag is not Flag.NONE]
    title = _departments_title(len(flagged), len(dots), differ=document["differ"])
    subtitle = gettext(
        "Share satisfied against how many people answered, %(period)s. Inside the grey area: what chance alone does.",
        period=quarter_words(calendar, document["period"]),
    )
    inner, outer = (numbers.fine_percent(level) for level in sorted(document["limits"]["conf_levels"]))
    notes = [
        gettext("Circle or triangle: as observed. Short bar: drawn towards the company where answers are few."),
        gettext("Limits: %(inner)s dashed, %(outer)s solid.", inner=inner, outer=outer),
    ]
    if any(said["key"] == CultureKey.DEPARTMENTS_OVERDISPERSED for said in document.get("sentences", ())):
        notes.append(gettext("Departments spread more than chance alone would make them: many lie outside."))
    few = sum(row["top_two_box"]["method"] == COARSE_METHOD for row in document["departments"])
    if few:
        notes.append(gettext("Not shown, with fewer than ten people: %(count)s.", count=few))
    values = [
        gettext("%(department)s: %(share)s (n %(n)s).", department=dot.name, share=share, n=numbers.whole(dot.n))
        for dot in flagged
        if (share := numbers.percent(dot.share))
    ]
    return Description(title, subtitle, " ".join(notes), alternative(title, values))


def _departments_title(flagged: int, shown: int, *, differ: bool) -> str:
    if not differ:
        return gettext("Departments do not differ measurably this quarter.")
    if not flagged:
        return gettext(
            "Together, departments differ by more than chance, but no single one can be told apart from the company."
        )
    return ngettext(
        "%(num)s of %(shown)s departments differs from the company by more than chance.",
        "%(num)s of %(shown)s departments differ from the company by more than chance.",
        flagged,
        shown=shown,
    )


def ranks_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw the interval of each rank; None where the document gives none."""
    rows = [row for row in document["departments"] if "rank" in row]
    if not rows:
        return None
    rows.sort(key=lambda row: (sum(row["rank"]), row["code"]))
    lines = tuple(_line(row, len(rows)) for row in rows)
    words = charts.RankWords(gettext("upper third"), gettext("middle third"), gettext("lower third"))
    return drawing(
        _ranks_description(document, lines, calendar),
        charts.draw_ranks,
        lambda _, head: charts.RankChart(lines, words, head),
    )


def _line(row: Row, count: int) -> RankLine:
    low, high = row["rank"]
    third = charts.chart_third(count)
    flag = Flag.HIGHER if high <= third else Flag.LOWER if low > count - third else Flag.NONE
    return RankLine(row["name"], low, high, flag)


def _ranks_description(document: Document, lines: Sequence[RankLine], calendar: Calendar) -> Description:
    upper, lower = ([line.name for line in lines if line.flag is flag] for flag in (Flag.HIGHER, Flag.LOWER))
    if upper or lower:
        title = gettext(
            "Most ranks cannot be told apart. Surely in the upper third: %(upper)s, in the lower: %(lower)s.",
            upper=len(upper),
            lower=len(lower),
        )
    else:
        title = gettext("Of no department is it sure that it ranks in the upper or the lower third.")
    subtitle = gettext(
        "Interval of each department's rank among %(count)s, at %(level)s, %(period)s.",
        count=len(lines),
        level=numbers.percent(document["limits"]["rank_confidence"]),
        period=quarter_words(calendar, document["period"]),
    )
    notes = gettext("In the order of the middles of the intervals. The longer a line, the less is known of the rank.")
    values = []
    if upper:
        values.append(gettext("Upper third: %(departments)s.", departments=", ".join(upper)))
    if lower:
        values.append(gettext("Lower third: %(departments)s.", departments=", ".join(lower)))
    return Description(title, subtitle, notes, alternative(title, values))
