"""Every real body of the reference payloads, through `flask trackers explain` and twice through the hook."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.connectors import find_connector
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.base import make_engine, make_sessions
from app.models.deliveries import REFUSED, Delivery
from app.upkeep.connections.adding import add_connection
from tests.servers.databases import Database

ALIASES = {"action_type": "event_type", "action_at": "event_at"}
ANY_VALUES = {
    "jira": {"base_url": "https://jira.example.com", "email": "a@example.com", "api_token": "t"},
    "trello": {"api_key": "k", "token": "t", "secret": "s", "board_id": "b"},
    "asana": {"token": "t", "project_id": "1"},
    "bitrix24": {"webhook_url": "https://portal.example.com/rest/1/code/"},
}


@dataclass(frozen=True)
class Case:
    """One body with one configuration and what is to be concluded from it."""

    tracker: str
    path: Path
    entry: Mapping[str, Any]
    settings: Mapping[str, Any]
    verdict: str
    expect: Mapping[str, Any]


def _cases(shared: Path) -> Iterator[Case]:
    for manifest in sorted(shared.glob("payloads/*/manifest.json")):
        found = json.loads(manifest.read_text(encoding="utf-8"))
        for entry in found["entries"]:
            for case in entry.get("cases", [entry]):
                own = {name: value for name, value in entry.get("connection", {}).items() if name != "note"}
                expect = {**entry.get("expect", {}), **{k: v for k, v in case.items() if k == "completed_at"}}
                path = manifest.parent / entry["file"]
                settings = {**own, **case.get("config", {})}
                yield Case(found["tracker"], path, entry, settings, case["verdict"], expect)


def _equal(found: object, expected: object) -> bool:
    if found == expected:
        return True
    if isinstance(found, str) and isinstance(expected, str):
        try:
            return datetime.fromisoformat(found) == datetime.fromisoformat(expected)
        except ValueError:
            return False
    return False


def _headers(case: Case) -> dict[str, str]:
    return {"Content-Type": case.entry.get("content_type", "application/json"), **case.entry.get("headers", {})}


@pytest.fixture
def cases(shared: Path) -> list[Case]:
    """What the connectors that exist are to conclude; there must be some for each tracker."""
    found = list(_cases(shared))
    assert {case.tracker for case in found} >= {"asana", "bitrix24", "jira", "trello"}
    return found


def _known(cases: list[Case]) -> list[Case]:
    return [case for case in cases if find_connector(ConnectionSide.TRACKER, case.tracker)]


def test_explain_says_what_is_expected_of_every_body(sqlite_app: Flask, cases: list[Case]) -> None:
    runner, wrong = sqlite_app.test_cli_runner(), []

    for case in _known(cases):
        settings = [f"--setting={name}={json.dumps(value)}" for name, value in case.settings.items()]
        headers = [f"--header={name}: {value}" for name, value in _headers(case).items()]
        call = ["trackers", "explain", case.tracker, "--body", str(case.path), "--json", *settings, *headers]
        result = runner.invoke(args=call)
        said = json.loads(result.stdout)
        told = {"verdict": case.verdict, **case.expect}
        found = {name: said.get(ALIASES.get(name, name)) for name in told}
        wrong += [
            (case.path.name, name, found[name], told[name]) for name in told if not _equal(found[name], told[name])
        ]

    assert wrong == []


def test_the_hook_takes_every_body_twice_and_the_second_changes_nothing(
    sqlite: Database, sqlite_app: Flask, cases: list[Case]
) -> None:
    client, answers = sqlite_app.test_client(), []
    sessions = make_sessions(make_engine(sqlite.url))

    for number, case in enumerate(_known(cases)):
        with sessions.begin() as session:
            made = add_connection(
                session,
                Keys.of(sqlite.settings),
                slug=f"t{number}",
                side=ConnectionSide.TRACKER,
                kind=case.tracker,
                settings={**ANY_VALUES[case.tracker], **case.settings},
                base_url="https://parity.example.com",
                now=clock.now(),
            )
        for _ in range(2):
            answer = client.post(
                f"/hooks/t{number}/{made.hook_key}", data=case.path.read_bytes(), headers=_headers(case)
            )
            with sessions() as session:
                count = session.scalar(select(func.count()).select_from(Delivery).where(~REFUSED))
            answers.append((answer.status_code, count))

    assert [status for status, _ in answers if status not in {200, 202, 400, 401}] == []
    assert [first for (_, first), (_, second) in zip(answers[::2], answers[1::2], strict=True) if first != second] == []
