"""Cursors come back as they went, and what nobody was given is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundations.cursors import LONGEST, decode, encode

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NUMBERS = st.integers(min_value=-(2**63 - 1), max_value=2**63 - 1)


def _word(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


@given(st.lists(WORDS | NUMBERS, min_size=1, max_size=4))
def test_what_went_in_comes_out(parts: list[str | int]) -> None:
    word = encode(*parts)

    assert decode(word, [type(part) for part in parts]) == tuple(parts)
    assert not set(word) & set("+/=&?# ")


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    found = decode(text, (str, int))

    assert found is None or encode(*found) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "WzFd=",
        _word(7),
        _word({"a": 1}),
        _word(["2026"]),
        _word([7, "2026"]),
        _word(["2026", True]),
        _word(["2026", 7.0]),
        _word(["2026", 2**63]),
        _word(["20\0" + "26", 7]),
        _word(["\ud800", 7]),
        _word(["2026", 7, 8]),
        base64.urlsafe_b64encode(b'["2026", 7]').decode().rstrip("="),
        base64.urlsafe_b64encode(b"[" * 1400).decode().rstrip("="),
        encode("x" * LONGEST, 7),
    ],
)
def test_a_word_that_is_no_place_in_this_list_is_none(text: str) -> None:
    assert decode(text, (str, int)) is None
