"""What Delighted's deliveries mean; the bodies are ours, on its documented members."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.scores import delighted
from app.domain.external_scores import ScoreEvent

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS = {
    "touchpoint": "portal",
    "instrument": "csat5",
    "surveys": {"nps": {"instrument": "nps", "dimension": "recommend"}},
}
RESPONSE: dict[str, Any] = {
    "id": "5001",
    "person": {"id": "31", "email": "Ann@example.com", "name": "Ann"},
    "survey_type": "nps",
    "score": 9,
    "comment": None,
    "created_at": 1_794_900_000,
    "updated_at": 1_794_900_000,
}


def _read(event: str = "survey_response.created", **changed: Any) -> Conclusion:
    body = {"event_type": event, "event_id": "e-1", "event_data": {**RESPONSE, **changed}}
    return _conclude(body)


def _conclude(body: object) -> Conclusion:
    return delighted.read(Hook(body=json.dumps(body).encode(), headers={}, settings=SETTINGS, received_at=NOW))


def test_a_score_stands_on_the_scale_of_its_kind_of_survey() -> None:
    found = _read()

    at = datetime(2026, 11, 17, 7, 20, tzinfo=UTC)
    assert found.scores == (
        ScoreEvent(
            response_id="5001",
            told_at=at,
            answered_at=at,
            touchpoint="portal",
            dimension="recommend",
            instrument="nps",
            score=9.0,
            respondent="31",
        ),
    )
    assert (found.verdict, found.details) == (
        Verdict.SCORE,
        {
            "score": 9,
            "event_id": "e-1",
            "event_type": "survey_response.created",
            "requester": {"id": "31", "name": "Ann", "email": "ann@example.com"},
        },
    )


def test_the_comment_comes_later_for_the_same_response() -> None:
    first = _read().scores[0]
    second = _read("survey_response.updated", comment="schnell", updated_at=1_794_900_060).scores[0]

    assert second == replace(first, told_at=datetime(2026, 11, 17, 7, 21, tzinfo=UTC), comment="schnell")


def test_a_response_without_a_score_is_none() -> None:
    assert _read(score=None).verdict is Verdict.NO_SCORE


@pytest.mark.parametrize(
    "body",
    [
        {"event_type": "survey_response.unsubscribed", "event_data": RESPONSE},
        {"event_type": "survey_response.created", "event_data": []},
        {"event_type": "survey_response.created", "event_data": {"id": "1"}},
        {},
    ],
)
def test_other_events_are_ignored(body: dict[str, Any]) -> None:
    assert _conclude(body).verdict is Verdict.IGNORED


def test_answers_of_the_api_are_read_too() -> None:
    one = _conclude({**RESPONSE, "person": "31"})
    several = _conclude([RESPONSE, {}, "x"])

    assert (one.verdict, one.scores[0].respondent) == (Verdict.SCORE, "31")
    assert (several.verdict, [score.response_id for score in several.scores]) == (Verdict.SCORE_LIST, ["5001"])


@pytest.mark.parametrize("body", [b"", b"event=1", b"7"])
def test_what_is_no_object_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        delighted.read(Hook(body=body, headers={}, received_at=NOW))


def test_deliveries_are_signed_with_the_api_key() -> None:
    body = json.dumps(RESPONSE).encode()
    good = "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest()
    hook = Hook(body=body, headers={"x-delighted-webhook-signature": good}, secrets=("key",), received_at=NOW)

    delighted.verify(hook)
    assert delighted.delivery_key(hook) == hashlib.sha256(body).hexdigest()
    for wrong in (replace(hook, secrets=()), replace(hook, headers={}), replace(hook, body=b"{}")):
        with pytest.raises(WrongSignature):
            delighted.verify(wrong)
