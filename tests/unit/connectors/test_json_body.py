import pytest

from app.connectors.json_body import Unfit, as_text


@pytest.mark.parametrize("code", [0, 0x1B, 0x7F, 0x202E, 0xD800, 0xDFFF])  # the last two are halves of surrogate pairs
def test_text_with_a_character_that_nobody_reads_is_unfit(code: int) -> None:
    with pytest.raises(Unfit, match=f"the text holds the character U\\+{code:04X}, which nobody can read"):
        as_text(f"Toner{chr(code)}", 200)


@pytest.mark.parametrize("text", ["Toner", "Тонер 🚀", "\ud7ff", "\ue000", "-", "\\"])
def test_every_other_text_is_kept(text: str) -> None:
    assert as_text(text, 200) == text
