import json

import pytest

from app.foundations import formats
from app.foundations.reasons import reason_of, way_to


def test_a_reason_names_kind_and_place_of_ours_and_not_what_was_said() -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is, its kind and place are told
        formats.percent("alice@example.com")  # type: ignore[arg-type]

    said = reason_of(caught.value)
    assert said.startswith(f"{type(caught.value).__name__} in app/foundations/formats.py:")
    assert "alice" not in said + way_to(caught.value).replace('percent("alice@example.com")', "")


def test_a_reason_from_elsewhere_names_the_kind_alone() -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{'alice'}")

    assert reason_of(caught.value) == "JSONDecodeError"
