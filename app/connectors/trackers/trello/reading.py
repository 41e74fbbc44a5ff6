"""Deliveries of Trello: their signature, and what their bytes mean, in every shape in which Trello answers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.json_body import parse_json
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.signatures import body_hash, require_hmac
from app.connectors.trackers.trello.actions import Reading, Told, told_by
from app.connectors.trackers.trello.cards import filled_in, is_card, newest, told_by_card
from app.connectors.trackers.trello.rules import rules_of
from app.domain.service_requests import EventKind
from app.domain.states import RequestState
from app.foundations.languages import gettext

_STATES = {
    EventKind.COMPLETED: RequestState.DONE,
    EventKind.REOPENED: RequestState.OPEN,
    EventKind.DELETED: RequestState.DELETED,
}
_PLAIN_ID = re.compile(r"[0-9a-f]{24}")


def verify(hook: Hook) -> None:
    """Accept base64(HMAC-SHA-1(application secret, body + callback URL as registered)) in `X-Trello-Webhook`.

    The URL is the stored one: behind a proxy we are called by other names. Raises WrongSignature.
    """
    url = hook.settings.get("callback_url")
    if not isinstance(url, str) or not url:
        raise WrongSignature(gettext("callback_url is missing: Trello signs it together with the body"))
    signed = hook.body + url.encode("utf-8", "surrogatepass")
    require_hmac(hook.secrets, signed, hook.headers.get("x-trello-webhook"), digest="sha1", written="base64")


def delivery_key(hook: Hook) -> str:
    """Return the id of the action, which is the same at every attempt, else a hash of the body."""
    try:
        found = inside(parse_json(hook.body), "action", "id")
    except UnreadableBody:
        found = None
    if isinstance(found, str) and _PLAIN_ID.fullmatch(found):
        return found
    return body_hash(hook.body)


def reading_of(hook: Hook) -> Reading:
    """Return what reading a delivery needs beside its bytes."""
    return Reading(rules=rules_of(hook.settings), received_at=hook.received_at)


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, an action, a card, or a list of either tells. Raises UnreadableBody."""
    reading = reading_of(hook)
    card = _fetched_card(hook)
    body = parse_json(hook.body) if hook.body or card is None else None
    if isinstance(body, list):
        return _listed(objects(body), hook, reading)
    action = _action(body)
    if action is not None:
        return _concluded([_with_card(action, card, hook, reading)])
    shown = body if isinstance(body, dict) and is_card(body) else card
    if shown is None:
        raise UnreadableBody(gettext("the body has neither an action nor a card of Trello"))
    return _concluded([told_by_card(shown, hook.settings, reading, hook.was)])


def _fetched_card(hook: Hook) -> Mapping[str, Any] | None:
    if hook.fetched is None:
        return None
    found = parse_json(hook.fetched)
    if not isinstance(found, dict) or not is_card(found):
        raise UnreadableBody(gettext("what Trello answered is no card"))
    return found


def _action(body: object) -> Mapping[str, Any] | None:
    """Return the action of a delivery, or the body itself where it is one; what is no action has no type."""
    if not isinstance(body, dict):
        return None
    found = body.get("action", body if "data" in body else None)
    return found if isinstance(found, dict) and text_of(found.get("type")) else None


def _with_card(action: Mapping[str, Any], card: Mapping[str, Any] | None, hook: Hook, reading: Reading) -> Told:
    """Return what an action tells together with its card, where that was fetched: it decides what is in doubt."""
    told = told_by(action, reading, hook.was)
    if card is None or told.event is None:
        return told
    if told.verdict is Verdict.FETCH:
        at = moment_in_utc(action.get("date"))
        by_card = told_by_card(card, hook.settings, reading, hook.was, at)
        return replace(by_card, details={**by_card.details, **told.details})
    if told.event.kind is EventKind.DELETED:
        return told
    return replace(told, event=filled_in(told.event, card, hook.settings, reading))


def _listed(found: Iterable[Mapping[str, Any]], hook: Hook, reading: Reading) -> Conclusion:
    """Conclude from a list: cards as they are, actions in the order of their dates (Trello lists the newest first)."""
    entries = list(found)
    actions = [one for one in entries if _action(one) is not None and not is_card(one)]
    told = [told_by_card(one, hook.settings, reading, hook.was) for one in entries if is_card(one)]
    states: dict[str, RequestState | None] = {}
    asked: dict[str, Any] = {}
    for action in in_order(actions, reading):
        one = told_by(action, reading, states.get(_card_of(action), hook.was))
        if one.event is not None:
            key = one.event.external_id
            states[key] = _STATES.get(one.event.kind, states.get(key, hook.was))
            asked[key] = one.event.requester or asked.get(key)
            one = replace(one, event=replace(one.event, requester=asked[key]))
        told.append(one)
    return _concluded(told)


def in_order(actions: Iterable[Mapping[str, Any]], reading: Reading) -> list[Mapping[str, Any]]:
    """Return actions, the oldest first; those without a date, or of one moment, stay in Trello's own order."""
    oldest_first = list(reversed(list(actions)))
    oldest_first.sort(key=lambda one: moment_in_utc(one.get("date")) or reading.received_at)
    return oldest_first


def _card_of(action: Mapping[str, Any]) -> str:
    return id_of(inside(action, "data", "card", "id")) or ""


def _concluded(told: list[Told]) -> Conclusion:
    """Return one conclusion; what is explained is the newest change of state."""
    shown = newest(told)
    if shown is None:
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("the list holds neither actions nor cards"))
    events = tuple(one.event for one in told if one.event is not None)
    fetch = (shown.event.external_id,) if shown.verdict is Verdict.FETCH and shown.event else ()
    details = _explained(shown) if len(told) > 1 else shown.details
    return Conclusion(verdict=shown.verdict, why=shown.why, events=events, fetch=fetch, details=details)


def _explained(told: Told) -> Mapping[str, Any]:
    """Return the details of one of several, with what would otherwise be shown of the first."""
    event = told.event
    if event is None:
        return told.details
    asker = event.requester
    return {
        "external_id": event.external_id,
        "external_key": event.external_key,
        "title": event.title,
        "url": event.url,
        "requester": {"id": asker.key, "name": asker.name, "email": asker.email} if asker else None,
        "created_at": event.created_at,
        "due_at": event.due_at,
        "completed_at": event.completed_at,
        "status": event.status,
        **told.details,
    }
