"""The calls to a portal's REST API through its incoming webhook, whose address is a secret."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.connectors.connector import Page, Tool
from app.connectors.lenient import address_of, id_of, inside, objects, text_of
from app.connectors.paging import by_change
from app.connectors.trackers.bitrix24.tasks import event_of, tasks_in, value
from app.domain.service_requests import Requester, TrackerEvent
from app.foundations.http import Pace, Refused, Trouble
from app.foundations.languages import gettext, mark

PACE = Pace(per_second=2, burst=50)  # the portal's leaky bucket
PAGE_SIZE = 50
SELECT = (
    "ID TITLE STATUS REAL_STATUS CREATED_BY RESPONSIBLE_ID GROUP_ID STAGE_ID FLOW_ID CREATED_DATE DATE_START DEADLINE"
    " CLOSED_DATE CLOSED_BY STATUS_CHANGED_DATE CHANGED_DATE TASK_CONTROL UF_CRM_TASK"
).split()
#: What we need, each under the names that grant it.
RIGHTS = (("task", "tasks"), ("user", "user_basic"))
_OUTSIDERS = frozenset({"email", "extranet", "replica", "shop", "sale"})
_NO_PEOPLE = frozenset({"bot", "imconnector", "call", "document_editor"})


def call(tool: Tool, method: str, **arguments: Any) -> Any:
    """Return the `result` of a method. Raises Trouble; reading may be repeated."""
    base = str(tool.settings["webhook_url"]).rstrip("/")
    answer = tool.http.call("POST", f"{base}/{method}", json=arguments, pace=PACE, repeatable=True)
    return inside(answer.json(), "result")


def _selected(tool: Tool) -> list[str]:
    field = text_of(tool.settings.get("department_field"), 100)
    return [*SELECT, *([field] if field else [])]


def check(tool: Tool) -> str:
    """Say whose webhook this is, and which right it lacks. Raises Trouble."""
    found = call(tool, "profile")
    granted = {text_of(one) for one in _scopes(tool)}
    lacking = [rights[0] for rights in RIGHTS if granted and not granted & set(rights)]
    if lacking:
        sentence = mark("the incoming webhook of Bitrix24 lacks the right %(right)s: tick it there")
        raise Trouble(gettext(sentence, right=", ".join(lacking)))
    name = " ".join(filter(None, (text_of(inside(found, "NAME")), text_of(inside(found, "LAST_NAME")))))
    return gettext("Bitrix24 knows us: %(name)s", name=name or id_of(inside(found, "ID")) or "?")


def _scopes(tool: Tool) -> list[Any]:
    """Return the rights of the webhook; nothing where the portal does not tell them."""
    try:
        found = call(tool, "scope")
    except Refused:
        return []
    return found if isinstance(found, list) else []


def fetch(tool: Tool, identifier: str) -> bytes | None:
    """Return one task as the API tells it, None where it is gone or hidden from us. Raises Trouble."""
    try:
        found = call(tool, "tasks.task.get", taskId=identifier, select=_selected(tool))
    except Refused as refused:
        if refused.status == 404 or (refused.status == 400 and _says_gone(refused.body)):
            return None
        raise
    task = inside(found, "task")
    return json.dumps({"result": {"task": task}}).encode() if isinstance(task, Mapping) else None


def _says_gone(body: bytes) -> bool:
    """True for the API's words for a task that is not there: the code is often just "0"."""
    try:
        found = json.loads(body)
    except ValueError:
        return False
    code = (text_of(inside(found, "error")) or "").upper()
    return code == "0" or "NOT_FOUND" in code


def fill_in(tool: Tool, event: TrackerEvent) -> TrackerEvent:
    """Return the event with the responsible person's department behind a mapped field. Raises Trouble."""
    raw = dict(event.department)
    responsible = raw.pop("responsible", None)
    if responsible is None or "field" in raw:
        return replace(event, department=raw)
    unit = _first(inside(_user(tool, responsible), "UF_DEPARTMENT"))
    found = next(objects(call(tool, "department.get", ID=unit)), None) if unit else None
    name = text_of(inside(found, "NAME"), 200)
    return replace(event, department={**({"department": name} if name else {}), **raw})


def _first(found: object) -> str | None:
    return id_of(found[0]) if isinstance(found, list) and found else id_of(found)


def _user(tool: Tool, identifier: str) -> Mapping[str, Any] | None:
    return next(objects(call(tool, "user.get", FILTER={"ID": identifier})), None)


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the address of the portal's user, or of the CRM's contact; None where there is none.

    Mail and extranet users are none of our colleagues unless the connection includes them. `LOGIN` is no address.
    """
    key = requester.key or ""
    if key.startswith("C_"):
        contact = call(tool, "crm.contact.get", id=key[2:])
        address = address_of(inside(next(objects(inside(contact, "EMAIL")), None), "VALUE"))
        return replace(requester, email=address) if address else None
    user = _user(tool, key)
    kind = (text_of(inside(user, "USER_TYPE")) or "employee").lower()
    is_outside = kind in _OUTSIDERS and tool.settings.get("include_external") is not True
    address = address_of(inside(user, "EMAIL"))
    return None if address is None or is_outside or kind in _NO_PEOPLE else replace(requester, email=address)


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield tasks in the order of their last change, open ones too: a renewed task is told as open."""
    start = text_of((cursor or {}).get("at")) or since.isoformat()
    groups = tool.settings.get("groups")

    def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
        wanted = {">=CHANGED_DATE": at, **({"GROUP_ID": groups} if groups else {})}
        order = {"CHANGED_DATE": "asc", "ID": "asc"}
        found = call(tool, "tasks.task.list", order=order, filter=wanted, select=_selected(tool), start=skipped)
        return tasks_in({"result": found}) if isinstance(found, Mapping) else []

    for tasks, following in by_change(ask, lambda one: text_of(value(one, "changedDate")), size=PAGE_SIZE, start=start):
        events = tuple(event_of(task, tool.settings, tool.time_zone, tool.now) for task in tasks)
        yield Page(cursor=following, events=events)
