import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.lenient import (
    address_after,
    address_of,
    end_of_day,
    id_of,
    inside,
    instant_of,
    moment_in_utc,
    moment_of,
    objects,
    text_of,
    unix_moment,
    words_of,
)
from tests.builders.any_json import ANY_JSON

WARSAW = ZoneInfo("Europe/Warsaw")


def test_a_path_leads_through_objects_only() -> None:
    body = {"action": {"data": {"card": {"id": "1"}}, "list": []}}

    assert inside(body, "action", "data", "card", "id") == "1"
    assert inside(body, "action", "list", "id") is None
    assert inside([], "action") is None
    assert inside(body) is body


def test_only_the_objects_of_a_list_are_read() -> None:
    assert list(objects([{"a": 1}, None, "b", {"c": 2}])) == [{"a": 1}, {"c": 2}]
    assert list(objects({"a": 1})) == []


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("  Принтер 🖨 ", "Принтер 🖨"),
        (4711, "4711"),
        ("a\0b\ud83d", "ab"),
        ("x" * 2000, "x" * 1000),
        ("", None),
        (" ", None),
        (None, None),
        (True, None),
        (1.5, None),
        ([], None),
        ({}, None),
    ],
)
def test_text_is_cut_to_what_a_database_stores(found: object, text: str | None) -> None:
    assert text_of(found) == text


@pytest.mark.parametrize(
    ("found", "identifier"),
    [
        ("63d387e699609c7f4bf0e0ce", "63d387e699609c7f4bf0e0ce"),
        (12345, "12345"),
        ("../members/me", None),
        ("1?token=2", None),
        ("x" * 65, None),
        ("", None),
    ],
)
def test_an_id_may_stand_in_an_address(found: object, identifier: str | None) -> None:
    assert id_of(found) == identifier


@pytest.mark.parametrize(
    "found", [1_794_906_000, 1_794_906_000.0, " 1794906000 ", 1_794_906_000_000, "1794906000000", 1_794_906_000_000.0]
)
def test_unix_time_comes_in_seconds_or_milliseconds(found: object) -> None:
    moment = datetime(2026, 11, 17, 9, tzinfo=UTC)

    assert (unix_moment(found), instant_of(found)) == (moment, moment)


@pytest.mark.parametrize(
    "found", [0, 1, -1_794_906_000, 20_261_117, "20261117", 10**400, float("nan"), float("inf"), True, None, [], "soon"]
)
def test_what_cannot_be_unix_time_is_no_moment(found: object) -> None:
    assert unix_moment(found) is None


def test_a_moment_without_an_offset_is_utc_where_the_tool_says_so() -> None:
    noon = datetime(2026, 7, 6, 12, tzinfo=UTC)

    assert moment_in_utc("2026-07-06T12:00:00") == instant_of("2026-07-06 12:00:00") == noon
    assert moment_in_utc("2026-07-06T14:00:00+02:00") == noon
    assert moment_of("2026-07-06T14:00:00", WARSAW) == noon


def test_a_moment_is_utc_whatever_its_offset() -> None:
    assert moment_of("2026-07-06T11:00:00.5+0200", WARSAW) == datetime(2026, 7, 6, 9, 0, 0, 500_000, tzinfo=UTC)
    assert moment_of("2026-07-06", WARSAW) == datetime(2026, 7, 5, 22, tzinfo=UTC)
    assert moment_of("soon", WARSAW) is None
    assert moment_of(1783339200, WARSAW) is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("list", ("list",)),
        ("list, archive", ("list", "archive")),
        (["a", 5, None, "b,c"], ("a", "5", "b", "c")),
        (4711, ("4711",)),
        (None, ()),
        ({"a": 1}, ()),
    ],
)
def test_a_setting_of_words_is_a_list_or_has_commas(found: object, words: tuple[str, ...]) -> None:
    assert words_of(found) == words


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-07-06", datetime(2026, 7, 6, 21, 59, 59, tzinfo=UTC)),
        ("2026-10-25", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),  # the day that the clocks are put back
        ("2026-07-06T09:00:00Z", None),
        ("2026-02-30", None),
        ("20260706", None),
        (None, None),
    ],
)
def test_a_day_ends_where_the_company_is(day: object, end: datetime | None) -> None:
    assert end_of_day(day, WARSAW) == end


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Please hurry\nE-mail: Alice@Example.com\nThanks", "alice@example.com"),
        ("e-mail:\n\nalice@example.com\n\nDepartment:\nSales", "alice@example.com"),
        ("**E-mail:** [alice@example.com](mailto:alice@example.com)", "alice@example.com"),
        ("E-mail: Alice <alice@example.com>.", "alice@example.com"),
        ("E-mail: call me\nnothing\nbob@example.com", None),
        ("My e-mail: alice@example.com", None),
        ("E-mail: alice@", None),
        ("E-mail:", None),
        ("", None),
        (None, None),
    ],
)
def test_the_address_behind_a_label_is_found(text: object, address: str | None) -> None:
    assert address_after(text, "E-mail:") == address


def test_without_a_label_no_address_is_looked_for() -> None:
    assert address_after("alice@example.com", " ") is None


@given(ANY_JSON, st.text())
def test_nothing_raises_on_any_json(found: Any, label: str) -> None:
    for read in (text_of, id_of, address_of):
        assert read(found) is None or isinstance(read(found), str)
    assert all(isinstance(word, str) for word in words_of(found))
    for look in (moment_of, end_of_day):
        assert look(found, WARSAW) is None or isinstance(look(found, WARSAW), datetime)
    assert inside(found, "a", "b") is None or json.dumps(inside(found, "a", "b"))
    assert len(list(objects(found))) >= 0
    assert address_after(found, label) is None or "@" in str(address_after(found, label))
