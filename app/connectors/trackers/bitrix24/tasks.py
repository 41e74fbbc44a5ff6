"""A task of the REST API as an event: camelCase names, numbers as text, `[]` where an object is usual."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.connectors.hooks import UnreadableBody
from app.connectors.lenient import id_of, inside, moment_of, objects, text_of
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import Resolution
from app.foundations.languages import gettext

COMPLETED = "5"  # a kanban stage "done" is no status
AWAITS_CONTROL = "4"  # the creator has to accept it: not done
_GIVEN = frozenset({"title", "url", "status", "created_at", "due_at", "department"})
_CONTACT = re.compile(r"C_\d{1,18}")


def tasks_in(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the tasks of an answer of tasks.task.get or tasks.task.list, or a task that stands alone."""
    result = answer.get("result", answer)
    if isinstance(result, list):
        return [one for one in objects(result) if is_task(one)]
    listed = list(objects(inside(result, "tasks")))
    alone = inside(result, "task")
    if isinstance(alone, Mapping):
        return [alone]
    return listed or ([result] if is_task(result) else [])


def is_task(found: object) -> bool:
    """True for what has the shape of a task; people, departments and deals have an id, too."""
    if not isinstance(found, Mapping) or value(found, "id") is None:
        return False
    return any(value(found, name) is not None for name in ("status", "realStatus", "responsibleId"))


def value(task: Mapping[str, Any], name: str) -> Any:
    """Return a field by its camelCase name; older methods write `CREATED_BY` for `createdBy`."""
    if name in task:
        return task[name]
    return task.get(re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper())


def event_of(task: Mapping[str, Any], settings: Mapping[str, Any], zone: ZoneInfo, seen_at: datetime) -> TrackerEvent:
    """Return the state of one task as an event at its last change. Raises UnreadableBody where it has no id."""
    identifier = id_of(value(task, "id"))
    if identifier is None:
        raise UnreadableBody(gettext("the task has no id"))
    status = text_of(value(task, "status"), 20) or text_of(value(task, "realStatus"), 20)
    is_done = status == COMPLETED
    told = EventKind.COMPLETED if is_done else EventKind.REOPENED
    changed_at = [moment_of(value(task, name), zone) for name in ("changedDate", "statusChangedDate", "closedDate")]
    return TrackerEvent(
        external_id=identifier,
        kind=told if status is not None else EventKind.UPDATED,  # the API leaves out what was not asked for
        occurred_at=max(filter(None, changed_at), default=seen_at),
        given=_GIVEN if status is not None else _GIVEN - {"status"},
        title=text_of(value(task, "title")),
        url=_url(task, identifier, settings),
        status=status,
        requester=_requester(task, settings),
        department=_department(task, settings, is_done=is_done),
        resolution=_resolution(task, settings),
        created_at=moment_of(value(task, "createdDate"), zone),
        due_at=moment_of(value(task, "deadline"), zone),
        completed_at=moment_of(value(task, "closedDate"), zone) if is_done else None,
    )


def details_of(task: Mapping[str, Any], event: TrackerEvent, zone: ZoneInfo) -> dict[str, Any]:
    """Return what explain shows beside the event; the responsible person is shown, and stored nowhere."""
    group = value(task, "group")
    group_id = id_of(value(task, "groupId"))
    has_group = group_id not in {None, "0"}
    return {
        "requester": _shown(task, "createdBy", "creator"),
        "assignee": _person(task, "responsibleId", "responsible"),
        "department": {"group_id": group_id, "group_name": text_of(inside(group, "name"))} if has_group else None,
        "started_at": moment_of(value(task, "dateStart"), zone),
        "status_changed_at": moment_of(value(task, "statusChangedDate"), zone),
        "status": event.status,
    }


def _shown(task: Mapping[str, Any], key: str, person: str) -> dict[str, str | None] | None:
    found = _person(task, key, person)
    return {**found, "email": None} if found else None


def _person(task: Mapping[str, Any], key: str, person: str) -> dict[str, str | None] | None:
    identifier = id_of(value(task, key)) or id_of(inside(value(task, person), "id"))
    return {"id": identifier, "name": text_of(inside(value(task, person), "name"))} if identifier else None


def _requester(task: Mapping[str, Any], settings: Mapping[str, Any]) -> Requester | None:
    """Return the CRM's contact where the connection says so, else the creator."""
    if settings.get("crm_requesters") is True:
        linked = value(task, "ufCrmTask")
        contacts = [one for one in linked if isinstance(one, str)] if isinstance(linked, list) else []
        contact = next((one for one in contacts if _CONTACT.fullmatch(one)), None)
        if contact is not None:
            return Requester(key=contact)
    found = _person(task, "createdBy", "creator")
    return Requester(key=found["id"], name=found["name"]) if found else None


def _department(task: Mapping[str, Any], settings: Mapping[str, Any], *, is_done: bool) -> dict[str, str]:
    """Return the raw values, the surest first; `fill_in` turns `responsible` of a completion into a department."""
    field = text_of(settings.get("department_field"), 100)
    named = value(task, field) if field else None
    if named is None and field:
        named = value(task, _camel(field))
    group_id = id_of(value(task, "groupId"))
    found = {
        "field": text_of(named[0] if isinstance(named, list) and named else named, 200),
        "group_name": text_of(inside(value(task, "group"), "name"), 200),
        "group_id": group_id if group_id != "0" else None,
        "flow_id": id_of(value(task, "flowId")),
        "responsible": id_of(value(task, "responsibleId")) if is_done else None,
    }
    return {name: text for name, text in found.items() if text is not None}


def _camel(field: str) -> str:
    """Return the name under which the API tells a field: UF_AUTO_12 as ufAuto12."""
    first, *others = field.lower().split("_")
    return first + "".join(other.capitalize() for other in others)


def _resolution(task: Mapping[str, Any], settings: Mapping[str, Any]) -> Resolution:
    """Return NOT_DELIVERED for what people set themselves: nobody else asked for it."""
    creator, responsible = id_of(value(task, "createdBy")), id_of(value(task, "responsibleId"))
    is_own = creator is not None and creator == responsible
    return Resolution.NOT_DELIVERED if is_own and settings.get("self_assigned") is not True else Resolution.DELIVERED


def _url(task: Mapping[str, Any], identifier: str, settings: Mapping[str, Any]) -> str | None:
    address = settings.get("webhook_url")
    responsible = id_of(value(task, "responsibleId"))
    if not isinstance(address, str) or "/rest/" not in address or responsible is None:
        return None
    return f"{address.partition('/rest/')[0]}/company/personal/user/{responsible}/tasks/task/view/{identifier}/"
