"""A Jira site: added, heard, reopened in time, silent for an hour, asked for all of it again."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.jobs.deliveries import process_deliveries
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.polling import poll_connections
from app.models.connections import Connection
from app.models.invitations import Invitation
from tests.builders.jira import user
from tests.conftest import ALICE
from tests.journeys.conftest import Company, next_morning
from tests.journeys.told import cycles, flask, open_service_desk, states
from tests.servers.jira import Jira, hidden
from tests.servers.vendor import Vendor

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def _add(company: Company, jira: Jira) -> str:
    settings = {
        "base_url": jira.vendor.url,
        "deployment": "cloud" if jira.is_cloud else "server",
        "email": "parity@example.com",
        "api_token": "t0ken",
        "projects": ["IT"],
    }
    pairs = [f"--setting={name}={json.dumps(value)}" for name, value in settings.items()]
    return flask(company, "trackers", "add", "desk", "--kind", "jira", *pairs)


def _deliver(jira: Jira, body: dict[str, Any]) -> int:
    """Send a webhook as Jira does, to the address that was registered; return the status."""
    raw, headers = jira.signed(body)
    request = urllib.request.Request(jira.hooks["1"]["url"], raw, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


@pytest.mark.parametrize("is_cloud", [True, False], ids=["cloud", "data center"])
def test_a_site_from_its_first_issue_over_an_outage_to_a_backfill(
    company: Company, vendor: Vendor, is_cloud: bool
) -> None:
    work, jira = company.installation, Jira(vendor, is_cloud=is_cloud)
    open_service_desk(company)
    began = datetime.now(UTC).replace(microsecond=0) - 3 * HOUR
    jira.people = {"a-1": user("a-1")}

    # added: the account tried, the webhook made with our secret
    printed = _add(company, jira)
    assert "Jira knows the account as Parity" in printed
    assert "the hook is registered" in printed

    # completed by somebody whose profile alone shows an address; opened again before the mail left
    vpn: dict[str, Any] = {"summary": "VPN drops", "reporter": hidden("a-1", ALICE.name)}
    said = [jira.add(1, at=began, **vpn), jira.move(1, "Done", at=began + MINUTE)]
    assert [_deliver(jira, body) for body in said] == [202, 202]
    assert (process_deliveries(work, now=datetime.now(UTC)), cycles(company)) == (2, [("VPN drops", 1, True)])
    morning = next_morning(datetime.now(UTC))
    run_invitations(work, now=morning)
    assert _deliver(jira, jira.move(1, "In Progress", at=began + 2 * MINUTE)) == 202
    process_deliveries(work, now=datetime.now(UTC))
    run_invitations(work, now=morning + MINUTE)
    assert deliver_mail(work, now=morning + MINUTE).sent == 0
    assert cycles(company) == [("VPN drops", 1, False)]

    # completed once more: one survey
    _deliver(jira, jira.move(1, "Done", at=began + 3 * MINUTE))
    process_deliveries(work, now=datetime.now(UTC))
    later = next_morning(morning)
    run_invitations(work, now=later)
    assert deliver_mail(work, now=later + MINUTE).sent == 1
    assert [str(mail["Subject"]) for mail in company.mails_to(ALICE.email)] == ["How was this handled? VPN drops"]

    _deliver(jira, jira.add(2, "Done", at=began + 4 * MINUTE, summary="Printer"))
    process_deliveries(work, now=datetime.now(UTC))
    _an_hour_of_silence(company, jira, began + HOUR)


def _an_hour_of_silence(company: Company, jira: Jira, noon: datetime) -> None:
    work = company.installation
    jira.clock = lambda: noon
    assert poll_connections(work, now=noon) == 1

    def at(minutes: int) -> datetime:
        return noon + minutes * MINUTE

    lost = [
        jira.add(3, at=at(5), summary="Toner"),
        jira.move(3, "Done", at=at(10)),
        jira.add(4, at=at(15), summary="Monitor"),
        *(jira.move(4, state, at=at(20 + 5 * turn)) for turn, state in enumerate(("Done", "To Do", "Done"))),
        jira.move(2, "To Do", at=at(40)),
    ]
    after = [
        ("Monitor", 1, True),
        ("Printer", 1, False),
        ("Toner", 1, True),
        ("VPN drops", 1, False),
        ("VPN drops", 2, True),
    ]

    # the poll finds what was completed, and what was opened again …
    jira.clock = lambda: at(60)
    assert poll_connections(work, now=at(60)) == 1
    assert company.rows(select(Connection.poll_problem)) == [None]
    assert cycles(company) == after
    assert states(company) == {"Monitor": "done", "Printer": "open", "Toner": "done", "VPN drops": "done"}

    # … and neither late webhooks, in any order and twice, nor a backfill add anything
    assert [_deliver(jira, body) for body in [*lost[::-1], *lost]] == [202] * 14
    assert process_deliveries(work, now=datetime.now(UTC)) == 7
    jira.clock = lambda: datetime.now(UTC)
    day = f"{noon - timedelta(days=2):%Y-%m-%d}"
    assert flask(company, "trackers", "backfill", "desk", "--since", day) == "4 told by the tool\n"
    poll_connections(work, now=at(120))
    assert cycles(company) == after
    assert len(company.rows(select(Invitation.id))) == 2  # of the first issue: one withdrawn, one sent
