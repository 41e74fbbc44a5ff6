"""An Asana project: greeted, heard, reopened in time, silent for an hour, asked for all of it again."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.jobs.deliveries import process_deliveries
from app.jobs.hooks import look_after_hooks
from app.jobs.invitations import run_invitations
from app.jobs.mail import deliver_mail
from app.jobs.polling import poll_connections
from app.models.connections import Connection
from app.models.deliveries import REFUSED, Delivery
from app.models.invitations import Invitation
from tests.builders.asana_project import PROJECT, AsanaProject
from tests.conftest import ALICE
from tests.journeys.conftest import Company, next_morning
from tests.journeys.told import cycles, flask, open_service_desk, states
from tests.servers.vendor import Vendor

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NOTHING = b'{"events":[]}'


def _add(company: Company, project: AsanaProject) -> str:
    settings = {
        "token": "1/1200:abc",
        "project_id": PROJECT,
        "departments": {"section:Printers": "IT"},
        "base_url": project.vendor.url,
    }
    pairs = [f"--setting={name}={json.dumps(value)}" for name, value in settings.items()]
    return flask(company, "trackers", "add", "desk", "--kind", "asana", *pairs)


def test_a_project_from_its_handshake_over_an_outage_to_a_backfill(company: Company, vendor: Vendor) -> None:
    work, project = company.installation, AsanaProject(vendor)
    open_service_desk(company)
    began = datetime.now(UTC) - 8 * MINUTE

    # added: Asana greets our address while our call that creates the hook is still open
    printed = _add(company, project)
    assert "Asana: Walter Worker sees the project Service desk" in printed
    assert "the hook is registered" in printed
    assert len(project.secrets) == 1
    _nobody_else_is_greeted(company, project)

    # completed by one click, which is two events: one call for the task, one for Alice's address
    task = project.create("101", "VPN drops", began)
    project.complete(task, began + MINUTE)
    assert (project.answers, process_deliveries(work, now=datetime.now(UTC))) == ([202], 1)
    assert cycles(company) == [("VPN drops", 1, True)]
    assert (vendor.count("/tasks/101"), vendor.count("/users/7.*")) == (1, 1)

    # decided on the next morning, opened again before the mail left
    morning = next_morning(datetime.now(UTC))
    run_invitations(work, now=morning)
    project.complete(task, began + 2 * MINUTE, is_done=False)
    process_deliveries(work, now=datetime.now(UTC))
    run_invitations(work, now=morning + MINUTE)
    assert deliver_mail(work, now=morning + MINUTE).sent == 0
    assert cycles(company) == [("VPN drops", 1, False)]

    # completed once more: one survey
    project.complete(task, began + 3 * MINUTE)
    process_deliveries(work, now=datetime.now(UTC))
    later = next_morning(morning)
    run_invitations(work, now=later)
    assert deliver_mail(work, now=later + MINUTE).sent == 1
    assert [str(mail["Subject"]) for mail in company.mails_to(ALICE.email)] == ["How was this handled? VPN drops"]

    _an_hour_of_silence(company, project)


def _nobody_else_is_greeted(company: Company, project: AsanaProject) -> None:
    """A second handshake is refused and changes no secret; a sign of life is answered and not stored."""
    assert project.post(NOTHING, {"X-Hook-Secret": "mallorys-own-secret"}) == (401, None)
    assert [project.deliver(NOTHING), project.deliver(NOTHING, "mallorys-own-secret")] == [200, 401]
    assert company.rows(select(func.count()).select_from(Delivery).where(~REFUSED)) == [0]


def _an_hour_of_silence(company: Company, project: AsanaProject) -> None:
    work, noon = company.installation, datetime.now(UTC)
    assert poll_connections(work, now=noon) == 1
    heard = len(project.events)

    project.calls_hook = False
    done = project.create("102", "Toner", noon + 5 * MINUTE)
    project.complete(done, noon + 10 * MINUTE)
    twice = project.create("103", "Monitor", noon + 15 * MINUTE)
    project.complete(twice, noon + 20 * MINUTE)
    project.complete(twice, noon + 25 * MINUTE, is_done=False)
    project.complete(twice, noon + 30 * MINUTE)
    project.create("104", "Subtask", noon + 35 * MINUTE, parent={"gid": "103"})
    project.complete("104", noon + 36 * MINUTE)
    project.delete("101", noon + 40 * MINUTE)
    after = [("Monitor", 1, True), ("Toner", 1, True), ("VPN drops", 1, False), ("VPN drops", 2, False)]

    # the poll hears all of it, as it stands in the end: nobody is asked about what was undone meanwhile
    assert poll_connections(work, now=noon + HOUR) == 1
    assert cycles(company) == after
    assert states(company) == {"Monitor": "done", "Toner": "done", "VPN drops": "deleted"}

    # Asana has deleted the hook that failed: it is made anew, under a new secret
    project.hook = None
    assert look_after_hooks(work, now=noon + HOUR) == 1
    assert len(set(project.secrets)) == 2
    assert company.rows(select(Connection.hook_problem)) == [None]

    # late deliveries, under either secret, a stale token and a backfill add nothing
    missed = [project.body([event]) for event in project.events[heard:]]
    assert {project.deliver(body) for body in missed} == {202}
    assert project.deliver(missed[0] + b" ", project.secrets[0]) == 202
    process_deliveries(work, now=noon + HOUR)
    project.oldest_token = len(project.events) + 1
    poll_connections(work, now=noon + 2 * HOUR)
    assert flask(company, "trackers", "backfill", "desk", "--since", f"{noon - timedelta(days=2):%Y-%m-%d}") != ""
    assert cycles(company) == after
    assert len(company.rows(select(Invitation.id))) == 2  # of the first task: one withdrawn, one sent
