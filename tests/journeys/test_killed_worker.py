"""kill -9 of the worker while it delivers: nothing is lost, and what goes out again says that it is the same mail."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.states import MessageState
from app.jobs.mail import deliver_mail
from app.mail.outbox.leases import LEASE
from app.models.messages import Message
from tests.builders.messages import waiting_invitation
from tests.journeys.conftest import Company

ROOT = Path(__file__).resolve().parents[2]
MAILS = 40
RATE = 20  # mails a second: the kill comes in the middle
PATIENCE = 60  # seconds


@dataclass
class Worker:
    """`flask work` and the consumer that it keeps alive."""

    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Kill both at once, without a word."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def addresses(company: Company) -> list[str]:
    """Those to whom a mail waits in the outbox."""
    addresses = [f"person{number:02d}@example.com" for number in range(MAILS)]
    with company.database.sessions.begin() as session:
        for address in addresses:
            waiting_invitation(session, address, due_at=datetime.now(UTC) - timedelta(minutes=1))
    return addresses


@pytest.fixture
def worker(company: Company, addresses: list[str]) -> Iterator[Worker]:
    """A worker in processes of its own, as an installation starts it; it finds the mails with its first sweep."""
    assert addresses
    settings = company.settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARITY_")} | {
        "PARITY_SECRET_KEY": settings.secret_key,
        "PARITY_DATABASE_URL": settings.database_url,
        "PARITY_VAR": str(settings.var),
        "PARITY_MAIL_SERVER": settings.mail.server,
        "PARITY_MAIL_PORT": str(settings.mail.port),
        "PARITY_MAIL_SENDER": settings.mail.sender,  # whose domain a Message-ID carries
        "PARITY_MAIL_RATE": str(RATE),
    }
    command = [str(Path(sys.executable).parent / "flask"), "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    yield Worker(process)
    if process.poll() is None:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for_mails(company: Company, least: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(company.smtp.received) < least:
        assert time.monotonic() < deadline, f"only {len(company.smtp.received)} mails came"
        time.sleep(0.02)


def test_a_killed_worker_loses_no_mail_and_repeats_at_most_the_one_in_flight(
    company: Company, addresses: list[str], worker: Worker
) -> None:
    _wait_for_mails(company, 5)
    worker.kill()
    before = len(company.smtp.received)
    deliver_mail(company.installation, now=datetime.now(UTC) + LEASE + timedelta(seconds=1))  # the next worker's

    assert before < MAILS
    came = Counter((received.rcpt_tos[0], str(received.message["Message-ID"])) for received in company.smtp.received)
    assert sorted(address for address, _ in came) == addresses  # everybody, under one Message-ID each
    assert came.total() - MAILS <= 1
    assert set(company.rows(select(Message.state))) == {MessageState.SENT}
