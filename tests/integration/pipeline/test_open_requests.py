"""The open requests as they stood at the freeze date, taken once: how many, how old, how many stuck or silent."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.durations import bin_middle, duration_bin
from app.domain.states import RequestState
from app.models.departments import Department
from app.models.people import Person
from app.models.rollups import STATUS, OpenAge
from app.models.service_requests import RequestCycle, ServiceRequest
from tests.builders.people import person
from tests.builders.quarters import FREEZE, answers, company, document, freeze
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

DAY = timedelta(days=1)


def request(
    session: Session, provider: Department, who: Person, created_at: datetime, *, done: datetime | None = None
) -> RequestCycle:
    """Add a request, by default an open one: the completion that the builder makes is taken away."""
    cycle = completed_request(session, provider, who, done or created_at + DAY)
    row = session.get_one(ServiceRequest, cycle.request_id)
    row.created_at = created_at
    if done is None:
        row.state = RequestState.OPEN
        session.delete(cycle)
    session.flush()
    return cycle


def ages(session: Session, owner: Department) -> dict[tuple[str, int], int]:
    rows = session.scalars(select(OpenAge).where(OpenAge.department_id == owner.id))
    return {(row.measure, row.bin): row.requests for row in rows if not row.measure.startswith(STATUS)}


def test_it_counts_what_stood_open_at_the_freeze_date_whatever_happened_since(database: Database) -> None:
    session, places = database.session, company(database.session)
    alice, it = person(session, "alice@example.com"), places["IT"]
    request(session, it, alice, FREEZE - 40 * DAY)
    request(session, it, alice, FREEZE - 40 * DAY, done=FREEZE + DAY)  # completed since: a historical quarter
    request(session, it, alice, FREEZE - 40 * DAY, done=FREEZE - DAY)
    request(session, it, alice, FREEZE + DAY)
    reopened = request(session, it, alice, FREEZE - 40 * DAY, done=FREEZE - 20 * DAY)
    reopened.undone_at = FREEZE - 10 * DAY
    deleted = request(session, it, alice, FREEZE - 40 * DAY)
    session.get_one(ServiceRequest, deleted.request_id).state = RequestState.DELETED
    answered = request(session, it, alice, FREEZE - 2 * DAY)
    session.get_one(ServiceRequest, answered.request_id).first_response_at = FREEZE - DAY
    session.flush()
    answers(session, it, [5] * 12)

    freeze(session, FREEZE + timedelta(hours=5))

    old, young = duration_bin(40 * DAY), duration_bin(2 * DAY)
    # completed requests of the builder took a day: whatever is older is stuck
    assert ages(session, it) == {
        ("open", old): 3,
        ("silent", old): 3,
        ("stuck", old): 3,
        ("open", young): 1,
        ("stuck", young): 1,
    }
    assert ages(session, places["ALL"]) == ages(session, it)


def test_open_requests_lengthen_the_times_of_the_scorecard(database: Database) -> None:
    session, places = database.session, company(database.session)
    alice = person(session, "alice@example.com")
    answers(session, places["IT"], [5] * 12)  # twelve requests, a day each
    for _ in range(20):
        request(session, places["IT"], alice, FREEZE - 40 * DAY)

    freeze(session)

    found = document(session, places["IT"])["operations"]
    assert (found["open"], found["stuck"], found["completions"]) == (20, 20, 12)
    assert "resolution_time" not in found  # fewer than half of them are done within any time that was seen


def test_few_open_requests_leave_the_median_and_take_the_tail(database: Database) -> None:
    session, places = database.session, company(database.session)
    alice = person(session, "alice@example.com")
    answers(session, places["IT"], [5] * 30)
    for _ in range(5):
        request(session, places["IT"], alice, datetime(2026, 9, 1, tzinfo=UTC))

    freeze(session)

    day = round(bin_middle(duration_bin(DAY)).total_seconds() / 3600, 1)
    assert document(session, places["IT"])["operations"]["resolution_time"] == {"median": day, "p85": day}


def at_rest(session: Session, provider: Department, who: Person, since: datetime | None) -> None:
    """Add a young open request that has its status since then; None where its tracker tells none."""
    cycle = request(session, provider, who, FREEZE - 20 * DAY)
    session.get_one(ServiceRequest, cycle.request_id).status_at = since


def test_five_working_days_without_a_change_of_status_are_stuck(database: Database) -> None:
    session, places = database.session, company(database.session)
    alice, it = person(session, "alice@example.com"), places["IT"]
    five_days = datetime(2026, 10, 8, tzinfo=UTC)  # the freeze is a Thursday's midnight; a weekend lies between
    for since in (five_days - timedelta(seconds=1), five_days, FREEZE + DAY, None):
        at_rest(session, it, alice, since)
    session.flush()

    freeze(session)

    place = duration_bin(20 * DAY)
    assert ages(session, it) == {("open", place): 4, ("silent", place): 4, ("stuck", place): 1}


def test_holidays_of_the_policy_are_no_working_days(database: Database) -> None:
    session, places = database.session, company(database.session)
    at_rest(session, places["IT"], person(session, "alice@example.com"), datetime(2026, 10, 7, 12, tzinfo=UTC))
    session.flush()

    freeze(session, policy=AskingPolicy(holidays=frozenset({date(2026, 10, 12)})))

    place = duration_bin(20 * DAY)
    assert ages(session, places["IT"]) == {("open", place): 1, ("silent", place): 1}


def test_the_scorecard_tells_what_is_open_by_age_and_status_and_the_share_within_target(database: Database) -> None:
    session, places = database.session, company(database.session)
    alice = person(session, "alice@example.com")
    answers(session, places["IT"], [5] * 12)
    for number, cycle in enumerate(session.scalars(select(RequestCycle)).all()):
        row = session.get_one(ServiceRequest, cycle.request_id)
        row.due_at = row.created_at + (2 * DAY if number < 9 else DAY / 2)  # each took a day
    for number in range(20):
        opened = request(session, places["IT"], alice, FREEZE - (3 if number < 12 else 40) * DAY)
        row = session.get_one(ServiceRequest, opened.request_id)
        row.status, row.status_at = ("Waiting" if number < 6 else "New"), FREEZE - 2 * DAY
        row.due_at = row.created_at + 10 * DAY
    session.flush()

    freeze(session)

    told = document(session, places["IT"])["operations"]
    assert told["open_ages"] == [{"value": "week", "requests": 12}, {"value": "quarter", "requests": 8}]
    assert told["open_statuses"] == [{"value": "New", "requests": 14}, {"value": "Waiting", "requests": 6}]
    # nine of twelve done in half their target; of the open ones, eight have had four times theirs, twelve a third
    assert told["within_target"] == 0.45


def test_a_status_that_names_a_colleague_is_kept_as_unknown(database: Database) -> None:
    session, places = database.session, company(database.session)
    alice, it = person(session, "alice@example.com"), places["IT"]
    person(session, "anna@example.com", name="Anna Keller")
    for status in ("Anna Keller", "Waiting for Anna", "anna@example.com", "Waiting"):
        opened = request(session, it, alice, FREEZE - 2 * DAY)
        row = session.get_one(ServiceRequest, opened.request_id)
        row.status, row.status_at = status, FREEZE - 2 * DAY
    session.flush()
    answers(session, it, [5] * 12)

    freeze(session, FREEZE + timedelta(hours=5))

    kept = session.scalars(select(OpenAge).where(OpenAge.department_id == it.id, OpenAge.measure.startswith(STATUS)))
    assert {row.measure.removeprefix(STATUS): row.requests for row in kept} == {"": 3, "Waiting": 1}
