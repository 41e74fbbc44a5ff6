"""Comments lose names in any case ending, addresses, numbers and ids."""

from time import process_time

import pytest

from app.domain.redaction import Names, redact

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
    assert redact(text, Names.of(NAMES)) == kept


@pytest.mark.parametrize("piece", ["x", "x.", "1 ", "+", "www.", "AB-"])
def test_a_comment_eight_times_as_long_takes_no_more_than_some_eight_times_as_long(piece: str) -> None:
    names = Names.of(NAMES)

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = process_time()
        redact(text, names)
        return process_time() - began

    seconds(20_000)
    short = max(min(seconds(20_000) for _ in range(3)), 0.001)

    assert seconds(160_000) < 30 * short  # by its square it would be 64 times
