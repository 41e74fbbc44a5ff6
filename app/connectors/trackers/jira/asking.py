"""What we ask the site itself: an issue, a person, a service level, our own webhook, and everything that changed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from app.connectors.atlassian import Search, Site, texts_of, within_projects
from app.connectors.connector import HookHealth, Page, Tool
from app.connectors.lenient import inside, objects, text_of
from app.connectors.trackers.jira.events import told_by_state
from app.connectors.trackers.jira.history import History
from app.connectors.trackers.jira.issue import Issue, category_of, user_of, was_met
from app.domain.service_requests import Requester, TrackerEvent
from app.foundations.http import Refused, Trouble, UnreadableAnswer
from app.foundations.languages import gettext, mark

HOOKS = "/rest/webhooks/1.0/webhook"
EVENTS = ("jira:issue_updated", "jira:issue_created", "jira:issue_deleted")
FIELD_SETTINGS = ("department_field", "requester_field", "request_type_field", "sla_field")

_FIELDS = (
    "summary",
    "status",
    "resolution",
    "resolutiondate",
    "statuscategorychangedate",
    "reporter",
    "assignee",
    "project",
    "components",
    "issuetype",
    "created",
    "updated",
    "duedate",
)


def fields_of(settings: Mapping[str, Any]) -> list[str]:
    """Return the fields that we ask for: Cloud tells ids alone unless each is named."""
    own = (text_of(settings.get(name)) for name in FIELD_SETTINGS)
    return [*_FIELDS, *(name for name in own if name and not name.isdigit())]


# --- issues ---------------------------------------------------------------------------------------------------------


@dataclass
class Statuses:
    """Which category each status of a site has; asked for when one appears that is not known yet."""

    site: Site
    known: dict[str, str] = field(default_factory=dict)
    _in_vain: set[str] = field(default_factory=set)

    def with_categories(self, issue: Issue) -> Issue:
        """Return the issue with all categories that its status and its changelog need. Raises Trouble."""
        issue = replace(issue, statuses=self.known)
        wanted = History.of(issue).unknown_statuses
        own = issue.text("status", "id")
        if issue.is_done is None and own:
            wanted.add(own)
        if wanted - self._in_vain:
            self._ask()
            self._in_vain |= wanted - self.known.keys()
        return issue

    def _ask(self) -> None:
        for status in objects(self.site.find(f"{self.site.api}/status")):
            name, category = text_of(status.get("id")), category_of(status, {})
            if name and category:
                self.known[name] = category


def fetch(tool: Tool, identifier: str) -> bytes | None:
    """Return an issue with its changelog and the categories it needs; None where there is none that we may see."""
    site = Site(tool)
    params = {"fields": ",".join(fields_of(tool.settings)), "expand": "changelog"}
    found = site.find(f"{site.api}/issue/{quote(identifier, safe='')}", params)
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise UnreadableAnswer(gettext("the answer of Jira names no issue"))
    issue = Statuses(site).with_categories(Issue(found, tool.settings, tool.time_zone))
    return json.dumps({"issue": found, "statuses": issue.statuses}).encode()


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Tell the present state of every issue that changed since a moment: completed, or open (again)."""
    site = Site(tool)
    statuses = Statuses(site)
    search = Search(site, since, fields_of(tool.settings), condition=within_projects(tool.settings), expand="changelog")
    for issues, following in search.pages(cursor or {}):
        views = (statuses.with_categories(Issue(one, tool.settings, tool.time_zone)) for one in issues)
        told = (told_by_state(view, tool.now) for view in views)
        yield Page(cursor=following, events=tuple(event for event in told if event is not None))


def fill_in(tool: Tool, event: TrackerEvent) -> TrackerEvent:
    """Return a completion with the service level that `sla_field` names by its number, which no issue holds."""
    number = text_of(tool.settings.get("sla_field")) or ""
    if not number.isdigit():
        return event
    path = f"/rest/servicedeskapi/request/{quote(event.external_id, safe='')}/sla/{number}"
    found = Site(tool).find(path, or_hidden=True)
    on_time = was_met(found)
    return event if on_time is None else replace(event, on_time=on_time, given=event.given | {"on_time"})


# --- people ---------------------------------------------------------------------------------------------------------


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the person behind a key with the address that Jira lets our account see, or None."""
    site = Site(tool)
    ways = ("accountId",) if site.is_cloud else ("key", "username")
    for name in ways:
        found = user_of(site.find(f"{site.api}/user", {name: requester.key}, or_hidden=True))
        if found is not None and found.email:
            return found
    return None


def find_requester_of(tool: Tool, event: TrackerEvent) -> Requester | None:
    """Return who asked with the address that agents of Service Management see on the request itself, or None."""
    asker = event.requester
    found = Site(tool).find(f"/rest/servicedeskapi/request/{quote(event.external_id, safe='')}")
    reporter = inside(found, "reporter")
    person = user_of(reporter)
    if asker is None or person is None or asker.key not in {person.key, text_of(inside(reporter, "name"))}:
        return None
    return person if person.email else None


# --- the connection -------------------------------------------------------------------------------------------------


def check(tool: Tool) -> str:
    """Try the credentials, the projects and the fields; return a sentence that says whose they are. Raises Trouble."""
    site = Site(tool)
    me = site.get(f"{site.api}/myself")
    for key in texts_of(tool.settings.get("projects")):
        if site.find(f"{site.api}/project/{quote(key, safe='')}", or_hidden=True) is None:
            raise Trouble(gettext("the account does not see the project %(key)s: give it 'Browse projects'", key=key))
    if missing := sorted(set(fields_of(tool.settings)) - set(_FIELDS) - _ids(site.get(f"{site.api}/field"))):
        raise Trouble(gettext("Jira has no field %(name)s: take its id, like customfield_10050", name=missing[0]))
    name = text_of(inside(me, "displayName")) or text_of(inside(me, "name")) or "?"
    return gettext("Jira knows the account as %(name)s", name=name)


def _ids(found: object) -> set[str]:
    return {text for text in (text_of(one.get("id")) for one in objects(found)) if text}


def register(tool: Tool, address: str, secret: str) -> Mapping[str, Any]:
    """Create our webhook, or set it anew where one leads to our address already; return what finds it again.

    Needs an administrator of Jira. Raises Trouble.
    """
    site = Site(tool)
    wanted = {
        "name": "Parity",
        "url": address,
        "events": list(EVENTS),
        "filters": {"issue-related-events-section": within_projects(tool.settings)},
        "excludeBody": False,
        "enabled": True,
        "secret": secret,
    }
    with _administrators():
        own = next((one for one in objects(site.get(HOOKS)) if one.get("url") == address), None)
        if own is None:
            found = site.call("POST", HOOKS, json=wanted).json()
        else:
            found = site.call("PUT", f"{HOOKS}/{_number_of(own)}", json=wanted).json()
    return {"id": _number_of(found)}


@contextmanager
def _administrators() -> Iterator[None]:
    """Say what to do where an account may not see webhooks."""
    try:
        yield
    except Refused as refused:
        if refused.status not in {401, 403}:
            raise
        sentence = mark("the account may not administer Jira: create the webhook by hand (System, WebHooks)")
        raise Refused(gettext(sentence), refused.status) from refused


def _number_of(hook: object) -> str:
    """Return the id of a webhook, which older servers tell in its address alone."""
    told = text_of(inside(hook, "id")) or (text_of(inside(hook, "self")) or "").rstrip("/").rpartition("/")[2]
    if not told.isdigit():
        raise UnreadableAnswer(gettext("the answer of Jira does not say which webhook it made"))
    return told


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    """Say whether our webhook is there, switched on, and leads to our address."""
    with _administrators():
        found = Site(tool).find(f"{HOOKS}/{text_of(registration.get('id'))}")
    if found is None:
        return HookHealth(is_alive=False, problem=gettext("the tool does not know the hook any more."), is_gone=True)
    if inside(found, "enabled") is False:
        return HookHealth(is_alive=False, problem=gettext("the hook is switched off in the tool"))
    if inside(found, "url") != tool.settings.get("callback_url"):
        return HookHealth(is_alive=False, problem=gettext("our webhook in Jira leads to another address"))
    return HookHealth(is_alive=True)
