"""Bodies and answers as Jira documents them, composed by us: an issue, a webhook about it, a page of a search."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.conftest import ALICE, BOB

CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done", "Released": "done"}
IDS = {"To Do": "10001", "In Progress": "3", "Done": "10002", "Released": "10009"}
CREATED = datetime(2026, 11, 16, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def written(moment: datetime) -> str:
    """A moment as Jira writes it: milliseconds, and an offset without a colon."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}+0000"


def status(name: str) -> dict[str, Any]:
    return {"id": IDS[name], "name": name, "statusCategory": {"key": CATEGORIES[name]}}


def user(key: str = "5c5f88", name: str = ALICE.name, email: str | None = ALICE.email) -> dict[str, Any]:
    shown = {"emailAddress": email} if email else {}
    return {"accountId": key, "displayName": name, "accountType": "atlassian", **shown}


def issue(state: str = "Done", *, number: int = 10040, at: datetime = NOON, **fields: Any) -> dict[str, Any]:
    """An issue of Cloud in a status since `at`."""
    found = {
        "summary": f"Toner for room {number}",
        "status": status(state),
        "statuscategorychangedate": written(at),
        "resolution": {"id": "10000", "name": "Done"} if CATEGORIES[state] == "done" else None,
        "resolutiondate": written(at) if CATEGORIES[state] == "done" else None,
        "reporter": user(),
        "assignee": user("77", BOB.name, BOB.email),
        "project": {"id": "1", "key": "IT", "name": "Service desk"},
        "components": [{"id": "5", "name": "Printers"}],
        "issuetype": {"id": "10", "name": "Task"},
        "created": written(CREATED),
        "updated": written(at),
        "duedate": None,
    }
    return {"id": str(number), "key": f"IT-{number % 1000}", "self": "https://x/1", "fields": {**found, **fields}}


def item(field: str, before: str | None, after: str | None, **more: Any) -> dict[str, Any]:
    return {"field": field, "fieldtype": "jira", "fieldId": field, "from": before, "to": after, **more}


def moved(before: str, after: str) -> list[dict[str, Any]]:
    return [item("status", IDS[before], IDS[after], fromString=before, toString=after)]


def webhook(
    about: Mapping[str, Any] | None, items: list[dict[str, Any]] | None = None, *, at: datetime = NOON, **more: Any
) -> dict[str, Any]:
    """A delivery of `jira:issue_updated`, or of another `event`."""
    found: dict[str, Any] = {
        "timestamp": int(at.timestamp() * 1000),
        "webhookEvent": more.pop("event", "jira:issue_updated"),
        "issue_event_type_name": "issue_generic",
        "user": user("77", BOB.name, None),
    }
    found |= {"issue": about} if about is not None else {}
    found |= {"changelog": {"id": "1", "items": items}} if items is not None else {}
    return found | more


def service_level(*breached: bool, ongoing: bool | None = None) -> dict[str, Any]:
    """A service level with one cycle for each time that it was stopped, told newest first."""
    cycles = [
        {"stopTime": {"epochMillis": 1_763_000_000_000 + number}, "breached": one}
        for number, one in enumerate(breached)
    ]
    found: dict[str, Any] = {"id": "7", "name": "Zeit bis Lösung", "completedCycles": cycles[::-1]}
    return found | ({"ongoingCycle": {"breached": ongoing}} if ongoing is not None else {})
