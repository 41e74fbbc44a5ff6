"""What Typeform's deliveries mean; the bodies are ours, on its documented members."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.scores import typeform
from app.domain.external_scores import ScoreEvent

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS: dict[str, Any] = {"touchpoint": "portal", "instrument": "csat5"}


def _number(value: object, kind: str = "rating", **names: str) -> dict[str, Any]:
    return {"type": "number", "number": value, "field": {"id": "f1", "ref": "overall", "type": kind, **names}}


TEXT = {"type": "text", "text": "очень быстро", "field": {"id": "f9", "ref": "why", "type": "long_text"}}
CHOICE = {
    "type": "choice",
    "choice": {"label": "Good"},
    "field": {"id": "f2", "ref": "mood", "type": "multiple_choice"},
}


def _response(*answers: object, **changed: Any) -> dict[str, Any]:
    told = {"form_id": "lT4Z3j", "token": "t0k3n", "submitted_at": "2026-11-17T09:00:00Z", "hidden": {"ticket": "c-9"}}
    return {**told, "answers": list(answers), "definition": {"fields": [{"id": "f1", "properties": {}}]}, **changed}


def _conclude(body: object, settings: dict[str, Any] = SETTINGS) -> Conclusion:
    return typeform.read(Hook(body=json.dumps(body).encode(), headers={}, settings=settings, received_at=NOW))


def _read(*answers: object, settings: dict[str, Any] = SETTINGS, kind: str = "form_response") -> Conclusion:
    return _conclude({"event_id": "e1", "event_type": kind, "form_response": _response(*answers)}, settings)


@pytest.mark.parametrize("kind", ["rating", "opinion_scale", "nps"])
def test_the_only_rating_of_a_response_is_its_score(kind: str) -> None:
    found = _read(TEXT, _number(4, kind), _number(42, "number"))

    at = datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert found.scores == (
        ScoreEvent(
            response_id="t0k3n",
            told_at=at,
            answered_at=at,
            touchpoint="portal",
            dimension="csat_overall",
            instrument="csat5",
            score=4.0,
        ),
    )
    assert found.details == {"score": 4, "event_id": "e1", "event_type": "form_response"}


def test_settings_name_questions_by_id_or_reference_and_words_by_points() -> None:
    settings = {
        **SETTINGS,
        "questions": {"overall": {}, "f2": {"instrument": "thumbs"}},
        "values": {"good": 1, "bad": 0},
        "comment_question": "why",
        "respondent_field": "ticket",
    }

    found = _read(TEXT, _number(4), CHOICE, settings=settings)

    assert [(one.response_id, one.instrument, one.score) for one in found.scores] == [
        ("t0k3n#f1", "csat5", 4.0),
        ("t0k3n#f2", "thumbs", 1.0),
    ]
    assert {(one.comment, one.respondent) for one in found.scores} == {("очень быстро", "c-9")}


def test_two_ratings_without_settings_are_shown_and_not_recorded() -> None:
    found = _read(_number(4), _number(9, "nps", id="f3"))

    assert (found.verdict, found.scores) == (Verdict.SCORE_LIST, ())


def test_a_partial_response_is_no_score_and_neither_is_one_without_rating() -> None:
    assert _read(_number(4), kind="form_response_partial").verdict is Verdict.NO_SCORE
    assert _read(TEXT).verdict is Verdict.NO_SCORE


@pytest.mark.parametrize("body", [{}, {"event_type": "ping"}, {"event_type": "form_response", "form_response": []}])
def test_other_events_are_ignored(body: dict[str, Any]) -> None:
    assert _conclude(body).verdict is Verdict.IGNORED


def test_answers_of_the_api_are_read_too() -> None:
    items = [_response(_number(4)), _response(_number(2), token=[]), 7]

    one, several = _conclude(items[0]), _conclude({"total_items": 3, "items": items})

    assert (one.verdict, several.verdict, one.scores) == (Verdict.SCORE, Verdict.SCORE_LIST, several.scores)


def test_what_is_no_object_says_so() -> None:
    with pytest.raises(UnreadableBody):
        _conclude([])


def test_the_signature_is_base64_over_the_body() -> None:
    good = "sha256=" + base64.b64encode(hmac.digest(b"s", b"{}", "sha256")).decode()
    hook = Hook(body=b"{}", headers={"typeform-signature": good}, secrets=("s",), received_at=NOW)

    typeform.verify(hook)
    assert typeform.delivery_key(hook) == hashlib.sha256(b"{}").hexdigest()
    for wrong in (replace(hook, secrets=()), replace(hook, headers={}), replace(hook, body=b"[]")):
        with pytest.raises(WrongSignature):
            typeform.verify(wrong)


@pytest.mark.parametrize(
    "changed", [{"response_type": "partial"}, {"response_type": "started"}, {"submitted_at": "0001-01-01T00:00:00Z"}]
)
def test_what_was_never_submitted_is_no_score(changed: dict[str, Any]) -> None:
    told = _response(_number(4), **changed)

    assert _conclude(told).verdict is Verdict.NO_SCORE
    assert _conclude({"items": [told]}).scores == ()
