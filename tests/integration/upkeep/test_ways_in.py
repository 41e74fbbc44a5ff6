"""Codes are good once, also for two who use one at the same moment; tries from a network are counted."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest

from app.domain.states import Role, Tried
from app.foundations.crypto import Keys
from app.upkeep.signing_in.ways_in import (
    TRIES_FROM_A_NETWORK,
    WITHIN,
    WRONG_TRIES,
    begin_code,
    confirm_code,
    may_try,
    may_try_from,
    secret_to_confirm,
    use_code,
)
from tests.builders.issued import staff
from tests.conftest import HELEN
from tests.servers.databases import Database


def codes_of_helen(database: Database, keys: Keys, now: datetime) -> tuple[str, str]:
    """Switch codes on; return the app's next code and a recovery code."""
    session = database.session
    staff(session, HELEN.email, Role.HR, now=now)
    begin_code(session, keys, HELEN.email, now=now)
    secret = secret_to_confirm(session, keys, HELEN.email)
    assert secret
    app = pyotp.TOTP(secret)
    recovery = confirm_code(
        session, keys, HELEN.email, app.at(now - timedelta(minutes=1)), now=now - timedelta(minutes=1)
    )
    assert recovery
    session.commit()
    return app.at(now), recovery[0]


@pytest.mark.parametrize("which", [0, 1])
def test_of_two_who_use_a_code_at_the_same_moment_one_signs_in(database: Database, now: datetime, which: int) -> None:
    keys = Keys.of(database.settings)
    code = codes_of_helen(database, keys, now)[which]
    is_there = threading.Event()

    def second() -> bool:
        with database.sessions() as session, session.begin():
            is_there.set()
            return use_code(session, keys, HELEN.email, code, now=now) is not None

    with ThreadPoolExecutor(1) as pool, database.sessions() as session:
        first = use_code(session, keys, HELEN.email, code, now=now) is not None
        other = pool.submit(second)
        is_there.wait()
        with pytest.raises(TimeoutError):
            other.result(timeout=0.3)  # it waits for what the first does with the row
        session.commit()

        assert (first, other.result(timeout=20)) == (True, False)


def test_of_thirty_tries_at_once_ten_may_be_made(database: Database, now: datetime) -> None:
    keys, at_once = Keys.of(database.settings), 10
    barrier = threading.Barrier(at_once)

    def one(_number: int) -> bool:
        barrier.wait(timeout=20)
        with database.sessions.begin() as session:
            return may_try(session, keys, HELEN.email, Tried.PASSWORD, now=now)

    with ThreadPoolExecutor(at_once) as pool:
        let_through = list(pool.map(one, range(3 * at_once)))

    assert let_through.count(True) == WRONG_TRIES


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("2001:db8:0:7::1", "2001:db8:0:7:ffff::2", "2001:db8:0:8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7", "::ffff:192.0.2.8"),
        ("unknown", "unknown", ""),
    ],
)
def test_passwords_from_a_network_are_tried_a_hundred_times_in_a_quarter_of_an_hour(
    sqlite: Database, now: datetime, address: str, same: str, other: str
) -> None:
    keys, session = Keys.of(sqlite.settings), sqlite.session

    tried = {may_try_from(session, keys, address, now=now) for _ in range(TRIES_FROM_A_NETWORK)}
    late, from_elsewhere = (may_try_from(session, keys, one, now=now) for one in (same, other))

    assert (tried, late, from_elsewhere) == ({True}, False, True)
    assert may_try_from(session, keys, same, now=now + WITHIN) is True
