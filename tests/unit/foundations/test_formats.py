from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.foundations import formats
from app.foundations.languages import speaking

DAY = date(2026, 7, 14)


@pytest.mark.parametrize(
    ("language", "weekday", "day", "full_day", "month"),
    [
        ("en", "Tuesday, 14\u00a0July", "14\u00a0July", "14\u00a0July 2026", "July 2026"),
        ("de", "Dienstag, 14.\u00a0Juli", "14.\u00a0Juli", "14.\u00a0Juli 2026", "Juli 2026"),
        ("ru", "вторник, 14\u00a0июля", "14\u00a0июля", "14\u00a0июля 2026", "июль 2026"),
        ("pl", "wtorek, 14\u00a0lipca", "14\u00a0lipca", "14\u00a0lipca 2026", "lipiec 2026"),
        ("es", "martes, 14\u00a0de julio", "14\u00a0de julio", "14\u00a0de julio de 2026", "julio de 2026"),
    ],
)
def test_dates_read_as_in_the_language(language: str, weekday: str, day: str, full_day: str, month: str) -> None:
    with speaking(language):
        told = (formats.weekday(DAY), formats.day(DAY), formats.full_day(DAY), formats.month(DAY))

    assert told == (weekday, day, full_day, month)


@pytest.mark.parametrize(
    ("language", "share"), [("en", "72%"), ("de", "72\u00a0%"), ("ru", "72\u00a0%"), ("pl", "72%")]
)
def test_shares_are_whole_per_cent(language: str, share: str) -> None:
    with speaking(language):
        assert formats.percent(0.716) == share


def test_differences_have_a_sign_and_a_real_minus() -> None:
    assert [formats.points(value) for value in (9.4, -15.2, 0.3)] == ["+9", "−15", "0"]


def test_numbers_are_grouped() -> None:
    with speaking("de"):
        assert formats.number(12500) == "12.500"


def test_times_are_the_readers() -> None:
    assert formats.clock(datetime(2026, 7, 14, 7, 5, tzinfo=UTC), ZoneInfo("Europe/Berlin")) == "09:05"


def test_a_months_own_name_is_a_nominative() -> None:
    with speaking("ru"):
        assert formats.month_name(DAY) == "июль"
