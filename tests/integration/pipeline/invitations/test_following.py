"""After the invitation: accepted, reminded, withdrawn, expired, or never delivered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.domain.decisions import DecisionReason
from app.domain.states import InvitationState, MessageState, RequestState
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.rollups import DirtyMark
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations import (
    confirm_sent,
    expire_due,
    fail_undelivered,
    invite_due,
    remind_due,
    withdraw_reopened,
)
from tests.builders.asking import KEYS, accept_mail, asking
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database

TUESDAY_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)
FRIDAY_NINE = TUESDAY_NINE + timedelta(days=3)
EXPIRY = datetime(2026, 3, 11, tzinfo=UTC)
ASKING = asking()


@pytest.fixture
def invited(database: Database) -> Database:
    """Alice was invited on Tuesday at nine; nothing was sent yet."""
    desk = department(database.session, "IT")
    alice = person(database.session, ALICE.email)
    completed_request(database.session, desk, alice, TUESDAY_NINE - timedelta(hours=18))
    invite_due(database.session, ASKING, KEYS, now=TUESDAY_NINE)
    return database


@pytest.fixture
def sent(invited: Database) -> Database:
    """A mail server took the invitation at nine."""
    accept_mail(invited.session, TUESDAY_NINE)
    confirm_sent(invited.session, ASKING, now=TUESDAY_NINE)
    return invited


def invitation(database: Database) -> Any:
    columns = (Invitation.state, Invitation.sent_at, Invitation.remind_at, Invitation.reminded_at)
    return database.session.execute(select(*columns)).one()


def messages(database: Database) -> list[tuple[str, str]]:
    rows = database.session.execute(select(Message.name, Message.state).order_by(Message.id))
    return [(name, str(state)) for name, state in rows]


def decision(database: Database) -> DecisionReason:
    return database.session.execute(select(RequestCycle.decision)).scalar_one()


def reopen(database: Database) -> None:
    database.session.execute(update(RequestCycle).values(undone_at=TUESDAY_NINE + timedelta(minutes=5)))
    database.session.execute(update(ServiceRequest).values(state=RequestState.OPEN))


def test_an_accepted_message_makes_the_invitation_sent_and_plans_the_reminder(sent: Database) -> None:
    assert invitation(sent) == (InvitationState.SENT, TUESDAY_NINE, FRIDAY_NINE, None)


def test_confirming_twice_changes_nothing(sent: Database) -> None:
    assert confirm_sent(sent.session, ASKING, now=FRIDAY_NINE) == 0


def test_an_answer_that_came_before_the_confirmation_stays_an_answer(invited: Database) -> None:
    invited.session.execute(update(Invitation).values(state=InvitationState.ANSWERED))
    accept_mail(invited.session, TUESDAY_NINE)

    confirm_sent(invited.session, ASKING, now=TUESDAY_NINE)

    assert invitation(invited)[:2] == (InvitationState.ANSWERED, TUESDAY_NINE)


def test_no_reminder_is_planned_where_the_policy_wants_none(invited: Database) -> None:
    accept_mail(invited.session, TUESDAY_NINE)

    confirm_sent(invited.session, asking(reminder=False), now=TUESDAY_NINE)

    assert invitation(invited).remind_at is None


def test_the_silent_are_reminded_once(sent: Database) -> None:
    early = remind_due(sent.session, ASKING, now=FRIDAY_NINE - timedelta(seconds=1))
    first = remind_due(sent.session, ASKING, now=FRIDAY_NINE)
    again = remind_due(sent.session, ASKING, now=FRIDAY_NINE + timedelta(days=3))

    assert (early, first, again) == (0, 1, 0)
    assert messages(sent) == [("invitation", "sent"), ("reminder", "waiting")]
    assert invitation(sent) == (InvitationState.SENT, TUESDAY_NINE, None, FRIDAY_NINE)


def test_a_late_reminder_keeps_to_working_hours_and_leaves_a_day(sent: Database) -> None:
    saturday = FRIDAY_NINE + timedelta(days=1)

    remind_due(sent.session, ASKING, now=saturday)

    assert invitation(sent).reminded_at == FRIDAY_NINE + timedelta(days=3)


def test_nobody_is_reminded_on_the_last_day(sent: Database) -> None:
    assert remind_due(sent.session, ASKING, now=EXPIRY - timedelta(hours=10)) == 0
    assert messages(sent) == [("invitation", "sent")]


@pytest.mark.parametrize("state", [InvitationState.ANSWERED, InvitationState.BOUNCED, InvitationState.EXPIRED])
def test_nobody_is_reminded_after_an_answer_or_a_bounce(sent: Database, state: InvitationState) -> None:
    sent.session.execute(update(Invitation).values(state=state))

    assert remind_due(sent.session, ASKING, now=FRIDAY_NINE) == 0


def test_where_only_a_machine_answered_the_person_is_reminded(sent: Database) -> None:
    sent.session.execute(update(Invitation).values(state=InvitationState.HELD_BACK))

    assert remind_due(sent.session, ASKING, now=FRIDAY_NINE) == 1


def test_nobody_is_reminded_about_a_request_that_is_open_again(sent: Database) -> None:
    reopen(sent)

    assert remind_due(sent.session, ASKING, now=FRIDAY_NINE) == 0


def test_a_reminder_is_taken_back_when_the_answer_comes_first(sent: Database) -> None:
    remind_due(sent.session, ASKING, now=FRIDAY_NINE)
    sent.session.execute(update(Invitation).values(state=InvitationState.ANSWERED))

    withdraw_reopened(sent.session, ASKING, now=FRIDAY_NINE)

    assert messages(sent) == [("invitation", "sent"), ("reminder", "withdrawn")]


def test_reopening_withdraws_what_has_not_left(invited: Database) -> None:
    reopen(invited)

    assert withdraw_reopened(invited.session, ASKING, now=TUESDAY_NINE + timedelta(minutes=6)) == 1
    assert messages(invited) == [("invitation", "withdrawn")]
    assert invitation(invited).state is InvitationState.WITHDRAWN
    assert decision(invited) is DecisionReason.REOPENED
    assert withdraw_reopened(invited.session, ASKING, now=TUESDAY_NINE + timedelta(minutes=7)) == 0


def test_a_message_that_is_leaving_is_not_withdrawn(invited: Database) -> None:
    invited.session.execute(update(Message).values(state=MessageState.SENDING, leased_until=TUESDAY_NINE))
    reopen(invited)

    assert withdraw_reopened(invited.session, ASKING, now=TUESDAY_NINE + timedelta(minutes=6)) == 0
    assert invitation(invited).state is InvitationState.QUEUED
    assert decision(invited) is DecisionReason.INVITED


def test_what_was_accepted_stays_asked_when_the_request_is_opened_again(sent: Database) -> None:
    reopen(sent)

    assert withdraw_reopened(sent.session, ASKING, now=FRIDAY_NINE) == 0
    assert decision(sent) is DecisionReason.INVITED


def test_what_no_server_took_in_two_days_is_withdrawn(invited: Database) -> None:
    two_days = TUESDAY_NINE + timedelta(hours=48)

    early = fail_undelivered(invited.session, ASKING, now=two_days - timedelta(seconds=1))
    due = fail_undelivered(invited.session, ASKING, now=two_days)

    assert (early, due) == (0, 1)
    assert messages(invited) == [("invitation", "withdrawn")]
    assert decision(invited) is DecisionReason.DELIVERY_FAILED


def test_a_refused_message_fails_at_once(invited: Database) -> None:
    invited.session.execute(update(Message).values(state=MessageState.FAILED))

    assert fail_undelivered(invited.session, ASKING, now=TUESDAY_NINE) == 1
    assert decision(invited) is DecisionReason.DELIVERY_FAILED


def test_who_opts_out_before_the_mail_leaves_gets_none(invited: Database) -> None:
    alice = invited.session.execute(select(Invitation.person_id)).scalar_one()
    invited.session.add(OptOut(person_id=alice, created_at=TUESDAY_NINE))
    invited.session.flush()

    fail_undelivered(invited.session, ASKING, now=TUESDAY_NINE)

    assert messages(invited) == [("invitation", "withdrawn")]


def test_an_invitation_expires_when_its_days_are_over(sent: Database) -> None:
    early = expire_due(sent.session, ASKING, now=EXPIRY - timedelta(seconds=1))
    due = expire_due(sent.session, ASKING, now=EXPIRY)

    assert (early, due) == (0, 1)
    assert invitation(sent) == (InvitationState.EXPIRED, TUESDAY_NINE, None, None)


def test_every_change_of_an_invitation_marks_its_department_dirty(sent: Database) -> None:
    before = len(sent.session.scalars(select(DirtyMark)).all())

    expire_due(sent.session, ASKING, now=EXPIRY)

    assert len(sent.session.scalars(select(DirtyMark)).all()) == before + 1
