"""What two presses at the same moment do: the second waits for the first, finds its work done, and nothing fails.

PostgreSQL alone: SQLite has one writer, who reads what the one before has committed.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.api_scopes import Scope
from app.domain.states import GivenBy, Role
from app.domain.webhooks import WebhookEvent
from app.foundations.crypto import Keys
from app.foundations.http import Doors
from app.upkeep.programs.keys import ApiKeyRefused, add_api_key
from app.upkeep.programs.webhooks import WebhookRefused, add_webhook, ask_test, find_webhook
from app.upkeep.rights.oidc_accounts import Arrival, let_in
from app.upkeep.rights.roles import Wanted, account_of, lock_account, save_account
from app.upkeep.signing_in.ways_in import begin_code, set_password
from tests.builders.issued import staff
from tests.conftest import BOB, CAROL, HELEN
from tests.servers.databases import SECRET_KEY, Database, close, opened
from tests.servers.postgresql import PostgreSQL

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
KEYS, DOORS = Keys((SECRET_KEY,)), Doors(frozenset({"example.com"}))
URL, EVENTS = "https://example.com/told", [WebhookEvent.SCORECARD_ISSUED.value]

Deed = Callable[[Session], Any]


@pytest.fixture(scope="module")
def shared(
    postgresql_server: PostgreSQL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One database for all of them: no deed touches the rows of another."""
    name = postgresql_server.clone(postgresql_template)
    database = opened("postgresql", postgresql_server.url(name), tmp_path_factory.mktemp("shared"))
    staff(database.session, CAROL.email, Role.ADMIN, now=NOW)
    add_webhook(database.session, KEYS, DOORS, name="known", url=URL, events=EVENTS, now=NOW)
    database.session.commit()
    yield database
    close(database)
    postgresql_server.drop(name)


def twice(database: Database, deed: Deed) -> tuple[Any, Any]:
    """Let a second transaction begin with the deed while the first has done it and not yet committed."""

    def again() -> Any:
        with database.sessions.begin() as session:
            return deed(session)

    with ThreadPoolExecutor(1) as pool, database.sessions() as session:
        first = deed(session)
        second = pool.submit(again)
        wait_for_lock(database, second)
        session.commit()
        return first, second.result(timeout=20)


def wait_for_lock(database: Database, deed: Future[Any]) -> None:
    """Wait until the deed waits for a lock, or has not waited for any."""
    waiting = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    deadline = time.monotonic() + 20
    with database.engine.connect() as connection:
        while not deed.done() and connection.scalar(waiting) is None:
            assert time.monotonic() < deadline
            connection.rollback()
            time.sleep(0.01)


def wanted(session: Session) -> Any:
    roles = frozenset({Role.HR, Role.AUDITOR})
    lock_account(session, BOB.email, roles, now=NOW)
    known = account_of(session, BOB.email)
    saved = save_account(session, BOB.email, Wanted("Bob", "", roles, ()), by=GivenBy.PAGE, now=NOW)
    return saved.given, known is not None and known.is_as(Wanted("Bob", "", roles, ()))


def come_in(session: Session) -> Any:
    who = Arrival("https://login.example.com", "17", HELEN.email, "Helen", frozenset({Role.HR}))
    return let_in(session, who, now=NOW).given


def with_code(session: Session) -> Any:
    return begin_code(session, KEYS, CAROL.email, now=NOW)


def with_key(session: Session) -> Any:
    try:
        return add_api_key(session, "nightly-sync", [Scope.PEOPLE_READ], now=NOW)[:7]
    except ApiKeyRefused as refused:
        return refused.field


def with_webhook(session: Session) -> Any:
    try:
        return add_webhook(session, KEYS, DOORS, name="warehouse", url=URL, events=EVENTS, now=NOW)[:6]
    except WebhookRefused as refused:
        return refused.field


def with_password(session: Session) -> Any:
    return set_password(session, CAROL.email, "correct horse battery", now=NOW)


def with_test(session: Session) -> Any:
    webhook = find_webhook(session, "known")
    assert webhook is not None
    return ask_test(session, webhook, now=NOW)[1]


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (wanted, (((Role.AUDITOR, Role.HR), False), ((), True))),
        (come_in, ((Role.HR,), ())),
        (with_password, (None, None)),
        (with_code, (True, True)),
        (with_key, ("parity_", "name")),
        (with_webhook, ("whsec_", "name")),
        (with_test, (True, False)),
    ],
)
def test_a_form_pressed_twice_does_it_once(shared: Database, deed: Deed, expected: Any) -> None:
    assert twice(shared, deed) == expected
