import pytest

from app.domain.sentences import PARAMETERS, CoarseWord, IncompleteSentenceError, SentenceKey, coarse_word, sentence


def test_a_sentence_is_stored_as_key_and_params() -> None:
    assert sentence(SentenceKey.ACTION_START, item="timeliness") == {
        "key": "action_start",
        "params": {"item": "timeliness"},
    }


def test_a_sentence_with_a_missing_or_unknown_parameter_is_refused() -> None:
    with pytest.raises(IncompleteSentenceError, match=r"action_start: missing \['item'\], unknown \['dimension'\]"):
        sentence(SentenceKey.ACTION_START, dimension="timeliness")


def test_every_key_states_its_parameters() -> None:
    assert set(PARAMETERS) == set(SentenceKey)


@pytest.mark.parametrize(
    ("estimate", "word"),
    [
        (0.1, CoarseWord.FEW),
        (0.2, CoarseWord.LESS_THAN_HALF),
        (0.3, CoarseWord.LESS_THAN_HALF),
        (0.4, CoarseWord.ABOUT_HALF),
        (0.5, CoarseWord.ABOUT_HALF),
        (0.6, CoarseWord.MORE_THAN_HALF),
        (0.7, CoarseWord.MORE_THAN_HALF),
        (0.8, CoarseWord.MOST),
        (0.9, CoarseWord.MOST),
    ],
)
def test_a_coarse_share_has_a_word(estimate: float, word: CoarseWord) -> None:
    assert coarse_word(estimate) is word
