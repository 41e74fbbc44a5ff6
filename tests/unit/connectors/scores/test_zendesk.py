"""What Zendesk's ratings mean, the old and the new; the bodies are ours, on its documented members."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.scores import zendesk
from app.domain.external_scores import ScoreEvent

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS: dict[str, Any] = {"touchpoint": "desk", "instrument": "thumbs"}
RATING: dict[str, Any] = {
    "id": 35436,
    "ticket_id": 208,
    "requester_id": 7,
    "score": "good",
    "comment": "Danke!",
    "created_at": "2026-11-16T08:00:00Z",
    "updated_at": "2026-11-17T08:00:00Z",
}


def _answer(kind: str, minute: int, **told: Any) -> dict[str, Any]:
    at = f"2026-11-17T09:{minute:02}:00.000Z"
    return {"type": kind, "created_at": at, "updated_at": at, "question": {"id": f"q-{kind}"}, **told}


SURVEYED: dict[str, Any] = {
    "id": "01J1WB51",
    "responder_id": 7,
    "survey": {"id": "S1"},
    "subjects": [{"id": "208", "type": "ticket"}],
    "answers": [
        _answer("rating_scale", 0, rating=4, rating_category="good"),
        _answer("closed_ended", 1, selections=[]),
        _answer("open_ended", 2, value="всё быстро"),
        _answer("skipped", 3),
    ],
}


def _read(body: object, **settings: Any) -> Conclusion:
    known = {**SETTINGS, **settings}
    return zendesk.read(Hook(body=json.dumps(body).encode(), headers={}, settings=known, received_at=NOW))


def test_good_and_bad_are_thumbs() -> None:
    found = _read({"satisfaction_rating": RATING})

    assert (found.verdict, found.details["score"]) == (Verdict.SCORE, 1)
    assert found.scores == (
        ScoreEvent(
            response_id="35436",
            told_at=datetime(2026, 11, 17, 8, tzinfo=UTC),
            answered_at=datetime(2026, 11, 16, 8, tzinfo=UTC),
            touchpoint="desk",
            dimension="csat_overall",
            instrument="thumbs",
            score=1.0,
            respondent="7",
            comment="Danke!",
        ),
    )
    assert _read(RATING | {"score": "bad"}).scores[0].score == 0.0
    assert _read(RATING, values={"good": 5}).scores[0].score == 5.0


@pytest.mark.parametrize("score", ["offered", "unoffered"])
def test_an_offer_is_no_score(score: str) -> None:
    assert _read({"satisfaction_rating": RATING | {"score": score}}).verdict is Verdict.NO_SCORE
    assert _read({"satisfaction_ratings": [RATING | {"score": score}]}).scores == ()


def test_a_list_tells_the_answers_in_it() -> None:
    found = _read({"satisfaction_ratings": [RATING, RATING | {"id": 2, "score": "offered"}, {}, 5], "count": 4})

    assert (found.verdict, [one.response_id for one in found.scores]) == (Verdict.SCORE_LIST, ["35436"])


def test_a_survey_tells_its_rating_with_what_was_written_and_the_last_change() -> None:
    one, several = _read({"survey_response": SURVEYED}), _read({"survey_responses": [SURVEYED, {}]})

    assert (one.verdict, several.verdict, one.scores) == (Verdict.SCORE, Verdict.SCORE_LIST, several.scores)
    score = one.scores[0]
    assert (score.response_id, score.score, score.comment, score.respondent) == ("01J1WB51", 4.0, "всё быстро", "7")
    assert (score.answered_at.minute, score.told_at.minute) == (0, 3)


def test_a_survey_that_was_skipped_is_no_score() -> None:
    assert _read({"survey_response": SURVEYED | {"answers": [_answer("skipped", 1)]}}).verdict is Verdict.NO_SCORE


@pytest.mark.parametrize("body", [{}, {"ticket": {}}, {"satisfaction_rating": {"score": "good"}}, {"answers": 5}])
def test_other_bodies_are_ignored(body: dict[str, Any]) -> None:
    assert _read(body).verdict is Verdict.IGNORED


def test_what_is_no_object_says_so() -> None:
    with pytest.raises(UnreadableBody):
        _read([RATING])


def test_webhooks_are_signed_over_their_time_and_body() -> None:
    signature = base64.b64encode(hmac.digest(b"s", b"2026-11-17T09:30:00Z{}", "sha256")).decode()
    headers = {
        "x-zendesk-webhook-signature": signature,
        "x-zendesk-webhook-signature-timestamp": "2026-11-17T09:30:00Z",
    }
    hook = Hook(body=b"{}", headers=headers, secrets=("s",), received_at=NOW)

    zendesk.verify(hook)
    assert zendesk.delivery_key(hook) == hashlib.sha256(b"{}").hexdigest()
    for wrong in (replace(hook, secrets=()), replace(hook, headers={}), replace(hook, body=b"[]")):
        with pytest.raises(WrongSignature):
            zendesk.verify(wrong)


def _event(kind: str, **told: Any) -> dict[str, Any]:
    return {
        "type": f"zen:event-type:ticket.{kind}",
        "id": "e-1",
        "time": "2026-11-17T09:00:00.123456789Z",
        "detail": {"id": "208", "requester_id": "7", "updated_at": "2026-11-17T08:59:00Z"},
        "event": told,
    }


GOOD = {"satisfaction_score": {"score": "GOOD", "comment": "Merci"}}


def _fetched(ticket: object, event: object = None) -> Conclusion:
    told = json.dumps({"ticket": ticket}).encode()
    body = json.dumps(event or _event("csat_received", **GOOD)).encode()
    return zendesk.read(Hook(body=body, headers={}, settings=SETTINGS, received_at=NOW, fetched=told))


def test_an_event_tells_a_score_and_asks_the_ticket_which_rating_it_is() -> None:
    found = _read(_event("csat_received", **GOOD))

    assert (found.verdict, found.fetch, found.scores) == (Verdict.SCORE, ("208",), ())
    assert found.details == {
        "event_type": "zen:event-type:ticket.csat_received",
        "event_id": "e-1",
        "event_at": datetime(2026, 11, 17, 9, 0, 0, 123456, tzinfo=UTC),
        "requester": {"id": "7", "name": None, "email": None},
        "external_id": "208",
        "score": 1.0,
    }


def test_a_ticket_tells_the_rating_under_its_own_id_as_old_as_the_event() -> None:
    ticket = {"id": 208, "requester_id": 7, "satisfaction_rating": {"id": 35436, "score": "bad", "comment": "nein"}}

    found = _fetched(ticket)

    at = datetime(2026, 11, 17, 9, 0, 0, 123456, tzinfo=UTC)
    score = found.scores[0]
    assert (score.response_id, score.score, score.respondent, score.told_at) == ("35436", 0.0, "7", at)
    assert _fetched({**ticket, "satisfaction_rating": {"id": 1, "score": "offered"}}).verdict is Verdict.NO_SCORE
    assert _fetched({**ticket, "satisfaction_rating": None}).verdict is Verdict.NO_SCORE


@pytest.mark.parametrize(
    ("event", "settings", "verdict"),
    [
        (_event("csat_requested"), {}, Verdict.NO_SCORE),
        (_event("csat_received", satisfaction_score={"score": "UNOFFERED"}), {}, Verdict.NO_SCORE),
        (_event("csat_received", **GOOD), {"csat": "survey"}, Verdict.NO_SCORE),
        (_event("csat_received", **GOOD) | {"detail": None}, {}, Verdict.IGNORED),
        (_event("status_changed"), {}, Verdict.IGNORED),
        (_event("soft_deleted"), {}, Verdict.IGNORED),
    ],
)
def test_offers_and_other_events_record_nothing(event: Any, settings: dict[str, Any], verdict: Verdict) -> None:
    found = _read(event, **settings)

    assert (found.verdict, found.scores, found.fetch) == (verdict, (), ())


@pytest.mark.parametrize(("word", "score"), [("Good", 1.0), ("good_with_comment", 1.0), ("BAD_WITH_COMMENT", 0.0)])
def test_the_words_of_a_rating_are_known_in_any_case(word: str, score: float) -> None:
    assert _read(RATING | {"score": word}).scores[0].score == score
