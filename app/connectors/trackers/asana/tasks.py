"""From a task, as Asana answers it, to what it tells. `completed` decides: `completed_at` may stand without it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from app.connectors.hooks import Verdict
from app.connectors.lenient import (
    address_after,
    address_of,
    end_of_day,
    id_of,
    inside,
    moment_in_utc,
    objects,
    text_of,
    words_of,
)
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequesterKind, RequestState, Resolution
from app.foundations.languages import gettext, mark

OPT_FIELDS = (
    "name,resource_type,resource_subtype,is_rendered_as_separator,approval_status,completed,completed_at,created_at,"
    "created_by.name,assignee.name,assignee.email,due_on,due_at,start_on,start_at,modified_at,parent,permalink_url,"
    "memberships.project.name,memberships.section.name,custom_fields.type,custom_fields.display_value,"
    "custom_fields.people_value.name"
)

_YES = frozenset({"true", "yes", "1"})
_GIVEN = ("title", "url", "status", "department", "created_at", "due_at", "requester_kind")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one task tells; without an event it does not count."""

    verdict: Verdict
    why: str
    event: TrackerEvent | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What reading needs beside the task."""

    settings: Mapping[str, Any] = field(repr=False)
    time_zone: ZoneInfo
    received_at: datetime


def is_task(found: object) -> TypeGuard[Mapping[str, Any]]:
    """True for what has the shape of a task; projects, too, have an id and may be completed."""
    return (
        isinstance(found, Mapping)
        and id_of(found.get("gid")) is not None
        and "completed" in found
        and found.get("resource_type", "task") == "task"
    )


def is_thin(found: object) -> TypeGuard[Mapping[str, Any]]:
    """True for a task of which only id and name are told, as lists and other objects show one."""
    return (
        isinstance(found, Mapping)
        and found.get("resource_type") == "task"
        and id_of(found.get("gid")) is not None
        and "completed" not in found
    )


def told_by(
    task: Mapping[str, Any],
    reading: Reading,
    was: RequestState | None = None,
    not_before: datetime | None = None,
) -> Told:
    """Return what the present state of a task tells, as of its last change or of the later `not_before`."""
    event = _event(task, reading, not_before)
    details = _details(task, event)
    reason = _not_counted(task, reading.settings)
    if reason is not None:
        known = {"external_id": event.external_id, "title": event.title, "url": event.url}
        return Told(verdict=Verdict.NOT_COMPLETED, why=reason, details=details | known)
    verdict, why = _verdict(task, event, was)
    return Told(verdict=verdict, why=why, event=event, details=details)


def _not_counted(task: Mapping[str, Any], settings: Mapping[str, Any]) -> str | None:
    """Return why a task is none that we count, None for one that is."""
    if task.get("parent") is not None and not _is_on(settings, "subtasks"):
        return gettext("subtasks do not count here (setting subtasks)")
    subtype = task.get("resource_subtype")
    if subtype == "milestone" and not _is_on(settings, "milestones"):
        return gettext("milestones do not count here (setting milestones)")
    is_separator = task.get("is_rendered_as_separator") is True or subtype == "section"
    if is_separator and not _is_on(settings, "separators"):
        return gettext("separators between tasks do not count here (setting separators)")
    return None


def _is_on(settings: Mapping[str, Any], name: str) -> bool:
    return str(settings.get(name)).lower() in _YES


def _verdict(task: Mapping[str, Any], event: TrackerEvent, was: RequestState | None) -> tuple[Verdict, str]:
    if event.kind is EventKind.UPDATED:
        return Verdict.NOT_COMPLETED, gettext("this does not say whether the task is completed")
    if event.kind is EventKind.REOPENED:
        asked_back = task.get("completed") is True
        why = mark("changes were requested: the work goes on") if asked_back else mark("the task is not completed")
        return (Verdict.REOPENED if was is RequestState.DONE else Verdict.NOT_COMPLETED), gettext(why)
    if event.resolution is Resolution.NOT_DELIVERED:
        return Verdict.NOT_COMPLETED, gettext("the approval was rejected: it was closed without delivery")
    if was is RequestState.DONE:
        return Verdict.NOT_COMPLETED, gettext("the request was done already")
    return Verdict.COMPLETED, gettext("the task is completed")


def _state(task: Mapping[str, Any]) -> tuple[EventKind, Resolution]:
    """Return what a task tells of its state. Each answer to an approval completes it, whatever the answer says."""
    if not isinstance(task.get("completed"), bool):
        return EventKind.UPDATED, Resolution.DELIVERED
    answer = task.get("approval_status") if task.get("resource_subtype") == "approval" else None
    if not task["completed"] or answer == "changes_requested":
        return EventKind.REOPENED, Resolution.DELIVERED
    return EventKind.COMPLETED, Resolution.NOT_DELIVERED if answer == "rejected" else Resolution.DELIVERED


def _event(task: Mapping[str, Any], reading: Reading, not_before: datetime | None) -> TrackerEvent:
    kind, resolution = _state(task)
    moments = {name: moment_in_utc(task.get(name)) for name in ("completed_at", "modified_at")}
    completed_at = moments["completed_at"] if kind is EventKind.COMPLETED else None
    occurred_at = max(filter(None, (completed_at, moments["modified_at"], not_before)), default=reading.received_at)
    asker = _requester(task, reading.settings)
    event = TrackerEvent(
        external_id=id_of(task.get("gid")) or "",
        kind=kind,
        occurred_at=occurred_at,
        title=text_of(task.get("name")),
        url=_address(task.get("permalink_url")),
        status=text_of(task.get("approval_status")),
        requester=asker,
        requester_kind=_kind_of(asker, task, reading.settings),
        department=_departments(task, reading.settings),
        resolution=resolution,
        created_at=moment_in_utc(task.get("created_at")),
        due_at=moment_in_utc(task.get("due_at")) or end_of_day(task.get("due_on"), reading.time_zone),
        completed_at=completed_at,
    )
    given = frozenset(name for name in _GIVEN if getattr(event, name))
    return replace(event, given=given | ({"due_at"} if {"due_at", "due_on"} & set(task) else set()))


def _address(found: object) -> str | None:
    address = text_of(found, 2000)
    return address if address and address.startswith("https://") else None


def _requester(task: Mapping[str, Any], settings: Mapping[str, Any]) -> Requester | None:
    """Return who asked: a custom field, a line of the notes (forms write one), then whoever made the task."""
    chosen = _custom_field(task, settings.get("requester_field_id"))
    person = next(objects(inside(chosen, "people_value")), None)
    if person is not None and id_of(person.get("gid")):
        return Requester(key=id_of(person["gid"]), name=text_of(person.get("name")))
    text = _value_of(chosen)
    if text:
        address = address_of(text)
        return Requester(email=address) if address else Requester(key=text)
    address = address_after(task.get("notes"), text_of(settings.get("requester_label")) or "")
    if address:
        return Requester(email=address)
    key = id_of(inside(task, "created_by", "gid"))
    return Requester(key=key, name=text_of(inside(task, "created_by", "name"))) if key else None


def _kind_of(asker: Requester | None, task: Mapping[str, Any], settings: Mapping[str, Any]) -> RequesterKind | None:
    """Return BOT for whoever made the task, where that is a form or another program of the setting `bot_ids`."""
    if asker is None:
        return None
    is_bot = asker.key in words_of(settings.get("bot_ids")) and asker.key == id_of(inside(task, "created_by", "gid"))
    return RequesterKind.BOT if is_bot else RequesterKind.PERSON


def _custom_field(task: Mapping[str, Any], identifier: object) -> Mapping[str, Any] | None:
    wanted = id_of(identifier)
    if wanted is None:
        return None
    return next((one for one in objects(task.get("custom_fields")) if id_of(one.get("gid")) == wanted), None)


def _value_of(custom: object) -> str | None:
    """Return what a custom field holds: as Asana shows it, else by the field of its type (text, number, options)."""
    shown = text_of(inside(custom, "display_value")) or text_of(inside(custom, "text_value"))
    chosen = [inside(custom, "enum_value"), *objects(inside(custom, "multi_enum_values"))]
    names = ", ".join(name for name in (text_of(inside(one, "name")) for one in chosen) if name)
    return shown or text_of(names) or text_of(inside(custom, "number_value"))


def _departments(task: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the custom field, then section and project of the subscribed project, each by name and by id."""
    place = _membership(task, settings)
    found = {
        "field": _value_of(_custom_field(task, settings.get("department_field_id"))),
        "section": text_of(inside(place, "section", "name")),
        "section_id": id_of(inside(place, "section", "gid")),
        "project": text_of(inside(place, "project", "name")),
        "project_id": id_of(inside(place, "project", "gid")),
    }
    return {name: value for name, value in found.items() if value}


def _membership(task: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return where a task lies: of many projects the subscribed one, else the first."""
    places = list(objects(task.get("memberships")))
    project = id_of(settings.get("project_id"))
    ours = [place for place in places if project and id_of(inside(place, "project", "gid")) == project]
    return next(iter(ours or places), None)


def _details(task: Mapping[str, Any], event: TrackerEvent) -> dict[str, Any]:
    """Return what is explained and never stored. A date without a time is shown as it is."""
    where = event.department
    due, start = task.get("due_at") or task.get("due_on"), task.get("start_at") or task.get("start_on")
    return {
        "assignee": _person(task.get("assignee")),
        "department": {name: where.get(name) for name in ("project", "section") if name in where} or None,
        "due_at": moment_in_utc(task.get("due_at")) or text_of(due, 40),
        "started_at": moment_in_utc(task.get("start_at")) or text_of(start, 40),
        "event_at": moment_in_utc(task.get("modified_at")),
    }


def _person(found: object) -> dict[str, str | None] | None:
    key = id_of(inside(found, "gid"))
    if key is None:
        return None
    return {"id": key, "name": text_of(inside(found, "name")), "email": address_of(inside(found, "email"))}


def tasks_in(found: object) -> Iterator[Mapping[str, Any]]:
    """Yield the tasks of a list."""
    yield from (one for one in objects(found) if is_task(one))
