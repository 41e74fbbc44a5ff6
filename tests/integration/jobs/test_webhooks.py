"""Webhooks are told once what happened, signed, with as many attempts as it takes, and never in our own network."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Oracle

from app.domain.asking_policy import AskingPolicy
from app.domain.auditing import WORKER, Act
from app.domain.periods import Calendar
from app.domain.webhooks import CHOICES, PATIENCE, RETRIES, WebhookState
from app.foundations.crypto import Keys
from app.foundations.http import Doors
from app.jobs.installation import Installation
from app.jobs.webhooks import tell_webhooks
from app.mail.links import Links
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.releases import PeriodRecord
from app.models.scorecards import ScorecardPosting
from app.models.webhooks import Webhook, WebhookDelivery
from app.pipeline.webhooks import Surroundings, untold
from app.settings import Settings
from app.upkeep.audit import log as audit
from app.upkeep.programs.webhooks import WebhookRefused, add_webhook, ask_test, findings, switch_on
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.issued import issue
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.repository.tree import ROOT
from tests.servers.databases import Database
from tests.servers.vendor import Asked, Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)  # a Tuesday
MADE_AT = NOW - timedelta(days=7)
SLACK = timedelta(seconds=30)  # attempts begin when they begin, so a run may be some seconds late
DOORS = Doors(frozenset({"127.0.0.1"}))


@pytest.fixture
def settings(database: Database) -> Settings:
    return replace(database.settings, private_hosts=("127.0.0.1",), base_url="https://parity.example.com")


@pytest.fixture
def installation(database: Database, settings: Settings) -> Installation:
    return Installation(settings, Keys.of(settings), database.sessions)


@pytest.fixture
def secret(installation: Installation, vendor: Vendor) -> str:
    """The secret of a webhook that is told everything."""
    vendor.answer("POST", "/told", Reply(status=204))
    return make(installation, f"{vendor.url}/told")


def make(installation: Installation, url: str, name: str = "warehouse", doors: Doors = DOORS) -> str:
    with installation.sessions.begin() as session:
        return add_webhook(session, installation.keys, doors, name=name, url=url, events=list(CHOICES), now=MADE_AT)


def test_an_event_comes_signed_as_the_standard_says_and_comes_once(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    happen(installation, it_is_issued)

    taken = [tell_webhooks(installation, now=NOW + timedelta(minutes=minute)) for minute in range(3)]

    (asked,) = vendor.asked
    assert taken == [1, 0, 0]
    Oracle(secret).verify(asked.body, _fresh(asked.headers, secret, asked.body))
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    data = asked.json()["data"]
    assert (asked.json()["type"], data["department"], data["period"], data["revision"]) == (
        *("scorecard.issued", "IT", "2026-Q3"),
        1,
    )
    assert data["url"] == "https://parity.example.com/scorecards/2026-Q3/IT"
    assert data["digest"].startswith("sha256:")


def _fresh(headers: Any, secret: str, body: bytes) -> dict[str, str]:
    """Return the headers as they would be now: the oracle takes no signature that is older than five minutes."""
    now = datetime.now(UTC)
    assert headers["webhook-signature"] == Oracle(secret).sign(headers["webhook-id"], NOW, body.decode())
    signed = Oracle(secret).sign(headers["webhook-id"], now, body.decode())
    stamp = str(int(now.timestamp()))
    return {"webhook-id": headers["webhook-id"], "webhook-timestamp": stamp, "webhook-signature": signed}


def happen(installation: Installation, *what: Callable[[Any], None]) -> None:
    with installation.sessions.begin() as session:
        for one in what:
            one(session)


def it_is_issued(session: Any) -> None:
    row = issue(session, department(session, "IT"), posted=NOW, calendar=Calendar(ZoneInfo("UTC")))
    session.add(ScorecardPosting(scorecard_id=row.id, recipient="bob@example.com", posted_at=NOW))


def someone_consents(session: Any) -> None:
    it = session.scalar(select(Department).where(Department.code == "IT")) or department(session, "IT")
    cycle = completed_request(session, it, person(session, ALICE.email), NOW - timedelta(days=6))
    asked = invitation(session, cycle, sent_at=NOW - timedelta(days=6))
    told = {"invitation_id": asked.id, "person_id": asked.person_id, "department_id": it.id, "period": asked.period}
    session.add(FollowUp(**told, created_at=NOW))


def a_table_is_imported(session: Any) -> None:
    details = {"kind": "people", "new": 3, "changed": 1, "unchanged": 0}
    audit.note(session, WORKER, Act.IMPORTED, "people", details, now=NOW)


def test_what_was_told_is_not_read_again(installation: Installation, vendor: Vendor, secret: str) -> None:
    happen(installation, it_is_issued, someone_consents, a_table_is_imported)
    morning = datetime(2026, 11, 18, 9, tzinfo=UTC)
    around = Surroundings(AskingPolicy(), Links(base_url="", keys=installation.keys), ZoneInfo("UTC"), morning)
    with installation.sessions() as session:
        webhook = session.scalars(select(Webhook)).one()
        before = [one.about for one in untold(session, webhook, around)]

    assert tell_webhooks(installation, now=morning) == 3

    with installation.sessions() as session:
        assert (before, list(untold(session, webhook, around))) == (["scorecard:1", "follow-up:1", "entry:1"], [])


def test_consent_is_told_on_the_next_working_morning_and_names_nobody(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    happen(installation, someone_consents)
    morning = datetime(2026, 11, 18, 9, tzinfo=UTC)

    taken = [tell_webhooks(installation, now=moment) for moment in (NOW, morning - timedelta(minutes=1), morning)]

    assert taken == [0, 0, 1]
    (asked,) = vendor.asked
    with installation.sessions() as session:
        case = session.scalars(select(FollowUp)).one()
    assert asked.json() == {
        "type": "low_rating.consented",
        "timestamp": morning.isoformat(),
        "data": {"period": case.period, "case": case.id},
    }


def test_an_import_is_told_with_its_counts(installation: Installation, vendor: Vendor, secret: str) -> None:
    happen(installation, a_table_is_imported)

    tell_webhooks(installation, now=NOW)

    assert vendor.asked[0].json()["data"] == {"kind": "people", "new": 3, "changed": 1, "unchanged": 0, "faults": 0}


def test_what_happened_before_it_was_made_or_was_not_asked_for_is_not_told(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    with installation.sessions.begin() as session:
        webhook = session.scalars(select(Webhook)).one()
        webhook.created_at, webhook.events = NOW + timedelta(seconds=1), ["scorecard.issued"]
    happen(installation, it_is_issued, a_table_is_imported)

    assert tell_webhooks(installation, now=NOW + timedelta(minutes=1)) == 0
    with installation.sessions.begin() as session:
        session.scalars(select(Webhook)).one().created_at = MADE_AT
    assert tell_webhooks(installation, now=NOW + timedelta(minutes=2)) == 1
    assert [asked.json()["type"] for asked in vendor.asked] == ["scorecard.issued"]


def test_a_stopped_posting_issues_nothing(installation: Installation, vendor: Vendor, secret: str) -> None:
    happen(installation, it_is_issued)
    with installation.sessions.begin() as session:
        session.scalars(select(PeriodRecord)).one().posting_stopped = True

    assert tell_webhooks(installation, now=NOW) == 0


def test_a_receiver_that_fails_is_tried_again_under_the_same_id_until_it_takes_it(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    vendor.answer("POST", "/told", Reply(status=500), Reply(status=404), Reply(hang_up=True), Reply(status=200))
    happen(installation, a_table_is_imported)

    taken, moment = [tell_webhooks(installation, now=NOW)], NOW
    for wait in RETRIES[:3]:
        taken.append(tell_webhooks(installation, now=moment + wait - timedelta(seconds=1)))
        moment += wait + SLACK
        taken.append(tell_webhooks(installation, now=moment))

    assert taken == [0, 0, 0, 0, 0, 0, 1]
    assert len({asked.headers["webhook-id"] for asked in vendor.asked}) == 1
    assert len(vendor.asked) == 4
    with installation.sessions() as session:
        webhook = session.scalars(select(Webhook)).one()
        delivery = session.scalars(select(WebhookDelivery)).one()
        assert (webhook.failing_since, webhook.problem, list(findings(session))) == (None, None, [])
    assert (delivery.state, delivery.attempts, delivery.status) == (WebhookState.DELIVERED, 4, 200)


def test_it_gives_up_after_five_attempts_and_is_switched_off_after_three_days(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    vendor.answer("POST", "/told", Reply(status=503))
    happen(installation, a_table_is_imported)
    moment = NOW
    for wait in (timedelta(), *RETRIES):
        moment += wait + SLACK
        tell_webhooks(installation, now=moment)

    with installation.sessions.begin() as session:
        delivery = session.scalars(select(WebhookDelivery)).one()
        assert (delivery.state, delivery.attempts, len(vendor.asked)) == (WebhookState.FAILED, 5, 5)
        assert delivery.error == "127.0.0.1 answers with the error 503"
        assert list(findings(session)) == [
            "The webhook warehouse does not take what it is told: 127.0.0.1 answers with the error 503"
        ]
        ask_test(session, session.scalars(select(Webhook)).one(), now=moment)
    tell_webhooks(installation, now=NOW + PATIENCE + 2 * SLACK)

    with installation.sessions.begin() as session:
        webhook = session.scalars(select(Webhook)).one()
        assert webhook.is_active is False
        assert [finding.partition(",")[0] for finding in findings(session)] == ["The webhook warehouse is switched off"]
        assert switch_on(session, webhook) is True
        assert list(findings(session)) == []


def test_a_receiver_that_is_gone_is_switched_off_at_once(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    vendor.answer("POST", "/told", Reply(status=410))
    happen(installation, a_table_is_imported)

    tell_webhooks(installation, now=NOW)

    with installation.sessions() as session:
        assert session.scalars(select(Webhook)).one().is_active is False
        assert session.scalars(select(WebhookDelivery)).one().state is WebhookState.FAILED


def test_no_redirect_is_followed(installation: Installation, vendor: Vendor, secret: str) -> None:
    vendor.answer("POST", "/told", Reply(status=307, headers={"Location": f"{vendor.url}/elsewhere"}))
    happen(installation, a_table_is_imported)

    assert tell_webhooks(installation, now=NOW) == 0
    assert [asked.path for asked in vendor.asked] == ["/told"]


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/x", "ftp://example.com", "https://user:word@example.com/", "example.com", "https://"),
        *("https://127.0.0.1/x", "https://10.0.0.1/x", "https://169.254.169.254/latest", "https://[::1]/"),
    ],
)
def test_an_address_of_our_own_network_or_without_tls_is_refused(installation: Installation, url: str) -> None:
    with pytest.raises(WebhookRefused) as refused:
        make(installation, url, doors=Doors())

    assert refused.value.field == "url"


def test_a_name_that_leads_into_our_own_network_is_found_out_when_it_is_called(
    database: Database, vendor: Vendor
) -> None:
    closed = replace(database.settings, private_hosts=())
    installation = Installation(closed, Keys.of(closed), database.sessions)
    make(installation, vendor.url.replace("http://127.0.0.1", "https://localhost") + "/told", doors=Doors())
    happen(installation, a_table_is_imported)

    assert tell_webhooks(installation, now=NOW) == 0

    assert vendor.asked == []
    with installation.sessions() as session:
        problem = session.scalars(select(Webhook)).one().problem
    assert problem == (
        "localhost lies in a private network; whoever runs the server can allow it by name"
        " (setting PARITY_PRIVATE_HOSTS)"
    )


def test_one_dead_receiver_holds_up_no_other(installation: Installation, vendor: Vendor, secret: str) -> None:
    vendor.answer("POST", "/dead", Reply(status=500))
    make(installation, f"{vendor.url}/dead", "dead")
    for _ in range(5):
        happen(installation, a_table_is_imported)

    assert tell_webhooks(installation, now=NOW) == 5
    assert vendor.count("/dead") == 2


SENDER = """
import sys
from datetime import datetime
from config import load
from app.jobs.installation import Installation
from app.jobs.webhooks import tell_webhooks
tell_webhooks(Installation.of(load()), now=datetime.fromisoformat(sys.argv[1]))
"""


def test_a_sender_that_is_killed_sends_once_more_under_the_same_id(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    settings, begun, senders = installation.settings, threading.Event(), list[subprocess.Popen[bytes]]()

    def kill_it(_asked: Asked) -> Reply:
        begun.wait(60)
        senders[0].kill()
        return Reply(status=200)

    vendor.answer("POST", "/told", kill_it, Reply(status=200))
    happen(installation, a_table_is_imported)
    told = {
        "PATH": os.environ["PATH"],
        "PARITY_SECRET_KEY": settings.secret_key,
        "PARITY_DATABASE_URL": settings.database_url,
        "PARITY_VAR": str(settings.var),
        "PARITY_PRIVATE_HOSTS": "127.0.0.1",
    }
    senders.append(subprocess.Popen([sys.executable, "-c", SENDER, NOW.isoformat()], cwd=ROOT, env=told))
    begun.set()
    assert senders[0].wait(60) == -signal.SIGKILL

    taken = [tell_webhooks(installation, now=NOW + timedelta(minutes=minute)) for minute in (1, 3, 5)]

    assert taken == [0, 1, 0]
    assert len(vendor.asked) == 2
    assert len({asked.headers["webhook-id"] for asked in vendor.asked}) == 1


def test_a_body_of_an_event_holds_what_is_promised_and_nothing_else(
    installation: Installation, vendor: Vendor, secret: str
) -> None:
    happen(installation, it_is_issued, someone_consents, a_table_is_imported)

    tell_webhooks(installation, now=NOW + timedelta(days=1))

    bodies = {asked.json()["type"]: asked.json()["data"] for asked in vendor.asked}
    assert {kind: sorted(data) for kind, data in bodies.items()} == {
        "scorecard.issued": ["department", "digest", "period", "revision", "url"],
        "low_rating.consented": ["case", "period"],
        "import.finished": ["changed", "faults", "kind", "new", "unchanged"],
    }
    assert ALICE.email not in json.dumps(bodies)
