"""What a delivery of Bitrix24 means: the task it names has to be asked for; only a deletion needs no question.

The body is a form in PHP's brackets, or the same as JSON. Missing sides are the text `undefined`.
"""

import json
from collections.abc import Mapping
from typing import Any

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.json_body import parse_object
from app.connectors.lenient import id_of, inside, text_of, unix_moment
from app.connectors.signatures import body_hash, require_token
from app.connectors.trackers.bitrix24.brackets import read_form, without
from app.connectors.trackers.bitrix24.tasks import AWAITS_CONTROL, details_of, event_of, tasks_in
from app.connectors.verdicts import judged
from app.domain.service_requests import EventKind, TrackerEvent
from app.domain.states import Resolution
from app.foundations.languages import gettext

_OF_A_TASK = frozenset({"ONTASKADD", "ONTASKUPDATE"})
_SIDES = ("FIELDS_AFTER", "FIELDS_BEFORE")
# What may be kept of `auth`: the rest opens the portal.
_KEPT_AUTH = frozenset({"domain", "member_id"})


def verify(hook: Hook) -> None:
    """Accept the application token of the outgoing webhook and, where it is set, the portal's member_id.

    Bitrix24 does not sign: the token stands in the body (vendor: outgoing webhooks). Raises WrongSignature.
    """
    try:
        auth = inside(_body(hook.body), "auth")
    except UnreadableBody as unreadable:
        raise WrongSignature(gettext("this delivery does not carry the token of this connection")) from unreadable
    require_token(hook.secrets, text_of(inside(auth, "application_token")))
    member = text_of(hook.settings.get("member_id"))
    if member is not None:
        require_token((member,), text_of(inside(auth, "member_id")))


def delivery_key(hook: Hook) -> str:
    """Return a hash of the body without its credentials: Bitrix24 names no delivery."""
    return body_hash(scrub(hook.body))


def scrub(body: bytes) -> bytes:
    """Return the body without tokens, as it may be stored."""
    if body.lstrip()[:1] != b"{":
        return without(body, "auth", _KEPT_AUTH)
    try:
        found = parse_object(body)
    except UnreadableBody:
        return b""
    auth = found.get("auth")
    if isinstance(auth, Mapping):
        found["auth"] = {name: value for name, value in auth.items() if name in _KEPT_AUTH}
    return json.dumps(found, ensure_ascii=True, sort_keys=True).encode()


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, or an answer of the API, tells. Raises UnreadableBody."""
    if hook.fetched is not None:
        return _of_tasks(hook, parse_object(hook.fetched))
    body = _body(hook.body)
    if "event" not in body:
        return _of_tasks(hook, body)
    event = (text_of(body.get("event"), 100) or "").upper()
    details: dict[str, Any] = {"event_type": event, "event_at": unix_moment(body.get("ts"))}
    if event == "ONTASKDELETE":
        return _deleted(hook, _task_id(body), details)
    if event in _OF_A_TASK:
        why = gettext("the body names a task; what became of it has to be asked")
        return Conclusion(verdict=Verdict.FETCH, why=why, fetch=(_task_id(body),), details=details)
    if event.startswith("ONTASKCOMMENT"):
        details["external_id"] = id_of(inside(body.get("data"), "FIELDS_AFTER", "TASK_ID"))
    return Conclusion(verdict=Verdict.IGNORED, why=gettext("this is no event of a task"), details=details)


def _body(body: bytes) -> dict[str, Any]:
    if body.lstrip()[:1] in {b"{", b"["}:
        return parse_object(body)
    try:
        found = read_form(body)
    except ValueError as error:
        raise UnreadableBody(gettext("the form has too many fields")) from error
    if "event" not in found:
        raise UnreadableBody(gettext("the body is neither JSON nor a form with an event"))
    return found


def _task_id(body: Mapping[str, Any]) -> str:
    """Return the task's id: after the event, or before it where the task is gone. Raises UnreadableBody."""
    for side in _SIDES:
        found = id_of(inside(body.get("data"), side, "ID"))
        if found is not None and found not in {"0", "undefined"}:
            return found
    raise UnreadableBody(gettext("the event names no task: data[FIELDS_AFTER][ID] is missing"))


def _deleted(hook: Hook, identifier: str, details: Mapping[str, Any]) -> Conclusion:
    at = details["event_at"] or hook.received_at
    gone = TrackerEvent(external_id=identifier, kind=EventKind.DELETED, occurred_at=at)
    verdict, why = judged(EventKind.DELETED, hook.was)
    return Conclusion(verdict=verdict, why=why, events=(gone,), details=details)


def _of_tasks(hook: Hook, body: Mapping[str, Any]) -> Conclusion:
    """Conclude from an answer of tasks.task.get or tasks.task.list; the first task is the one explained."""
    tasks = tasks_in(body)
    if not tasks and hook.fetched is None and "result" in body:
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("the answer holds no task"))
    if not tasks:
        raise UnreadableBody(gettext("the answer holds no task"))
    events = tuple(event_of(task, hook.settings, hook.time_zone, hook.received_at) for task in tasks)
    details = details_of(tasks[0], events[0], hook.time_zone)
    if events[0].kind is EventKind.UPDATED and hook.fetched is None:
        wanted = tuple(one.external_id for one in events if one.kind is EventKind.UPDATED)
        why = gettext("this does not say what status the task has: it is asked for")
        return Conclusion(verdict=Verdict.FETCH, why=why, events=events, fetch=wanted, details=details)
    verdict, why = _judged(events[0], hook)
    return Conclusion(verdict=verdict, why=why, events=events, details=details)


def _judged(event: TrackerEvent, hook: Hook) -> tuple[Verdict, str]:
    """Return the verdict with a reason in Bitrix24's own terms where it has one."""
    verdict, why = judged(event.kind, hook.was)
    if event.kind is EventKind.UPDATED:
        why = gettext("this does not say what status the task has")
    elif event.status == AWAITS_CONTROL and verdict is Verdict.NOT_COMPLETED:
        why = gettext("the task waits for its creator to accept the work (status 4)")
    elif verdict is Verdict.COMPLETED and event.resolution is Resolution.NOT_DELIVERED:
        why = gettext("the task is done, but its creator did it: nobody is asked (setting self_assigned)")
    return verdict, why
