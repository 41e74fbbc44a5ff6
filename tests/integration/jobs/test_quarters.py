"""A quarter closes by itself: summed, frozen once, on both databases; the night forgets, but not in the demo."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import event, func, select, update

from app.domain.auditing import COMMAND_LINE
from app.domain.periods import Period
from app.domain.states import PeriodState
from app.foundations.crypto import Keys
from app.jobs.catalogue import STEPS
from app.jobs.installation import Installation
from app.jobs.night import retain
from app.jobs.quarters import freeze_due, post_due, release_due, release_period, roll_up
from app.jobs.steps import sweep
from app.models.base import Base
from app.models.deliveries import Delivery
from app.models.departments import Department
from app.models.releases import PeriodRecord
from app.models.responses import HeldResponse, ImportedPeriod, QuarterSalt, ReleasedResponse
from app.models.rollups import COMPANY_ID, CellCount, DirtyMark, mark_dirty
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import RequestCycle
from app.models.waiting import taking_turns
from app.pipeline import rollups
from app.upkeep.audit import log as audit
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR, completed_request, connection
from tests.servers.databases import Database

SUMMER = datetime(2026, 8, 5, 10, tzinfo=UTC)
FREEZE_DAY = datetime(2026, 10, 15, tzinfo=UTC)
QUARTER = "2026-Q3"


def installation(database: Database) -> Installation:
    return Installation(database.settings, Keys.of(database.settings), database.sessions)


def a_quarter_with_twelve_answers(database: Database) -> None:
    session = database.session
    provider = department(session, "it")
    quarter_salt(session, Keys.of(database.settings), QUARTER)
    for number in range(12):
        who = person(session, f"requester{number}@example.com", works_in=department(session, f"d{number}"))
        completed_request(session, provider, who, SUMMER)
        held_response(session, provider, who, {"csat_overall": 4 + number % 2}, QUARTER)
    mark_dirty(session, provider.id, QUARTER, CALENDAR.ends_at(CALENDAR.period_of(SUMMER)))
    session.commit()


def test_dirty_sums_are_computed_anew(database: Database) -> None:
    a_quarter_with_twelve_answers(database)

    count = roll_up(installation(database), now=SUMMER)

    requesters = select(CellCount.requesters).where(
        CellCount.cut == "all", CellCount.is_own.is_(False), CellCount.department_id != COMPANY_ID
    )
    assert count == 1
    assert database.session.scalars(requesters).all() == [12]
    assert database.session.scalar(select(func.count()).select_from(DirtyMark)) == 0


def test_somebody_who_saves_meanwhile_gets_a_turn_before_all_sums_are_computed(sqlite: Database) -> None:
    """SQLite has one writer: sums of many departments in one transaction kept every page from saving."""
    a_quarter_with_twelve_answers(sqlite)
    ends_at = CALENDAR.ends_at(CALENDAR.period_of(SUMMER))
    for id_ in sqlite.session.scalars(select(Department.id)).all():
        mark_dirty(sqlite.session, id_, QUARTER, ends_at)
    sqlite.session.commit()
    has_begun = threading.Event()

    def slowly(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("DELETE FROM profile_cells"):
            has_begun.set()
            time.sleep(0.05)  # as with ten thousand answers

    with ThreadPoolExecutor(1) as pool, taking_turns():
        event.listen(sqlite.engine, "before_cursor_execute", slowly)
        work = pool.submit(roll_up, installation(sqlite), now=SUMMER)
        has_begun.wait()
        with sqlite.sessions.begin() as session:
            session.execute(select(1))  # BEGIN IMMEDIATE: the writer's lock
            was_still_at_work = not work.done()
        count = work.result()
        event.remove(sqlite.engine, "before_cursor_execute", slowly)

    assert was_still_at_work
    assert count == 13
    assert list(rollups.verify(sqlite.session, calendar=CALENDAR, keys=Keys.of(sqlite.settings))) == []
    assert sqlite.session.scalar(select(func.count()).select_from(DirtyMark)) == 0


def test_a_quarter_is_frozen_on_its_day_and_only_once(database: Database) -> None:
    a_quarter_with_twelve_answers(database)

    early = freeze_due(installation(database), now=FREEZE_DAY - timedelta(seconds=1))
    on_the_day = freeze_due(installation(database), now=FREEZE_DAY)
    again = freeze_due(installation(database), now=FREEZE_DAY + timedelta(minutes=1))

    revisions = database.session.scalars(select(ScorecardRevision.revision).distinct()).all()
    state = database.session.scalar(select(PeriodRecord.state).where(PeriodRecord.period == QUARTER))
    assert (early, again) == (0, 0)
    assert on_the_day >= 1
    assert (revisions, state) == ([1], PeriodState.FROZEN)


def stored_delivery(database: Database, received_at: datetime) -> None:
    database.session.add(
        Delivery(
            connection_id=connection(database.session).id,
            delivery_key="1",
            received_at=received_at,
            headers={},
            body=b"{}",
        )
    )
    database.session.commit()


def test_the_night_forgets_old_deliveries(database: Database) -> None:
    stored_delivery(database, SUMMER)

    counts = retain(installation(database), now=SUMMER + timedelta(days=31))

    assert counts["deliveries"] == 1


def test_the_demo_forgets_nothing_but_old_copies(database: Database) -> None:
    stored_delivery(database, SUMMER)
    demo = replace(installation(database), settings=replace(database.settings, demo=True))

    counts = retain(demo, now=SUMMER + timedelta(days=31))

    assert counts == {"copies": 0}


def test_every_step_runs_on_an_empty_installation(database: Database, now: datetime) -> None:
    assert sweep(installation(database), STEPS, now) == [step.name for step in STEPS]


RELEASE_DAY = FREEZE_DAY + timedelta(days=14)


def counted(database: Database, table: type[Base]) -> int:
    return database.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_quarter_is_released_on_its_day_and_only_once(database: Database) -> None:
    a_quarter_with_twelve_answers(database)
    freeze_due(installation(database), now=FREEZE_DAY)

    early = release_due(installation(database), now=RELEASE_DAY - timedelta(seconds=1))
    on_the_day = release_due(installation(database), now=RELEASE_DAY)
    again = release_due(installation(database), now=RELEASE_DAY + timedelta(minutes=1))

    assert (early, on_the_day, again) == (0, 1, 0)
    assert [counted(database, table) for table in (HeldResponse, QuarterSalt, ReleasedResponse)] == [0, 0, 12]


def test_late_answers_reach_a_second_revision_before_the_release(database: Database) -> None:
    a_quarter_with_twelve_answers(database)
    freeze_due(installation(database), now=FREEZE_DAY)
    session = database.session
    provider = session.scalars(select(Department).where(Department.code == "it")).one()
    for number in range(6):
        who = person(session, f"late{number}@example.com")
        completed_request(session, provider, who, SUMMER)
        held_response(session, provider, who, {"csat_overall": 1}, QUARTER)
    mark_dirty(session, provider.id, QUARTER, CALENDAR.ends_at(CALENDAR.period_of(SUMMER)))
    session.commit()

    release_due(installation(database), now=RELEASE_DAY)

    revisions = select(ScorecardRevision.revision).where(ScorecardRevision.department_id == provider.id)
    assert sorted(session.scalars(revisions)) == [1, 2]
    assert counted(database, ReleasedResponse) == 18


def test_an_earlier_tools_quarter_is_released_two_weeks_after_its_last_import(database: Database) -> None:
    a_quarter_with_twelve_answers(database)
    session = database.session
    imported_at = RELEASE_DAY + timedelta(days=100)
    session.execute(update(RequestCycle).values(learned_at=imported_at))
    session.add(ImportedPeriod(period=QUARTER, first_import_at=imported_at, last_import_at=imported_at))
    session.commit()

    early = release_due(installation(database), now=imported_at + timedelta(days=13))
    later = release_due(installation(database), now=imported_at + timedelta(days=14))

    assert (early, later) == (0, 1)
    assert counted(database, ScorecardRevision) >= 1
    assert counted(database, ReleasedResponse) == 12


def test_the_closing_of_a_quarter_is_noted_once_each_with_who_did_it(database: Database) -> None:
    a_quarter_with_twelve_answers(database)
    for _ in range(2):
        freeze_due(installation(database), now=FREEZE_DAY)
        post_due(installation(database), now=FREEZE_DAY + timedelta(days=3, hours=9))
        release_due(installation(database), now=RELEASE_DAY)
        release_period(installation(database), Period.parse(QUARTER), now=RELEASE_DAY, actor=COMMAND_LINE)

    assert [(e.actor, e.action, e.subject) for e in audit.entries(database.session)] == [
        ("worker", "scorecards.frozen", QUARTER),
        ("worker", "scorecards.sent", QUARTER),
        ("worker", "period.released", QUARTER),
    ]
