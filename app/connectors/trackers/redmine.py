"""Redmine by poll: its released versions have no webhooks (docs/connectors/redmine.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.connectors.answers import Source, explain_rows, page_of, seen_at
from app.connectors.connector import Connector, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook
from app.connectors.lenient import address_of, end_of_day, id_of, inside, listed, moment_in_utc, objects, text_of
from app.connectors.paging import by_change
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, Resolution
from app.foundations.http import Pace
from app.foundations.languages import gettext, mark

PACE = Pace(per_second=5, burst=10)  # somebody's own server: no limit is documented, so a gentle one
PAGE_SIZE = 100
_GIVEN = frozenset("title url external_key status request_type created_at due_at department".split())
_UNDELIVERED = ("rejected", "duplicate")  # names that Redmine ships; a connection sets its own


def _get(tool: Tool, path: str, **params: Any) -> Any:
    headers = {"X-Redmine-API-Key": str(tool.settings["api_key"])}
    base = str(tool.settings["base_url"]).rstrip("/")
    return tool.http.get(f"{base}{path}", params=params, headers=headers, pace=PACE).json()


def check(tool: Tool) -> str:
    """Say whose key this is. Raises Trouble."""
    return gettext(
        "Redmine knows us: %(name)s", name=text_of(inside(_get(tool, "/users/current.json"), "user", "login")) or "?"
    )


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the address of the account; Redmine shows it to administrators only."""
    found = _get(tool, f"/users/{requester.key}.json")
    address = address_of(inside(found, "user", "mail"))
    return replace(requester, email=address) if address else None


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield issues in the order of their last change, open ones too."""
    statuses = objects(inside(_get(tool, "/issue_statuses.json"), "issue_statuses"))
    closed = {id_of(status.get("id")) for status in statuses if status.get("is_closed") is True}
    start = text_of((cursor or {}).get("at")) or since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    project = tool.settings.get("project")

    def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
        params = {"status_id": "*", "updated_on": f">={at}", "sort": "updated_on:asc,id:asc"}
        params |= {"project_id": project} if project else {}
        found = _get(tool, "/issues.json", limit=PAGE_SIZE, offset=skipped, **params)
        return list(objects(inside(found, "issues")))

    for issues, following in by_change(ask, lambda one: text_of(one.get("updated_on")), size=PAGE_SIZE, start=start):
        known = (issue for issue in issues if id_of(issue.get("id")))
        yield Page(cursor=following, events=tuple(_event(issue, tool, closed) for issue in known))


def explain(hook: Hook) -> Conclusion:
    """Say what an issue, or a list of them, tells. Raises UnreadableBody."""
    return explain_rows(hook, _rows, lambda issue: _event(issue, hook, _closed(issue)))


def _rows(body: object) -> list[Mapping[str, Any]]:
    one = inside(body, "data", "issue") or inside(body, "issue") or body
    found = list(objects(inside(body, "issues"))) or list(objects([one]))
    return [issue for issue in found if id_of(issue.get("id")) and isinstance(issue.get("status"), Mapping)]


def _closed(issue: Mapping[str, Any]) -> set[str | None]:
    """Return the status as closed where an issue was closed, and an old Redmine does not say whether it still is."""
    status = issue["status"]
    is_told = "is_closed" in status or not text_of(issue.get("closed_on"))
    return set() if is_told else {id_of(status.get("id"))}


def _event(issue: Mapping[str, Any], tool: Source, closed: set[str | None]) -> TrackerEvent:
    status = issue.get("status")
    is_done = id_of(inside(status, "id")) in closed or inside(status, "is_closed") is True
    author = id_of(inside(issue.get("author"), "id"))
    undelivered = tool.settings.get("undelivered_statuses", _UNDELIVERED)
    words = {text_of(inside(status, "id")), (text_of(inside(status, "name")) or "").lower()}
    is_undelivered = bool(words & {one.lower() for one in listed(undelivered)})
    identifier = id_of(issue.get("id")) or ""
    return TrackerEvent(
        external_id=identifier,
        kind=EventKind.COMPLETED if is_done else EventKind.REOPENED,
        occurred_at=moment_in_utc(issue.get("updated_on")) or seen_at(tool),
        given=_GIVEN,
        external_key=f"#{identifier}",
        title=text_of(issue.get("subject")),
        url=page_of(tool, f"/issues/{identifier}"),
        request_type=text_of(inside(issue.get("tracker"), "name"), 200),
        status=text_of(inside(status, "name"), 200),
        requester=Requester(key=author, name=text_of(inside(issue.get("author"), "name"))) if author else None,
        department=_department(issue, tool),
        resolution=Resolution.NOT_DELIVERED if is_undelivered else Resolution.DELIVERED,
        created_at=moment_in_utc(issue.get("created_on")),
        due_at=end_of_day(issue.get("due_date"), tool.time_zone),
        completed_at=moment_in_utc(issue.get("closed_on")) if is_done else None,
    )


def _department(issue: Mapping[str, Any], tool: Source) -> dict[str, str]:
    found = {
        "field": _field(issue, text_of(tool.settings.get("department_field"), 200)),
        "category": text_of(inside(issue.get("category"), "name"), 200),
        "project": text_of(inside(issue.get("project"), "name"), 200),
    }
    return {name: text for name, text in found.items() if text is not None}


def _field(issue: Mapping[str, Any], wanted: str | None) -> str | None:
    """Return the value of the custom field with this name or number."""
    fields = objects(issue.get("custom_fields"))
    named = (one for one in fields if wanted in {text_of(one.get("name")), id_of(one.get("id"))})
    values = [one.get("value") for one in named] if wanted else []
    # A field with several values holds a list.
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return next(filter(None, (text_of(one, 200) for one in flat)), None)


CONNECTOR = Connector(
    kind="redmine",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="base_url", meaning=mark("the server's address: https://redmine.example.com"), needed=True),
        Setting(name="api_key", meaning=mark("an administrator's API key"), needed=True, secret=True),
        Setting(name="project", meaning=mark("number or identifier of the project; all where it is empty")),
        Setting(name="department_field", meaning=mark("the custom field that names the department")),
        Setting(name="undelivered_statuses", meaning=mark("closed statuses that are no delivery: numbers or names")),
    ),
    explain=explain,
    check=check,
    find_requester=find_requester,
    poll=poll,
)
