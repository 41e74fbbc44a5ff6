"""Yandex Tracker by poll: its triggers cannot sign (docs/connectors/yandex_tracker.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.connectors.answers import Source, explain_rows, seen_at
from app.connectors.connector import Connector, Page, Setting, Shape, Tool
from app.connectors.hooks import Conclusion, Hook
from app.connectors.lenient import (
    address_of,
    end_of_day,
    id_of,
    inside,
    listed,
    moment_in_utc,
    objects,
    text_of,
    words_of,
)
from app.connectors.paging import by_change
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, Resolution
from app.foundations.http import Pace
from app.foundations.languages import gettext, mark

API = "https://api.tracker.yandex.net"
WEB = "https://tracker.yandex.ru"
PACE = Pace(per_second=5, burst=10)
PAGE_SIZE = 100
_GIVEN = frozenset("title url external_key status request_type created_at due_at department".split())
_DONE = ("closed", "resolved")  # status keys of the standard workflow
_CANCELLED = "cancelled"  # a type of statuses
_UNDELIVERED = ("wontFix", "duplicate", "invalid", "later", "overfulfilled", "can'tReproduce")


def _call(tool: Tool, method: str, path: str, **options: Any) -> Any:
    token, organisation = str(tool.settings["token"]), str(tool.settings["organisation"])
    scheme = "Bearer" if token.startswith("t1.") else "OAuth"  # IAM tokens of Yandex Cloud begin with t1.
    named = "X-Cloud-Org-ID" if tool.settings.get("is_cloud") is True else "X-Org-ID"
    headers = {"Authorization": f"{scheme} {token}", named: organisation}
    base = str(tool.settings.get("base_url", API)).rstrip("/")
    return tool.http.call(method, f"{base}/v2{path}", headers=headers, pace=PACE, repeatable=True, **options).json()


def check(tool: Tool) -> str:
    """Say whose token this is. Raises Trouble."""
    found = _call(tool, "GET", "/myself")
    return gettext("Yandex Tracker knows us: %(name)s", name=text_of(inside(found, "display")) or "?")


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the address of the account, or None."""
    address = address_of(inside(_call(tool, "GET", f"/users/{requester.key}"), "email"))
    return replace(requester, email=address) if address else None


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield issues of the queues in the order of their last change, open ones too."""
    start = text_of((cursor or {}).get("at")) or since.isoformat()
    queues = ", ".join(listed(tool.settings["queues"]))

    def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
        moment = (moment_in_utc(at) or since).astimezone(UTC)
        query = f'Queue: {queues} Updated: >= "{moment:%Y-%m-%d %H:%M:%S}" "Sort by": Updated ASC, Key ASC'
        params = {"perPage": PAGE_SIZE, "page": skipped // PAGE_SIZE + 1}
        found = _call(tool, "POST", "/issues/_search", params=params, json={"query": query})
        return list(objects(found))

    for issues, following in by_change(ask, lambda one: text_of(one.get("updatedAt")), size=PAGE_SIZE, start=start):
        known = (issue for issue in issues if id_of(issue.get("id")))
        yield Page(cursor=following, events=tuple(_event(issue, tool) for issue in known))


def explain(hook: Hook) -> Conclusion:
    """Say what an issue, or a list of them, tells. Raises UnreadableBody."""
    return explain_rows(hook, _rows, lambda issue: _event(issue, hook))


def _rows(body: object) -> list[Mapping[str, Any]]:
    found = objects(body if isinstance(body, list) else [body])
    return [issue for issue in found if id_of(issue.get("id")) and isinstance(issue.get("status"), Mapping)]


def _is_done(issue: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Judge by the keys in the settings, else by the status' type, which a workflow of one's own has too."""
    status, named = text_of(inside(issue.get("status"), "key")), settings.get("done_statuses")
    if named is not None:
        return status in words_of(named)
    return status in _DONE or _type(issue) in {"done", _CANCELLED}


def _type(issue: Mapping[str, Any]) -> str | None:
    """Return the type of the status; where it is not told, a status' own key may be the word for it."""
    told = issue.get("statusType")
    return text_of(inside(told, "key")) or text_of(told) or text_of(inside(issue.get("status"), "key"))


def _event(issue: Mapping[str, Any], tool: Source) -> TrackerEvent:
    status = text_of(inside(issue.get("status"), "key"), 200)
    is_done = _is_done(issue, tool.settings)
    resolution = text_of(inside(issue.get("resolution"), "key"))
    undelivered: set[str | None] = set(listed(tool.settings.get("undelivered_resolutions", _UNDELIVERED)))
    author = id_of(inside(issue.get("createdBy"), "id"))
    key = text_of(issue.get("key"), 200)
    components = [text_of(one.get("display"), 200) for one in objects(issue.get("components"))]
    department = {f"component{number}": one for number, one in enumerate(filter(None, components), start=1)}
    queue = text_of(inside(issue.get("queue"), "key"), 200)
    resolved_at = moment_in_utc(issue.get("resolvedAt")) or moment_in_utc(issue.get("statusStartTime"))
    return TrackerEvent(
        external_id=id_of(issue.get("id")) or "",
        kind=EventKind.COMPLETED if is_done else EventKind.REOPENED,
        occurred_at=moment_in_utc(issue.get("updatedAt")) or seen_at(tool),
        given=_GIVEN,
        external_key=key,
        title=text_of(issue.get("summary")),
        url=f"{WEB}/{key}" if key else None,
        request_type=text_of(inside(issue.get("type"), "display"), 200),
        status=status,
        requester=Requester(key=author, name=text_of(inside(issue.get("createdBy"), "display"))) if author else None,
        department={**department, **({"queue": queue} if queue else {})},
        resolution=Resolution.NOT_DELIVERED
        if resolution in undelivered or _type(issue) == _CANCELLED
        else Resolution.DELIVERED,
        created_at=moment_in_utc(issue.get("createdAt")),
        due_at=end_of_day(issue.get("deadline"), tool.time_zone),
        completed_at=resolved_at if is_done else None,
    )


CONNECTOR = Connector(
    kind="yandex_tracker",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="organisation", meaning=mark("the organisation's number"), needed=True),
        Setting(name="is_cloud", meaning=mark("true for an organisation of Yandex Cloud"), shape=Shape.FLAG),
        Setting(name="token", meaning=mark("an OAuth or IAM token with the right to read"), needed=True, secret=True),
        Setting(name="queues", meaning=mark("the keys of the queues to poll"), needed=True),
        Setting(name="done_statuses", meaning=mark("status keys that mean done")),
        Setting(name="undelivered_resolutions", meaning=mark("resolution keys that are no delivery")),
        Setting(name="base_url", meaning=mark("the API's address, where it is another")),
    ),
    explain=explain,
    check=check,
    find_requester=find_requester,
    poll=poll,
)
