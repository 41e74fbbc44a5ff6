"""Quarters: names, company-local bounds, the calendar of freeze and release."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import Calendar, Period

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))


def test_it_reads_and_writes_the_name() -> None:
    assert str(Period.parse("2026-Q3")) == "2026-Q3"


@pytest.mark.parametrize("text", ["2026-Q5", "2026Q3", "26-Q1", "2026-Q3 ", ""])
def test_it_refuses_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        Period.parse(text)


def test_a_quarter_begins_at_company_local_midnight() -> None:
    assert BERLIN.starts_at(Period(2026, 3)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert BERLIN.ends_at(Period(2026, 3)) == datetime(2026, 9, 30, 22, tzinfo=UTC)


def test_a_fiscal_year_is_named_for_the_year_in_which_it_ends() -> None:
    april = Calendar(ZoneInfo("UTC"), fiscal_year_start=4)

    assert april.period_of(datetime(2025, 5, 1, tzinfo=UTC)) == Period(2026, 1)
    assert april.period_of(datetime(2026, 2, 1, tzinfo=UTC)) == Period(2026, 4)
    assert april.first_day(Period(2026, 4)) == date(2026, 1, 1)


def test_the_calendar_of_a_quarter() -> None:
    utc = Calendar(ZoneInfo("UTC"))

    assert utc.too_late_from(Period(2026, 3)) == date(2026, 10, 6)
    assert utc.freezes_at(Period(2026, 3)) == datetime(2026, 10, 15, tzinfo=UTC)
    assert utc.posts_on(Period(2026, 3)) == date(2026, 10, 18)
    assert utc.releases_at(Period(2026, 3)) == datetime(2026, 10, 29, tzinfo=UTC)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 12))
def test_every_day_lies_between_the_first_and_last_day_of_its_quarter(day: date, start: int) -> None:
    calendar = Calendar(ZoneInfo("UTC"), start)

    period = calendar.period_of_day(day)

    assert calendar.first_day(period) <= day <= calendar.last_day(period)


@given(st.integers(1990, 2090), st.integers(1, 4), st.integers(-20, 20))
def test_shifting_back_and_forth_returns(year: int, quarter: int, by: int) -> None:
    period = Period(year, quarter)

    assert period.shifted(by).shifted(-by) == period


@pytest.mark.parametrize("text", ["0000-Q1", "0999-Q4", "3000-Q1", "9999-Q4", "٢٠٢٦-Q3", "2026-Q5", "2026-Q3\n"])
def test_no_quarter_is_read_from_what_is_none_of_ours(text: str) -> None:
    with pytest.raises(ValueError, match="is not a period such as"):
        Period.parse(text)
