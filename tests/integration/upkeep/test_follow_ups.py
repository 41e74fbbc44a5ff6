"""A contact case comes to its end: noted once, told once, and nothing of the rating leaves with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from app.domain.states import FollowUpState, InvitationState
from app.mail.links import Links
from app.mail.outbox import COMPOSERS
from app.mail.outbox.composing import compose
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Person
from app.pipeline.invitations import may_leave
from app.pipeline.release.destroying import close_invitations
from app.upkeep.quarters.follow_ups import Closing, NoSuchCase, mark_contacted, mark_done, write_down
from tests.builders.asking import KEYS
from tests.builders.departments import department
from tests.builders.follow_ups import case
from tests.servers.databases import Database

CLOSING = Closing("You have it now.\nTell me if not.", "Bob Head", "bob@example.com")


@pytest.fixture
def desk(database: Database) -> Department:
    return department(database.session, "DESK", name="Service Desk")


@pytest.fixture
def waiting(database: Database, desk: Department, now: datetime) -> FollowUp:
    row = case(database.session, desk, now - timedelta(days=2))
    database.session.commit()
    return row


def messages(database: Database) -> list[Message]:
    return list(database.session.scalars(select(Message).where(Message.name == "closed_case")))


def test_closing_tells_the_requester_once(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    session = database.session

    closed = [mark_done(session, waiting.id, {desk.id}, CLOSING, now=now + timedelta(hours=n)) for n in range(2)]

    session.refresh(waiting)
    assert closed == [True, False]
    assert (waiting.state, waiting.contacted_at, waiting.done_at) == (FollowUpState.DONE, now, now)
    assert waiting.last_word == CLOSING.word
    (message,) = messages(database)
    assert (message.recipient, message.due_at, message.invitation_id) == (
        "ines@example.com",
        now,
        waiting.invitation_id,
    )
    mail = compose(session, message, Links(base_url="https://parity.example", keys=KEYS), COMPOSERS)
    assert mail.subject == "What became of “A new badge”"
    assert "You have it now." in mail.text
    assert "Write to Bob Head: bob@example.com" in mail.text


def test_a_contact_noted_before_keeps_its_moment(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    mark_contacted(database.session, waiting.id, {desk.id}, now=now)

    mark_done(database.session, waiting.id, {desk.id}, Closing(), now=now + timedelta(days=1))

    database.session.refresh(waiting)
    assert (waiting.contacted_at, waiting.done_at) == (now, now + timedelta(days=1))


def test_an_operator_closes_any_case_and_the_mail_names_the_department(
    database: Database, waiting: FollowUp, now: datetime
) -> None:
    mark_done(database.session, waiting.id, None, Closing(), now=now)

    (message,) = messages(database)
    mail = compose(database.session, message, Links(base_url="https://parity.example", keys=KEYS), COMPOSERS)
    assert "Ask Service Desk as you did before." in " ".join(mail.text.split())


def test_an_operator_who_closes_it_sends_the_words_that_a_head_had_kept(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    write_down(database.session, waiting.id, [desk.id], "note", "The badge lies ready.")

    mark_done(database.session, waiting.id, None, Closing(), now=now)

    database.session.refresh(waiting)
    (message,) = messages(database)
    assert waiting.last_word == "The badge lies ready."
    assert "The badge lies ready." in str(message.params)


def test_another_departments_case_is_not_there(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    others = {department(database.session, "FIN").id}

    with pytest.raises(NoSuchCase):
        mark_done(database.session, waiting.id, others, CLOSING, now=now)
    with pytest.raises(NoSuchCase):
        write_down(database.session, waiting.id, others, "Read by nobody.")

    write_down(database.session, waiting.id, {desk.id}, "Called on Monday.")
    database.session.refresh(waiting)
    assert (waiting.state, waiting.note, messages(database)) == (FollowUpState.WAITING, "Called on Monday.", [])


def test_who_has_no_address_is_told_nothing_by_mail(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    database.session.execute(
        update(Person).where(Person.id == waiting.person_id).values(email=None, source="desk", source_key="7")
    )

    assert mark_done(database.session, waiting.id, {desk.id}, CLOSING, now=now)
    assert messages(database) == []


def test_the_mail_leaves_although_the_request_was_answered_and_goes_with_the_release(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    session = database.session
    answered = {"state": InvitationState.ANSWERED, "expires_at": now - timedelta(days=1)}
    session.execute(update(Invitation).values(answered))
    mark_done(session, waiting.id, {desk.id}, CLOSING, now=now)
    (message,) = messages(database)

    leaves = may_leave(session, message, now)
    close_invitations(session, waiting.period)

    assert leaves
    session.expire_all()
    assert (messages(database), list(session.scalars(select(FollowUp.id)))) == ([], [])


def test_two_heads_who_close_it_at_once_tell_once(
    database: Database, desk: Department, waiting: FollowUp, now: datetime
) -> None:
    barrier, number, own = Barrier(2), waiting.id, {desk.id}

    def close(word: str) -> bool:
        barrier.wait()
        with database.sessions.begin() as session:
            return mark_done(session, number, own, Closing(word, "Bob Head", "bob@example.com"), now=now)

    with ThreadPoolExecutor(2) as pool:
        closed = sorted(pool.map(close, ("First.", "Second.")))

    assert closed == [False, True]
    database.session.expire_all()
    (message,) = messages(database)
    assert (message.params or {})["word"] == database.session.get_one(FollowUp, number).last_word
