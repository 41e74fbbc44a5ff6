"""Two shares of a department against their targets: words around charts 5 and 6, for one department and for many."""

from dataclasses import replace

from app.domain.periods import Calendar
from app.domain.scorecards.publish import COMPARABLE_FROM
from app.domain.sentences import Place
from app.foundations.languages import gettext, pgettext
from app.reports import charts, numbers
from app.reports.charts import Cross, QuadrantChart, QuadrantWords, Standing
from app.reports.descriptions import Description, alternative, interval_note, said
from app.reports.pictures.kinds import Drawing, drawing
from app.reports.published import HEADLINE_ITEM, Document, Interval, Measure, read_interval
from app.reports.quarters import quarter_words

ON_TIME_FROM = 0.6  # where the axis of on-time shares usually begins
#: What the frozen document says of clock and experience, as it is drawn; `none` is judged by its intervals.
WATERMELONS = {"confirmed": Standing.WORSE, "inverse": Standing.BETTER, "possible": Standing.UNDECIDED}


def clock_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw one department's clock beside its experience; None without due dates or with too few people."""
    cross = clock_cross(document)
    if cross is None:
        return None
    sla = document["sla"]
    targets = (sla["target"], sla["satisfaction_target"])
    title = said(document, Place.WATERMELON, calendar) or ""
    dashed = gettext("Dashed: the targets.")
    subtitle = f"{clock_subject(quarter_words(calendar, document['period']))} {interval_note(document)} {dashed}"
    values = [
        f"{gettext('Requests on time')}: {figure_words(cross.across)}.",
        f"{gettext('Colleagues satisfied')}: {figure_words(cross.up)}.",
    ]
    about, own = Description(title, subtitle, _note(cross), alternative(title, values)), _own(cross)
    words = clock_words()
    return drawing(
        about, charts.draw_quadrant, lambda _, head: QuadrantChart((own,), words, targets, head, ON_TIME_FROM)
    )


def clock_cross(document: Document) -> Cross | None:
    """Return where a department stands to both targets, None where a figure is hidden, rough or not known."""
    sla = document.get("sla", {})
    on_time, satisfied = read_interval(sla.get("on_time")), _inside(document)
    state = sla.get("watermelon", "too_few")
    if on_time is None or satisfied is None or on_time.is_coarse or state == "too_few":
        return None
    targets = (sla["target"], sla["satisfaction_target"])
    standing = WATERMELONS.get(state) or _standing((on_time, satisfied), targets)
    return Cross(on_time, satisfied, standing, document["department"]["name"])


def sides_drawing(document: Document, calendar: Calendar) -> Drawing | None:
    """Draw one department's colleagues beside its customers; None where they may not be compared."""
    cross = sides_cross(document)
    target = document.get("sla", {}).get("satisfaction_target")
    if cross is None or target is None:
        return None
    title = _own_title(cross, target)
    dashed = gettext("Dashed: the target.")
    subtitle = f"{sides_subject(quarter_words(calendar, document['period']))} {interval_note(document)} {dashed}"
    values = [
        f"{gettext('Colleagues')}: {figure_words(cross.across)}.",
        f"{gettext('Customers')}: {figure_words(cross.up)}.",
    ]
    about, own = Description(title, subtitle, _note(cross), alternative(title, values)), _own(cross)
    words, targets = side_words(), (target, target)
    return drawing(about, charts.draw_quadrant, lambda _, head: QuadrantChart((own,), words, targets, head))


def sides_cross(document: Document) -> Cross | None:
    """Return colleagues across and customers up; None below 30 answers on a side or where the questions differ."""
    inside, target = _inside(document), document.get("sla", {}).get("satisfaction_target")
    outside = read_interval(document.get("external", {}).get(HEADLINE_ITEM, {}).get("top_two_box"))
    letter = document.get("gap", {}).get(HEADLINE_ITEM, {}).get("comparability")
    if inside is None or outside is None or letter not in {"A", "B", "C"} or target is None:
        return None
    if min(inside.n, outside.n) < COMPARABLE_FROM:
        return None
    return Cross(inside, outside, _standing((inside, outside), (target, target)), document["department"]["name"])


def _own(cross: Cross) -> Cross:
    """Call the one cross what it is: the title has the name, which may be long."""
    return replace(cross, name=gettext("this department"))


def _note(cross: Cross) -> str:
    return crossing_note() if cross.standing is Standing.UNDECIDED else ""


def _inside(document: Document) -> Interval | None:
    figure = read_interval(document.get("internal", {}).get(HEADLINE_ITEM, {}).get("top_two_box"))
    return None if figure is None or figure.is_coarse else figure


def _standing(figures: tuple[Interval, Interval], targets: tuple[float, float]) -> Standing:
    """A department is placed only if neither interval crosses its target."""
    crossed = any(figure.lower <= target <= figure.upper for figure, target in zip(figures, targets, strict=True))
    return Standing.UNDECIDED if crossed else Standing.DECIDED


def _own_title(cross: Cross, target: float) -> str:
    name = cross.name
    if cross.standing is Standing.UNDECIDED:
        return gettext(
            "It cannot be told yet where %(department)s stands to its target on both sides.", department=name
        )
    inside, outside = cross.across.estimate > target, cross.up.estimate > target
    return {
        (True, True): gettext("%(department)s is above its target with colleagues and customers.", department=name),
        (True, False): gettext(
            "%(department)s is above its target with colleagues and below it with customers.", department=name
        ),
        (False, True): gettext(
            "%(department)s is above its target with customers and below it with colleagues.", department=name
        ),
        (False, False): gettext("%(department)s is below its target with colleagues and customers.", department=name),
    }[inside, outside]


def clock_words() -> QuadrantWords:
    """Return the words of chart 6."""
    return QuadrantWords(
        across=pgettext("axis", "requests on time"),
        up=pgettext("axis", "colleagues satisfied"),
        corners=(
            gettext("late, yet satisfied"),
            gettext("on time and satisfied"),
            gettext("late and not satisfied"),
            "",
        ),
        unit=lambda tick: numbers.percent(tick / 100),
        shaded=gettext("on time, yet not satisfied"),
    )


def side_words() -> QuadrantWords:
    """Return the words of chart 5."""
    return QuadrantWords(
        across=pgettext("axis", "colleagues satisfied"),
        up=pgettext("axis", "customers satisfied"),
        corners=(
            gettext("customers first, colleagues last"),
            gettext("strong on both sides"),
            gettext("repair first"),
            gettext("strong inside"),
        ),
        unit=lambda tick: numbers.percent(tick / 100),
    )


def clock_subject(quarter: str) -> str:
    """Say what chart 6 shows."""
    return gettext("Share of requests on time against share of colleagues satisfied, %(period)s.", period=quarter)


def sides_subject(quarter: str) -> str:
    """Say what chart 5 shows."""
    return gettext("Share of satisfied colleagues against share of satisfied customers, %(period)s.", period=quarter)


def crossing_note() -> str:
    """Say when a department is not placed."""
    return gettext("Hollow circle: a line crosses a target, so it cannot be told.")


def figure_words(figure: Interval) -> str:
    """Write a share with its interval and n: 66% (52–78, n 47)."""
    value, span = numbers.percent(figure.estimate), numbers.interval(figure, Measure.SHARE)
    return f"{value} ({span}, n {numbers.whole(figure.n)})"
