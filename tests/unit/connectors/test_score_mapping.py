"""What a source's settings make of a response: which questions count, for what, on which points."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.hooks import UnreadableBody, Verdict
from app.connectors.score_mapping import Answer, Response, as_polled, conclude, conclude_list, number_of, scores_of
from app.domain.external_scores import ScoreEvent
from app.foundations.http import Trouble

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS: Mapping[str, Any] = {"touchpoint": "portal", "instrument": "csat5"}
SPEED = Answer(raw=4, names=("q1", "speed"))
RECOMMEND = Answer(raw=9, names=("q2",))


def _response(*answers: Answer, survey: str | None = None) -> Response:
    return Response(identifier="r1", told_at=NOW, answered_at=NOW, answers=answers, survey=survey)


def _score(**changed: Any) -> ScoreEvent:
    told = {"response_id": "r1", "touchpoint": "portal", "dimension": "csat_overall", "instrument": "csat5"}
    return ScoreEvent(**{**told, "told_at": NOW, "answered_at": NOW, "score": 4.0, **changed})


def test_the_only_rating_is_the_score() -> None:
    remark = Answer(raw=7, names=("q3",), is_rating=False)

    found = conclude(SETTINGS, _response(SPEED, remark), event_type="told")

    assert (found.verdict, found.scores) == (Verdict.SCORE, (_score(),))
    assert found.details == {"score": 4, "event_type": "told"}


def test_several_ratings_are_shown_and_none_is_recorded_until_the_settings_name_some() -> None:
    found = conclude(SETTINGS, _response(SPEED, RECOMMEND))

    assert (found.verdict, found.scores) == (Verdict.SCORE_LIST, ())
    assert found.details["scores"] == [{"question": "q1", "score": 4}, {"question": "q2", "score": 9}]


def test_named_questions_count_each_for_what_its_settings_say() -> None:
    questions = {
        "speed": {"dimension": "timeliness"},
        "q2": {"dimension": "recommend", "instrument": "nps", "touchpoint": "desk"},
        "q9": {},
    }

    found = conclude({**SETTINGS, "questions": questions}, _response(SPEED, RECOMMEND))

    assert found.verdict is Verdict.SCORE_LIST
    assert found.scores == (
        _score(response_id="r1#q1", dimension="timeliness"),
        _score(response_id="r1#q2", touchpoint="desk", dimension="recommend", instrument="nps", score=9.0),
    )


def test_a_survey_says_what_it_measures_unless_its_question_does() -> None:
    settings = {**SETTINGS, "surveys": {"nps": {"instrument": "nps", "dimension": "recommend"}}}

    (told,) = scores_of(settings, _response(RECOMMEND, survey="nps"))
    (other,) = scores_of(settings, _response(SPEED, survey="csat"))

    assert (told.instrument, told.dimension, told.touchpoint) == ("nps", "recommend", "portal")
    assert other == _score()


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        ("Good ", 1.0),
        ("bad", 0.0),
        (4, 4.0),
        (4.5, 4.5),
        ("4", 4.0),
        (" 10 ", 10.0),
        ("-1", -1.0),
        (True, None),
        (None, None),
        ("", None),
        ("4 stars", None),
        ("٤", None),
        (float("inf"), None),
        (10**400, None),
        ([4], None),
        ({"score": 4}, None),
    ],
)
def test_words_are_points_by_setting_and_numbers_by_themselves(raw: object, score: float | None) -> None:
    assert number_of({"values": {"good": 1, "BAD": 0}}, raw) == score


def test_an_answer_in_words_asks_for_the_setting_that_it_needs() -> None:
    found = conclude(SETTINGS, _response(Answer(raw="prima")))

    assert (found.verdict, found.scores) == (Verdict.NO_SCORE, ())
    assert found.why == "'prima' is no number: say in the setting values which point it is"


def test_a_dimension_that_is_none_is_named() -> None:
    settings = {**SETTINGS, "dimension": "speed"}

    with pytest.raises(UnreadableBody, match="'speed'"):
        conclude(settings, _response(SPEED))
    with pytest.raises(Trouble, match="'speed'"):
        as_polled(settings, [_response(SPEED)])


def test_a_list_tells_all_its_scores_and_skips_what_is_none() -> None:
    found = conclude_list(SETTINGS, iter([_response(SPEED), None, _response(Answer(raw=None))]))

    assert (found.verdict, found.scores, found.why) == (Verdict.SCORE_LIST, (_score(),), "scores in this list: 1")
    assert as_polled(SETTINGS, [None, _response(SPEED)]) == (_score(),)


@pytest.mark.parametrize(
    "broken", [{"questions": 5, "surveys": [], "values": "x"}, {"surveys": {"s": 7}, "values": {}}]
)
def test_settings_of_another_shape_are_as_if_absent(broken: dict[str, Any]) -> None:
    assert scores_of({**SETTINGS, **broken}, _response(SPEED, survey="s")) == (_score(),)
