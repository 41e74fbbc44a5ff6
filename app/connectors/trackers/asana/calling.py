"""The calls to Asana's REST API, and the poll: what changed since a token, or, without one, since a moment."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.connectors.connector import Page, Tool
from app.connectors.lenient import address_of, id_of, inside, moment_in_utc, text_of
from app.connectors.trackers.asana.reading import Occurrence, deletion, occurrences
from app.connectors.trackers.asana.tasks import OPT_FIELDS, Reading, is_task, tasks_in, told_by
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.foundations.http import Answer, Pace, Refused, Trouble, UnreadableAnswer
from app.foundations.languages import gettext

API = "https://app.asana.com/api/1.0"
PACE = Pace(per_second=2, burst=10)  # Asana: 150 calls a minute without a paid plan; refused ones count, too
PAGE = 100  # tasks: the most that Asana gives at once
MOST_RESTARTS = 3  # of a list whose offset expired

_TOKEN = re.compile(r"[!-~]{1,500}")


def call(tool: Tool, method: str, path: str, **options: Any) -> Answer:
    """Call the API. Raises Trouble; a token that is not known is no Refused: it is set anew, and then it works."""
    token = text_of(tool.settings.get("token")) or ""
    if not _TOKEN.fullmatch(token):
        raise Trouble(gettext("the token of Asana is missing, or has characters that no token has"))
    account = hashlib.sha256(token.encode()).hexdigest()[:16]
    headers = {"Authorization": f"Bearer {token}"}
    address = (text_of(tool.settings.get("base_url")) or API).rstrip("/") + path
    try:
        return tool.http.call(method, address, headers=headers, pace=PACE, account=account, **options)
    except Refused as refused:
        if refused.status != 401:
            raise
        raise Trouble(gettext("Asana does not accept the token any more: make a new one and set it")) from None


def project_of(tool: Tool) -> str:
    """Return the setting `project_id`. Raises Trouble."""
    found = id_of(tool.settings.get("project_id"))
    if found is None:
        raise Trouble(
            gettext("project_id is missing: it is the number in the project's address, app.asana.com/0/<project_id>")
        )
    return found


def fetch(tool: Tool, identifier: str) -> bytes | None:
    """Return a task, None where it is deleted."""
    try:
        return call(tool, "GET", f"/tasks/{identifier}", params={"opt_fields": _fields(tool)}).body
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def _fields(tool: Tool) -> str:
    """Name the fields that we read; the notes, which may be long, only where a line of them names who asked."""
    return OPT_FIELDS + (",notes" if text_of(tool.settings.get("requester_label")) else "")


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return a user with the address that Asana shows to us; guests may hide it."""
    found = call(tool, "GET", f"/users/{requester.key}", params={"opt_fields": "name,email"}).json()
    email = address_of(inside(found, "data", "email"))
    return replace(requester, email=email, name=text_of(inside(found, "data", "name")) or requester.name)


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield what changed since the token of the cursor; where that is stale, all that changed since a moment."""
    project, known = project_of(tool), cursor or {}
    sync = text_of(known.get("sync")) if known.get("project") == project else None
    begun = moment_in_utc(known.get("since"))
    if sync and begun:  # a list broke off
        yield from _listed(tool, project, sync, begun, text_of(known.get("offset"), 4000))
        return
    seen: set[str] = set()
    while sync:
        seen.add(sync)
        changed = _changes(tool, project, sync)
        fresh = text_of(changed.get("sync"), 4000)
        if "data" not in changed:
            yield from _listed(tool, project, fresh or "", since, None)
            return
        yield Page(cursor={"project": project, "sync": fresh}, events=tuple(_told(tool, changed["data"])))
        if changed.get("has_more") is not True or fresh in seen:
            return
        sync = fresh
    first = _changes(tool, project, None)
    yield from _listed(tool, project, text_of(first.get("sync"), 4000) or "", since, None)


def _changes(tool: Tool, project: str, sync: str | None) -> Mapping[str, Any]:
    """Return the changes since a token; without one, or with a stale one, a fresh token and no `data` (status 412)."""
    params = {"resource": project, **({"sync": sync} if sync else {})}
    try:
        found = call(tool, "GET", "/events", params=params).json()
    except Refused as refused:
        if refused.status != 412:
            raise cannot_see_project(refused) from None
        found = _stale(refused.body)
    if not isinstance(found, dict) or not text_of(found.get("sync")):
        raise UnreadableAnswer(gettext("Asana answers without a token to go on from"))
    return found


def _stale(body: bytes) -> object:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise UnreadableAnswer(gettext("Asana answers without a token to go on from")) from error
    return {"sync": found.get("sync")} if isinstance(found, dict) else None


def cannot_see_project(refused: Refused) -> Trouble:
    """Return what to say where Asana refuses a project."""
    return Trouble(
        gettext(
            "Asana refuses the project (status %(status)s): is project_id right, and may the token see it?",
            status=refused.status,
        )
    )


def _told(tool: Tool, found: object) -> Iterator[TrackerEvent]:
    """Yield what events mean: deletions as told, and each other task once, as its GET answers."""
    reading = _reading(tool)
    latest: dict[str, Occurrence] = {}
    for one in occurrences(found):
        if one.action == "deleted" and one.at is not None:
            yield deletion(one)
        elif one.action != "removed":
            latest[one.gid] = one
    for gid, one in latest.items():
        yield from _state(tool, gid, one.at, reading)


def _state(tool: Tool, gid: str, at: datetime | None, reading: Reading) -> Iterator[TrackerEvent]:
    try:
        body = fetch(tool, gid)
    except Refused:  # it was hidden from us: what is known of it stays
        return
    if body is None:
        yield TrackerEvent(external_id=gid, kind=EventKind.DELETED, occurred_at=tool.now)
        return
    task = inside(Answer(200, {}, body).json(), "data")
    told = told_by(task, reading, not_before=at) if is_task(task) else None
    if told is not None and told.event is not None:
        yield told.event


def _listed(tool: Tool, project: str, sync: str, since: datetime, offset: str | None) -> Iterator[Page]:
    """Yield all tasks changed since a moment, page by page; a list whose offset expired begins again."""
    seen: set[str] = set()
    restarts = 0
    while True:
        try:
            found = _list(tool, project, since, offset)
        except Refused as refused:
            if offset is None or refused.status not in {400, 412} or restarts >= MOST_RESTARTS:
                raise cannot_see_project(refused) from None
            offset, restarts, seen = None, restarts + 1, set()
            continue
        events = tuple(_states(tool, found))
        offset = text_of(inside(found, "next_page", "offset"), 4000)
        if offset is None or offset in seen:
            yield Page(cursor={"project": project, "sync": sync}, events=events)
            return
        seen.add(offset)
        begun = {"since": since.isoformat(), "offset": offset}
        yield Page(cursor={"project": project, "sync": sync, **begun}, events=events)


def _list(tool: Tool, project: str, since: datetime, offset: str | None) -> Mapping[str, Any]:
    params: dict[str, Any] = {
        "project": project,
        "modified_since": since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "limit": PAGE,
        "opt_fields": _fields(tool),
    }
    if offset is not None:
        params["offset"] = offset
    found = call(tool, "GET", "/tasks", params=params).json()
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        raise UnreadableAnswer(gettext("Asana answers with something else than a list of tasks"))
    return found


def _states(tool: Tool, found: Mapping[str, Any]) -> Iterator[TrackerEvent]:
    told = (told_by(task, _reading(tool)) for task in tasks_in(found["data"]))
    yield from (one.event for one in told if one.event is not None)


def _reading(tool: Tool) -> Reading:
    return Reading(settings=tool.settings, time_zone=tool.time_zone, received_at=tool.now)
