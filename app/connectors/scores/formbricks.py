"""Formbricks: finished responses by hook; no body tells a scale (docs/connectors/formbricks.md)."""

from collections.abc import Mapping
from typing import Any

from app.connectors import standard_webhooks
from app.connectors.connector import Connector, Setting
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.connectors.json_body import parse_object
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.score_mapping import (
    LONGEST_COMMENT,
    PARTIAL,
    PLACE_SETTINGS,
    QUESTIONS,
    SURVEYS,
    UNSIGNED,
    Answer,
    Response,
    conclude,
    conclude_list,
    nothing,
)
from app.connectors.signatures import body_hash, is_unsigned_by_choice
from app.domain.states import ConnectionSide
from app.foundations.languages import mark

EVENTS = frozenset({"responseCreated", "responseUpdated", "responseFinished"})
OTHER = mark("this is no event of a response")


def verify(hook: Hook) -> None:
    """Accept a Standard Webhooks signature. Raises WrongSignature."""
    if not is_unsigned_by_choice(hook):
        standard_webhooks.verify(hook)


def judge_age(hook: Hook) -> None:
    """Refuse what was signed more than five minutes before or after its arrival. Raises WrongSignature."""
    if not is_unsigned_by_choice(hook):
        standard_webhooks.judge_age(hook)


def delivery_key(hook: Hook) -> str:
    """Return the id of the message; older versions give none."""
    return text_of(hook.headers.get("webhook-id"), 100) or body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, or an answer of the API, tells. Raises UnreadableBody."""
    body = parse_object(hook.body if hook.fetched is None else hook.fetched)
    told, event = body.get("data"), text_of(body.get("event"))
    if isinstance(told, list):
        finished = (one for one in objects(told) if one.get("finished") is True)
        return conclude_list(hook.settings, (_response(hook.settings, one, hook) for one in finished))
    is_event = "event" in body
    response = _response(hook.settings, told, hook) if isinstance(told, Mapping) else None
    if response is None or (is_event and event not in EVENTS):
        return nothing(Verdict.IGNORED, OTHER)
    if inside(told, "finished") is not True:
        return nothing(Verdict.NO_SCORE, PARTIAL)
    return conclude(hook.settings, response, event_type=event, requester=_person(told))


def _response(settings: Mapping[str, Any], told: Mapping[str, Any], hook: Hook) -> Response | None:
    """Return a response with its answers by question; None for what has no id or no answers."""
    identifier, given = id_of(told.get("id")), told.get("data")
    if identifier is None or not isinstance(given, Mapping):
        return None
    answered_at = moment_in_utc(told.get("createdAt"))
    named = text_of(settings.get("respondent_field"))
    commented = text_of(settings.get("comment_question"))
    return Response(
        identifier=identifier,
        told_at=moment_in_utc(told.get("updatedAt")) or answered_at or hook.received_at,
        answered_at=answered_at or hook.received_at,
        answers=tuple(_answer(name, value) for name, value in given.items()),
        survey=id_of(told.get("surveyId")),
        respondent=text_of(given.get(named)) if named else id_of(inside(_contact(told), "id")),
        comment=text_of(given.get(commented), LONGEST_COMMENT) if commented else None,
    )


def _answer(name: str, value: object) -> Answer:
    """Return the answer to one question; without settings only numbers are taken for ratings, never text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Answer(raw=value, names=(name,), is_rating=is_number)


def _contact(told: object) -> object:
    found = inside(told, "contact")
    return found if isinstance(found, Mapping) else inside(told, "person")


def _person(told: object) -> dict[str, str | None] | None:
    key = id_of(inside(_contact(told), "id"))
    return {"id": key, "name": None, "email": None} if key else None


CONNECTOR = Connector(
    kind="formbricks",
    side=ConnectionSide.SCORES,
    settings=(
        *PLACE_SETTINGS,
        SURVEYS,
        QUESTIONS,
        Setting(name="comment_question", meaning=mark("the id of the question whose answer is the comment")),
        Setting(name="respondent_field", meaning=mark("the hidden field that tells customers apart")),
        Setting(name="secret", meaning=mark("the webhook's secret"), signs=True),
        UNSIGNED,
    ),
    read=read,
    verify=verify,
    judge_age=judge_age,
    delivery_key=delivery_key,
)
