"""Deliveries of Asana: handshake, signature, and events that name tasks. What became of a task only a GET tells.

An event says that `completed` changed, not what it is now, and one click sends two of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.connectors.hooks import Conclusion, Greeting, Hook, UnreadableBody, Verdict
from app.connectors.json_body import parse_json
from app.connectors.lenient import id_of, inside, moment_in_utc, objects, text_of
from app.connectors.signatures import require_hmac
from app.connectors.trackers.asana.tasks import Reading, Told, is_task, is_thin, tasks_in, told_by
from app.domain.service_requests import EventKind, TrackerEvent
from app.foundations.languages import gettext, mark

SECRET = "x-hook-secret"  # noqa: S105  the name of a header
ECHOED = "X-Hook-Secret"
_PLAIN = re.compile(r"[!-~]{1,255}")

# Fields whose change may complete a task or open it again; an event without `change` may be any of them.
DECIDING = frozenset({"completed", "completed_at", "approval_status", None})


@dataclass(frozen=True)
class Occurrence:
    """One event about one task."""

    gid: str
    action: str
    field: str | None
    at: datetime | None
    raw: Mapping[str, Any]

    @property
    def needs_task(self) -> bool:
        """True where the task itself must say what became of it."""
        return self.action == "undeleted" or (self.action == "changed" and self.field in DECIDING)


def greet(hook: Hook) -> Greeting | None:
    """Return what to answer to a handshake: the secret itself, which signs all later deliveries."""
    offered = hook.headers.get(SECRET, "")
    return Greeting(headers={ECHOED: offered}, secret=offered) if _PLAIN.fullmatch(offered) else None


def verify(hook: Hook) -> None:
    """Accept hex(HMAC-SHA-256(secret of the handshake, body)) in `X-Hook-Signature`. Raises WrongSignature."""
    require_hmac(hook.secrets, hook.body, hook.headers.get("x-hook-signature"))


def is_heartbeat(hook: Hook) -> bool:
    """True for the empty list of events that comes every eight hours, also where the body is an empty object."""
    found = parse_json(hook.body)
    return found == {} or bool(inside(found, "events") == [])


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, a task, or a list of tasks tells. Raises UnreadableBody."""
    reading = Reading(settings=hook.settings, time_zone=hook.time_zone, received_at=hook.received_at)
    body = parse_json(hook.body) if hook.body or hook.fetched is None else None
    delivered = list(occurrences(_events(body)))
    if hook.fetched is not None:
        return _fetched(hook.fetched, delivered, hook, reading)
    inner = body.get("data", body) if isinstance(body, dict) else body
    if is_task(inner):
        return _concluded([told_by(inner, reading, hook.was)])
    if isinstance(inner, list) and (tasks := list(tasks_in(inner))):
        return _concluded([told_by(task, reading, hook.was) for task in tasks])
    events = _events(body)
    if thin := [one for one in (inner if isinstance(inner, list) else [inner]) if is_thin(one)]:
        why = gettext("only Asana knows whether the task is completed: it is asked")
        return Conclusion(verdict=Verdict.FETCH, why=why, fetch=tuple(str(id_of(one["gid"])) for one in thin))
    if events is None and body != {}:
        raise UnreadableBody(gettext("the body has neither events nor a task of Asana"))
    if not events:
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("a sign of life without events"))
    return _delivered(delivered)


def _events(body: object) -> list[Any] | None:
    """Return the events of a delivery, or of GET /events, which lists them as `data`; other lists hold none."""
    places = (body, inside(body, "events"), inside(body, "data"))
    return next((found for found in places if isinstance(found, list)), None)


def occurrences(found: object) -> Iterator[Occurrence]:
    """Yield the events that are about tasks."""
    for event in objects(found):
        resource = event.get("resource")
        gid = id_of(inside(resource, "gid")) or id_of(resource)
        kind = inside(resource, "resource_type") or event.get("type")
        action = text_of(event.get("action"))
        if gid and action and kind == "task":
            at = moment_in_utc(event.get("created_at"))
            yield Occurrence(gid, action, text_of(inside(event, "change", "field")), at, event)


def _delivered(found: list[Occurrence]) -> Conclusion:
    wanted = tuple(dict.fromkeys(one.gid for one in found if one.needs_task))
    deleted = [one for one in found if one.action == "deleted"]
    shown = next((one for one in found if one.needs_task), next(iter(deleted or found), None))
    events = tuple(deletion(one) for one in deleted if one.at is not None)
    gone = tuple(one.gid for one in deleted if one.at is None)  # without a moment only a GET, which fails, tells one
    if wanted or gone:
        verdict, why = Verdict.FETCH, mark("only Asana knows whether the task is completed: it is asked")
    elif deleted:
        verdict, why = Verdict.DELETED, mark("the task was deleted")
    elif found:
        verdict, why = Verdict.NOT_COMPLETED, mark("this change of a task is no completion")
    else:
        verdict, why = Verdict.IGNORED, mark("this concerns no task")
    fetch = tuple(dict.fromkeys(wanted + gone))
    return Conclusion(verdict=verdict, why=gettext(why), events=events, fetch=fetch, details=_explained(shown))


def deletion(one: Occurrence) -> TrackerEvent:
    """Return the event of a task that was deleted at a known moment."""
    assert one.at is not None
    return TrackerEvent(external_id=one.gid, kind=EventKind.DELETED, occurred_at=one.at)


def _explained(shown: Occurrence | None) -> dict[str, Any]:
    if shown is None:
        return {}
    return {"external_id": shown.gid, "event_type": shown.action, "event_at": shown.at, "actor": _actor(shown)}


def _actor(one: Occurrence) -> dict[str, str | None] | None:
    key = id_of(inside(one.raw, "user", "gid"))
    return {"id": key, "name": text_of(inside(one.raw, "user", "name")), "email": None} if key else None


def _fetched(answer: bytes, delivered: list[Occurrence], hook: Hook, reading: Reading) -> Conclusion:
    """Return what a fetched task tells; it holds for a moment after the events that made us ask."""
    found = parse_json(answer)
    task = found.get("data", found) if isinstance(found, dict) else None
    if not is_task(task):
        raise UnreadableBody(gettext("what Asana answered is no task"))
    its = [one for one in delivered if one.gid == id_of(task["gid"])]
    latest = max((one.at for one in its if one.at and one.needs_task), default=None)
    told = told_by(task, reading, hook.was, latest)
    about = _explained(its[0]) if its else {}
    return _concluded([told], {name: about[name] for name in ("event_type", "event_at", "actor") if name in about})


def _concluded(told: list[Told], about: Mapping[str, Any] | None = None) -> Conclusion:
    """Return one conclusion; the verdict is that of the first task that is completed or opened again."""
    moving = [one for one in told if one.verdict is not Verdict.NOT_COMPLETED]
    shown = (moving or told)[0]
    events = tuple(one.event for one in told if one.event is not None)
    details = {**shown.details, **(about or {})}
    if shown.event is not None and len(told) > 1:
        details |= {
            "external_id": shown.event.external_id,
            "title": shown.event.title,
            "url": shown.event.url,
            "completed_at": shown.event.completed_at,
        }
    return Conclusion(verdict=shown.verdict, why=shown.why, events=events, details=details)
