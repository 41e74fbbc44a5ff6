import pytest

from app.connectors.json_body import Unfit, as_text


@pytest.mark.parametrize("code", [0, 0xD800, 0xDBFF, 0xDC00, 0xDFFF])  # NUL and both halves of surrogates
def test_text_with_a_character_that_no_database_stores_is_unfit(code: int) -> None:
    with pytest.raises(Unfit, match="no database stores"):
        as_text(f"Toner{chr(code)}", 200)


@pytest.mark.parametrize("text", ["Toner", "Тонер 🚀", "\ud7ff", "\ue000", "-", "\\"])
def test_every_other_text_is_kept(text: str) -> None:
    assert as_text(text, 200) == text
