"""Comments lose names in any case ending, addresses, numbers and ids."""

import pytest

from app.domain.redaction import redact

NAMES = ["Мария Иванова", "Katarzyna Wiśniewska", "Max Li"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Спасибо Марии Ивановой за помощь", "Спасибо [name] [name] за помощь"),
        ("Dziękuję Katarzynie Wiśniewskiej", "Dziękuję [name] [name]"),
        ("max was kind, the maximum too", "[name] was kind, the maximum too"),
        ("write to a.b@example.com or +49 151 2345678", "write to [address] or [number]"),
        ("see HELP-4711 and #99 at https://example.com/x", "see [number] and [number] at [address]"),
        ("It took 3 days.", "It took 3 days."),
    ],
)
def test_what_points_at_a_person_is_replaced(text: str, kept: str) -> None:
    assert redact(text, NAMES) == kept
