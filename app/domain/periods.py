"""Quarters of the fiscal year and the calendar of each: freeze, late answers, release (rules of asking and release)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

TOO_LATE_AFTER = timedelta(days=5)  # requests whose sending day would be later are not asked
FREEZE_AFTER = timedelta(days=15)  # by then every invitation of the quarter has expired
COMMENTS_AFTER = timedelta(days=13)  # by then no invitation of the quarter can be answered
RELEASE_AFTER = timedelta(days=14)  # after the freeze: late answers until then reach revision 2
POST_AFTER = timedelta(days=3)  # after the freeze: scorecards are posted

_NAME = re.compile(r"([12]\d{3})-Q([1-4])\Z", re.ASCII)  # no quarter of ours is older or later


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of the fiscal year that ends in `year`, written `2026-Q3`."""

    year: int
    quarter: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-Q3`. Raises ValueError naming the text."""
        match = _NAME.match(text)
        if match is None:
            raise ValueError(f"{text!r} is not a period such as 2026-Q3")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.quarter}"

    def shifted(self, quarters: int) -> "Period":
        """Return the period so many quarters later (earlier if negative)."""
        index = self.year * 4 + self.quarter - 1 + quarters
        return Period(index // 4, index % 4 + 1)

    @property
    def previous(self) -> "Period":
        return self.shifted(-1)

    @property
    def following(self) -> "Period":
        return self.shifted(1)


@dataclass(frozen=True)
class Calendar:
    """Where quarters begin: company-local midnights, by time zone and first month of the fiscal year (1..12)."""

    time_zone: ZoneInfo
    fiscal_year_start: int = 1

    def period_of(self, moment: datetime) -> Period:
        """Return the quarter in which an aware moment lies."""
        local = moment.astimezone(self.time_zone)
        return self.period_of_day(local.date())

    def period_of_day(self, day: date) -> Period:
        """Return the quarter of a company-local day."""
        months = (day.month - self.fiscal_year_start) % 12
        ends_next_year = self.fiscal_year_start > 1 and day.month >= self.fiscal_year_start
        return Period(day.year + ends_next_year, months // 3 + 1)

    def period_of_month(self, month: str) -> Period:
        """Return the quarter of a company-local month, written `2026-07`."""
        return self.period_of_day(date.fromisoformat(f"{month}-01"))

    def first_day(self, period: Period) -> date:
        """Return the first company-local day of a quarter."""
        month = self.fiscal_year_start + 3 * (period.quarter - 1)
        year = period.year - (self.fiscal_year_start > 1)
        return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)

    def last_day(self, period: Period) -> date:
        """Return the last company-local day of a quarter."""
        return self.first_day(period.following) - timedelta(days=1)

    def starts_at(self, period: Period) -> datetime:
        """Return the first moment of a quarter, in UTC."""
        return self.midnight(self.first_day(period))

    def ends_at(self, period: Period) -> datetime:
        """Return the first moment after a quarter, in UTC."""
        return self.starts_at(period.following)

    def last_moment(self, period: Period) -> datetime:
        """Return the last moment of a quarter, in UTC: the tree of departments then is the quarter's."""
        return self.ends_at(period) - timedelta(microseconds=1)

    def midnight(self, day: date) -> datetime:
        """Return company-local midnight at the start of `day`, in UTC."""
        return datetime.combine(day, time(0), tzinfo=self.time_zone).astimezone(UTC)

    def too_late_from(self, period: Period) -> date:
        """Return the first company-local day on which the quarter's requests are no longer asked about."""
        return self.last_day(period) + TOO_LATE_AFTER + timedelta(days=1)

    def freezes_at(self, period: Period) -> datetime:
        """Return 00:00 of the freeze date, in UTC: quarter end + 15 days."""
        return self.midnight(self.last_day(period) + FREEZE_AFTER)

    def comments_open_at(self, period: Period) -> datetime:
        """Return from when on HR may read a quarter's comments, in UTC: 00:00 of quarter end + 13 days."""
        return self.midnight(self.last_day(period) + COMMENTS_AFTER)

    def posts_on(self, period: Period) -> date:
        """Return the day on which scorecards are posted: freeze day + 3."""
        return self.last_day(period) + FREEZE_AFTER + POST_AFTER

    def releases_at(self, period: Period) -> datetime:
        """Return 00:00 of the release date, in UTC: freeze + 14 days."""
        return self.midnight(self.last_day(period) + FREEZE_AFTER + RELEASE_AFTER)

    def month_of(self, moment: datetime) -> str:
        """Return the company-local month of a moment, written `2026-07`."""
        return moment.astimezone(self.time_zone).strftime("%Y-%m")
