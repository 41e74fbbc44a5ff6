"""Dates and numbers as a reader of the language of the moment writes them (CLDR, through Babel)."""

import re
from datetime import date, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent

from app.foundations.languages import spoken

# English here is the English of Europe: 14 July, not July 14.
_TERRITORIES = {"en": "en_GB"}
# CLDR's availableFormats "MMMMEEEEd"; Babel would fall back to the abbreviated MMMEd.
_WEEKDAYS = {"de": "EEEE, d. MMMM", "es": "EEEE, d 'de' MMMM"}
_WEEKDAY = "EEEE, d MMMM"
_DAY_AND_MONTH = re.compile(r"(\d\.?) (?=\w)")


def locale() -> Locale:
    """Return the locale of the language of the moment."""
    return _locale(spoken())


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_TERRITORIES.get(language, language))


def weekday(on: date) -> str:
    """`Tuesday, 14 July`: a day near enough to need no year."""
    return _weekday(on, spoken())


@lru_cache(maxsize=1024)  # a batch of mails, a day of pages: the same few days again and again
def _weekday(on: date, language: str) -> str:
    return _kept_together(format_date(on, _WEEKDAYS.get(language, _WEEKDAY), locale=_locale(language)))


def day(on: date) -> str:
    """`14 July`: a day of this year."""
    return _day(on, spoken())


@lru_cache(maxsize=1024)
def _day(on: date, language: str) -> str:
    return _kept_together(format_skeleton("MMMMd", datetime.combine(on, time()), locale=_locale(language)))


def full_day(on: date) -> str:
    """`14 July 2026`."""
    return _full_day(on, spoken())


@lru_cache(maxsize=1024)
def _full_day(on: date, language: str) -> str:
    return _kept_together(_bare_year(format_date(on, "long", locale=_locale(language))))


def month(on: date) -> str:
    """`July 2026`, as a title: the month in its nominative."""
    return _bare_year(format_skeleton("yMMMM", datetime.combine(on, time()), locale=locale()))


def month_name(on: date) -> str:
    """`July`: the month's own name, not the form it takes after a day."""
    return format_date(on, "LLLL", locale=locale())


def short_month(on: date) -> str:
    """`Jul`: where there is little room, as on an axis."""
    return format_date(on, "LLL", locale=locale()).rstrip(".")


def month_in_figures(on: date) -> str:
    """`07/2026`, as the language writes it: where there is least room."""
    return format_skeleton("yM", datetime.combine(on, time()), locale=locale())


def clock(at: datetime, zone: ZoneInfo) -> str:
    """`09:05`, in the reader's time zone."""
    return format_time(at, "HH:mm", tzinfo=zone, locale=locale())


def percent(share: float) -> str:
    """`72%` or `72 %`: a share of 0..1 in whole points."""
    return format_percent(share, "#,##0%" if spoken() in {"en", "pl"} else "#,##0\u00a0%", locale=locale())


def points(difference: float) -> str:
    """`+9`, `−15`, `0`: a difference in whole points, with a real minus sign."""
    whole = round(difference)
    return "0" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole)}"


def number(value: float) -> str:
    """`1,250` or `1 250`."""
    return format_decimal(value, locale=locale())


def _bare_year(text: str) -> str:
    """Leave out the Russian abbreviation of "year": its full stop would stand beside the sentence's own."""
    return text.removesuffix("\u202fг.")


def _kept_together(text: str) -> str:
    return _DAY_AND_MONTH.sub("\\1\u00a0", text)
