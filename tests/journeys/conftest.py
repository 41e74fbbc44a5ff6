"""An installation as a company runs it: a database, a real mail server, the pages behind a real web server."""

import json
import re
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select
from standardwebhooks import Webhook

from app import create_app
from app.domain.periods import Calendar
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.installation import Installation
from app.models.base import db, reading
from app.settings import Settings
from app.upkeep.connections.adding import Credentials
from tests.servers import web
from tests.servers.databases import Database
from tests.servers.processes import free_port
from tests.servers.smtp import SmtpServer


@dataclass
class Company:
    """The installation under test; `at` is the moment that the survey pages see."""

    settings: Settings
    database: Database
    smtp: SmtpServer
    app: Flask
    installation: Installation
    set_out: tuple[datetime, datetime] | None = field(default=None)

    @property
    def calendar(self) -> Calendar:
        return self.installation.calendar

    @property
    def keys(self) -> Keys:
        return self.installation.keys

    def turn_clock(self, moment: datetime) -> None:
        """Let the pages live at `moment`; their clock goes on from there."""
        self.set_out = (moment, datetime.now(UTC))

    def now(self) -> datetime:
        if self.set_out is None:
            return clock.now()
        moment, real = self.set_out
        return moment + (datetime.now(UTC) - real)

    def rows(self, query: Select[Any]) -> list[Any]:
        """Return a query's first column; no transaction stays open behind it."""
        with reading(), self.database.sessions() as session:
            return list(session.scalars(query))

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.smtp.messages if address in str(mail["To"])]

    def survey_link(self, mail: EmailMessage) -> str:
        """Return the page that a mail's text part leads to."""
        body = mail.get_body(("plain",))
        assert body is not None
        found = re.search(rf"{re.escape(self.settings.base_url)}/s/[\w-]{{44}}", body.get_content())
        assert found is not None, body.get_content()
        return found[0]


@pytest.fixture
def company(database: Database, smtp: SmtpServer) -> Iterator[Company]:
    """An installation on an empty database whose pages are open."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = replace(database.settings, mail=smtp.settings, base_url=base_url, private_hosts=("127.0.0.1",))
    app = create_app(settings)
    installation = Installation(settings, Keys.of(settings), database.sessions)
    company = Company(settings, database, smtp, app, installation)
    app.extensions["parity_clock"] = company.now
    with web.serving(app, port):
        yield company
    with app.app_context():
        db.engine.dispose()


def post_signed(company: Company, tracker: Credentials, event: Mapping[str, object]) -> int:
    """Post an event as a tracker signs it, over the wire; return the status."""
    body = json.dumps(event)
    now = datetime.now(UTC)
    headers = {
        "webhook-id": f"msg_{event['external_id']}",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(tracker.secret or "").sign(f"msg_{event['external_id']}", now, body),
        "content-type": "application/json",
    }
    address = f"{company.settings.base_url}/hooks/desk/{tracker.hook_key}"
    with urllib.request.urlopen(urllib.request.Request(address, body.encode(), headers), timeout=10) as answer:
        return int(answer.status)


def next_morning(moment: datetime) -> datetime:
    """Return a few minutes past nine, UTC, on the first working day after `moment`."""
    day = moment.replace(hour=9, minute=5, second=0, microsecond=0) + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
