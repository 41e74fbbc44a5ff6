"""What a body lacks is fetched and filled in, around what it told itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.connectors.connector import Connector, Tool
from app.connectors.hooks import Conclusion, Hook, Verdict
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations.http import Client, Refused
from app.pipeline.intake.concluding import Requesters, conclude

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
STORE = {"R-1": b"completed", "R-2": b"reopened"}


def _event(external_id: str, kind: str, **values: Any) -> TrackerEvent:
    return TrackerEvent(external_id=external_id, kind=EventKind(kind), occurred_at=NOON, **values)


def _read(hook: Hook) -> Conclusion:
    """Read `{"fetch": [ids], "deleted": [ids]}`, or what the store answers."""
    if hook.fetched is not None:
        kind = hook.fetched.decode()
        return Conclusion(verdict=Verdict(kind), why="fetched", events=(_event("fetched", kind),))
    body = json.loads(hook.body)
    events = tuple(_event(one, "deleted") for one in body.get("deleted", []))
    return Conclusion(verdict=Verdict.FETCH, why="thin", events=events, fetch=tuple(body.get("fetch", [])))


def _fetch(_tool: Tool, identifier: str) -> bytes | None:
    return STORE.get(identifier)


def _fill_in(_tool: Tool, event: TrackerEvent) -> TrackerEvent:
    return replace(event, title="Toner", requester=Requester(key="u-1"))


def _find(_tool: Tool, requester: Requester) -> Requester:
    return replace(requester, email=f"{requester.key}@example.com")


CONNECTOR = Connector(kind="thin", side=ConnectionSide.TRACKER, read=_read, fetch=_fetch)
FULL = replace(CONNECTOR, fill_in=_fill_in, find_requester=_find)


def _concluded(connector: Connector, settings: dict[str, Any] | None = None, **body: Any) -> Conclusion:
    hook = Hook(body=json.dumps(body).encode(), headers={}, received_at=NOON)
    tool = Tool(http=Client(), settings=settings or {}, time_zone=ZoneInfo("UTC"), now=NOON)
    return conclude(connector, hook, tool, "desk", Requesters())


def test_what_the_body_told_itself_stands_before_what_was_fetched() -> None:
    found = _concluded(CONNECTOR, deleted=["R-9"], fetch=["R-1", "R-2", "R-1"])

    assert [(event.external_id, event.kind.value) for event in found.events] == [
        ("R-9", "deleted"),
        ("fetched", "completed"),
        ("fetched", "reopened"),
    ]
    assert (found.verdict, found.why) == (Verdict.COMPLETED, "fetched")


def test_what_the_tool_does_not_have_any_more_is_deleted() -> None:
    found = _concluded(CONNECTOR, fetch=["R-3"])

    assert [(event.external_id, event.kind) for event in found.events] == [("R-3", EventKind.DELETED)]


def test_a_body_that_names_nothing_to_fetch_is_concluded_from_as_it_is() -> None:
    assert _concluded(CONNECTOR, deleted=["R-9"]).why == "thin"


def test_a_completion_is_filled_in_before_its_requester_is_looked_up() -> None:
    (event,) = _concluded(FULL, fetch=["R-1"]).events

    assert (event.title, event.requester) == ("Toner", Requester(key="u-1", email="u-1@example.com"))


def test_nothing_else_is_filled_in() -> None:
    (event,) = _concluded(FULL, fetch=["R-2"]).events

    assert (event.title, event.requester) == (None, None)


def test_our_own_table_spares_the_look_up() -> None:
    (event,) = _concluded(FULL, {"requesters": {"u-1": "alice@example.com"}}, fetch=["R-1"]).events

    assert event.requester == Requester(key="u-1")


def _refuse(_tool: Tool, _requester: Requester) -> Requester | None:
    raise Refused("hidden", 403)


def test_an_address_that_the_user_call_hides_is_read_off_the_request_and_asked_for_once() -> None:
    asked = []

    def find_requester_of(_tool: Tool, event: TrackerEvent) -> Requester:
        asked.append(event.external_id)
        return Requester(key="other", email="alice@example.com")

    for find_requester in (_refuse, lambda _tool, asker: asker):
        connector = replace(FULL, find_requester=find_requester, find_requester_of=find_requester_of)
        hook = Hook(body=b'{"fetch": ["R-1", "R-1"]}', headers={}, received_at=NOON)
        tool = Tool(http=Client(), settings={}, time_zone=ZoneInfo("UTC"), now=NOON)
        requesters = Requesters()
        found = [conclude(connector, hook, tool, "desk", requesters).events[0].requester for _ in range(2)]

        assert found == [Requester(key="u-1", email="alice@example.com")] * 2
    assert asked == ["fetched", "fetched"]


def test_a_requester_whom_the_tool_hides_everywhere_stays_without_an_address() -> None:
    connector = replace(FULL, find_requester=_refuse, find_requester_of=lambda _tool, _event: None)

    (event,) = _concluded(connector, fetch=["R-1"]).events

    assert event.requester == Requester(key="u-1")
