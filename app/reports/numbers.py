"""Figures as people read them, in the language of the moment: whole per cent, whole points, real minus signs.

Page, mail, picture and document write numbers through here only, so that they cannot differ.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from app.foundations.formats import full_day
from app.foundations.languages import pgettext, spoken
from app.reports.published import Difference, Interval, Measure

MINUS = "\u2212"


def _locale() -> Locale:
    return _locale_of(spoken())


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(language)


def _whole(value: float) -> Decimal:
    """Round half away from zero, as a person would; Decimal(str) keeps 0.285 from becoming 28."""
    rounded = Decimal(str(round(value, 6))).quantize(Decimal(1), ROUND_HALF_UP)
    return rounded or Decimal(0)  # no minus before zero


def percent(share: float) -> str:
    """Write a share 0..1 as whole per cent: 72%, in other languages with a no-break space where it is the custom."""
    return format_percent(_whole(share * 100) / 100, format=None, locale=_locale()).replace("-", MINUS)


def printed(share: float) -> float:
    """Return a share as `percent` prints it, rounded to whole per cent: what is painted must agree with the number."""
    return float(_whole(share * 100) / 100)


def fine_percent(share: float) -> str:
    """Write a share with a decimal where it has one: 95%, 99.8%. For levels of confidence, never for results."""
    pattern = _locale().percent_formats[None].pattern.replace("0", "0.#", 1)
    return format_percent(Decimal(str(round(share, 4))), format=pattern, locale=_locale())


def whole(value: float) -> str:
    """Write a number without decimals, with the thousands mark of the language."""
    return format_decimal(_whole(value), locale=_locale()).replace("-", MINUS)


def hundredths(value: float) -> str:
    """Write a number of -1..1 with two decimals: 0.42, −0.42, in other languages with their decimal comma."""
    return format_decimal(Decimal(str(round(value, 6))), format="0.00", locale=_locale()).replace("-", MINUS)


def tenths(value: float) -> str:
    """Write a small number with one decimal, as the language does: 2.4, in other languages 2,4."""
    return format_decimal(Decimal(str(value)), format="0.0", locale=_locale()).replace("-", MINUS)


def signed(points: float) -> str:
    """Write a difference in points with its sign: +2, −15, 0."""
    return f"+{whole(points)}" if _whole(points) > 0 else whole(points)


def value(figure: float, measure: Measure) -> str:
    """Write a share as per cent, a score as a whole number."""
    return percent(figure) if measure is Measure.SHARE else whole(figure)


def words(lower: float, upper: float, *, signs: bool = False) -> str:
    """Write an interval of whole points in words: 5 to 27."""
    write = signed if signs else whole
    return pgettext("range", "%(lower)s to %(upper)s", lower=write(lower), upper=write(upper))


def bounds(lower: float, upper: float) -> str:
    """Write an interval of whole points for a table: 60–81; in words where a minus would look like a dash."""
    return words(lower, upper, signs=True) if lower < 0 else f"{whole(lower)}–{whole(upper)}"


def interval(figure: Interval, measure: Measure) -> str:
    """Write the ends of an interval for a table."""
    scale = 100 if measure is Measure.SHARE else 1
    return bounds(figure.lower * scale, figure.upper * scale)


def difference(gap: Difference) -> str:
    """Write a gap in points (-100..100) with its interval: −26 (−41 to −13)."""
    return f"{signed(gap.estimate)} ({words(gap.lower, gap.upper, signs=True)})"


def span(hours: float) -> str:
    """Write a span of time to the minute in its plainest unit: 15 minutes, 4 hours, 1 hour 30 minutes, 3 days."""
    minutes = round(hours * 60)
    if minutes >= 48 * 60 and minutes % (24 * 60) == 0:
        parts = [("duration-day", minutes // (24 * 60))]
    else:
        parts = [("duration-hour", minutes // 60), ("duration-minute", minutes % 60)]
    told = [format_unit(count, unit, locale=_locale()) for unit, count in parts if count]
    return " ".join(told).replace(" ", "\u00a0")


def day(moment: datetime) -> str:
    """Write the date of a moment in words: 11 October 2026."""
    return full_day(moment.date()).replace(" ", "\u00a0")


def names(parts: list[str]) -> str:
    """Join names as the language lists them."""
    return format_list(parts, locale=_locale())
