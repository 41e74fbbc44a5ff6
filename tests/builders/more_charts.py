"""Invented published values for the charts of steps, quarters of a plane and priorities; nothing here was measured."""

from app.reports.charts import (
    ControlChart,
    ControlPoint,
    ControlWords,
    Cross,
    Evidence,
    FunnelChart,
    FunnelStep,
    ImportanceChart,
    ImportanceLine,
    ImportanceWords,
    QuadrantChart,
    QuadrantWords,
    Standing,
)
from tests.builders.charts import an_interval


def a_funnel() -> FunnelChart:
    return FunnelChart(
        (
            FunnelStep("Completed requests", 412, "412"),
            FunnelStep("Could be asked about", 388, "388", "24 rejected or automatic"),
            FunnelStep("Invited", 143, "143", "245 spared: asked recently"),
            FunnelStep("Delivered", 140, "140"),
            FunnelStep("Answered", 47, "47", "34% of delivered"),
        )
    )


def a_funnel_in_german() -> FunnelChart:
    return FunnelChart(
        (
            FunnelStep("Abgeschlossene Anfragen", 12412, "12.412"),
            FunnelStep("Für eine Befragung geeignet", 9388, "9.388", "3.024 abgelehnt, automatisch oder eigene"),
            FunnelStep("Eingeladen", 5, "5", "9.383 kürzlich gefragt oder nicht ausgewählt"),
            FunnelStep("Beantwortet", 5, "5", "100 % der zugestellten Einladungen"),
        )
    )


def quadrant_words(**changed: str) -> QuadrantWords:
    words = {"across": "colleagues satisfied", "up": "customers satisfied", **changed}
    corners = ("Customers first, colleagues last", "Strong both", "Repair first", "Strong inside")
    return QuadrantWords(corners=corners, unit=lambda tick: f"{tick}\u00a0%", **words)


def a_cross(
    across: tuple[float, float, float], up: tuple[float, float, float], standing: Standing, name: str = ""
) -> Cross:
    return Cross(an_interval(*across), an_interval(*up, 238), standing, name)


def a_quadrant() -> QuadrantChart:
    """Nineteen departments, seven of them placed: what HR sees."""
    decided, undecided = Standing.DECIDED, Standing.UNDECIDED
    placed = (
        ((0.9, 0.85, 0.93), (0.97, 0.94, 0.98), "Customer Support"),
        ((0.71, 0.65, 0.77), (0.93, 0.88, 0.96), "Marketing Services"),
        ((0.67, 0.59, 0.73), (0.92, 0.88, 0.95), "IT Service Desk"),
        ((0.72, 0.65, 0.78), (0.76, 0.68, 0.82), "Data Platform"),
        ((0.65, 0.58, 0.72), (0.7, 0.63, 0.77), "Логистика"),
        ((0.63, 0.53, 0.72), (0.65, 0.59, 0.71), "Kundendienst und Reklamationsbearbeitung"),
        ((0.6, 0.54, 0.66), (0.5, 0.44, 0.56), "Facility Management"),
    )
    open_ones = (
        (0.79, 0.66, 0.88, 0.89, 0.83),
        (0.8, 0.71, 0.88, 0.88, 0.82),
        (0.79, 0.69, 0.87, 0.86, 0.8),
        (0.8, 0.73, 0.86, 0.86, 0.8),
        (0.84, 0.76, 0.9, 0.87, 0.83),
        (0.89, 0.84, 0.92, 0.88, 0.84),
        (0.89, 0.78, 0.94, 0.93, 0.84),
        (0.67, 0.5, 0.8, 0.84, 0.8),
        (0.83, 0.78, 0.87, 0.82, 0.77),
        (0.79, 0.66, 0.85, 0.8, 0.7),
        (0.83, 0.68, 0.92, 0.79, 0.74),
        (0.73, 0.62, 0.83, 0.74, 0.68),
    )
    return QuadrantChart(
        (
            *(a_cross(across, up, decided, name) for across, up, name in placed),
            *(
                a_cross((across, low, high), (up, up_low, min(1.0, 2 * up - up_low)), undecided)
                for across, low, high, up, up_low in open_ones
            ),
        ),
        quadrant_words(),
        (0.8, 0.85),
    )


def an_own_quadrant_in_german() -> QuadrantChart:
    """One department, undecided: what its head sees."""
    own = a_cross((0.76, 0.61, 0.86), (0.87, 0.79, 0.92), Standing.UNDECIDED, "Ihre Abteilung")
    words = QuadrantWords(
        across="Kolleginnen und Kollegen zufrieden",
        up="Kundschaft zufrieden",
        corners=("Außen stark, innen schwach", "Beides stark", "Zuerst reparieren", "Innen stark"),
        unit=lambda tick: f"{tick}\u00a0%",
    )
    return QuadrantChart((own,), words, (0.8, 0.85))


def watermelon_words() -> QuadrantWords:
    return QuadrantWords(
        across="finished on time",
        up="colleagues satisfied",
        corners=("Late, yet satisfied", "Fine", "Late and dissatisfied", ""),
        unit=lambda tick: f"{tick}\u00a0%",
        shaded="Watermelon: on time, yet not satisfied",
    )


def a_watermelon() -> QuadrantChart:
    worse, better, decided, undecided = Standing.WORSE, Standing.BETTER, Standing.DECIDED, Standing.UNDECIDED
    crosses = (
        a_cross((0.95, 0.93, 0.965), (0.66, 0.58, 0.72), worse, "IT Service Desk"),
        a_cross((0.963, 0.936, 0.979), (0.61, 0.51, 0.7), worse, "Kundendienst und Reklamationsbearbeitung"),
        a_cross((0.7, 0.64, 0.757), (0.885, 0.81, 0.94), better, "Facility Management"),
        a_cross((0.988, 0.972, 0.996), (0.92, 0.845, 0.958), decided, "Payroll"),
        a_cross((0.733, 0.648, 0.805), (0.55, 0.4, 0.69), decided, "Legal"),
        a_cross((0.917, 0.837, 0.96), (0.882, 0.75, 0.95), undecided, "Dział Księgowości"),
        a_cross((0.916, 0.875, 0.945), (0.872, 0.733, 0.94), undecided, "Отдел закупок"),
        a_cross((1.0, 0.94, 1.0), (1.0, 0.8, 1.0), undecided, "Fleet"),
        a_cross((0.94, 0.91, 0.96), (0.758, 0.643, 0.845), undecided, "Purchasing"),
    )
    return QuadrantChart(crosses, watermelon_words(), (0.9, 0.8), from_left=0.6)


def an_own_watermelon() -> QuadrantChart:
    """One department at both edges of the plot: everything in time, nobody satisfied."""
    own = a_cross((1.0, 0.96, 1.0), (0.0, 0.0, 0.24), Standing.WORSE, "Your department")
    return QuadrantChart((own,), watermelon_words(), (0.9, 0.8), from_left=0.6)


def importance_words(**changed: str) -> ImportanceWords:
    words = {"importance": "importance", "performance": "rated good or very good", **changed}
    return ImportanceWords(unit=lambda tick: f"{tick}\u00a0%", **words)


def priorities() -> ImportanceChart:
    """Every state: below, open, above, few people, hidden."""
    lines = (
        ImportanceLine(
            "The time it took",
            an_interval(0.38, 0.27, 0.49),
            an_interval(0.45, 0.31, 0.59),
            Evidence.WORSE,
            "start here",
            is_action=True,
        ),
        ImportanceLine(
            "Quality of the result",
            an_interval(0.31, 0.2, 0.42),
            an_interval(0.85, 0.72, 0.92),
            Evidence.NONE,
            "too close to tell",
        ),
        ImportanceLine(
            "Communication along the way",
            an_interval(0.22, 0.13, 0.33),
            an_interval(0.62, 0.48, 0.75),
            Evidence.WORSE,
            "below",
        ),
        ImportanceLine("Trust", an_interval(0.1, 0.0, 0.2), an_interval(1.0, 0.92, 1.0), Evidence.BETTER, "above"),
        ImportanceLine("Effort", an_interval(0.09, 0.03, 0.17), None, Evidence.NONE, "hidden"),
        ImportanceLine(
            "Cooperation",
            an_interval(0.0, 0.0, 0.05),
            an_interval(0.7, 0.3, 1.0, 8, coarse=True),
            Evidence.NONE,
            "more than half",
        ),
    )
    return ImportanceChart(lines, importance_words(), 0.8)


def priorities_in_russian() -> ImportanceChart:
    lines = (
        ImportanceLine(
            "Информирование о ходе выполнения работы",
            an_interval(0.98, 0.9, 1.0),
            an_interval(0.05, 0.0, 0.2),
            Evidence.WORSE,
            "начните отсюда",
            is_action=True,
        ),
        ImportanceLine(
            "Качество результата",
            an_interval(0.02, 0.0, 0.1),
            an_interval(0.8, 0.7, 0.9),
            Evidence.NONE,
            "слишком близко, чтобы судить",
        ),
    )
    words = importance_words(importance="доля в общей важности аспектов", performance="оценили хорошо или очень хорошо")
    return ImportanceChart(lines, words, 0.8)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def control_words(**changed: str) -> ControlWords:
    words = {
        "average": "average 83%",
        "upper": "upper limit",
        "lower": "lower limit",
        "band": "limits of chance",
        "too_early": "too early for limits",
        "hidden": "hidden",
        "missing": "not shown",
        **changed,
    }
    return ControlWords(unit=lambda tick: f"{tick}\u00a0%", **words)


def a_month(number: int, value: float | None, **more: object) -> ControlPoint:
    """The month `number` after January 2024."""
    return ControlPoint(MONTHS[number % 12], str(2024 + number // 12), number % 12 + 1, value, **more)  # type: ignore[arg-type]


def months_with_signals() -> ControlChart:
    """Two years: a hidden quarter, one month outside, then eight below the average."""
    values = (84, 81, 85, 82, 79, 85, None, None, None, 85, 85, 80, 83, 87, 83, 60, 77, 77, 76, 78, 76, 80, 75, 78)
    halves = (20, 20, 15, 17, 16, 16, 0, 0, 0, 20, 18, 15, 16, 21, 16, 19, 15, 14, 14, 16, 15, 17, 20, 17)
    signals = {15: "January: below the limit", **dict.fromkeys(range(16, 24), "8 in a row below")}
    points = tuple(
        a_month(number + 9, None, is_hidden=True)
        if value is None
        else a_month(
            number + 9,
            value / 100,
            limits=((83 - half) / 100, min(1.0, (83 + half) / 100)),
            centre=0.83,
            phase=1,
            signal=signals.get(number, ""),
        )
        for number, (value, half) in enumerate(zip(values, halves, strict=True))
    )
    return ControlChart(points, control_words())


def months_in_two_phases() -> ControlChart:
    """Below 40, above the limit, a new phase, and quarters nobody answered in."""
    values = (30, 35, 28, 40, 33, 90, None, None, None, 70, 72, 69, 71, 75, 70, 72)
    points = tuple(
        a_month(
            number,
            None if value is None else value / 100,
            limits=None if value is None else ((0.1, 0.58) if number < 6 else (0.5, 0.92)),
            centre=None if value is None else (0.34 if number < 6 else 0.71),
            phase=None if value is None else 1 + (number >= 6),
            signal="über der Grenze" if value == 90 else "",
        )
        for number, value in enumerate(values)
    )
    return ControlChart(points, control_words(average="Durchschnitt 71 %", band="Grenzen des Zufalls"))


def months_too_early_in_polish() -> ControlChart:
    points = tuple(a_month(number + 29, value) for number, value in enumerate((0.91, 0.79, 1.0, 0.77)))
    return ControlChart(points, control_words(too_early="za wcześnie na granice"))
