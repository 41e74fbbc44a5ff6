"""What nobody reads is found and taken out; what somebody writes stays."""

import pytest

from app.domain.characters import readable, unreadable_in

UNREADABLE = (
    *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *(0xD800, 0xDBFF, 0xDC00, 0xDFFF),
)


@pytest.mark.parametrize("code", UNREADABLE)
def test_what_nobody_reads_is_found_by_its_code_and_taken_out(code: int) -> None:
    text = f"than{chr(code)}ks"

    assert unreadable_in(text) == f"U+{code:04X}"
    assert unreadable_in(readable(text)) is None
    assert readable(text).replace("\n", "") == "thanks"


@pytest.mark.parametrize(
    "text",
    [
        "Danke\tfür\nalles",
        "Привет \U0001f469\u200d\U0001f527",
        "שלום\u200f!",
        "می\u200cخواهم",
        "a\u00a0b\u202fc",
        "\ud7ff\ue000\\",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert (readable(text), unreadable_in(text)) == (text, None)


def test_every_kind_of_line_end_becomes_a_line_feed() -> None:
    assert readable("1\r\n2\r3\v4\f5\x856") == "1\n2\n3\n4\n5\n6"
    assert (unreadable_in("1\r\n2"), unreadable_in("1\r2")) == (None, "U+000D")
