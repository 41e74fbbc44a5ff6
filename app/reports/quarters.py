"""A quarter in words, by the months it spans."""

from app.domain.periods import Calendar, Period
from app.foundations.formats import month, month_name
from app.foundations.languages import gettext


def quarter_words(calendar: Calendar, period: Period | str) -> str:
    """Return `July to September 2026` in the language of the moment; a `str` is a code such as `2026-Q3`."""
    period = Period.parse(period) if isinstance(period, str) else period
    first, last = calendar.first_day(period), calendar.last_day(period)
    if first.year == last.year:
        return gettext("%(first)s to %(last)s", first=month_name(first), last=month(last))
    return gettext("%(first)s to %(last)s", first=month(first), last=month(last))
