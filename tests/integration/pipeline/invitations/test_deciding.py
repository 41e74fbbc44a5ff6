"""One run decides everything that is due: who is asked, who is not, and what is written for it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.domain.decisions import DecisionReason
from app.domain.states import InvitationState, RequesterKind, Resolution
from app.models.departments import Department
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut, Person
from app.models.policies import SamplingRate
from app.models.releases import PeriodRecord
from app.models.responses import QuarterSalt
from app.models.rollups import DirtyMark
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations import RunEarlierThanLast, invite_due
from tests.builders.asking import KEYS, accept_mail, asking
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE, MALLORY
from tests.servers.databases import Database

MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def desk(database: Database) -> Department:
    return department(database.session, "IT")


@pytest.fixture
def alice(database: Database) -> Person:
    sales = department(database.session, "SALES")
    return person(database.session, ALICE.email, works_in=sales, name=ALICE.name)


def run(database: Database, now: datetime = TUESDAY_NINE, **policy: Any) -> dict[str, int]:
    tally = invite_due(database.session, asking(**policy), KEYS, now=now)
    return {str(reason): count for reason, count in tally.decisions.items()}


def decision(database: Database, cycle: RequestCycle) -> DecisionReason:
    return database.session.execute(select(RequestCycle.decision).where(RequestCycle.id == cycle.id)).scalar_one()


def test_it_invites_on_the_next_working_morning(database: Database, desk: Department, alice: Person) -> None:
    cycle = completed_request(database.session, desk, alice, MONDAY)

    before, on_time = run(database, TUESDAY_NINE - timedelta(seconds=1)), run(database)

    assert (before, on_time) == ({}, {"invited": 1})
    invitation = database.session.scalars(select(Invitation)).one()
    assert invitation.cycle_id == cycle.id
    assert invitation.state is InvitationState.QUEUED
    assert invitation.planned_at == TUESDAY_NINE
    assert invitation.expires_at == datetime(2026, 3, 11, tzinfo=UTC)
    assert (invitation.period, invitation.sending_period, invitation.language) == ("2026-Q1", "2026-Q1", "en")


def test_the_message_says_what_and_until_when_and_holds_no_token(
    database: Database, desk: Department, alice: Person
) -> None:
    completed_request(database.session, desk, alice, MONDAY)

    run(database)

    invitation = database.session.scalars(select(Invitation)).one()
    message = database.session.scalars(select(Message)).one()
    assert message.key == f"invitation:{invitation.public_id.hex()}"
    assert (message.name, message.recipient, message.invitation_id) == ("invitation", ALICE.email, invitation.id)
    assert (message.due_at, message.give_up_at) == (TUESDAY_NINE, TUESDAY_NINE + timedelta(hours=48))
    assert message.params == {
        "recipient_name": ALICE.name,
        "title": "A new badge",
        "reference": "R-1",
        "department": "It",
        "completed_on": "2026-03-02",
        "expires_on": "2026-03-10",
        "released_on": "2026-04-29",
        "minimum_group_size": 5,
        "quarter_cap": 3,
    }


def test_the_first_invitation_fixes_the_quarter_and_makes_its_salt(
    database: Database, desk: Department, alice: Person
) -> None:
    completed_request(database.session, desk, alice, MONDAY)

    run(database)

    assert database.session.scalars(select(PeriodRecord.period)).all() == ["2026-Q1"]
    assert database.session.scalars(select(QuarterSalt.period)).all() == ["2026-Q1"]


def test_a_decision_marks_the_department_and_all_above_dirty(database: Database, alice: Person) -> None:
    company = department(database.session, "COMPANY")
    desk = department(database.session, "IT", parent=company)
    completed_request(database.session, desk, alice, MONDAY)

    run(database)

    marks = database.session.execute(select(DirtyMark.department_id, DirtyMark.period)).all()
    assert sorted(map(tuple, marks)) == [(company.id, "2026-Q1"), (desk.id, "2026-Q1")]


def test_it_asks_about_one_of_several_requests(database: Database, desk: Department, alice: Person) -> None:
    for hour in range(5):
        completed_request(database.session, desk, alice, MONDAY - timedelta(hours=hour))

    tally = run(database)

    assert tally == {"invited": 1, "another_chosen": 4}
    assert len(database.session.scalars(select(Invitation)).all()) == 1


def test_a_second_run_changes_nothing(database: Database, desk: Department, alice: Person) -> None:
    completed_request(database.session, desk, alice, MONDAY)
    run(database)

    assert run(database) == {}
    assert len(database.session.scalars(select(Message)).all()) == 1


def test_an_earlier_run_is_refused_and_names_the_last(database: Database) -> None:
    run(database)

    with pytest.raises(RunEarlierThanLast, match="2026-03-03T09:00:00"):
        run(database, TUESDAY_NINE - timedelta(minutes=1))


def test_a_late_run_sends_at_once_in_working_hours_and_else_next_morning(
    database: Database, desk: Department, alice: Person
) -> None:
    mallory = person(database.session, MALLORY.email)
    completed_request(database.session, desk, alice, MONDAY)
    run(database, datetime(2026, 3, 3, 11, 30, tzinfo=UTC))
    completed_request(database.session, desk, mallory, MONDAY)

    run(database, datetime(2026, 3, 3, 19, tzinfo=UTC))

    plans = database.session.scalars(select(Invitation.planned_at).order_by(Invitation.id)).all()
    assert plans == [datetime(2026, 3, 3, 11, 30, tzinfo=UTC), datetime(2026, 3, 4, 9, tzinfo=UTC)]


def test_nine_in_the_morning_is_where_the_requester_lives(database: Database, desk: Department) -> None:
    tokyo = person(database.session, ALICE.email, time_zone="Asia/Tokyo")
    nowhere = person(database.session, MALLORY.email, time_zone="Mars/Olympus")
    in_tokyo = completed_request(database.session, desk, tokyo, MONDAY)
    elsewhere = completed_request(database.session, desk, nowhere, MONDAY)

    run(database, datetime(2026, 3, 3, 0, tzinfo=UTC))

    assert decision(database, in_tokyo) is DecisionReason.INVITED
    assert decision(database, elsewhere) is DecisionReason.WAITING
    assert database.session.scalars(select(Invitation.expires_at)).all() == [datetime(2026, 3, 10, 15, tzinfo=UTC)]


def test_it_asks_in_the_language_of_the_requester_where_we_speak_it(database: Database, desk: Department) -> None:
    german = person(database.session, ALICE.email, language="de")
    finnish = person(database.session, MALLORY.email, language="fi")
    completed_request(database.session, desk, german, MONDAY)
    completed_request(database.session, desk, finnish, MONDAY)

    run(database)

    languages = database.session.scalars(select(Invitation.language).order_by(Invitation.person_id)).all()
    assert languages == ["de", "en"]


def test_holidays_are_waited_out(database: Database, desk: Department, alice: Person) -> None:
    completed_request(database.session, desk, alice, MONDAY)
    holidays = frozenset({date(2026, 3, 3)})

    assert run(database, holidays=holidays) == {}
    assert run(database, TUESDAY_NINE + timedelta(days=1), holidays=holidays) == {"invited": 1}


def test_requests_that_are_not_eligible_are_recorded_with_their_reason(
    database: Database, desk: Department, alice: Person
) -> None:
    session = database.session
    below = department(session, "IT-DESK", parent=desk)
    unsurveyed = department(session, "CANTEEN", is_surveyed=False)
    by_policy = department(session, "LEGAL")
    cycles = {
        "provider_unknown": completed_request(session, desk, alice, MONDAY, provider_department_id=None),
        "provider_not_surveyed": completed_request(session, unsurveyed, alice, MONDAY),
        "own_department": completed_request(session, desk, alice, MONDAY, requester_department_id=below.id),
        "closed_without_delivery": completed_request(session, desk, alice, MONDAY, resolution=Resolution.NOT_DELIVERED),
        "closed_automatically": completed_request(session, desk, alice, MONDAY, resolution=Resolution.AUTOMATIC),
        "requester_is_a_bot": completed_request(session, desk, alice, MONDAY),
        "history": completed_request(
            session, desk, alice, MONDAY - timedelta(days=8), learned_at=MONDAY + timedelta(seconds=1)
        ),
        "reopened": completed_request(session, desk, alice, MONDAY, undone_at=MONDAY + timedelta(hours=1)),
    }
    other = completed_request(session, by_policy, alice, MONDAY)
    bot = cycles["requester_is_a_bot"].request_id
    session.execute(update(ServiceRequest).where(ServiceRequest.id == bot).values(requester_kind=RequesterKind.BOT))

    run(database, not_surveyed=frozenset({"LEGAL"}))

    assert {reason: str(decision(database, cycle)) for reason, cycle in cycles.items()} == {
        reason: reason for reason in cycles
    }
    assert decision(database, other) is DecisionReason.PROVIDER_NOT_SURVEYED


def test_nobody_is_asked_without_an_address_or_against_their_wish(database: Database, desk: Department) -> None:
    session = database.session
    keyed = Person(source="desk", source_key="user-7")
    session.add(keyed)
    leaver, rester, back = (person(session, f"{name}@example.com") for name in ("leaver", "rester", "back"))
    cycles = [completed_request(session, desk, who, MONDAY) for who in (keyed, leaver, rester, back)]
    cycles.append(completed_request(session, desk, leaver, MONDAY, requester_id=None))
    session.add_all(
        [
            OptOut(person_id=leaver.id, created_at=MONDAY),
            OptOut(person_id=rester.id, until=TUESDAY_NINE + timedelta(seconds=1), created_at=MONDAY),
            OptOut(person_id=back.id, until=TUESDAY_NINE, created_at=MONDAY),
        ]
    )
    session.flush()

    run(database)

    assert [str(decision(database, cycle)) for cycle in cycles] == [
        "no_address",
        "opted_out",
        "opted_out",
        "invited",
        "no_address",
    ]


def test_quarantine_and_cap_hold_over_all_departments(database: Database, alice: Person) -> None:
    desks = [department(database.session, f"D{number}") for number in range(5)]
    mornings = [datetime(2026, month, day, 9, tzinfo=UTC) for month, day in ((1, 5), (2, 5), (3, 10))]
    for desk, morning in zip(desks, mornings, strict=False):
        completed_request(database.session, desk, alice, morning - timedelta(hours=20))
        run(database, morning, quarter_cap=2)
    completed_request(database.session, desks[4], alice, datetime(2026, 4, 8, 12, tzinfo=UTC))
    run(database, datetime(2026, 4, 9, 9, tzinfo=UTC), quarter_cap=2)

    reasons = database.session.scalars(select(RequestCycle.decision).order_by(RequestCycle.completed_at)).all()
    assert [str(reason) for reason in reasons] == ["invited", "invited", "quarter_cap", "invited"]


def test_quarantine_counts_from_the_planned_sending(database: Database, desk: Department, alice: Person) -> None:
    mornings = [datetime(2026, 3, 3, 9, tzinfo=UTC) + timedelta(days=days) for days in (0, 29, 30)]
    for morning in mornings:
        completed_request(database.session, desk, alice, morning - timedelta(hours=5))
        run(database, morning)

    reasons = database.session.scalars(select(RequestCycle.decision).order_by(RequestCycle.completed_at)).all()
    assert [str(reason) for reason in reasons] == ["invited", "quarantine", "invited"]


def test_an_invitation_taken_back_does_not_count_for_quarantine(
    database: Database, desk: Department, alice: Person
) -> None:
    first = completed_request(database.session, desk, alice, MONDAY)
    run(database)
    database.session.execute(
        update(RequestCycle).where(RequestCycle.id == first.id).values(undone_at=TUESDAY_NINE + timedelta(hours=1))
    )
    completed_request(database.session, desk, alice, MONDAY + timedelta(days=1))

    tally = run(database, TUESDAY_NINE + timedelta(days=1))

    assert tally == {"invited": 1}
    assert decision(database, first) is DecisionReason.REOPENED


def test_a_request_is_asked_about_once_over_all_its_cycles(database: Database, desk: Department, alice: Person) -> None:
    session = database.session
    first = completed_request(session, desk, alice, MONDAY)
    run(database)
    accept_mail(session, TUESDAY_NINE)
    session.execute(update(Invitation).values(state=InvitationState.SENT, sent_at=TUESDAY_NINE))
    session.execute(update(RequestCycle).values(undone_at=TUESDAY_NINE + timedelta(hours=2)))
    again = RequestCycle(
        request_id=first.request_id,
        number=2,
        completed_at=MONDAY + timedelta(days=40),
        period="2026-Q2",
        month="2026-04",
        provider_department_id=desk.id,
        requester_id=alice.id,
        learned_at=MONDAY + timedelta(days=40),
    )
    session.add(again)
    session.flush()

    run(database, TUESDAY_NINE + timedelta(days=60))

    assert decision(database, first) is DecisionReason.INVITED
    assert decision(database, again) is DecisionReason.ALREADY_ASKED


def test_what_would_be_sent_too_late_is_not_asked_about(database: Database, desk: Department, alice: Person) -> None:
    mallory = person(database.session, MALLORY.email)
    last_day = datetime(2026, 3, 31, 12, tzinfo=UTC)
    in_time = completed_request(database.session, desk, alice, last_day)
    holidays = frozenset(date(2026, 4, day) for day in range(1, 6))
    completed_request(database.session, desk, mallory, last_day + timedelta(days=4))

    run(database, datetime(2026, 4, 6, 9, tzinfo=UTC), holidays=holidays)

    assert decision(database, in_time) is DecisionReason.TOO_LATE


def test_the_sample_is_fixed_at_quarter_start_and_kept(database: Database, desk: Department) -> None:
    people = [person(database.session, f"p{number}@example.com") for number in range(120)]
    for who in people[:100]:
        completed_request(database.session, desk, who, datetime(2025, 12, 1, 12, tzinfo=UTC), decision="history")
    for who in people:
        completed_request(database.session, desk, who, MONDAY)

    tally = run(database, answers_aimed=10)

    rate = database.session.scalars(select(SamplingRate).where(SamplingRate.department_id == desk.id)).one()
    assert (rate.expected_requests, rate.response_rate, rate.probability) == (100, 0.2, 0.5)
    assert tally["invited"] + tally["sampled_out"] == 120
    assert 40 <= tally["invited"] <= 80
    assert run(database, answers_aimed=1000) == {}
    assert database.session.scalars(select(SamplingRate.probability)).all() == [0.5]


def test_every_due_request_is_decided_in_batches(
    database: Database, desk: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pipeline.invitations.deciding.BATCH", 3)
    people = [person(database.session, f"p{number}@example.com") for number in range(5)]
    for who in people:
        for hour in range(4):
            completed_request(database.session, desk, who, MONDAY - timedelta(hours=hour))

    assert run(database) == {"invited": 5, "another_chosen": 15}
