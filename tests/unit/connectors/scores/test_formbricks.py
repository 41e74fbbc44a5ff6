"""What Formbricks' deliveries mean; the bodies are ours, on its documented members."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.scores import formbricks
from app.domain.external_scores import ScoreEvent

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS: dict[str, Any] = {"touchpoint": "portal", "instrument": "csat5"}
DATA: dict[str, Any] = {
    "id": "cm1",
    "surveyId": "sv1",
    "finished": True,
    "createdAt": "2026-11-17T09:00:00.000Z",
    "updatedAt": "2026-11-17T09:01:00.000Z",
    "contact": {"id": "co1"},
    "data": {"rate": 5, "why": "freundlich", "ok": "clicked", "customer": "c-77"},
}


def _read(event: str = "responseFinished", settings: dict[str, Any] = SETTINGS, **changed: Any) -> Conclusion:
    return _conclude({"webhookId": "w", "event": event, "data": {**DATA, **changed}}, settings)


def _conclude(body: object, settings: dict[str, Any] = SETTINGS) -> Conclusion:
    return formbricks.read(Hook(body=json.dumps(body).encode(), headers={}, settings=settings, received_at=NOW))


def test_a_finished_response_with_one_number_is_a_score() -> None:
    found = _read()

    assert found.scores == (
        ScoreEvent(
            response_id="cm1",
            told_at=datetime(2026, 11, 17, 9, 1, tzinfo=UTC),
            answered_at=datetime(2026, 11, 17, 9, 0, tzinfo=UTC),
            touchpoint="portal",
            dimension="csat_overall",
            instrument="csat5",
            score=5.0,
            respondent="co1",
        ),
    )
    assert (found.verdict, found.details["score"], found.details["event_type"]) == (
        Verdict.SCORE,
        5,
        "responseFinished",
    )


def test_settings_name_the_question_the_comment_and_the_customer() -> None:
    settings = {
        **SETTINGS,
        "questions": {"rate": {"dimension": "professionalism"}},
        "surveys": {"sv1": {"touchpoint": "desk"}},
        "comment_question": "why",
        "respondent_field": "customer",
    }

    (score,) = _read(settings=settings).scores

    assert (score.response_id, score.dimension, score.touchpoint) == ("cm1#rate", "professionalism", "desk")
    assert (score.comment, score.respondent) == ("freundlich", "c-77")


@pytest.mark.parametrize("finished", [False, None, "true", 1])
@pytest.mark.parametrize("event", ["responseCreated", "responseUpdated"])
def test_a_part_of_a_response_is_no_score(event: str, finished: object) -> None:
    found = _read(event, finished=finished)

    assert (found.verdict, found.why) == (Verdict.NO_SCORE, "the response is not finished: parts of it are no score")


def test_a_finished_response_without_a_number_is_no_score() -> None:
    assert _read(data={"why": "x", "yes": True}).verdict is Verdict.NO_SCORE


@pytest.mark.parametrize(
    "body", [{"event": "testEndpoint"}, {"event": "surveyCreated", "data": DATA}, {"data": {"id": 1}}, {}]
)
def test_other_events_are_ignored(body: dict[str, Any]) -> None:
    assert _conclude(body).verdict is Verdict.IGNORED


def test_answers_of_the_api_are_read_too() -> None:
    one, several = _conclude({"data": DATA}), _conclude({"data": [DATA, {**DATA, "id": "cm2", "finished": False}, 4]})

    assert (one.verdict, several.verdict) == (Verdict.SCORE, Verdict.SCORE_LIST)
    assert one.scores == several.scores


def test_what_is_no_object_says_so() -> None:
    with pytest.raises(UnreadableBody):
        _conclude([DATA])


def test_deliveries_carry_a_standard_signature_or_none_by_choice() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signature = Webhook(secret).sign("m1", NOW, "{}")
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(NOW.timestamp())), "webhook-signature": signature}
    hook = Hook(body=b"{}", headers=headers, secrets=(secret,), received_at=NOW)

    formbricks.verify(hook)
    formbricks.judge_age(hook)
    assert formbricks.delivery_key(hook) == "m1"
    with pytest.raises(WrongSignature):
        formbricks.verify(replace(hook, body=b"[]"))
    with pytest.raises(WrongSignature):
        formbricks.judge_age(replace(hook, received_at=NOW + timedelta(minutes=6)))

    older = Hook(body=b"{}", headers={}, received_at=NOW)
    with pytest.raises(WrongSignature):
        formbricks.verify(older)
    chosen = replace(older, settings={"unsigned": True})
    formbricks.verify(chosen)
    formbricks.judge_age(chosen)
    assert formbricks.delivery_key(chosen) == hashlib.sha256(b"{}").hexdigest()
