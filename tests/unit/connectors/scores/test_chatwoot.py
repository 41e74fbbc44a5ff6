"""What Chatwoot's messages mean; the bodies are ours, on its documented members."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.scores import chatwoot
from app.domain.external_scores import ScoreEvent

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SETTINGS = {"touchpoint": "chat", "instrument": "csat5"}
ANSWER = {"rating": 4, "feedback_message": "Быстро 👍"}


def _body(answer: object = ANSWER, **changed: Any) -> dict[str, Any]:
    return {
        "event": "message_updated",
        "id": 77,
        "content_type": "input_csat",
        "content_attributes": {"submitted_values": {"csat_survey_response": answer}},
        "created_at": "2026-11-16T08:00:00Z",
        "inbox": {"id": 3},
        "conversation": {"id": 9, "meta": {"sender": {"id": 12, "name": "Алиса", "email": "Alice@example.com"}}},
        **changed,
    }


def _read(body: object, **headers: str) -> Conclusion:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return chatwoot.read(Hook(body=json.dumps(body).encode(), headers=names, settings=SETTINGS, received_at=NOW))


def test_a_rated_conversation_is_a_score() -> None:
    sent_at = NOW - timedelta(seconds=2)

    found = _read(_body(), x_chatwoot_timestamp=str(int(sent_at.timestamp())))

    assert found.verdict is Verdict.SCORE
    assert found.scores == (
        ScoreEvent(
            response_id="77",
            told_at=sent_at,
            answered_at=sent_at,
            touchpoint="chat",
            dimension="csat_overall",
            instrument="csat5",
            score=4.0,
            respondent="12",
            comment="Быстро 👍",
        ),
    )
    assert found.details == {
        "score": 4,
        "event_type": "message_updated",
        "requester": {"id": "12", "name": "Алиса", "email": "alice@example.com"},
    }


def test_a_change_of_the_rating_is_the_same_response_told_later() -> None:
    first = _read(_body(updated_at="2026-11-16T08:05:00Z")).scores[0]
    second = _read(_body({"rating": 2}, updated_at=1_794_900_000)).scores[0]

    assert (first.response_id, second.response_id) == ("77", "77")
    assert (first.told_at, second.told_at) == (
        datetime(2026, 11, 16, 8, 5, tzinfo=UTC),
        datetime(2026, 11, 17, 7, 20, tzinfo=UTC),
    )
    assert (second.score, second.comment) == (2.0, None)


@pytest.mark.parametrize("answer", [None, {}, {"rating": None}, {"rating": "undefined"}, [], "5"])
def test_a_survey_without_a_rating_is_no_score(answer: object) -> None:
    found = _read(_body(answer))

    assert (found.verdict, found.scores) == (Verdict.NO_SCORE, ())


@pytest.mark.parametrize(
    "body",
    [
        _body(content_type="text"),
        _body(id=None),
        {"event": "conversation_status_changed", "id": 9},
        {},
    ],
)
def test_other_messages_are_ignored(body: dict[str, Any]) -> None:
    assert _read(body).verdict is Verdict.IGNORED


def test_an_answer_of_the_api_is_read_as_one_score_or_as_a_list() -> None:
    row = {"id": 5, "message_id": 77, "rating": 3, "created_at": 1_794_900_000, "contact": {"id": 12}}

    one, several = _read(row), _read([row, {"id": 6}])

    assert (one.verdict, several.verdict) == (Verdict.SCORE, Verdict.SCORE_LIST)
    assert one.scores == several.scores == _read({"payload": [row]}).scores
    assert (one.scores[0].response_id, one.scores[0].respondent, one.scores[0].told_at) == ("77", "12", NOW)


@pytest.mark.parametrize("body", [b"", b"{", b"5", b'"x"', b'{"a": 1,}'])
def test_what_is_no_object_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        chatwoot.read(Hook(body=body, headers={}, received_at=NOW))


def test_the_signature_covers_the_time_and_the_body() -> None:
    body, stamp = b'{"id": 1}', str(int(NOW.timestamp()))
    good = "sha256=" + hmac.new(b"s3cret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"x-chatwoot-timestamp": stamp, "x-chatwoot-signature": good}
    hook = Hook(body=body, headers=headers, secrets=("new", "s3cret"), received_at=NOW)

    chatwoot.verify(hook)
    chatwoot.judge_age(hook)
    for wrong in (
        replace(hook, secrets=()),
        replace(hook, body=b"{}"),
        replace(hook, headers={**headers, "x-chatwoot-timestamp": "1"}),
        replace(hook, headers={**headers, "x-chatwoot-signature": "ключ"}),
        replace(hook, headers={}),
    ):
        with pytest.raises(WrongSignature):
            chatwoot.verify(wrong)
    for late in (replace(hook, received_at=NOW + timedelta(minutes=6)), replace(hook, headers={})):
        with pytest.raises(WrongSignature):
            chatwoot.judge_age(late)


def test_an_older_chatwoot_may_be_taken_unsigned_where_the_administrator_says_so() -> None:
    hook = Hook(body=b"{}", headers={}, settings={"unsigned": True}, received_at=NOW)

    chatwoot.verify(hook)
    chatwoot.judge_age(hook)
    with pytest.raises(WrongSignature):
        chatwoot.verify(replace(hook, secrets=("s3cret",)))
    with pytest.raises(WrongSignature):
        chatwoot.verify(replace(hook, settings={}))


def test_deliveries_are_named_by_chatwoot_or_by_their_bytes() -> None:
    named = Hook(body=b"{}", headers={"x-chatwoot-delivery": "d-1"}, received_at=NOW)

    assert chatwoot.delivery_key(named) == "d-1"
    assert chatwoot.delivery_key(replace(named, headers={})) == hashlib.sha256(b"{}").hexdigest()


def test_a_rating_among_the_messages_of_a_conversation_is_the_same_score() -> None:
    message = _body()
    del message["conversation"], message["event"], message["inbox"]
    conversation = {"id": 9, "inbox_id": 3, "meta": {"sender": {"id": 12}}}

    found = _read({**conversation, "event": "conversation_updated", "messages": [{"content_type": "text"}, message]})
    asked = _read(
        {**conversation, "event": "conversation_resolved", "messages": [message | {"content_attributes": {}}]}
    )

    assert (found.verdict, found.details["event_type"]) == (Verdict.SCORE, "conversation_updated")
    assert [(one.response_id, one.score, one.respondent) for one in found.scores] == [("77", 4.0, "12")]
    assert asked.verdict is Verdict.NO_SCORE
    assert _read({**conversation, "event": "conversation_created", "messages": []}).verdict is Verdict.IGNORED
