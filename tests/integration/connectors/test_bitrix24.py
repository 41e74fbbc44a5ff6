"""Bitrix24's REST API over real HTTP: tasks, people and polls, on good and bad days."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import Tool
from app.connectors.hooks import Hook
from app.connectors.trackers.bitrix24 import asking, events
from app.domain.service_requests import Requester
from app.foundations.http import Client, Doors, Refused, Trouble
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
SINCE = datetime(2026, 11, 17, 8, tzinfo=UTC)
REST = "/rest/1/s3cret"


def _tool(vendor: Vendor, **settings: Any) -> Tool:
    http = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _seconds: None)
    known = {"webhook_url": f"{vendor.url}{REST}/", **settings}
    return Tool(http=http, settings=known, time_zone=ZoneInfo("UTC"), now=NOW)


def _task(number: int, status: str, at: datetime) -> dict[str, Any]:
    return {"id": str(number), "title": f"№ {number}", "status": status, "changedDate": at.isoformat()}


def test_a_task_is_fetched_over_the_address_we_were_given(vendor: Vendor) -> None:
    vendor.answer("POST", f"{REST}/tasks.task.get", Reply({"result": {"task": _task(7, "5", SINCE)}}))

    body = asking.fetch(_tool(vendor), "7")

    hook = Hook(body=b"event=ONTASKUPDATE", headers={}, received_at=NOW, fetched=body)
    assert events.read(hook).events[0].external_id == "7"
    assert vendor.asked[0].json()["taskId"] == "7"
    assert {"STATUS", "CLOSED_DATE", "CREATED_BY"} <= set(vendor.asked[0].json()["select"])


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": "0", "error_description": "not found"}, status=400),
        Reply({"error": "ERROR_TASK_NOT_FOUND"}, status=400),
        Reply(status=404),
        Reply({"result": []}),
        Reply({"result": {"task": []}}),
    ],
)
def test_a_task_that_vanished_is_gone(vendor: Vendor, reply: Reply) -> None:
    vendor.answer("POST", f"{REST}/tasks.task.get", reply)

    assert asking.fetch(_tool(vendor), "7") is None


def test_a_missing_right_is_no_vanished_task(vendor: Vendor) -> None:
    vendor.answer("POST", f"{REST}/tasks.task.get", Reply({"error": "insufficient_scope"}, status=403))

    with pytest.raises(Refused):
        asking.fetch(_tool(vendor), "7")


def test_the_portals_limit_is_waited_out(vendor: Vendor) -> None:
    limit = Reply({"error": "QUERY_LIMIT_EXCEEDED"}, status=503)
    vendor.answer("POST", f"{REST}/profile", limit, limit, Reply({"result": {"NAME": "Борис", "LAST_NAME": "К"}}))

    assert asking.check(_tool(vendor)) == "Bitrix24 knows us: Борис К"


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        (["task", "user", "department"], None),
        (["tasks", "user_basic"], None),
        (["crm", "user_brief"], "task, user"),
        (["task"], "user"),
        ([], None),  # nothing is told
        ({}, None),
    ],
)
def test_a_right_that_the_webhook_lacks_is_named(vendor: Vendor, granted: object, lacking: str | None) -> None:
    vendor.answer("POST", f"{REST}/profile", Reply({"result": {"ID": "1"}}))
    vendor.answer("POST", f"{REST}/scope", Reply({"result": granted}))

    if lacking is None:
        assert asking.check(_tool(vendor)) == "Bitrix24 knows us: 1"
    else:
        with pytest.raises(Trouble, match=f"lacks the right {lacking}: tick it there"):
            asking.check(_tool(vendor))


@pytest.mark.parametrize(
    ("user", "settings", "address"),
    [
        ({"EMAIL": "Alice@example.com", "USER_TYPE": "employee"}, {}, "alice@example.com"),
        ({"EMAIL": "alice@example.com", "USER_TYPE": "extranet"}, {}, None),
        ({"EMAIL": "alice@example.com", "USER_TYPE": "extranet"}, {"include_external": True}, "alice@example.com"),
        ({"EMAIL": "bot@example.com", "USER_TYPE": "bot"}, {"include_external": True}, None),
        ({"LOGIN": "alice@example.com"}, {}, None),
    ],
)
def test_only_colleagues_with_an_address_are_named(
    vendor: Vendor, user: dict[str, str], settings: dict[str, Any], address: str | None
) -> None:
    vendor.answer("POST", f"{REST}/user.get", Reply({"result": [user]}))

    found = asking.find_requester(_tool(vendor, **settings), Requester(key="3"))

    assert (found.email if found else None) == address


def test_a_contact_of_the_crm_has_an_address_of_its_own(vendor: Vendor) -> None:
    vendor.answer("POST", f"{REST}/crm.contact.get", Reply({"result": {"EMAIL": [{"VALUE": "c@example.com"}]}}))

    found = asking.find_requester(_tool(vendor), Requester(key="C_12"))

    assert (found and found.email, vendor.asked[0].json()) == ("c@example.com", {"id": "12"})


def test_the_responsible_persons_department_is_asked_for(vendor: Vendor) -> None:
    vendor.answer("POST", f"{REST}/user.get", Reply({"result": [{"UF_DEPARTMENT": [5]}]}))
    vendor.answer("POST", f"{REST}/department.get", Reply({"result": [{"ID": "5", "NAME": "Пропуска"}]}))
    answer = {"result": {"task": _task(7, "5", SINCE) | {"responsibleId": "8"}}}
    event = events.read(Hook(body=json.dumps(answer).encode(), headers={}, received_at=NOW)).events[0]

    filled = asking.fill_in(_tool(vendor), event)

    assert (dict(event.department), dict(filled.department)) == ({"responsible": "8"}, {"department": "Пропуска"})


def test_a_poll_skips_nothing_when_tasks_change_meanwhile(vendor: Vendor) -> None:
    tasks = {number: _task(number, "5", SINCE + timedelta(seconds=number)) for number in range(1, 121)}

    def listed(asked: Asked) -> Reply:
        wanted = asked.json()
        since = datetime.fromisoformat(wanted["filter"][">=CHANGED_DATE"])
        rows = [task for task in tasks.values() if datetime.fromisoformat(task["changedDate"]) >= since]
        rows.sort(key=lambda task: (task["changedDate"], int(task["id"])))
        page = rows[wanted["start"] : wanted["start"] + asking.PAGE_SIZE]
        # Somebody edits a task that was told already: counting pages would now skip one.
        tasks[1] = _task(1, "2", SINCE + timedelta(seconds=1000 + len(vendor.asked)))
        return Reply({"result": {"tasks": page}, "total": len(rows)})

    vendor.answer("POST", f"{REST}/tasks.task.list", listed)

    pages = list(asking.poll(_tool(vendor, groups=[125]), None, SINCE))

    told = {event.external_id for page in pages for event in page.events}
    assert told == {str(number) for number in range(1, 121)}
    assert (pages[-1].cursor, vendor.asked[0].json()["filter"]["GROUP_ID"]) == ({}, [125])


def test_many_changes_of_one_second_are_counted_through(vendor: Vendor) -> None:
    tasks = [_task(number, "5", SINCE) for number in range(1, 131)]

    def listed(asked: Asked) -> Reply:
        start = asked.json()["start"]
        return Reply({"result": {"tasks": tasks[start : start + asking.PAGE_SIZE]}})

    vendor.answer("POST", f"{REST}/tasks.task.list", listed)

    pages = list(asking.poll(_tool(vendor), None, SINCE - timedelta(hours=1)))

    assert {event.external_id for page in pages for event in page.events} == {str(n) for n in range(1, 131)}
