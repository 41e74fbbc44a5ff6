"""A tool that tells ids only: a connector for it, as a test needs one that fetches, polls, registers and greets."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app import connectors
from app.connectors.connector import Connector, HookHealth, Page, Setting, Tool
from app.connectors.hooks import Conclusion, Greeting, Hook, UnreadableBody, Verdict, WrongSignature
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations.http import Refused
from app.jobs import polling


def _task(task: Mapping[str, Any]) -> TrackerEvent:
    is_done = bool(task["done"])
    return TrackerEvent(
        external_id=str(task["id"]),
        kind=EventKind.COMPLETED if is_done else EventKind.REOPENED,
        occurred_at=datetime.fromisoformat(task["changed_at"]).astimezone(UTC),
        requester=Requester(key=task.get("by")),
        given=frozenset({"title"}),
        title=task.get("title"),
    )


def read(hook: Hook) -> Conclusion:
    try:
        if hook.fetched is not None:
            event = _task(json.loads(hook.fetched))
            verdict = Verdict.COMPLETED if event.kind is EventKind.COMPLETED else Verdict.NOT_COMPLETED
            return Conclusion(verdict=verdict, why="the tool says so", events=(event,))
        ids = tuple(str(one) for one in json.loads(hook.body)["ids"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableBody("no ids") from error
    return Conclusion(verdict=Verdict.FETCH if ids else Verdict.IGNORED, why="ids only", fetch=ids)


def verify(hook: Hook) -> None:
    if hook.headers.get("x-secret") not in hook.secrets:
        raise WrongSignature("not ours")


def greet(hook: Hook) -> Greeting | None:
    offered = hook.headers.get("x-hello")
    return Greeting(headers={"X-Hello": offered}, secret=offered) if offered else None


def fetch(tool: Tool, identifier: str) -> bytes | None:
    try:
        return tool.http.get(f"{tool.settings['url']}/tasks/{identifier}").body
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def find_requester(tool: Tool, requester: Requester) -> Requester | None:
    found = tool.http.get(f"{tool.settings['url']}/users/{requester.key}").json()
    return replace(requester, email=found["email"])


def register(tool: Tool, address: str, _secret: str) -> Mapping[str, Any]:
    answer = tool.http.call("POST", f"{tool.settings['url']}/hooks", json={"to": address})
    return {"id": answer.json()["id"]}


def look_after(tool: Tool, registration: Mapping[str, Any]) -> HookHealth:
    try:
        found = tool.http.get(f"{tool.settings['url']}/hooks/{registration['id']}").json()
    except Refused:
        return HookHealth(is_alive=False, problem="the hook was deleted.", is_gone=True)
    return HookHealth(is_alive=found["active"], problem="" if found["active"] else "switched off by the tool")


def poll(tool: Tool, cursor: Mapping[str, Any] | None, since: datetime) -> Iterator[Page]:
    at = (cursor or {}).get("at", 0)
    while at is not None:
        params = {"at": at, "since": since.isoformat()}
        found = tool.http.get(f"{tool.settings['url']}/tasks", params=params).json()
        yield Page(cursor={"at": found["next"] or at}, events=tuple(_task(task) for task in found["tasks"]))
        at = found["next"]


THIN = Connector(
    kind="thin",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(name="url", meaning="where it lives", needed=True),
        Setting(name="api_key", meaning="the key", secret=True),
    ),
    read=read,
    verify=verify,
    greet=greet,
    is_heartbeat=lambda hook: hook.body == b'{"ids": []}',
    delivery_key=lambda hook: hook.body.decode("latin-1"),
    answers_head=True,
    check=lambda tool: f"hello {tool.http.get(tool.settings['url'] + '/me').json()['name']}",
    fetch=fetch,
    find_requester=find_requester,
    register=register,
    look_after=look_after,
    poll=poll,
)


def know(monkeypatch: pytest.MonkeyPatch, connector: Connector) -> None:
    """Add a connector to those known, for one test.

    Added and not put in their place: a command imported meanwhile reads the kinds it takes once, for all tests after.
    """
    known = (*connectors.CONNECTORS, connector)
    monkeypatch.setattr(connectors, "CONNECTORS", known)
    monkeypatch.setattr(polling, "CONNECTORS", known)
