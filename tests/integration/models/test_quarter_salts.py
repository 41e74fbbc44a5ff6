"""A quarter has one salt, and none after its release."""

from datetime import datetime, timedelta

import pytest

from app.domain.states import PeriodState
from app.foundations.crypto import Keys
from app.models.quarter_salts import QuarterIsReleased, ensure_salt, find_salt
from app.models.releases import PeriodRecord
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))


def test_a_quarter_gets_its_salt_once(database: Database) -> None:
    first = ensure_salt(database.session, KEYS, "2026-Q4")
    again = ensure_salt(database.session, KEYS, "2026-Q4")
    other = ensure_salt(database.session, KEYS, "2027-Q1")

    assert len(first) == 32
    assert first == again == find_salt(database.session, KEYS, "2026-Q4")
    assert other != first


def test_a_released_quarter_gets_none(database: Database, now: datetime) -> None:
    released = PeriodRecord(
        period="2026-Q2",
        starts_at=now - timedelta(days=91),
        ends_at=now,
        time_zone="UTC",
        fiscal_year_start=1,
        state=PeriodState.RELEASED,
    )
    database.session.add(released)
    database.session.flush()

    with pytest.raises(QuarterIsReleased, match="2026-Q2 was released"):
        ensure_salt(database.session, KEYS, "2026-Q2")

    assert find_salt(database.session, KEYS, "2026-Q2") is None
