"""Before the first invitation or freeze the company may still change its time zone and fiscal year."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.domain.asking import Asking
from app.domain.periods import Calendar, Period
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys, UnreadableSecret
from app.imports.responses import ResponseRow
from app.models.external_scores import ExternalResponse
from app.models.invitations import Invitation
from app.models.policies import SamplingRate
from app.models.releases import PeriodsMisfiled, fix_period, is_misfiled, refuse_moved_periods
from app.models.responses import HeldResponse, ImportedPeriod, QuarterSalt
from app.models.rollups import CellCount, DirtyMark
from app.models.service_requests import RequestCycle
from app.pipeline import rollups, scorecards
from app.pipeline.invitations import pass_once
from app.pipeline.responses.history import History, record_history
from app.upkeep.running.refiling import QuartersAreFixed, Refiled, refile_periods
from tests.builders.asking import asking
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import CALENDAR, completed_request, connection
from tests.conftest import ALICE
from tests.servers.databases import Database

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
FROM_FEBRUARY = Calendar(ZoneInfo("UTC"), fiscal_year_start=2)
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
IN_BERLIN_JULY = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
IMPORTED = {month: datetime(2026, 11, month, tzinfo=UTC) for month in (1, 3, 4)}


def _answer(number: int, requester: str, month: int) -> ResponseRow:
    values = {
        "response_id": str(number),
        "provider_department": "IT",
        "requester": requester,
        "completed_at": datetime(2026, month, 14, tzinfo=UTC),
        "csat_overall": 4,
    }
    return ResponseRow(line=number, given=frozenset(values), **values)  # type: ignore[arg-type]


ANSWERS = {1: [_answer(1, "u-1", 1)], 3: [_answer(2, "u-1", 3), _answer(3, "u-2", 3)], 4: [_answer(4, "u-1", 4)]}


def _imports(database: Database, calendar: Calendar) -> list[History]:
    session = database.session
    source = connection(session, "forms", ConnectionSide.SCORES)
    done = [
        record_history(session, rows, source=source, calendar=calendar, keys=KEYS, now=IMPORTED[month])
        for month, rows in ANSWERS.items()
    ]
    session.commit()
    return done


@pytest.fixture
def filed(database: Database) -> None:
    """Requests, scores and answers of an earlier tool, filed by calendar quarters in UTC."""
    session = database.session
    it = department(session, "IT")
    alice = person(session, ALICE.email)
    for at in (datetime(2026, 1, 14, tzinfo=UTC), IN_BERLIN_JULY):
        completed_request(session, it, alice, at)
    session.add(
        ExternalResponse(
            source_id=connection(session, "customers", ConnectionSide.SCORES).id,
            response_id="1",
            touchpoint="web",
            dimension="csat_overall",
            instrument="csat5",
            score=5,
            answered_at=IN_BERLIN_JULY,
            period="2026-Q2",
        )
    )
    session.add(
        SamplingRate(
            department_id=it.id,
            period="2026-Q2",
            probability=0.5,
            expected_requests=10,
            response_rate=0.2,
            fixed_at=IN_BERLIN_JULY,
        )
    )
    _imports(database, CALENDAR)
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    session.commit()


def _refile(database: Database, calendar: Calendar) -> Refiled:
    done = refile_periods(database.session, KEYS, calendar)
    database.session.commit()
    return done


def _cycles(database: Database) -> list[tuple[str, str]]:
    query = select(RequestCycle.period, RequestCycle.month).order_by(RequestCycle.completed_at)
    return list(database.session.execute(query).tuples())


def _requesters(database: Database) -> dict[str, tuple[int, int]]:
    """Return answers and distinct requesters of each quarter."""
    counts = (func.count(), func.count(HeldResponse.requester_cluster_id.distinct()))
    rows = database.session.execute(select(HeldResponse.period, *counts).group_by(HeldResponse.period))
    return {period: (answers, requesters) for period, answers, requesters in rows.tuples()}


def test_another_fiscal_year_moves_completions_and_answers_into_its_quarters(database: Database, filed: None) -> None:
    done = _refile(database, FROM_FEBRUARY)

    assert done == Refiled(completions=2, scores=1, answers=4)
    assert _cycles(database) == [("2026-Q4", "2026-01"), ("2027-Q2", "2026-06")]
    assert database.session.scalars(select(ExternalResponse.period)).all() == ["2027-Q2"]
    # u-1 answered in March and in April, which were two quarters and are one: still one requester.
    assert _requesters(database) == {"2026-Q4": (1, 1), "2027-Q1": (3, 2)}


def test_sums_are_those_of_the_new_quarters(database: Database, filed: None) -> None:
    _refile(database, FROM_FEBRUARY)

    assert database.session.scalars(select(CellCount.period)).all() == []
    rollups.refresh(database.session, calendar=FROM_FEBRUARY, keys=KEYS)

    assert rollups.verify(database.session, calendar=FROM_FEBRUARY, keys=KEYS) == []
    counts = select(CellCount.period, CellCount.requesters).where(CellCount.cut == "all").order_by(CellCount.period)
    assert database.session.execute(counts).tuples().all() == [("2026-Q4", 1), ("2027-Q1", 2)]
    assert database.session.scalars(select(DirtyMark.id)).all() == []
    assert database.session.scalars(select(SamplingRate.period)).all() == []


def test_salts_and_days_of_import_follow_the_answers(database: Database, filed: None) -> None:
    _refile(database, FROM_FEBRUARY)

    periods = select(ImportedPeriod).order_by(ImportedPeriod.period)
    assert [(row.period, row.first_import_at, row.last_import_at) for row in database.session.scalars(periods)] == [
        ("2026-Q4", IMPORTED[1], IMPORTED[3]),  # those of the quarter that January was in
        ("2027-Q1", IMPORTED[1], IMPORTED[4]),
    ]
    salts = select(QuarterSalt.period).order_by(QuarterSalt.period)
    assert database.session.scalars(salts).all() == ["2026-Q4", "2027-Q1"]


def test_the_same_import_again_still_changes_nothing(database: Database, filed: None) -> None:
    _refile(database, FROM_FEBRUARY)

    again = _imports(database, FROM_FEBRUARY)

    assert sum(done.new for done in again) == 0
    assert sum(done.seen_before for done in again) == 4


def test_another_time_zone_moves_what_lay_at_midnight_and_a_second_time_nothing(
    database: Database, filed: None
) -> None:
    first, second = _refile(database, BERLIN), _refile(database, BERLIN)

    assert (first, second.total) == (Refiled(completions=1, scores=1, answers=0), 0)
    assert _cycles(database) == [("2026-Q1", "2026-01"), ("2026-Q3", "2026-07")]


def test_there_and_back_is_as_it_was(database: Database, filed: None) -> None:
    before = (_cycles(database), _requesters(database))

    _refile(database, FROM_FEBRUARY)
    _refile(database, CALENDAR)

    assert (_cycles(database), _requesters(database)) == before
    assert not is_misfiled(database.session, CALENDAR)


def test_once_a_quarter_is_fixed_nothing_is_filed_anew(database: Database, filed: None) -> None:
    fix_period(database.session, CALENDAR, Period(2026, 2))

    with pytest.raises(QuartersAreFixed):
        refile_periods(database.session, KEYS, FROM_FEBRUARY)


def test_without_the_link_key_answers_do_not_move(database: Database, filed: None) -> None:
    with pytest.raises(UnreadableSecret):
        refile_periods(database.session, Keys(KEYS.secrets, link_secret="another one"), FROM_FEBRUARY)

    database.session.rollback()
    assert _cycles(database) == [("2026-Q1", "2026-01"), ("2026-Q2", "2026-06")]


@pytest.mark.parametrize("calendar", [FROM_FEBRUARY, BERLIN])
def test_until_then_nothing_is_issued_and_nobody_is_asked(database: Database, filed: None, calendar: Calendar) -> None:
    session, now = database.session, datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert not is_misfiled(session, CALENDAR)

    with pytest.raises(PeriodsMisfiled):
        refuse_moved_periods(session, calendar)
    with pytest.raises(PeriodsMisfiled):
        scorecards.freeze(session, Period(2026, 2), calendar=calendar, policy=asking().policy, now=now)
    moved = pass_once(session, _by(calendar), KEYS, now=now)

    assert moved.periods_moved
    assert session.scalars(select(Invitation.id)).all() == []
    _refile(database, calendar)
    assert not pass_once(session, _by(calendar), KEYS, now=now).periods_moved


def _by(calendar: Calendar) -> Asking:
    return replace(asking(), calendar=calendar)
