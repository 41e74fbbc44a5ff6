"""Classes A to E: the whole table."""

import re

import pytest

from app.domain.instruments import (
    BUILT_IN,
    Comparability,
    Construct,
    Ground,
    Instrument,
    Item,
    Mode,
    Moment,
    comparability,
    ground,
    own_instrument,
)
from app.domain.instruments.wordings import WORDINGS


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


def in_words(item: Item, labels: tuple[str, ...], **way: Mode | Moment | bool | None) -> Instrument:
    told = {str(point): label for point, label in enumerate(labels, start=1)}
    construct = Construct.EFFORT if item is Item.EFFORT else Construct.SATISFACTION
    return own_instrument("theirs", construct, lowest=1, highest=5, labels=told, **way)  # type: ignore[arg-type]


OURS: dict[str, Mode | Moment | bool | None] = {"mode": Mode.LINK, "moment": Moment.COMPLETION}


@pytest.mark.parametrize("language", WORDINGS)
@pytest.mark.parametrize("item", [Item.CSAT_OVERALL, Item.COMMUNICATION, Item.EFFORT])
def test_our_words_asked_as_we_ask_are_our_question_under_any_name(item: Item, language: str) -> None:
    words = WORDINGS[language]
    by_item = {Item.CSAT_OVERALL: words.csat_labels, Item.COMMUNICATION: words.grid_labels}
    labels = tuple(label.upper().replace("\u00ad", "") for label in by_item.get(item, words.agree_labels))

    assert ground(item, in_words(item, labels, **OURS)) is Ground.SAME_QUESTION
    assert ground(item, in_words(item, labels[::-1], reverse=True, **OURS)) is Ground.SAME_QUESTION
    assert ground(item, in_words(item, labels[::-1], **OURS)) is Ground.OTHER_WORDS


@pytest.mark.parametrize(
    "way",
    [
        {"mode": Mode.PHONE, "moment": Moment.COMPLETION},
        {"mode": Mode.LINK, "moment": Moment.LATER},
        {"mode": Mode.LINK, "moment": None},
        {"mode": None, "moment": None},
    ],
)
def test_our_words_by_another_way_or_at_another_time_are_near_at_best(way: dict[str, Mode | Moment | None]) -> None:
    theirs = in_words(Item.CSAT_OVERALL, WORDINGS["en"].csat_labels, **way)

    assert ground(Item.CSAT_OVERALL, theirs) is Ground.OTHER_WAY
    assert comparability(Item.CSAT_OVERALL, theirs) is Comparability.NEAR_SCALE


def test_every_class_has_its_grounds() -> None:
    percent, csat5 = BUILT_IN["percent"], BUILT_IN["csat5"]
    cases = {
        Ground.SAME_QUESTION: ground(Item.TIMELINESS, csat5),
        Ground.NEAR_SCALE: ground(Item.TIMELINESS, BUILT_IN["csat7"]),
        Ground.FAR_SCALE: ground(Item.TIMELINESS, BUILT_IN["csat4"]),
        Ground.OTHER_CONSTRUCT: ground(Item.TIMELINESS, BUILT_IN["thumbs"]),
        Ground.APPROVAL: ground(Item.TIMELINESS, own_instrument("smile", Construct.SATISFACTION, lowest=1, highest=3)),
        Ground.ONLY_A_SHARE: ground(Item.TIMELINESS, percent),
        Ground.UNKNOWN_N: ground(Item.TIMELINESS, percent, n_known=False),
        Ground.UNKNOWN_DATE: ground(Item.TIMELINESS, csat5, date_known=False),
        Ground.UNKNOWN_SCALE: ground(Item.TIMELINESS, Instrument("x", Construct.SATISFACTION, None)),
    }

    assert list(cases.values()) == list(cases)
