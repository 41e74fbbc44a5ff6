"""Classes A to E: the whole table."""

import re

import pytest

from app.domain.instruments import (
    BUILT_IN,
    Comparability,
    Construct,
    Instrument,
    Item,
    comparability,
    own_instrument,
)


def test_every_built_in_instrument_has_its_class_against_the_overall_item() -> None:
    classes = {name: comparability(Item.CSAT_OVERALL, one).value for name, one in BUILT_IN.items()}

    assert classes == {
        "csat5": "A",
        "csat7": "B",
        "csat10": "C",
        "csat4": "C",
        "thumbs": "D",
        "nps": "D",
        "ces5": "D",
        "ces7": "D",
        "percent": "D",
    }


@pytest.mark.parametrize(
    ("item", "instrument", "letter"),
    [
        (Item.TIMELINESS, "csat5", "A"),
        (Item.COMMUNICATION, "csat7", "B"),
        (Item.RESULT_QUALITY, "csat10", "C"),
        (Item.RESULT_QUALITY, "csat4", "C"),
        (Item.TIMELINESS, "thumbs", "D"),
        (Item.TIMELINESS, "nps", "D"),
        (Item.TIMELINESS, "percent", "D"),
        (Item.RECOMMEND, "nps", "A"),
        (Item.RECOMMEND, "csat10", "D"),
        (Item.EFFORT, "ces5", "A"),
        (Item.EFFORT, "ces7", "B"),
        (Item.TRUST, "ces5", "D"),
    ],
)
def test_an_item_meets_the_instrument_of_its_own_name(item: Item, instrument: str, letter: str) -> None:
    assert comparability(item, BUILT_IN[instrument]).value == letter


@pytest.mark.parametrize(
    ("construct", "lowest", "highest", "letter"),
    [
        (Construct.SATISFACTION, 1, 5, "B"),
        (Construct.SATISFACTION, 0, 6, "B"),
        (Construct.SATISFACTION, 1, 4, "C"),
        (Construct.SATISFACTION, 1, 10, "C"),
        (Construct.SATISFACTION, 0, 10, "C"),
        (Construct.SATISFACTION, 0, 1, "D"),
        (Construct.RECOMMENDATION, 0, 10, "D"),
        (Construct.OTHER, 1, 5, "D"),
    ],
)
def test_an_instrument_under_its_own_name_is_never_identical(
    construct: Construct, lowest: int, highest: int, letter: str
) -> None:
    own = own_instrument("airport", construct, lowest=lowest, highest=highest)

    assert comparability(Item.CSAT_OVERALL, own).value == letter


def test_without_n_date_or_scale_nothing_is_compared() -> None:
    csat5 = BUILT_IN["csat5"]

    assert comparability(Item.CSAT_OVERALL, csat5, n_known=False) is Comparability.UNKNOWN
    assert comparability(Item.CSAT_OVERALL, csat5, date_known=False) is Comparability.UNKNOWN
    assert comparability(Item.CSAT_OVERALL, BUILT_IN["percent"], n_known=False) is Comparability.UNKNOWN
    assert comparability(Item.CSAT_OVERALL, Instrument("x", Construct.SATISFACTION, None)) is Comparability.UNKNOWN


@pytest.mark.parametrize(
    ("lowest", "highest", "reverse", "favourable"),
    [
        (1, 5, False, {4, 5}),
        (1, 5, True, {1, 2}),
        (1, 10, False, {9, 10}),
        (0, 1, False, {1}),
        (0, 1, True, {0}),
        (1, 3, False, {3}),
    ],
)
def test_an_own_instrument_knows_its_best_points(
    lowest: int, highest: int, reverse: bool, favourable: set[int]
) -> None:
    own = own_instrument("own", Construct.SATISFACTION, lowest=lowest, highest=highest, reverse=reverse)

    assert own.scale is not None
    assert own.scale.favourable == favourable


@pytest.mark.parametrize(
    ("name", "lowest", "highest", "sentence"),
    [
        ("csat5", 1, 5, "'csat5' is a built-in instrument; choose another name"),
        ("own", 5, 1, "5..1 is no scale: the highest point must lie above the lowest"),
    ],
)
def test_an_impossible_instrument_is_refused_with_a_sentence(
    name: str, lowest: int, highest: int, sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        own_instrument(name, Construct.SATISFACTION, lowest=lowest, highest=highest)
