"""Items, scales and the rotating item."""

from collections import Counter

import pytest

from app.domain.instruments import (
    FIVE_POINTS,
    ROTATING,
    ZERO_TO_TEN,
    Item,
    choose_rotating_item,
    item_named,
    scale_of,
)

SALT = b"a quarter's salt of thirty-two by"


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("csat_overall", Item.CSAT_OVERALL),
        ("overall", Item.CSAT_OVERALL),
        (" Result ", Item.RESULT_QUALITY),
        ("TRUST", Item.TRUST),
        ("mood", None),
    ],
)
def test_it_finds_an_item_by_name_or_alias(name: str, item: Item | None) -> None:
    assert item_named(name) is item


@pytest.mark.parametrize("value", [0, 6, 7, -1, True, "5", None, 4.0])
def test_a_five_point_scale_refuses_what_is_none_of_its_points(value: object) -> None:
    assert value not in FIVE_POINTS


def test_the_pulse_runs_from_zero_to_ten_and_everything_else_from_one_to_five() -> None:
    scales = {item: list(scale_of(item).points) for item in Item}

    assert scales.pop(Item.RECOMMEND) == list(range(11))
    assert set(map(tuple, scales.values())) == {(1, 2, 3, 4, 5)}
    assert (sorted(FIVE_POINTS.favourable), sorted(ZERO_TO_TEN.favourable)) == ([4, 5], [9, 10])


def test_an_invitation_keeps_its_rotating_item() -> None:
    once = choose_rotating_item(SALT, b"invitation 1")

    assert choose_rotating_item(SALT, b"invitation 1") is once


def test_each_rotating_item_falls_on_about_a_quarter_of_the_invitations() -> None:
    counts = Counter(choose_rotating_item(SALT, number.to_bytes(16)) for number in range(4000))

    # 1000 expected each, standard deviation 27: four deviations.
    assert set(counts) == set(ROTATING)
    assert all(890 < count < 1110 for count in counts.values())


def test_another_quarter_chooses_anew() -> None:
    chosen = [choose_rotating_item(SALT, number.to_bytes(16)) for number in range(100)]
    chosen_again = [choose_rotating_item(b"another salt", number.to_bytes(16)) for number in range(100)]

    assert chosen != chosen_again
