"""GitHub issues: a hook of one repository, and its REST API (docs/connectors/github.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from app.connectors.connector import Connector, HookHealth, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.json_body import parse_json
from app.connectors.lenient import address_of, id_of, inside, moment_in_utc, objects, text_of
from app.connectors.paging import by_change
from app.connectors.signatures import body_hash, make_secret, require_hmac
from app.connectors.verdicts import judged, no_event_of_an_issue, one_or_list
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, RequesterKind, Resolution
from app.foundations.http import Answer, Pace, Refused
from app.foundations.languages import gettext, mark

API = "https://api.github.com"
PACE = Pace(per_second=1.3, burst=60)  # 5,000 an hour for one token
PAGE_SIZE = 100
# Closed without a delivery (GitHub's own words).
_NOT_DELIVERED = frozenset({"not_planned", "duplicate"})
_KINDS: dict[str | None, EventKind] = {
    "closed": EventKind.COMPLETED,
    "reopened": EventKind.REOPENED,
    "deleted": EventKind.DELETED,
    "transferred": EventKind.DELETED,
}


def verify(hook: Hook) -> None:
    """Accept `X-Hub-Signature-256: sha256=<hex>` over the raw body (GitHub). Raises WrongSignature."""
    method, _, signature = hook.headers.get("x-hub-signature-256", "").strip().partition("=")
    if method.lower() != "sha256":
        raise WrongSignature(gettext("X-Hub-Signature-256 is needed"))
    require_hmac(hook.secrets, hook.body, signature)


def delivery_key(hook: Hook) -> str:
    """Return GitHub's id of the delivery, the same when it is delivered again."""
    return text_of(hook.headers.get("x-github-delivery")) or body_hash(hook.body)


def read(hook: Hook) -> Conclusion:
    """Return what a delivery, one issue of the API, or a list of them tells. Raises UnreadableBody."""
    found = parse_json(hook.fetched) if hook.fetched is not None else _body(hook)
    return one_or_list(found, partial(_stated, hook), partial(_told, hook))


def _told(hook: Hook, told: dict[str, Any]) -> Conclusion:
    named = text_of(hook.headers.get("x-github-event"), 100)
    if named == "ping" or (named is None and "zen" in told):
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("the tool tries the hook: nothing happened"))
    if named is None and "issue" not in told and "action" not in told:
        return _stated(hook, told)
    if named not in {None, "issues"} or (named is None and ("issue" not in told or "comment" in told)):
        return no_event_of_an_issue(named)
    if not isinstance(told.get("issue"), Mapping):
        raise UnreadableBody(gettext("the event holds no issue"))
    return _conclusion(hook, told["issue"], told)


def _body(hook: Hook) -> Any:
    """Return the JSON of a delivery, also where the hook was set to send a form."""
    start = hook.body.lstrip()[:1]
    if b"payload=" in hook.body and start not in {b"{", b"["}:
        form = parse_qs(hook.body.strip().decode("utf-8", "replace"))
        return parse_json(form["payload"][0].encode() if form.get("payload") else b"")
    return parse_json(hook.body)


def _stated(hook: Hook, issue: Mapping[str, Any]) -> Conclusion:
    """Judge an answer of the API by its state; pull requests and milestones, too, are open or closed."""
    if "head" in issue and "base" in issue:
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("a pull request is no request"))
    if (text_of(issue.get("state")) or "").lower() not in {"open", "closed"} or "open_issues" in issue:
        return no_event_of_an_issue(None)
    return _conclusion(hook, issue, issue)


def _conclusion(hook: Hook, issue: Mapping[str, Any], body: Mapping[str, Any]) -> Conclusion:
    """Judge an issue by what was done to it; by its state where nothing is said of that, and where it is new."""
    if isinstance(issue.get("pull_request"), Mapping):
        return Conclusion(verdict=Verdict.IGNORED, why=gettext("a pull request is no request"))
    event = event_of(issue, body.get("repository"), hook)
    action = text_of(body.get("action"), 100)
    is_stated = action in {None, "opened"}
    kind = event.kind if is_stated else _KINDS.get(action, EventKind.UPDATED)
    event = replace(event, kind=kind, event_id=text_of(hook.headers.get("x-github-delivery")))
    verdict, why = judged(kind, hook.was, is_event=not is_stated, resolution=event.resolution)
    if action == "transferred":
        why = gettext("the issue went to another repository")
    assignee, sender = issue.get("assignee"), body.get("sender")
    details = {
        "event_type": action,
        "assignee": _person(assignee),
        "actor": _actor(sender),
        "completed_at": event.completed_at if kind is EventKind.COMPLETED else None,
        "status": text_of(issue.get("state_reason")) or text_of(issue.get("state")),
    }
    return Conclusion(verdict=verdict, why=why, events=(event,), details=details)


def event_of(issue: Mapping[str, Any], repository: object, hook_or_tool: Hook | Tool) -> TrackerEvent:
    """Return the state of one issue as an event at its last change. Raises UnreadableBody where it has no id."""
    external_id = id_of(issue.get("id"))
    if external_id is None:
        raise UnreadableBody(gettext("the issue has no id"))
    is_closed = (text_of(issue.get("state")) or "").lower() == "closed"
    closed_at = moment_in_utc(issue.get("closed_at"))
    at = hook_or_tool.received_at if isinstance(hook_or_tool, Hook) else hook_or_tool.now
    name = _repository(issue, repository)
    number = text_of(issue.get("number"))
    is_undelivered = (text_of(issue.get("state_reason")) or "").lower() in _NOT_DELIVERED
    asker = issue.get("user")
    return TrackerEvent(
        external_id=external_id,
        kind=EventKind.COMPLETED if is_closed else EventKind.REOPENED,
        occurred_at=moment_in_utc(issue.get("updated_at")) or at,
        given=frozenset({"title", "url", "external_key", "status", "created_at", "requester_kind", "department"}),
        external_key=f"{name}#{number}" if name and number else number,
        title=text_of(issue.get("title")),
        url=text_of(issue.get("html_url"), 2000),
        status=text_of(issue.get("state"), 200),
        requester=Requester(key=text_of(inside(asker, "login"), 200)) if inside(asker, "login") else None,
        requester_kind=RequesterKind.BOT if inside(asker, "type") == "Bot" else RequesterKind.PERSON,
        department=_department(issue, name),
        resolution=Resolution.NOT_DELIVERED if is_undelivered else Resolution.DELIVERED,
        created_at=moment_in_utc(issue.get("created_at")),
        completed_at=closed_at if is_closed else None,
    )


def _repository(issue: Mapping[str, Any], repository: object) -> str | None:
    named = text_of(inside(repository, "full_name"), 200)
    address = text_of(issue.get("repository_url"), 400) or ""
    return named or ("/".join(address.split("/")[-2:]) if "/repos/" in address else None)


def _department(issue: Mapping[str, Any], repository: str | None) -> dict[str, str]:
    """Return labels before the repository: a label is set with more care."""
    labels = [text_of(label.get("name"), 200) for label in objects(issue.get("labels"))]
    found = {f"label{number}": label for number, label in enumerate(filter(None, labels), start=1)}
    return {**found, **({"repository": repository} if repository else {})}


def _person(found: object) -> dict[str, str | None] | None:
    login = text_of(inside(found, "login"), 200)
    return {"id": login, "name": login} if login else None


def _actor(found: object) -> dict[str, str | None] | None:
    person = _person(found)
    return {**person, "email": None} if person else None


def _call(tool: Tool, method: str, path: str, **options: Any) -> Answer:
    token = str(tool.settings.get("token", ""))
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    base = str(tool.settings.get("base_url", API)).rstrip("/")
    return tool.http.call(method, base + path, headers=headers, pace=PACE, account=token[-6:], **options)


def _repo(tool: Tool) -> str:
    return f"/repos/{tool.settings['repository']}"


def check(tool: Tool) -> str:
    """Say which repository the token reads. Raises Trouble."""
    found = _call(tool, "GET", _repo(tool)).json()
    return gettext("GitHub knows us: %(name)s", name=text_of(inside(found, "full_name")) or "?")


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the public address of the profile, or None where there is none."""
    found = _call(tool, "GET", f"/users/{requester.key}").json()
    address = address_of(inside(found, "email"))
    return replace(requester, email=address, name=text_of(inside(found, "name"))) if address else None


def register(tool: Tool, address: str, secret: str) -> Mapping[str, Any]:
    """Create the repository's hook for issues. Raises Trouble."""
    config = {"url": address, "content_type": "json", "secret": secret, "insecure_ssl": "0"}
    wanted = {"name": "web", "active": True, "events": ["issues"], "config": config}
    made = _call(tool, "POST", f"{_repo(tool)}/hooks", json=wanted).json()
    return {"id": id_of(inside(made, "id"))}


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """Ask whether the hook is there, active, and whether its last delivery arrived. Raises Trouble."""
    try:
        found = _call(tool, "GET", f"{_repo(tool)}/hooks/{registration.get('id')}").json()
    except Refused as refused:
        if refused.status != 404:
            raise
        return HookHealth(is_alive=False, problem=gettext("the tool does not know the hook any more."), is_gone=True)
    if inside(found, "active") is not True:
        return HookHealth(is_alive=False, problem=gettext("the hook is switched off in the tool"))
    code = inside(found, "last_response", "code")
    if isinstance(code, int) and code >= 400:
        problem = gettext("the last delivery was answered with %(status)s", status=code)
        return HookHealth(is_alive=False, problem=problem)
    return HookHealth(is_alive=True)


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield issues in the order of their last change, open ones too: a reopened issue is told as open."""
    start = text_of((cursor or {}).get("at")) or since.isoformat().replace("+00:00", "Z")

    def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
        params = {"state": "all", "since": at, "sort": "updated", "direction": "asc", "per_page": PAGE_SIZE}
        params["page"] = skipped // PAGE_SIZE + 1
        return list(objects(_call(tool, "GET", f"{_repo(tool)}/issues", params=params).json()))

    for issues, following in by_change(ask, lambda one: text_of(one.get("updated_at")), size=PAGE_SIZE, start=start):
        known = [issue for issue in issues if id_of(issue.get("id")) and "pull_request" not in issue]
        yield Page(cursor=following, events=tuple(event_of(issue, None, tool) for issue in known))


CONNECTOR = Connector(
    kind="github",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="repository", meaning=mark("owner/name of the repository"), needed=True),
        Setting(name="token", meaning=mark("a fine-grained token: issues read, webhooks write"), secret=True),
        Setting(name="base_url", meaning=mark("the API's address; only for GitHub Enterprise Server")),
        Setting(name="secret", meaning=mark("the hook's secret, where you made the hook yourself"), signs=True),
    ),
    read=read,
    verify=verify,
    delivery_key=delivery_key,
    make_secret=make_secret,
    check=check,
    find_requester=find_requester,
    register=register,
    look_after=look_after,
    poll=poll,
)
