"""What a cell may hold."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.clocks import CLOCKS_DIFFER
from app.foundations.quoting import quoted
from app.imports.columns import Parser, Reading, comment, language, moment, number, numbered, past, person, text, whole
from app.imports.faults import Ahead, Unfit
from app.imports.reading import TypedNumber, TypedTime

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.mark.parametrize("cell", ["5", "5.0", "5,0", "5.00", "05"])
def test_a_whole_number_may_be_written_with_noughts_behind(cell: str) -> None:
    assert whole()(cell) == 5


@pytest.mark.parametrize("cell", ["5.5", "1,000", "1.000", "5.", "five", "", "1e3", "5.0.0"])
def test_what_may_mean_another_number_is_no_whole_number(cell: str) -> None:
    with pytest.raises(Unfit) as unfit:
        whole()(cell)

    assert str(unfit.value) == f"'{cell}' is not a whole number"


def test_a_long_cell_is_quoted_by_its_beginning() -> None:
    with pytest.raises(Unfit) as unfit:
        whole()("x" * 5000)

    assert str(unfit.value) == f"'{'x' * 79}…' is not a whole number"


def test_limits_are_written_out() -> None:
    with pytest.raises(Unfit) as unfit:
        whole()("-3")

    assert str(unfit.value) == "'-3' is not between 0 and 2000000000"
    assert number(0, 1)("0,85") == 0.85


def test_a_number_of_a_workbook_counts_days_where_a_time_is_asked_for() -> None:
    read = moment(Reading(WARSAW))

    assert read(TypedNumber("46204")) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert read(TypedNumber("46204.39583333333")) == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)
    assert read(TypedNumber("20260701")) == datetime(2026, 6, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["46204", TypedNumber("0"), TypedNumber("-1.5"), TypedNumber("1782900000")])
def test_a_number_of_a_text_file_and_one_out_of_range_are_no_date(cell: str) -> None:
    with pytest.raises(Unfit) as unfit:
        moment(Reading(WARSAW))(cell)

    assert str(unfit.value) == f"'{cell}' is not a date"


def test_a_date_format_is_for_text_and_for_numbers_that_fit_it() -> None:
    read = moment(Reading(WARSAW, "%d%m%Y"))

    assert read("01072026") == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert read(TypedNumber("31122026")) == datetime(2026, 12, 30, 23, tzinfo=UTC)
    assert read(TypedNumber("46204")) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert read(TypedTime("2026-07-01T09:30:00")) == datetime(2026, 7, 1, 7, 30, tzinfo=UTC)


def test_a_date_before_1900_is_how_some_tool_writes_nothing() -> None:
    with pytest.raises(Unfit) as unfit:
        moment(Reading(WARSAW))("0001-01-01")

    assert str(unfit.value) == ("'0001-01-01' lies before 1900; does it mean that nothing is known?")


def test_what_has_happened_does_not_lie_in_the_future() -> None:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    read = past(Reading(WARSAW), now)

    assert read("2026-11-29T02:00") == now + CLOCKS_DIFFER
    with pytest.raises(Ahead) as unfit:
        read("2026-11-29T02:01")
    assert (str(unfit.value), unfit.value.mend) == (
        "'2026-11-29T02:01' lies in the future: here it is 2026-11-29 01:00+01:00",
        "--time-zone",
    )


def test_an_address_is_one_person_in_any_case_and_a_key_is_not() -> None:
    assert person("Alice@Example.com") == "alice@example.com"
    assert person("K-17") == "K-17"
    with pytest.raises(Unfit):
        person("k" * 321)


@pytest.mark.parametrize(
    ("cell", "kept"), [("de", "de"), ("DE", "de"), ("de-AT", "de"), ("pl_PL", "pl"), ("sr-Latn-RS", "sr")]
)
def test_a_language_is_kept_without_its_country(cell: str, kept: str) -> None:
    assert language(cell) == kept


@pytest.mark.parametrize("cell", ["Deutsch", "d", "german", "12"])
def test_a_word_is_no_language_code(cell: str) -> None:
    with pytest.raises(Unfit) as unfit:
        language(cell)

    assert str(unfit.value) == f"'{cell}' is not a language code; write it like de or pl"


@pytest.mark.parametrize("amount", ["nan", "inf", "-Infinity", "1e400", "1" + "0" * 400, "2000000001"])
def test_a_list_of_numbers_holds_no_number_that_is_none_or_huge(amount: str) -> None:
    with pytest.raises(Unfit) as unfit:
        numbered()(f"4=12;5={amount}")

    assert str(unfit.value) == f"'{quoted(amount)}' is not between -2000000000 and 2000000000"


@pytest.mark.parametrize("parse", [text(), person])
def test_a_name_with_a_character_that_nobody_reads_is_refused_with_its_code(parse: Parser) -> None:
    with pytest.raises(Unfit) as unfit:
        parse("IT\x7f Support")

    assert str(unfit.value) == "the text holds the character U+007F, which nobody can read; take it out"


def test_a_comment_is_kept_without_the_characters_that_nobody_reads() -> None:
    kept = comment(10)

    assert kept("than\x7fks\x1b\r\n\u202eall") == "thanks\nall"
    assert kept("\x7f") is None
    with pytest.raises(Unfit, match="too long"):
        kept("thanks, all")
