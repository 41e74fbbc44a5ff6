"""A task of Bitrix24 from the portal to one survey: renewed before sending, completed again, hooks lost for an hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.domain.decisions import DecisionReason
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.jobs.invitations import run_invitations
from app.jobs.polling import backfill, poll_connections
from app.models.base import db
from app.models.invitations import Invitation
from app.models.service_requests import RequestCycle, ServiceRequest
from app.settings import Settings
from tests.builders.departments import department
from tests.builders.people import person
from tests.journeys.conftest import next_morning
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

TOKEN = "0123456789abcdef0123456789abcdef"
REST = "/rest/1/code"


class Portal:
    """The tasks of a portal as its API tells them, and what its outgoing webhook sends."""

    def __init__(self, vendor: Vendor) -> None:
        self.tasks: dict[str, dict[str, Any]] = {}
        vendor.answer("POST", f"{REST}/profile", Reply({"result": {"NAME": "Carol"}}))
        vendor.answer("POST", f"{REST}/user.get", Reply({"result": [{"EMAIL": "alice@example.com"}]}))
        vendor.answer("POST", f"{REST}/tasks.task.get", self._task)
        vendor.answer("POST", f"{REST}/tasks.task.list", self._list)

    def change(self, number: str, status: str, at: datetime) -> None:
        done = {"closedDate": at.isoformat()} if status == "5" else {"closedDate": None}
        task = {"id": number, "title": "Новый ноутбук", "status": status, "createdBy": "3", "groupId": "9"}
        group = {"group": {"id": "9", "name": "IT"}, "createdDate": (at - timedelta(days=1)).isoformat()}
        self.tasks[number] = {**task, **group, **done, "changedDate": at.isoformat()}

    def _task(self, asked: Asked) -> Reply:
        return Reply({"result": {"task": self.tasks.get(str(asked.json()["taskId"]), [])}})

    def _list(self, asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.json()["filter"][">=CHANGED_DATE"])
        rows = [task for task in self.tasks.values() if datetime.fromisoformat(task["changedDate"]) >= since]
        return Reply({"result": {"tasks": rows[asked.json()["start"] :][:50]}})


@pytest.fixture
def settings(database: Database) -> Settings:
    return replace(database.settings, private_hosts=("127.0.0.1",))


def _deliver(app: Flask, path: str, number: str, at: datetime) -> int:
    fields = {"event": "ONTASKUPDATE", "data[FIELDS_AFTER][ID]": number, "ts": str(int(at.timestamp()))}
    body = urlencode(fields | {"auth[application_token]": TOKEN})
    kind = "application/x-www-form-urlencoded"
    return app.test_client().post(path, data=body, content_type=kind).status_code


def _cycles(database: Database, number: str) -> list[tuple[bool, DecisionReason]]:
    with database.sessions() as session:
        its = select(RequestCycle).join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        found = session.scalars(its.where(ServiceRequest.external_id == number).order_by(RequestCycle.number)).all()
        return [(cycle.undone_at is not None, cycle.decision) for cycle in found]


def test_a_task_is_asked_about_once_whatever_the_portal_loses(
    database: Database, settings: Settings, vendor: Vendor
) -> None:
    portal = Portal(vendor)
    root = department(database.session, "COMPANY", staff_count=200)
    department(database.session, "IT", parent=root, name="IT", staff_count=20)
    person(database.session, "alice@example.com", works_in=department(database.session, "HR", parent=root))
    database.session.commit()
    app = create_app(settings)
    work = Installation(settings, Keys.of(settings), database.sessions)
    now = datetime.now(UTC).replace(microsecond=0)

    # add: the credentials are tried, the hook's address is printed
    added = app.test_cli_runner().invoke(
        args=[
            *["trackers", "add", "portal", "--kind", "bitrix24"],
            *["--setting", f"webhook_url={vendor.url}{REST}/", "--setting", f'application_token="{TOKEN}"'],
        ]
    )
    assert added.exit_code == 0, added.output
    path = next(line for line in added.output.splitlines() if line.startswith("hook: ")).split("8000", 1)[1]
    assert "Bitrix24 knows us: Carol" in added.output

    # completed; renewed before the survey leaves; completed again
    for status, ago in (("5", 50), ("2", 40), ("5", 30)):
        portal.change("7", status, now - timedelta(minutes=ago))
        assert _deliver(app, path, "7", now - timedelta(minutes=ago)) == 202
        assert _deliver(app, path, "7", now - timedelta(minutes=ago)) == 202
        process_deliveries(work, now=datetime.now(UTC))
    assert _cycles(database, "7") == [(True, DecisionReason.WAITING), (False, DecisionReason.WAITING)]

    # an hour without hooks: one task completed, another completed and renewed
    portal.change("8", "5", now - timedelta(minutes=20))
    portal.change("9", "5", now - timedelta(minutes=20))
    portal.change("9", "2", now - timedelta(minutes=10))
    poll_connections(work, now=datetime.now(UTC))
    list(backfill(work, "portal", since=now - timedelta(days=1), now=datetime.now(UTC)))
    assert [_cycles(database, number) for number in ("8", "9")] == [[(False, DecisionReason.WAITING)], []]

    # one person, two requests that wait: one survey
    morning = next_morning(now)
    run_invitations(work, now=morning)
    with database.sessions() as session:
        asked = session.scalars(select(Invitation)).all()
    decided = sorted(cycles[-1][1] for number in ("7", "8") if (cycles := _cycles(database, number)))
    assert (len(asked), decided) == (1, [DecisionReason.ANOTHER_CHOSEN, DecisionReason.INVITED])
    with app.app_context():
        db.engine.dispose()
