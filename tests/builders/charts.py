"""Invented published values for the chart tests; nothing here was measured."""

from app.reports.charts import (
    DistributionChart,
    DistributionWords,
    Evidence,
    GapChart,
    GapLine,
    GapWords,
    TrendChart,
    TrendWords,
)
from app.reports.published import Difference, Distribution, Interval, Measure, PointState, TrendPoint

PERIODS = ("2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")


def an_interval(estimate: float, lower: float, upper: float, n: int = 47, *, coarse: bool = False) -> Interval:
    return Interval(estimate, lower, upper, n, n, "wilson_coarse" if coarse else "wilson")


def trend_words(**changed: str) -> TrendWords:
    words = {
        "colleagues": "Colleagues",
        "customers": "Customers",
        "colleagues_last": "66%",
        "customers_last": "92%",
        "colleagues_n": "colleagues (n)",
        "customers_n": "customers (n)",
        "hidden": "hidden",
        "no_answers": "no answers",
        "not_measured": "not measured yet",
        "new_questions": "new questions",
        **changed,
    }
    return TrendWords(unit_tick=lambda tick: f"{tick}%", count=lambda n: f"{n:.0f}", **words)


def a_normal_trend() -> TrendChart:
    points = tuple(
        TrendPoint(period, an_interval(0.7, 0.56, 0.82), an_interval(0.9, 0.86, 0.93, 238)) for period in PERIODS
    )
    return TrendChart(points, Measure.SHARE, trend_words())


def a_trend_with_gaps() -> TrendChart:
    """Small, hidden with and without customers, silent, all satisfied, new questions."""
    points = (
        TrendPoint(PERIODS[0], an_interval(0.6, 0.2, 0.9, 7, coarse=True)),
        TrendPoint(PERIODS[1], an_interval(0.0, 0.0, 0.22, 14)),
        TrendPoint(PERIODS[2], state=PointState.HIDDEN),
        TrendPoint(PERIODS[3], state=PointState.NO_ANSWERS),
        TrendPoint(PERIODS[4], an_interval(1.0, 0.81, 1.0, 16), an_interval(0.73, 0.65, 0.8), new_questions=True),
        TrendPoint(PERIODS[5], None, an_interval(0.77, 0.69, 0.84, 118), PointState.HIDDEN),
        TrendPoint(PERIODS[6], an_interval(0.69, 0.42, 0.87, 13), an_interval(1.0, 0.97, 1.0, 120)),
        TrendPoint(PERIODS[7], an_interval(0.66, 0.52, 0.78), an_interval(0.76, 0.68, 0.83, 130)),
    )
    return TrendChart(points, Measure.SHARE, trend_words())


def a_young_trend_in_russian() -> TrendChart:
    points = (
        *(TrendPoint(period, state=PointState.NOT_MEASURED) for period in PERIODS[:6]),
        TrendPoint(PERIODS[6], an_interval(0.8, 0.6, 0.9, 8, coarse=True)),
        TrendPoint(PERIODS[7], an_interval(0.6, 0.4, 0.8, 7, coarse=True)),
    )
    words = trend_words(
        colleagues="Коллеги",
        colleagues_last="больше половины",
        colleagues_n="коллеги (n)",
        not_measured="ещё не измерялось",
    )
    return TrendChart(points, Measure.SHARE, words)


def a_score_trend_in_german() -> TrendChart:
    points = tuple(
        TrendPoint(period, an_interval(71.4, 66.0, 76.1), an_interval(79.3, 77.0, 81.2, 1238)) for period in PERIODS
    )
    words = trend_words(
        colleagues="Kolleginnen und Kollegen",
        customers="Kundinnen und Kunden",
        colleagues_n="Kollegium (n)",
        customers_n="Kundschaft (n)",
    )
    return TrendChart(points, Measure.SCORE, words)


def distribution_words(**changed: str) -> DistributionWords:
    words = {
        "colleagues": "Colleagues",
        "customers": "Customers",
        "unfavourable": "not satisfied",
        "favourable": "satisfied",
        "colleagues_missing": "5 to 9 people answered: too few to show the single answers",
        **changed,
    }
    return DistributionWords(share=lambda value: f"{value:.0%}", count=lambda n: f"{n:.0f}", **words)


def a_distribution() -> DistributionChart:
    return DistributionChart(
        Distribution((0.11, 0.13, 0.11, 0.36, 0.3), an_interval(0.66, 0.52, 0.78)),
        Distribution((0.01, 0.02, 0.05, 0.37, 0.55), an_interval(0.92, 0.88, 0.95, 238)),
        distribution_words(),
    )


def an_extreme_distribution() -> DistributionChart:
    return DistributionChart(
        Distribution((1, 0, 0, 0, 0), an_interval(0.0, 0.0, 0.24, 12)),
        Distribution((0, 0, 0, 0, 1), an_interval(1.0, 0.97, 1.0, 140)),
        distribution_words(unfavourable="Nicht oder nur teilweise zufrieden", favourable="Zufrieden"),
    )


def a_small_distribution() -> DistributionChart:
    return DistributionChart(None, a_distribution().external, distribution_words())


def gaps_in_all_states() -> GapChart:
    lines = (
        GapLine("A", "Overall", "−26  lower", Evidence.WORSE, Difference(-26, -41, -13, (47, 238))),
        GapLine("B", "The time it took", "+14  higher", Evidence.BETTER, Difference(14, 3, 24, (47, 238))),
        GapLine(
            "C", "Communication along the way", "cannot tell", gap=Difference(-4, -11, 3, (47, 98)), far_scale=True
        ),
        GapLine("D", "Effort", "not comparable", reason="different questions: see each alone"),
        GapLine("A", "Trust", "too few", reason="fewer than 30 answers on one side"),
    )
    return GapChart(lines, GapWords("colleagues worse", "colleagues better"))


def gaps_in_russian() -> GapChart:
    lines = (
        GapLine("A", "В целом", "не различить", gap=Difference(3, -10, 15, (47, 238))),
        GapLine("C", "Информирование о ходе работы", "не различить", gap=Difference(-4, -11, 3, (47, 98))),
        GapLine("D", "Усилия", "несопоставимо", reason="разные вопросы: смотрите каждую сторону отдельно от другой"),
    )
    return GapChart(lines, GapWords("коллегам хуже", "коллегам лучше"))
