"""What SurveyMonkey's deliveries and responses mean; the bodies are ours, on its documented members."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.scores import surveymonkey
from app.domain.external_scores import ScoreEvent

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS: dict[str, Any] = {"touchpoint": "portal", "instrument": "csat5"}
EVENT = {
    "name": "Parity",
    "event_type": "response_completed",
    "event_id": "10027615456",
    "object_type": "response",
    "object_id": "6272905130",
    "resources": {"survey_id": "123456789", "collector_id": "5"},
}


def _question(identifier: str, *answers: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {"id": identifier, "answers": list(answers), **told}


def _choice(text: str | None, weight: object = None) -> dict[str, Any]:
    metadata = {} if weight is None else {"choice_metadata": {"weight": weight}}
    return {"choice_id": "99", "row_id": "1", "simple_text": text, **metadata}


RATED = _question("q1", _choice("Very satisfied", "5"), family="matrix")
REMARK = _question("q2", {"text": "быстро", "tag_data": []}, family="open_ended")


def _response(*questions: dict[str, Any], **changed: Any) -> dict[str, Any]:
    told = {
        "id": "6272905130",
        "survey_id": "123456789",
        "response_status": "completed",
        "date_created": "2026-11-17T08:00:00+00:00",
        "date_modified": "2026-11-17T08:02:00+00:00",
        "custom_variables": {"customer": "c-9"},
        "pages": [{"id": "p1", "questions": list(questions)}],
    }
    return {**told, **changed}


def _read(body: object, fetched: object = None, **settings: Any) -> Conclusion:
    answer = None if fetched is None else json.dumps(fetched).encode()
    known = {**SETTINGS, **settings}
    hook = Hook(body=json.dumps(body).encode(), headers={}, settings=known, received_at=NOW, fetched=answer)
    return surveymonkey.read(hook)


@pytest.mark.parametrize("kind", ["response_completed", "response_updated"])
def test_a_delivery_names_the_response_to_ask_for(kind: str) -> None:
    found = _read(EVENT | {"event_type": kind})

    assert (found.verdict, found.fetch) == (Verdict.FETCH, ("123456789/6272905130",))
    assert found.details == {"external_id": "6272905130", "event_id": "10027615456", "event_type": kind}


@pytest.mark.parametrize(
    "body",
    [EVENT | {"event_type": "response_deleted"}, EVENT | {"resources": []}, EVENT | {"object_id": "a/../b"}, {}],
)
def test_other_deliveries_are_ignored(body: dict[str, Any]) -> None:
    assert _read(body).verdict is Verdict.IGNORED


def test_a_completed_response_is_a_score() -> None:
    found = _read(EVENT, _response(RATED, REMARK), comment_question="q2", respondent_field="customer")

    assert (found.verdict, found.details) == (Verdict.SCORE, {"score": 5})
    assert found.scores == (
        ScoreEvent(
            response_id="6272905130",
            told_at=datetime(2026, 11, 17, 8, 2, tzinfo=UTC),
            answered_at=datetime(2026, 11, 17, 8, tzinfo=UTC),
            touchpoint="portal",
            dimension="csat_overall",
            instrument="csat5",
            score=5.0,
            respondent="c-9",
            comment="быстро",
        ),
    )


@pytest.mark.parametrize(
    ("choice", "score"),
    [
        (_choice("9", -100), 9.0),
        (_choice("", 4), 4.0),
        (_choice(None, "3"), 3.0),
        ({"choice_id": "99", "row_id": "1", "weight": 2}, 2.0),
    ],
)
def test_the_point_of_a_choice_is_its_number_or_its_weight(choice: dict[str, Any], score: float) -> None:
    assert _read(EVENT, _response(_question("q1", choice))).scores[0].score == score


def test_a_choice_without_weight_is_a_point_by_setting() -> None:
    body = _response(_question("q7", {"choice_id": "41"}, family="single_choice"))

    found = _read(EVENT, body, questions={"q7": {"instrument": "thumbs"}}, values={"41": 1})

    assert [(one.response_id, one.score) for one in found.scores] == [("6272905130#q7", 1.0)]
    assert _read(EVENT, body).verdict is Verdict.NO_SCORE


def test_a_response_that_goes_on_is_no_score() -> None:
    assert _read(EVENT, _response(RATED, response_status="partial")).verdict is Verdict.NO_SCORE


def test_answers_of_the_api_are_read_too() -> None:
    one = _read(_response(RATED))
    several = _read({"data": [_response(RATED), _response(RATED, id="2", response_status="partial"), {}], "total": 3})

    assert (one.verdict, several.verdict, one.scores) == (Verdict.SCORE, Verdict.SCORE_LIST, several.scores)


def test_what_is_no_object_says_so() -> None:
    with pytest.raises(UnreadableBody):
        _read([EVENT])


def test_the_key_of_the_signature_is_made_of_client_id_and_secret() -> None:
    signature = base64.b64encode(hmac.digest(b"id&s", b"{}", "sha1")).decode()
    headers = {"sm-signature": signature, "sm-apikey": "id"}
    hook = Hook(body=b"{}", headers=headers, secrets=("new", "s"), received_at=NOW)

    surveymonkey.verify(hook)
    surveymonkey.verify(replace(hook, headers={"sm-signature": signature}, settings={"api_key": "id"}))
    assert surveymonkey.delivery_key(hook) == hashlib.sha256(b"{}").hexdigest()
    for wrong in (replace(hook, secrets=()), replace(hook, headers={}), replace(hook, settings={"api_key": "other"})):
        with pytest.raises(WrongSignature):
            surveymonkey.verify(wrong)


@pytest.mark.parametrize("mode", ["preview", "survey_preview"])
def test_a_trial_of_the_survey_is_no_customers_score(mode: str) -> None:
    one, several = (
        _read(_response(RATED, collection_mode=mode)),
        _read({"data": [_response(RATED, collection_mode=mode)]}),
    )

    assert (one.verdict, one.why) == (Verdict.IGNORED, "this is a trial of the survey: no customer answered it")
    assert several.scores == ()


@pytest.mark.parametrize(("recipient", "respondent"), [("0", None), ("", None), ("564728340", "564728340")])
def test_who_came_by_a_link_is_nobody_in_particular(recipient: str, respondent: str | None) -> None:
    assert _read(_response(RATED, recipient_id=recipient)).scores[0].respondent == respondent


def test_each_row_of_a_matrix_is_a_rating_of_its_own() -> None:
    rows = [_choice("4") | {"row_id": "r1"}, _choice("2") | {"row_id": "r2"}]
    body = _response(_question("q1", *rows, family="matrix", subtype="rating"))

    several, named = _read(body), _read(body, questions={"q1/r2": {"dimension": "timeliness"}})

    assert (several.verdict, several.scores) == (Verdict.SCORE_LIST, ())
    assert [one["question"] for one in several.details["scores"]] == ["q1/r1", "q1/r2"]
    assert [(one.response_id, one.score, one.dimension) for one in named.scores] == [
        ("6272905130#q1/r2", 2.0, "timeliness")
    ]


def test_a_ranking_and_several_choices_are_no_rating() -> None:
    ranking = _question("q1", _choice("1"), family="matrix", subtype="ranking")
    several = _question("q2", {"choice_id": "1", "text": "1"}, {"choice_id": "2", "text": "2"})

    assert _read(_response(ranking)).verdict is Verdict.NO_SCORE
    assert _read(_response(several), questions={"q2": {}}).verdict is Verdict.NO_SCORE


def test_an_event_filtered_by_survey_names_it_there_too() -> None:
    event = EVENT | {"resources": {}, "filter_type": "survey", "filter_id": "123456789"}

    assert _read(event).fetch == ("123456789/6272905130",)
