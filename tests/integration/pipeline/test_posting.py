"""Scorecards leave at 09:00 of each recipient, on the day after which three have passed since the freeze."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar, Period
from app.domain.states import Role
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.models.rollups import mark_dirty
from app.pipeline import rollups, scorecards
from app.upkeep.staff.accounts import add_staff
from tests.builders.asking import KEYS
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.statements import counting
from tests.conftest import BOB, HELEN
from tests.servers.databases import Database

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
Q3 = Period(2026, 3)
FREEZE = datetime(2026, 10, 14, 22, tzinfo=UTC)  # midnight in Berlin
FIRST = datetime(2026, 10, 18, 0, tzinfo=UTC)  # 09:00 in Tokyo
ZONES = {"IT": "Asia/Tokyo", "HR": "America/New_York", "SALES": "Mars/Base", "TINY": "Asia/Tokyo"}


@pytest.fixture
def frozen(database: Database) -> Database:
    """A frozen quarter: heads in Tokyo, New York and somewhere unknown; Helen of HR gets what has no head."""
    session = database.session
    quarter_salt(session, KEYS, str(Q3))
    root = department(session, "ALL", staff_count=200)
    add_staff(session, HELEN.email, Role.HR, now=FREEZE)
    for code, zone in ZONES.items():
        staff = 3 if code == "TINY" else 12
        place = department(session, code, parent=root, head_email=f"{code}@example.com", staff_count=staff)
        person(session, f"{code.lower()}@example.com", time_zone=zone)
        for number in range(12 if code != "TINY" else 0):
            who = person(session, f"p{number}-{code}@example.com".lower())
            held_response(session, place, who, {"csat_overall": 4}, str(Q3))
        mark_dirty(session, place.id, str(Q3), BERLIN.ends_at(Q3))
    person(session, HELEN.email, time_zone="Europe/Lisbon")
    rollups.refresh(session, calendar=BERLIN, keys=KEYS)
    scorecards.freeze(session, Q3, calendar=BERLIN, policy=AskingPolicy(), now=FREEZE)
    session.commit()
    return database


def _post_due(database: Database, now: datetime) -> int:
    return scorecards.post_due(
        database.session,
        calendar=BERLIN,
        policy=AskingPolicy(),
        languages=("en",),
        now=now,
        draw=lambda _session, _row, _language: None,
    )


def _mornings(database: Database) -> dict[tuple[str, str | None], str]:
    """Return when each mail is due, by its name and recipient."""
    query = select(Message.name, Message.recipient, Message.due_at)
    return {(name, to): f"{due_at:%d %H:%M}" for name, to, due_at in database.session.execute(query).tuples()}


def test_each_mail_leaves_at_nine_where_its_recipient_is(frozen: Database) -> None:
    early = _post_due(frozen, FIRST - timedelta(seconds=1))
    posted, again = _post_due(frozen, FIRST), _post_due(frozen, FIRST + timedelta(hours=12))

    assert (early, posted, again) == (0, 5, 0)
    assert _mornings(frozen) == {
        ("scorecard", "IT@example.com"): "18 00:00",
        ("small_department", "TINY@example.com"): "18 00:00",
        ("scorecard", "SALES@example.com"): "18 07:00",  # the company's morning, in summer time
        ("scorecard", HELEN.email): "18 08:00",
        ("scorecard", "HR@example.com"): "18 13:00",
    }
    assert frozen.session.scalars(select(PeriodRecord.posted_at)).all() == [FIRST]


def test_a_late_run_posts_at_once_where_the_morning_is_over(frozen: Database) -> None:
    late = datetime(2026, 10, 18, 11, 30, tzinfo=UTC)

    _post_due(frozen, late)

    assert _mornings(frozen)["scorecard", "IT@example.com"] == "18 11:30"
    assert _mornings(frozen)["scorecard", "HR@example.com"] == "18 13:00"


@pytest.mark.parametrize("departments", [1, 3])
def test_a_sweep_asks_as_little_for_many_as_for_one_and_reads_no_document(sqlite: Database, departments: int) -> None:
    session = sqlite.session
    add_staff(session, HELEN.email, Role.HR, now=FREEZE)
    for number in range(departments):
        place = department(session, f"D{number}", head_email=f"d{number}@example.com")
        issue(session, place, posted=None, calendar=BERLIN)
    session.commit()
    asked: dict[str, Any] = {"calendar": BERLIN, "policy": AskingPolicy(), "languages": ("en",)}
    asked["now"] = FIRST + timedelta(hours=12)

    with counting(sqlite.engine) as drawing:
        wanted = scorecards.undrawn(session, **asked)
    scorecards.post(session, Q3, **asked, draw=lambda _session, _row, _language: None)
    with counting(sqlite.engine) as posting:
        again = scorecards.post(session, Q3, **asked)

    assert (len(wanted), again) == (departments, 0)
    assert (len(drawing), len(posting)) == (12, 15)
    assert not any("scorecards.document" in one for one in (*drawing, *posting))


def test_who_sends_by_command_waits_for_nobodys_morning(frozen: Database) -> None:
    now = datetime(2026, 10, 16, 10, tzinfo=UTC)

    scorecards.post(
        frozen.session,
        Q3,
        calendar=BERLIN,
        policy=AskingPolicy(),
        languages=("en",),
        now=now,
        draw=lambda _session, _row, _language: None,
    )

    assert set(_mornings(frozen).values()) == {"16 10:00"}


def test_nobody_elses_zone_brings_the_day_forward(frozen: Database) -> None:
    person(frozen.session, BOB.email, time_zone="Pacific/Kiritimati")  # 14 hours ahead, and no recipient

    assert _post_due(frozen, datetime(2026, 10, 17, 19, 30, tzinfo=UTC)) == 0
