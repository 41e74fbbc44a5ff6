"""Invented published values for the charts that HR sees; nothing here was measured."""

import math

from app.reports.charts import (
    Flag,
    FunnelDot,
    FunnelLimit,
    FunnelPlotChart,
    FunnelPlotWords,
    MatrixCell,
    MatrixChart,
    MatrixWords,
    MultiplesChart,
    Panel,
    RankChart,
    RankLine,
    RankWords,
)
from app.reports.published import PointState, TrendPoint
from tests.builders.charts import PERIODS, an_interval

NAMES = (
    "Accounts Payable",
    "Customer Support",
    "Data Platform",
    "Dział Obsługi Zgłoszeń Wewnętrznych",
    "Facility Management",
    "Fleet",
    "IT Service Desk",
    "Kundendienst und Reklamationsbearbeitung",
    "Legal",
    "Marketing Services",
    "Payroll",
    "Purchasing",
    "Recruiting",
    "Отдел сопровождения корпоративных систем",
    "Логистика",
)
Z_INNER, Z_OUTER = 1.96, 3.09


def unit(tick: int) -> str:
    return f"{tick}\u00a0%"


def matrix_words() -> MatrixWords:
    return MatrixWords(
        serves="serves",
        asks="asks",
        classes=("under 60", "60–69", "70–79", "80–89", "90 % and more"),
        low="clearly below the company",
        few="5 to 9 people",
        volume="few to many requests",
        hidden="hidden to protect people",
    )


def a_matrix() -> MatrixChart:
    """Ten who serve, ten who ask: low with evidence, few people, hidden, none."""
    cells, hidden = {}, set()
    for column in range(10):
        for row in range(10):
            kind = (column * 7 + row * 3) % 13
            share = min(0.97, 0.5 + column * 0.045 + (row * 5 % 7) * 0.02)
            if kind in {1, 5}:
                hidden.add((column, row))
            elif kind != 9:
                band = 1 + (column + 2 * row) % 4
                few = kind == 11
                low = share < 0.62 and row % 2 == 0 and not few
                cells[column, row] = MatrixCell(None if few else share, f"{share * 100:.0f}", band, low)
    return MatrixChart(NAMES[:10], NAMES[4:14], cells, frozenset(hidden), matrix_words())


def a_small_matrix() -> MatrixChart:
    cells = {(0, 0): MatrixCell(0.72, "72", 4), (5, 7): MatrixCell(0.55, "55", 2, is_low=True)}
    return MatrixChart(NAMES[:6], NAMES[:8], cells, frozenset({(1, 1)}), matrix_words())


def limits_around(centre: float, most: float) -> tuple[FunnelLimit, ...]:
    found = []
    for step in range(41):
        root = math.sqrt(10) + (math.sqrt(most) - math.sqrt(10)) * step / 40
        spread = math.sqrt(centre * (1 - centre)) / root
        inner, outer = Z_INNER * spread, Z_OUTER * spread
        found.append(FunnelLimit(root**2, (centre - inner, centre + inner), (centre - outer, centre + outer)))
    return tuple(found)


def funnel_plot_words() -> FunnelPlotWords:
    return FunnelPlotWords(
        people="people who answered (square-root scale)",
        share="satisfied or very satisfied",
        company="company 77 %",
        inner="95 % limit",
        outer="99.8 % limit",
        unit=unit,
        count=lambda n: f"{n:.0f}",
    )


def a_funnel_plot() -> FunnelPlotChart:
    flagged = (
        FunnelDot("Customer Support", 240, 0.9, 0.87, Flag.HIGHER),
        FunnelDot("Отдел закупок", 315, 0.89, 0.87, Flag.HIGHER),
        FunnelDot("Kundendienst und Reklamationsbearbeitung", 95, 0.63, 0.68, Flag.LOWER),
        FunnelDot("Логистика", 168, 0.65, 0.68, Flag.LOWER),
        FunnelDot("IT Service Desk", 178, 0.67, 0.69, Flag.LOWER),
        FunnelDot("Facility Management", 238, 0.61, 0.64, Flag.LOWER),
    )
    others = (
        (14, 0.93, 0.8),
        (22, 0.87, 0.8),
        (27, 0.82, 0.79),
        (35, 0.83, 0.79),
        (60, 0.89, 0.83),
        (57, 0.79, 0.78),
        (81, 0.79, 0.78),
        (96, 0.84, 0.82),
        (99, 0.8, 0.79),
        (160, 0.79, 0.78),
        (172, 0.8, 0.8),
        (321, 0.83, 0.82),
        (13, 0.71, 0.76),
        (15, 0.62, 0.74),
        (26, 0.56, 0.7),
        (34, 0.67, 0.73),
        (68, 0.74, 0.75),
        (185, 0.72, 0.73),
        (220, 0.71, 0.73),
    )
    dots = (*flagged, *(FunnelDot("", n, share, drawn) for n, share, drawn in others))
    return FunnelPlotChart(dots, 0.77, limits_around(0.77, 400), funnel_plot_words())


def a_funnel_plot_of_two() -> FunnelPlotChart:
    dots = (FunnelDot("Fleet", 10, 0.0, 0.05, Flag.LOWER), FunnelDot("Legal", 20_000, 1.0, 1.0, Flag.HIGHER))
    return FunnelPlotChart(dots, 0.5, limits_around(0.5, 25_600), funnel_plot_words())


def quarters(middle: float, *, customers: float | None = None, hidden: tuple[int, ...] = ()) -> tuple[TrendPoint, ...]:
    points = []
    for slot, period in enumerate(PERIODS):
        share = min(1.0, middle + (slot * 5 % 3 - 1) * 0.04)
        outside = an_interval(customers, customers - 0.04, customers + 0.04, 200) if customers else None
        if slot in hidden:
            points.append(TrendPoint(period, None, outside, PointState.HIDDEN))
        else:
            inside = an_interval(share, max(0.0, share - 0.1), min(1.0, share + 0.08))
            points.append(TrendPoint(period, inside, outside))
    return tuple(points)


def multiples() -> MultiplesChart:
    flags = {0: Flag.LOWER, 1: Flag.LOWER, 2: Flag.HIGHER}
    panels = [
        Panel(
            name,
            quarters(0.6 + place * 0.022, customers=0.85 if place % 3 else None, hidden=(2, 3) if place == 8 else ()),
            flags.get(place, Flag.NONE),
        )
        for place, name in enumerate(NAMES)
    ]
    panels[5] = Panel("Fleet", tuple(TrendPoint(period, state=PointState.HIDDEN) for period in PERIODS))
    few = tuple(TrendPoint(period, an_interval(0.6, 0.3, 0.9, 7, coarse=True)) for period in PERIODS[:4])
    young = (*(TrendPoint(period, state=PointState.NOT_MEASURED) for period in PERIODS[:4]), *few)
    panels[9] = Panel("Travel", young)
    return MultiplesChart(tuple(panels), "24-Q4", "26-Q3", "hidden", unit)


def two_multiples() -> MultiplesChart:
    panels = (Panel("Legal", quarters(0.3)), Panel("Fleet", quarters(1.0, customers=0.9)))
    return MultiplesChart(panels, "4. Quartal 2024", "3. Quartal 2026", "verborgen", unit)


def ranks() -> RankChart:
    ends = ((1, 4), (1, 4), (1, 9), (2, 8), (2, 11), (3, 12), (4, 12), (4, 13), (5, 13), (6, 14), (7, 14), (8, 15))
    low = ((10, 15), (11, 15), (12, 15))
    flags = [Flag.HIGHER, Flag.HIGHER, *[Flag.NONE] * 11, Flag.LOWER, Flag.LOWER]
    lines = tuple(RankLine(name, *end, flag) for name, end, flag in zip(NAMES, (*ends, *low), flags, strict=True))
    return RankChart(lines, RankWords("upper third", "middle third", "lower third"))


def ranks_in_russian() -> RankChart:
    lines = tuple(RankLine(name, 1, 8) for name in NAMES[6:14])
    return RankChart(lines, RankWords("верхняя треть", "средняя треть", "нижняя треть"))
