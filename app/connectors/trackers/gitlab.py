"""GitLab issues: a hook of one project, and its REST API (docs/connectors/gitlab.md)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.connectors import standard_webhooks
from app.connectors.connector import Connector, HookHealth, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook, UnreadableBody
from app.connectors.json_body import parse_json
from app.connectors.lenient import address_of, end_of_day, id_of, inside, moment_in_utc, objects, text_of
from app.connectors.paging import by_change
from app.connectors.signatures import body_hash, make_secret, require_token
from app.connectors.verdicts import judged, no_event_of_an_issue, one_or_list
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, Resolution
from app.foundations.http import Answer, Pace, Refused
from app.foundations.languages import gettext, mark

HOME = "https://gitlab.com"
PACE = Pace(per_second=5, burst=20)  # gitlab.com: 2,000 a minute; a server of one's own may set less
PAGE_SIZE = 100
_KINDS: dict[str | None, EventKind] = {"close": EventKind.COMPLETED, "reopen": EventKind.REOPENED}
_OBJECTS = frozenset({"issue", "work_item", "incident", "ticket"})
_PLANS = frozenset({"epic", "objective", "key result", "requirement", "test case"})  # work items that nobody asks for
_OLD_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)? UTC")


def verify(hook: Hook) -> None:
    """Accept the secret token as it is, or a signing token's Standard Webhooks signature. Raises WrongSignature."""
    if "webhook-signature" in hook.headers:
        standard_webhooks.verify(hook)
    else:
        require_token(hook.secrets, hook.headers.get("x-gitlab-token"))


def judge_age(hook: Hook) -> None:
    """Refuse what was signed too long ago; a token says nothing of the moment. Raises WrongSignature."""
    if "webhook-signature" in hook.headers:
        standard_webhooks.judge_age(hook)


def delivery_key(hook: Hook) -> str:
    """Return GitLab's id of the event, the same at every attempt."""
    named = hook.headers.get("webhook-id") or hook.headers.get("x-gitlab-event-uuid")
    # One event reaches several hooks of a project under one UUID, but each with a body of its own.
    return f"{text_of(named, 100)}-{body_hash(hook.body)[:16]}" if named else body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, one issue of the API, or a list of them tells. Raises UnreadableBody."""
    found = parse_json(hook.fetched if hook.fetched is not None else hook.body)
    return one_or_list(found, partial(_stated, hook), partial(_told, hook))


def _told(hook: Hook, found: dict[str, Any]) -> Conclusion:
    named = text_of(found.get("object_kind"), 100) or text_of(found.get("event_name"), 100)
    if named is None and "object_attributes" not in found:
        return _stated(hook, found)
    told = found.get("object_attributes")
    if named not in _OBJECTS:
        return no_event_of_an_issue(named)
    if not isinstance(told, Mapping):
        raise UnreadableBody(gettext("the event holds no issue"))
    return _of_a_hook(hook, found, told)


def _stated(hook: Hook, issue: Mapping[str, Any]) -> Conclusion:
    """Judge an answer of the API by its state; merge requests, too, are opened or closed."""
    if not _is_in(text_of(issue.get("state")), "opened", "closed") or "source_branch" in issue:
        return no_event_of_an_issue(None)
    event = event_of(issue, hook.time_zone, hook.received_at)
    verdict, why = judged(event.kind, hook.was, resolution=event.resolution)
    details = _details(event, issue.get("assignee"), None)
    return Conclusion(verdict=verdict, why=why, events=(event,), details=details)


def _of_a_hook(hook: Hook, body: Mapping[str, Any], told: Mapping[str, Any]) -> Conclusion:
    """Judge an issue by what was done to it; by its state where nothing is said of that, and where it is new."""
    of_type = (text_of(told.get("type"), 100) or "").replace("_", " ").lower()
    if of_type in _PLANS:
        return no_event_of_an_issue(of_type)
    issue = {
        **told,
        "project": body.get("project"),
        "labels": told.get("labels") or body.get("labels"),
        "web_url": told.get("url"),
        "author": _author(told, body.get("user")),
    }
    event = event_of(issue, hook.time_zone, hook.received_at)
    action = text_of(told.get("action"), 100)
    is_stated = action in {None, "open"}
    kind = event.kind if is_stated else _KINDS.get(action, EventKind.UPDATED)
    event = replace(event, kind=kind, event_id=text_of(hook.headers.get("x-gitlab-event-uuid")))
    verdict, why = judged(kind, hook.was, is_event=not is_stated, resolution=event.resolution)
    assignee = next(objects(body.get("assignees")), body.get("assignee"))
    actor = _person(body.get("user"))
    details = _details(event, assignee, {**actor, "email": None} if actor else None) | {"event_type": action}
    return Conclusion(verdict=verdict, why=why, events=(event,), details=details)


def _author(told: Mapping[str, Any], user: object) -> dict[str, Any]:
    """Return who asked: a hook tells the number, and the name only where the same person set it off."""
    number = id_of(told.get("author_id"))
    own = id_of(inside(user, "id")) == number
    return {"id": number, "name": inside(user, "name") if own else None}


def _details(event: TrackerEvent, assignee: object, actor: Mapping[str, Any] | None) -> dict[str, Any]:
    is_done = event.kind is EventKind.COMPLETED
    return {
        "assignee": _person(assignee),
        "actor": actor,
        "completed_at": event.completed_at if is_done else None,
    }


def _person(found: object) -> dict[str, str | None] | None:
    key = text_of(inside(found, "id")) or text_of(inside(found, "username"))
    return {"id": key, "name": text_of(inside(found, "name"))} if key else None


def event_of(issue: Mapping[str, Any], zone: ZoneInfo, seen_at: datetime) -> TrackerEvent:
    """Return the state of one issue as an event at its last change. Raises UnreadableBody where it has no id."""
    external_id = id_of(issue.get("id"))
    if external_id is None:
        raise UnreadableBody(gettext("the issue has no id"))
    state = text_of(issue.get("state"), 200)
    is_closed = _is_in(state, "closed") or text_of(issue.get("action"), 100) == "close"
    path = _project(issue)
    number = text_of(issue.get("iid"))
    moved = any(issue.get(name) for name in ("moved_to_id", "duplicated_to_id"))
    return TrackerEvent(
        external_id=external_id,
        kind=EventKind.COMPLETED if is_closed else EventKind.REOPENED,
        occurred_at=_moment(issue.get("updated_at")) or seen_at,
        given=frozenset({"title", "url", "external_key", "status", "created_at", "due_at", "department"}),
        external_key=f"{path}#{number}" if path and number else number,
        title=text_of(issue.get("title")),
        url=text_of(issue.get("web_url"), 2000),
        status=state,
        requester=_requester(issue),
        department=_department(issue, path),
        resolution=Resolution.NOT_DELIVERED if moved else Resolution.DELIVERED,
        created_at=_moment(issue.get("created_at")),
        due_at=end_of_day(issue.get("due_date"), zone),
        completed_at=_moment(issue.get("closed_at")) if is_closed else None,
    )


def _requester(issue: Mapping[str, Any]) -> Requester | None:
    """Return who asked: of a request by mail whoever wrote it, whom only the API names; else the author."""
    writer = address_of(issue.get("service_desk_reply_to"))
    if writer is not None:
        return Requester(email=writer)
    author = id_of(inside(issue.get("author"), "id"))
    return Requester(key=author, name=text_of(inside(issue.get("author"), "name"))) if author else None


def _is_in(state: str | None, *words: str) -> bool:
    return (state or "").lower() in words


def _moment(found: object) -> datetime | None:
    """Return a moment in either of GitLab's ways to write one: ISO 8601, or `2017-09-15 16:50:55 UTC`."""
    old = _OLD_TIME.fullmatch(found) if isinstance(found, str) else None
    return moment_in_utc(f"{old[1]}T{old[2]}Z" if old else found)


def _project(issue: Mapping[str, Any]) -> str | None:
    named = text_of(inside(issue.get("project"), "path_with_namespace"), 200)
    full = text_of(inside(issue.get("references"), "full"), 300)
    return named or (full.partition("#")[0] if full else None)


def _department(issue: Mapping[str, Any], path: str | None) -> dict[str, str]:
    """Return labels before the project: a label is set with more care. The API names them, a hook describes them."""
    raw = issue.get("labels")
    labels = raw if isinstance(raw, list) else []
    names = [text_of(one.get("title") if isinstance(one, Mapping) else one, 200) for one in labels]
    found = {f"label{number}": name for number, name in enumerate(filter(None, names), start=1)}
    return {**found, **({"project": path} if path else {})}


def _call(tool: Tool, method: str, path: str, **options: Any) -> Answer:
    token = str(tool.settings.get("token", ""))
    base = str(tool.settings.get("base_url", HOME)).rstrip("/")
    headers = {"PRIVATE-TOKEN": token} if token else {}
    return tool.http.call(method, f"{base}/api/v4{path}", headers=headers, pace=PACE, account=token[-6:], **options)


def _path(tool: Tool) -> str:
    return f"/projects/{quote(str(tool.settings['project']), safe='')}"


def check(tool: Tool) -> str:
    """Say which project the token reads. Raises Trouble."""
    found = _call(tool, "GET", _path(tool)).json()
    return gettext("GitLab knows us: %(name)s", name=text_of(inside(found, "path_with_namespace")) or "?")


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the address that GitLab shows us, or None; `[REDACTED]` is none."""
    found = _call(tool, "GET", f"/users/{requester.key}").json()
    if inside(found, "bot") is True:  # who writes down what comes by mail
        return None
    address = address_of(inside(found, "email")) or address_of(inside(found, "public_email"))
    return replace(requester, email=address, name=text_of(inside(found, "name"))) if address else None


def find_requester_of(tool: Tool, event: TrackerEvent) -> Requester | None:
    """Return who wrote the mail that a request of the Service Desk came by, or None: hooks name its robot only."""
    number = (event.external_key or "").rpartition("#")[2]
    if not number.isdigit():
        return None
    found = _call(tool, "GET", f"{_path(tool)}/issues/{number}").json()
    writer = address_of(inside(found, "service_desk_reply_to"))
    return Requester(email=writer) if writer else None


def register(tool: Tool, address: str, secret: str) -> Mapping[str, Any]:
    """Create the project's hook for issues. Raises Trouble."""
    wanted = {"url": address, "token": secret, "push_events": False, "enable_ssl_verification": True}
    wanted |= {"issues_events": True, "confidential_issues_events": True}
    made = _call(tool, "POST", f"{_path(tool)}/hooks", json=wanted).json()
    return {"id": id_of(inside(made, "id"))}


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """Ask whether the hook is there and not disabled after failures. Raises Trouble."""
    try:
        found = _call(tool, "GET", f"{_path(tool)}/hooks/{registration.get('id')}").json()
    except Refused as refused:
        if refused.status != 404:
            raise
        return HookHealth(is_alive=False, problem=gettext("the tool does not know the hook any more."), is_gone=True)
    if text_of(inside(found, "alert_status")) not in {None, "executable"}:
        return HookHealth(is_alive=False, problem=gettext("the hook is switched off in the tool"))
    return HookHealth(is_alive=True)


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield issues in the order of their last change, open ones too: a reopened issue is told as open."""
    start = text_of((cursor or {}).get("at")) or since.isoformat().replace("+00:00", "Z")

    def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
        params = {"updated_after": at, "order_by": "updated_at", "sort": "asc", "scope": "all", "per_page": PAGE_SIZE}
        params["page"] = skipped // PAGE_SIZE + 1
        return list(objects(_call(tool, "GET", f"{_path(tool)}/issues", params=params).json()))

    for issues, following in by_change(ask, lambda one: text_of(one.get("updated_at")), size=PAGE_SIZE, start=start):
        known = [issue for issue in issues if id_of(issue.get("id"))]
        yield Page(cursor=following, events=tuple(event_of(issue, tool.time_zone, tool.now) for issue in known))


CONNECTOR = Connector(
    kind="gitlab",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="project", meaning=mark("id or path of the project: group/name"), needed=True),
        Setting(name="token", meaning=mark("a project access token with the scope api"), secret=True),
        Setting(name="base_url", meaning=mark("the server's address; only where it is not gitlab.com")),
        Setting(name="secret", meaning=mark("the hook's secret, where you made the hook yourself"), signs=True),
    ),
    read=read,
    verify=verify,
    judge_age=judge_age,
    delivery_key=delivery_key,
    make_secret=make_secret,
    check=check,
    find_requester=find_requester,
    find_requester_of=find_requester_of,
    register=register,
    look_after=look_after,
    poll=poll,
)
