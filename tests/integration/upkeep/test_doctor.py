"""The doctor finds what is wrong, says what to do, and is silent about a healthy installation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.domain.auditing import COMMAND_LINE, Act
from app.domain.periods import Period
from app.domain.states import DeliveryState, MessageState, PeriodState, Role
from app.foundations.crypto import Keys
from app.models.deliveries import Delivery
from app.models.messages import Message
from app.models.releases import PeriodRecord, fix_period
from app.models.run_marks import forget_marks_ahead, move_run_mark
from app.settings import OidcSettings, Settings
from app.upkeep.audit import log as audit
from app.upkeep.running import readiness
from app.upkeep.running.doctor import examine
from app.upkeep.signing_in import health as sign_in_health
from app.upkeep.staff.accounts import add_staff
from tests import guards
from tests.builders.departments import department
from tests.builders.responses import quarter_salt
from tests.builders.service_requests import CALENDAR, connection
from tests.conftest import CAROL, HELEN
from tests.servers.databases import Database
from tests.servers.fixtures import SmtpFactory
from tests.servers.oidc import IdentityProvider
from tests.servers.processes import free_port
from tests.servers.smtp import SmtpServer

MOVED_CALENDAR = (
    "Quarters were stored with time zone UTC and fiscal year start 4, but PARITY_TIME_ZONE is UTC and"
    " PARITY_FISCAL_YEAR_START is 1: set them back; until then nothing is issued"
)
CLOCK_AHEAD = (
    "A step is noted as done at 2027-12-22 09:00+00:00, which is still to come: some machine's clock was wrong. Set the"
    " clocks (timedatectl set-ntp true); the worker's next sweep goes on by itself."
)
CLOCK_WAS_AHEAD = (
    "At 2026-11-17 09:30+00:00 a step was noted as done at 2027-12-22 09:00+00:00, which was still to come. The steps"
    " went on; see that every machine's clock is set (timedatectl), and fetch what polls may have passed over: flask"
    " trackers backfill"
)
SEALED_OTHERWISE = (
    "The secrets of desk were sealed with another secret key: add it to PARITY_SECRET_KEY_FALLBACKS, or set them anew"
)
LOST_LINK_KEY = (
    "The link key does not open the quarter 2026-Q4, so its surveys take no answers: set PARITY_LINK_KEY"
    " back. Only if that key is lost: flask doctor --renew-salts"
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

    guards.network.mail_ports.add(1)
    found = examine(database.session, dead, KEYS, now=now + timedelta(minutes=6))
    guards.network.mail_ports.discard(1)

    assert found == [
        "The worker was last seen at 2026-11-17 09:30+00:00: start flask work",
        "The mail server cannot be used: localhost:1: [Errno 111] Connection refused",
    ]


def test_a_clock_that_was_ahead_is_found_and_told_for_a_week(
    database: Database, healthy: Settings, now: datetime
) -> None:
    move_run_mark(database.session, "job:post", datetime(2027, 12, 22, 9, tzinfo=UTC))

    before = examine(database.session, healthy, KEYS, now=now)
    forget_marks_ahead(database.session, now)
    after = examine(database.session, healthy, KEYS, now=now)
    readiness.beat(database.session, now + timedelta(days=7))
    a_week_later = examine(database.session, healthy, KEYS, now=now + timedelta(days=7))

    assert before == [CLOCK_AHEAD]
    assert after == [CLOCK_WAS_AHEAD]
    assert a_week_later == []


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
        "The scorecards of 2026-Q1 should be posted by now and are not",
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


def test_many_departments_are_named_only_where_all_are_asked_for(
    database: Database, healthy: Settings, now: datetime
) -> None:
    codes = [f"d{number:02}" for number in range(73)]
    for code in codes:
        department(database.session, code, staff_count=None)

    short, full = (examine(database.session, healthy, KEYS, now=now, names_all=named) for named in (False, True))

    begun = "73 departments have neither a staff count nor people, so nobody knows whether they are too small:"
    assert short == [f"{begun} {', '.join(codes[:10])} and 63 more: flask doctor --all names all"]
    assert full == [f"{begun} {', '.join(codes)}"]


def test_an_audit_log_that_somebody_changed_is_found(database: Database, healthy: Settings, now: datetime) -> None:
    audit.note(database.session, COMMAND_LINE, Act.POLICY_SET, "policy", now=now)
    database.session.execute(text("UPDATE audit_entries SET actor = 'staff:1'"))

    assert examine(database.session, healthy, KEYS, now=now) == [
        "The audit log was changed: entry 1 does not follow the one before it."
    ]


def test_a_mail_server_that_refuses_our_login_is_found(
    database: Database, healthy: Settings, start_smtp: SmtpFactory, now: datetime
) -> None:
    server = start_smtp(starttls=True, login=("parity", "right"))
    wrong = replace(healthy, mail=replace(server.settings, password="wrong"))

    found = examine(database.session, wrong, KEYS, now=now)

    where = f"{server.settings.server}:{server.settings.port}"
    assert found == [
        f"The mail server cannot be used: {where}: PARITY_MAIL_USERNAME or PARITY_MAIL_PASSWORD is refused"
    ]


def test_events_that_lately_could_not_be_read_are_counted(database: Database, healthy: Settings, now: datetime) -> None:
    desk = connection(database.session, "desk")
    for number, (age, body) in enumerate([(1, b"{}"), (2, b"{}"), (8, b"{}"), (3, b"")]):  # the last one lost its body
        database.session.add(
            Delivery(
                connection_id=desk.id,
                delivery_key=str(number),
                received_at=now - timedelta(days=age),
                headers={},
                body=body,
                state=DeliveryState.FAILED,
            )
        )

    assert examine(database.session, healthy, KEYS, now=now) == [
        "2 events of the last seven days could not be read: flask deliveries list says why"
    ]


def test_a_quarter_that_was_frozen_and_not_posted_is_found(
    database: Database, healthy: Settings, now: datetime
) -> None:
    fix_period(database.session, CALENDAR, Period(2026, 3))
    record = database.session.get_one(PeriodRecord, "2026-Q3")
    record.state = PeriodState.RELEASED

    assert examine(database.session, healthy, KEYS, now=now) == [
        "The scorecards of 2026-Q3 should be posted by now and are not"
    ]
    record.posting_stopped = True
    assert examine(database.session, healthy, KEYS, now=now) == []


@pytest.mark.parametrize(("hours", "faults"), [(1, 0), (72, 1)])
def test_writing_to_who_has_none_is_late_only_some_time_after_it_was_asked_for(
    database: Database, healthy: Settings, now: datetime, hours: int, faults: int
) -> None:
    fix_period(database.session, CALENDAR, Period(2026, 2))
    record = database.session.get_one(PeriodRecord, "2026-Q2")
    record.state, record.posted_at = PeriodState.RELEASED, now - timedelta(days=20)
    record.missing_asked_at = now - timedelta(hours=hours)

    found = examine(database.session, healthy, KEYS, now=now)

    assert found == ["The scorecards of 2026-Q2 should be posted by now and are not"] * faults


def test_secrets_of_another_secret_key_and_a_public_demo_are_found(
    database: Database, healthy: Settings, now: datetime
) -> None:
    connection(database.session, "desk").secret = Keys(("the secret key before this one",)).seal(b"whsec")
    public = replace(healthy, demo=True, base_url="https://parity.example.com")

    assert examine(database.session, public, KEYS, now=now) == [
        SEALED_OTHERWISE,
        "PARITY_DEMO is on: everybody reads the mailbox, and nothing is ever deleted; unset it",
    ]
    kept = Keys((*KEYS.secrets, "the secret key before this one"))
    assert examine(database.session, healthy, kept, now=now) == []


def test_trust_in_a_provider_that_says_what_is_verified_is_found(
    sqlite: Database, identity_provider: IdentityProvider, now: datetime
) -> None:
    installed = identity_provider.installed(sqlite.settings)

    trusting = sign_in_health.findings(replace(installed, oidc=replace(installed.oidc, trusts_addresses=True)), now=now)

    (found,) = trusting
    assert found == (
        "PARITY_OIDC_TRUST_EMAIL is on, and the identity provider says by itself which addresses are verified:"
        " take the setting out"
    )
    assert list(sign_in_health.findings(installed, now=now)) == []


def test_an_identity_provider_that_is_away_is_found(database: Database, healthy: Settings, now: datetime) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    oidc = OidcSettings(issuer=f"http://{nowhere}", client_id="parity")
    settings = replace(healthy, oidc=oidc, private_hosts=(nowhere,))

    assert examine(database.session, settings, KEYS, now=now) == [
        "The identity provider cannot be used: 127.0.0.1 did not answer (no connection comes about)"
    ]
