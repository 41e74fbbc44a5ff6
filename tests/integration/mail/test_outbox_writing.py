"""Messages are written once, taken back while they wait, and forgotten after a week."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.domain.states import MessageState
from app.mail.outbox import Outgoing, enqueue, forget_recipient, forget_sent, sign_in_message
from app.mail.outbox.writing import asked_from_params, asked_to_params
from app.models.messages import Message
from tests.conftest import ALICE, BOB
from tests.mail.samples import asked
from tests.servers.databases import Database


def outgoing(key: str, now: datetime, recipient: str = ALICE.email) -> Outgoing:
    return Outgoing(
        key=key, name="sign_in_link", recipient=recipient, language="en", due_at=now, params={"public_id": "00"}
    )


def test_a_key_is_written_once(database: Database, now: datetime) -> None:
    session = database.session

    written = [enqueue(session, outgoing("scorecard:1", now), now=now) for _ in range(3)]

    assert written == [True, False, False]
    assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_written_message_waits_with_its_parameters_and_no_link(database: Database, now: datetime) -> None:
    message = sign_in_message(
        public_id=b"\x01" * 16,
        recipient=BOB.email,
        name=BOB.name,
        language="de",
        now=now,
        lifetime=timedelta(minutes=15),
    )

    enqueue(database.session, message, now=now)

    row = database.session.scalars(select(Message)).one()
    assert (row.state, row.attempts, row.due_at) == (MessageState.WAITING, 0, now)
    assert row.params == {"public_id": "01" * 16, "recipient_name": "Bob Head", "minutes": 15}
    assert row.give_up_at == now + timedelta(minutes=15)


def test_what_was_settled_a_week_ago_loses_parameters_and_address(database: Database, now: datetime) -> None:
    session = database.session
    for key, state, days in (
        ("old", "sent", 8),
        ("young", "sent", 6),
        ("waiting", "waiting", 8),
        ("given", "failed", 8),
    ):
        enqueue(session, outgoing(key, now - timedelta(days=days)), now=now)
        row = session.scalars(select(Message).where(Message.key == key)).one()
        row.state = MessageState(state)
        row.accepted_at = row.due_at if state == "sent" else None
    session.flush()

    forgotten = forget_sent(session, now=now)

    session.expire_all()
    rows = session.execute(select(Message.key, Message.params, Message.recipient).order_by(Message.key)).all()
    assert forgotten == 2
    assert [tuple(row) for row in rows] == [
        ("given", None, None),
        ("old", None, None),
        ("waiting", {"public_id": "00"}, ALICE.email),
        ("young", {"public_id": "00"}, ALICE.email),
    ]


def test_an_erased_person_leaves_no_message(database: Database, now: datetime) -> None:
    session = database.session
    enqueue(session, outgoing("a", now), now=now)
    enqueue(session, outgoing("b", now, BOB.email), now=now)

    assert forget_recipient(session, ALICE.email) == 1
    assert list(session.scalars(select(Message.recipient))) == [BOB.email]


def test_a_request_survives_its_way_through_the_parameters() -> None:
    request = asked("de")

    assert asked_from_params(asked_to_params(request)) == request
