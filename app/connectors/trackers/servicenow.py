"""ServiceNow by poll, over its Table API (docs/connectors/servicenow.md)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.connectors.answers import Source, explain_rows, page_of, seen_at
from app.connectors.connector import Connector, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Hook
from app.connectors.lenient import address_of, id_of, inside, listed, moment_in_utc, objects, text_of
from app.connectors.paging import by_change
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide, Resolution
from app.foundations.http import Pace
from app.foundations.languages import gettext, mark

PACE = Pace(per_second=5, burst=10)
PAGE_SIZE = 100
RESOLVED, CLOSED, CANCELLED = "6", "7", "8"  # of the table incident
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_LINKED = re.compile(r".*/([0-9a-f]{32})")
FIELDS = (
    "sys_id number short_description state sys_updated_on opened_at resolved_at closed_at due_date made_sla"
    " reopen_count reassignment_count caller_id assignment_group category close_code"
).split()


def _get(tool: Tool, table: str, **params: Any) -> Any:
    base = str(tool.settings["base_url"]).rstrip("/")
    login = (str(tool.settings["user"]), str(tool.settings["password"]))
    answer = tool.http.get(f"{base}/api/now/table/{table}", params=params, auth=login, pace=PACE)
    return inside(answer.json(), "result")


def check(tool: Tool) -> str:
    """Say that the table can be read. Raises Trouble."""
    _get(tool, _table(tool), sysparm_limit=1, sysparm_fields="sys_id")
    return gettext("ServiceNow knows us: %(name)s", name=str(tool.settings["user"]))


def _table(tool: Source) -> str:
    return text_of(tool.settings.get("table"), 80) or "incident"


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    """Return the requester with the address in sys_user, or None."""
    found = _get(tool, f"sys_user/{requester.key}", sysparm_fields="email,name")
    address = address_of(inside(found, "email"))
    return replace(requester, email=address, name=text_of(inside(found, "name"))) if address else None


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    """Yield records in the order of their last change, open ones too."""
    start = text_of((cursor or {}).get("at")) or since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def ask(at: str, skipped: int) -> list[Mapping[str, Any]]:
        query = f"sys_updated_on>={at}^ORDERBYsys_updated_on^ORDERBYsys_id"
        params = {"sysparm_query": query, "sysparm_display_value": "all", "sysparm_exclude_reference_link": "true"}
        params |= {"sysparm_fields": ",".join(FIELDS)}
        found = _get(tool, _table(tool), sysparm_limit=PAGE_SIZE, sysparm_offset=skipped, **params)
        return list(objects(found))

    pages = by_change(ask, lambda row: _value(row, "sys_updated_on"), size=PAGE_SIZE, start=start, ends_short=False)
    for rows, following in pages:
        known = (row for row in rows if id_of(_value(row, "sys_id")))
        yield Page(cursor=following, events=tuple(_event(row, tool) for row in known))


def _value(row: Mapping[str, Any], name: str) -> str | None:
    """Return a field's stored value; the API tells `{"value", "display_value"}`, or the value alone."""
    found = row.get(name)
    return text_of(inside(found, "value") if isinstance(found, Mapping) else found)


def _shown(row: Mapping[str, Any], name: str) -> str | None:
    found = row.get(name)
    return text_of(inside(found, "display_value") if isinstance(found, Mapping) else found, 200)


def _moment(row: Mapping[str, Any], name: str) -> datetime | None:
    """Return a moment: the API's values are UTC, whatever the display says."""
    return moment_in_utc(_value(row, name))


def _linked(row: Mapping[str, Any], name: str) -> str | None:
    """Return the id at the end of a reference's link: with `sysparm_display_value=true` its value is not told."""
    found = _LINKED.fullmatch(text_of(inside(row.get(name), "link")) or "")
    return found[1] if found else None


def _name(row: Mapping[str, Any], name: str) -> str | None:
    """Return how a reference is shown; its value alone, which is the record's id, is no name."""
    return _shown(row, name) if inside(row.get(name), "display_value") else None


def _count(row: Mapping[str, Any], name: str) -> int | None:
    text = _value(row, name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def explain(hook: Hook) -> Conclusion:
    """Say what a record, or a list of them, tells. Raises UnreadableBody."""
    return explain_rows(hook, _rows, lambda row: _event(row, hook))


def _rows(body: object) -> list[Mapping[str, Any]]:
    found = inside(body, "result") or body
    return [row for row in objects(found if isinstance(found, list) else [found]) if id_of(_value(row, "sys_id"))]


def _kind(state: str | None, known: set[str], *, is_done: bool) -> EventKind:
    """Return what a state says. States are numbers where the known ones are: a word is how one is shown, and no state.

    It is shown so where an answer was asked for with `sysparm_display_value=true`, in the language of the user.
    """
    if is_done:
        return EventKind.COMPLETED
    are_numbers = all(map(_INTEGER.fullmatch, known))
    is_said = state is not None and bool(_INTEGER.fullmatch(state) or not are_numbers)
    return EventKind.REOPENED if is_said else EventKind.UPDATED


def _event(row: Mapping[str, Any], tool: Source) -> TrackerEvent:
    state = _value(row, "state")
    done = set(listed(tool.settings.get("done_states", (RESOLVED, CLOSED))))
    undelivered = set(listed(tool.settings.get("undelivered_states", (CANCELLED,))))
    codes = {one.lower() for one in listed(tool.settings.get("undelivered_codes", ()))}
    is_undelivered = state in undelivered or (_value(row, "close_code") or "").lower() in codes
    is_done = state in done or is_undelivered
    caller = id_of(_value(row, "caller_id")) or _linked(row, "caller_id")
    identifier = id_of(_value(row, "sys_id")) or ""
    group, category = _shown(row, "assignment_group"), _shown(row, "category")
    made = {"true": True, "false": False}.get(_value(row, "made_sla") or "")
    given = "title url external_key status request_type created_at due_at department reopened_count reassignment_count"
    return TrackerEvent(
        external_id=identifier,
        kind=_kind(state, done | undelivered, is_done=is_done),
        occurred_at=_moment(row, "sys_updated_on") or seen_at(tool),
        given=frozenset({*given.split(), *({"on_time"} if is_done and made is not None else ())}),
        external_key=_value(row, "number"),
        title=_value(row, "short_description"),
        url=page_of(tool, f"/nav_to.do?uri={_table(tool)}.do?sys_id={identifier}"),
        request_type=category,
        status=_shown(row, "state"),
        requester=Requester(key=caller, name=_name(row, "caller_id")) if caller else None,
        department={**({"assignment_group": group} if group else {}), **({"category": category} if category else {})},
        resolution=Resolution.NOT_DELIVERED if is_undelivered else Resolution.DELIVERED,
        created_at=_moment(row, "opened_at"),
        due_at=_moment(row, "due_date"),
        completed_at=(_moment(row, "resolved_at") or _moment(row, "closed_at")) if is_done else None,
        on_time=made if is_done else None,
        reopened_count=_count(row, "reopen_count"),
        reassignment_count=_count(row, "reassignment_count"),
    )


CONNECTOR = Connector(
    kind="servicenow",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="base_url", meaning=mark("the instance: https://company.service-now.com"), needed=True),
        Setting(name="user", meaning=mark("a user who may read the table and sys_user"), needed=True),
        Setting(name="password", meaning=mark("that user's password"), needed=True, secret=True),
        Setting(name="table", meaning=mark("another table than incident")),
        Setting(name="done_states", meaning=mark("state values that mean done; 6 and 7 for incidents")),
        Setting(name="undelivered_states", meaning=mark("state values that are no delivery; 8 for incidents")),
        Setting(name="undelivered_codes", meaning=mark("close codes that are no delivery")),
    ),
    explain=explain,
    check=check,
    find_requester=find_requester,
    poll=poll,
)
