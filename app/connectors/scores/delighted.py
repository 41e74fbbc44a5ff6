"""Delighted: the score first, the comment later, two hooks about one response (docs/connectors/delighted.md)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.connectors.connector import Connector, Setting
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict
from app.connectors.json_body import parse_json
from app.connectors.lenient import address_of, id_of, inside, instant_of, objects, text_of
from app.connectors.score_mapping import (
    LONGEST_COMMENT,
    PLACE_SETTINGS,
    SURVEYS,
    Answer,
    Response,
    conclude,
    conclude_list,
    nothing,
)
from app.connectors.signatures import body_hash, require_hmac
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext, mark

EVENTS = frozenset({"survey_response.created", "survey_response.updated"})
OTHER = mark("this is no event of a survey response")


def verify(hook: Hook) -> None:
    """Accept `sha256=` + hex HMAC-SHA-256 over the body, made with the private API key. Raises WrongSignature."""
    offered = hook.headers.get("x-delighted-webhook-signature", "").removeprefix("sha256=")
    require_hmac(hook.secrets, hook.body, offered)


def delivery_key(hook: Hook) -> str:
    """Return the hash of the body: the same event is delivered with the same bytes."""
    return body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, or a response of the API, tells. Raises UnreadableBody."""
    body = parse_json(hook.body if hook.fetched is None else hook.fetched)
    if isinstance(body, list):
        found = (_response(one, hook.received_at) for one in objects(body))
        return conclude_list(hook.settings, found)
    if not isinstance(body, Mapping):
        raise UnreadableBody(gettext("the body is JSON, but not an object"))
    kind = text_of(body.get("event_type"))
    told = body.get("event_data") if "event_data" in body else body
    if "event_data" in body and kind not in EVENTS:
        return nothing(Verdict.IGNORED, OTHER)
    response = _response(told, hook.received_at) if isinstance(told, Mapping) else None
    if response is None:
        return nothing(Verdict.IGNORED, OTHER)
    details = {
        "event_id": text_of(body.get("event_id")),
        "event_type": kind,
        "requester": _person(inside(told, "person")),
    }
    return conclude(hook.settings, response, **details)


def _response(told: Mapping[str, Any], seen_at: datetime) -> Response | None:
    """Return a survey response; None for what has no id."""
    identifier = id_of(told.get("id"))
    if identifier is None or "score" not in told:
        return None
    answered_at = instant_of(told.get("created_at"))
    person = told.get("person")
    return Response(
        identifier=identifier,
        told_at=instant_of(told.get("updated_at")) or answered_at or seen_at,
        answered_at=answered_at or seen_at,
        answers=(Answer(raw=told.get("score")),),
        survey=text_of(told.get("survey_type")),
        respondent=id_of(inside(person, "id")) or address_of(inside(person, "email")) or id_of(person),
        comment=text_of(told.get("comment"), LONGEST_COMMENT),
    )


def _person(found: object) -> dict[str, str | None] | None:
    email, key = address_of(inside(found, "email")), id_of(inside(found, "id"))
    return {"id": key, "name": text_of(inside(found, "name")), "email": email} if key or email else None


CONNECTOR = Connector(
    kind="delighted",
    side=ConnectionSide.SCORES,
    settings=(
        *PLACE_SETTINGS,
        SURVEYS,
        Setting(
            name="api_key",
            meaning=mark("the private API key of the project: it signs the deliveries"),
            needed=True,
            signs=True,
        ),
    ),
    read=read,
    verify=verify,
    delivery_key=delivery_key,
)
