"""Two events in the same bytes: the second is asked for as well, whatever became of the first."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.states import ConnectionSide, DeliveryState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.models.base import reading
from app.models.deliveries import Delivery
from app.models.service_requests import ServiceRequest
from app.settings import Settings
from app.upkeep.connections.adding import add_connection
from app.upkeep.privacy.retention import DELIVERIES, retain
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

CHANGED = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
TOLD = {
    "data[FIELDS_AFTER][ID]": "7",
    "ts": str(int(CHANGED.timestamp())),
    "auth[application_token]": "s3cret",
}


class Portal:
    """A Bitrix24 portal with one task, whose event of this second has the same bytes whatever changed."""

    def __init__(self, vendor: Vendor, app: Flask, path: str) -> None:
        self.status = "3"
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()
        self._client, self._path = app.test_client(), path
        vendor.answer("POST", "/rest/1/code/tasks.task.get", self._task)
        vendor.answer("POST", "/rest/1/code/user.get", Reply({"result": []}))

    def change(self, status: str, times: int = 1) -> list[str]:
        """Set the task's status; return what our hook answers."""
        self.status = status
        return [self.tell("ONTASKUPDATE") for _ in range(times)]

    def tell(self, event: str) -> str:
        answer = self._client.post(self._path, data=urlencode({**TOLD, "event": event}).encode())
        assert answer.status_code == 202
        return str(json.loads(answer.data)["status"])

    def _task(self, _asked: Asked) -> Reply:
        found = {"id": "7", "title": "Toner", "status": self.status, "changedDate": CHANGED.isoformat()}
        self.is_asked.set()
        assert self.may_answer.wait(10)
        return Reply({"result": {"task": found}})


@pytest.fixture
def settings(database: Database) -> Settings:
    return replace(database.settings, private_hosts=("127.0.0.1",))


@pytest.fixture
def installation(database: Database, settings: Settings) -> Installation:
    return Installation(settings, Keys.of(settings), database.sessions)


@pytest.fixture
def portal(database: Database, app: Flask, installation: Installation, vendor: Vendor) -> Portal:
    made = add_connection(
        database.session,
        installation.keys,
        slug="portal",
        side=ConnectionSide.TRACKER,
        kind="bitrix24",
        settings={"webhook_url": f"{vendor.url}/rest/1/code/", "application_token": "s3cret"},
        base_url="http://parity.test",
        now=clock.now(),
    )
    database.session.commit()
    return Portal(vendor, app, f"/hooks/portal/{made.hook_key}")


def _state(database: Database) -> str:
    with reading(), database.sessions() as session:
        return session.scalars(select(ServiceRequest.state)).one().value


def test_a_second_event_of_the_same_second_is_asked_for_after_the_first_was_answered(
    database: Database, installation: Installation, portal: Portal, vendor: Vendor
) -> None:
    portal.change("3")
    process_deliveries(installation, now=clock.now())
    before = _state(database)

    told = portal.change("5")
    done = process_deliveries(installation, now=clock.now())

    assert (before, told, done, _state(database)) == ("open", ["seen before"], 1, "done")
    assert len(database.session.scalars(select(Delivery)).all()) == 1


def test_many_events_before_anybody_asks_are_one_question(
    installation: Installation, portal: Portal, vendor: Vendor
) -> None:
    told = portal.change("5", times=4)

    process_deliveries(installation, now=clock.now())

    assert (told, vendor.count("/rest/1/code/tasks.task.get")) == (["stored", *["seen before"] * 3], 1)


def test_an_answer_that_was_under_way_when_it_was_told_again_records_nothing(
    database: Database, installation: Installation, portal: Portal, vendor: Vendor
) -> None:
    portal.may_answer.clear()
    portal.change("5")
    worker = threading.Thread(target=process_deliveries, args=(installation,), kwargs={"now": clock.now()})
    worker.start()
    assert portal.is_asked.wait(10)

    portal.change("3")
    portal.may_answer.set()
    worker.join()
    process_deliveries(installation, now=clock.now())

    assert (_state(database), vendor.count("/rest/1/code/tasks.task.get")) == ("open", 2)
    assert database.session.scalars(select(Delivery.state)).all() == [DeliveryState.PROCESSED]


def test_the_same_bytes_a_year_later_are_an_event_of_that_day(
    database: Database, installation: Installation, portal: Portal
) -> None:
    portal.change("3")
    process_deliveries(installation, now=clock.now())
    retain(database.session, now=clock.now() + DELIVERIES + timedelta(days=1))
    database.session.commit()

    portal.change("5")
    process_deliveries(installation, now=clock.now())

    kept = database.session.scalars(select(Delivery)).one()
    assert (_state(database), kept.attempts, b"ONTASKUPDATE" in kept.body) == ("done", 1, True)


def test_what_says_everything_itself_is_read_once_however_often_it_is_told(
    installation: Installation, portal: Portal
) -> None:
    done = [(portal.tell("ONTASKDELETE"), process_deliveries(installation, now=clock.now())) for _ in range(2)]

    assert done == [("stored", 1), ("seen before", 0)]
