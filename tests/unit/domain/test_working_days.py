from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.asking_policy import AskingPolicy
from app.domain.working_days import waited, working_days_before

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 10, 14, 22, tzinfo=UTC)  # its midnight in Berlin


@pytest.mark.parametrize(
    ("days", "begins_on"),
    [(0, date(2026, 10, 15)), (1, date(2026, 10, 14)), (3, date(2026, 10, 12)), (4, date(2026, 10, 9))],
)
def test_weekends_are_passed_over(days: int, begins_on: date) -> None:
    found = working_days_before(THURSDAY, days, BERLIN, AskingPolicy())

    assert found.astimezone(BERLIN) == datetime(begins_on.year, begins_on.month, begins_on.day, tzinfo=BERLIN)


def test_a_day_that_has_begun_is_not_whole_and_does_not_count() -> None:
    afternoon = datetime(2026, 10, 15, 13, tzinfo=UTC)

    assert working_days_before(afternoon, 1, BERLIN, AskingPolicy()) == datetime(2026, 10, 13, 22, tzinfo=UTC)


def test_holidays_are_passed_over() -> None:
    policy = AskingPolicy(holidays=frozenset({date(2026, 10, 14)}))

    assert working_days_before(THURSDAY, 1, BERLIN, policy) == datetime(2026, 10, 12, 22, tzinfo=UTC)


def test_the_clock_change_of_autumn_moves_no_midnight() -> None:
    monday = datetime(2026, 10, 26, tzinfo=BERLIN)

    assert working_days_before(monday, 1, BERLIN, AskingPolicy()) == datetime(2026, 10, 22, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "days", "over"),
    [(15, 0, 0), (16, 1, 0), (18, 1, 0), (19, 2, 0), (20, 3, 1), (26, 7, 5)],  # asked on a Thursday
)
def test_a_promise_of_two_working_days_is_kept_until_the_second_ends(today: int, days: int, over: int) -> None:
    wait = waited(THURSDAY, datetime(2026, 10, today, 21, tzinfo=BERLIN), BERLIN, AskingPolicy())

    assert (wait.days, wait.over) == (days, over)
