"""Right before a mail leaves it is asked once more whether it is still wanted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.states import InvitationState, RequestState
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations import invite_due, may_leave
from tests.builders.asking import KEYS, asking
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database

TUESDAY_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def message(database: Database) -> Message:
    alice = person(database.session, ALICE.email)
    completed_request(database.session, department(database.session, "IT"), alice, TUESDAY_NINE - timedelta(hours=18))
    invite_due(database.session, asking(), KEYS, now=TUESDAY_NINE)
    return database.session.scalars(select(Message)).one()


def reopened(database: Database) -> None:
    database.session.execute(update(RequestCycle).values(undone_at=TUESDAY_NINE))


def deleted(database: Database) -> None:
    database.session.execute(update(ServiceRequest).values(state=RequestState.DELETED))


def answered(database: Database) -> None:
    database.session.execute(update(Invitation).values(state=InvitationState.ANSWERED))


def opted_out(database: Database) -> None:
    person_id = database.session.execute(select(Invitation.person_id)).scalar_one()
    database.session.add(OptOut(person_id=person_id, created_at=TUESDAY_NINE))
    database.session.flush()


def test_an_invitation_leaves_while_its_request_is_completed(database: Database, message: Message) -> None:
    assert may_leave(database.session, message, TUESDAY_NINE)


@pytest.mark.parametrize("event", [reopened, deleted, answered, opted_out])
def test_it_does_not_leave_any_more_when_its_reason_is_gone(
    database: Database, message: Message, event: Callable[[Database], None]
) -> None:
    event(database)

    assert not may_leave(database.session, message, TUESDAY_NINE)


def test_it_does_not_leave_after_its_expiry(database: Database, message: Message) -> None:
    assert not may_leave(database.session, message, TUESDAY_NINE + timedelta(days=8))


@pytest.mark.parametrize(
    ("state", "leaves"),
    [(InvitationState.SENT, True), (InvitationState.HELD_BACK, True), (InvitationState.ANSWERED, False)],
)
def test_a_reminder_leaves_for_the_silent_only(
    database: Database, message: Message, state: InvitationState, leaves: bool
) -> None:
    message.name = "reminder"
    database.session.execute(update(Invitation).values(state=state))

    assert may_leave(database.session, message, TUESDAY_NINE) is leaves


def test_mail_that_is_about_no_invitation_always_leaves(database: Database) -> None:
    assert may_leave(database.session, Message(name="scorecard"), TUESDAY_NINE)
