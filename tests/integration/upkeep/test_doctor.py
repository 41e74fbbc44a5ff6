"""The doctor finds what is wrong, says what to do, and is silent about a healthy installation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.domain.auditing import COMMAND_LINE, Act
from app.domain.states import MessageState, PeriodState, Role
from app.foundations.crypto import Keys
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.settings import Settings
from app.upkeep import audit, readiness
from app.upkeep.accounts import add_staff
from app.upkeep.doctor import examine
from tests.builders.departments import department
from tests.builders.responses import quarter_salt
from tests.conftest import CAROL, HELEN
from tests.servers.databases import Database
from tests.servers.smtp import SmtpServer

MOVED_CALENDAR = (
    "Quarters were stored with time zone UTC and fiscal year start 4, but PARITY_TIME_ZONE is UTC and"
    " PARITY_FISCAL_YEAR_START is 1: set them back; until then nothing is issued"
)
LOST_LINK_KEY = (
    "The link key does not open the quarter 2026-Q4: its answers stay but cannot be corrected any more"
    " (PARITY_LINK_KEY)"
)
KEYS = Keys(("0123456789abcdef0123456789abcdef",))


@pytest.fixture
def healthy(database: Database, smtp: SmtpServer, now: datetime) -> Settings:
    """The settings of an installation that lacks nothing."""
    readiness.beat(database.session, now)
    add_staff(database.session, CAROL.email, Role.ADMIN, now=now)
    add_staff(database.session, HELEN.email, Role.HR, now=now)
    department(database.session, "it", staff_count=12)
    database.session.commit()
    return replace(database.settings, mail=smtp.settings)


def test_a_healthy_installation_is_left_in_peace(database: Database, healthy: Settings, now: datetime) -> None:
    assert examine(database.session, healthy, KEYS, now=now) == []


def test_an_empty_installation_hears_what_to_do_first(database: Database, now: datetime) -> None:
    assert examine(database.session, database.settings, KEYS, now=now) == [
        "No worker has run yet: start flask work",
        "PARITY_MAIL_SERVER is not set: mail waits in the outbox",
        "Nobody is administrator: flask staff add EMAIL --role admin",
        "Nobody has the role hr, who receives what has no head: flask staff add EMAIL --role hr",
    ]


def test_a_database_behind_the_program_is_the_only_finding(database: Database, now: datetime) -> None:
    database.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    found = examine(database.session, database.settings, KEYS, now=now)

    head = readiness.head()
    assert found == [f"The database stands at migration 0000, the program at {head}: run flask db upgrade"]


def test_a_silent_worker_and_a_dead_mail_server_are_found(database: Database, healthy: Settings, now: datetime) -> None:
    dead = replace(healthy, mail=replace(healthy.mail, port=1))

    found = examine(database.session, dead, KEYS, now=now + timedelta(minutes=6))

    assert found == [
        "The worker was last seen at 2026-11-17 09:30+00:00: start flask work",
        "The mail server localhost:1 does not answer: [Errno 111] Connection refused",
    ]


def test_mail_that_waits_and_mail_that_failed_are_counted(database: Database, healthy: Settings, now: datetime) -> None:
    for number, state in enumerate([MessageState.WAITING, MessageState.WAITING, MessageState.FAILED]):
        database.session.add(
            Message(
                key=str(number),
                name="invitation",
                params={},
                recipient="alice@example.com",
                language="en",
                state=state,
                created_at=now,
                due_at=now - timedelta(hours=2),
            )
        )

    assert examine(database.session, healthy, KEYS, now=now) == [
        "2 mails have been waiting for more than an hour",
        "1 mail of the last seven days was refused for good",
    ]


def test_a_moved_calendar_and_a_forgotten_quarter_are_found(
    database: Database, healthy: Settings, now: datetime
) -> None:
    ends_at = datetime(2026, 7, 1, tzinfo=UTC)
    for name, state in (("2026-Q2", PeriodState.OPEN), ("2026-Q1", PeriodState.FROZEN)):
        database.session.add(
            PeriodRecord(
                period=name,
                starts_at=ends_at - timedelta(days=91),
                ends_at=ends_at,
                time_zone="UTC",
                fiscal_year_start=4,
                state=state,
            )
        )

    assert examine(database.session, healthy, KEYS, now=now) == [
        MOVED_CALENDAR,
        "The answers of 2026-Q1 should be released by now and are not",
        "The quarter 2026-Q2 should be frozen by now and is not",
    ]


def test_a_lost_link_key_is_found(database: Database, healthy: Settings, now: datetime) -> None:
    quarter_salt(database.session, KEYS, "2026-Q4")

    found = examine(database.session, healthy, Keys(KEYS.secrets, link_secret="another one"), now=now)

    assert found == [LOST_LINK_KEY]


def test_departments_of_unknown_size_and_plain_http_are_found(
    database: Database, healthy: Settings, now: datetime
) -> None:
    department(database.session, "legal", staff_count=None)
    open_to_all = replace(healthy, base_url="http://parity.example.com")

    assert examine(database.session, open_to_all, KEYS, now=now) == [
        "One department has neither a staff count nor people, so nobody knows whether it is too small: legal",
        "PARITY_BASE_URL is http://parity.example.com: links in mails lead to an unencrypted page; use https",
    ]


def test_an_audit_log_that_somebody_changed_is_found(database: Database, healthy: Settings, now: datetime) -> None:
    audit.note(database.session, COMMAND_LINE, Act.POLICY_SET, "policy", now=now)
    database.session.execute(text("UPDATE audit_entries SET actor = 'staff:1'"))

    assert examine(database.session, healthy, KEYS, now=now) == [
        "The audit log was changed: entry 1 does not follow the one before it."
    ]
