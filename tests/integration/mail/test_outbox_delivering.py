"""What is due leaves once; what is refused waits, fails or is never tried again; nothing is lost."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.states import InvitationState, MessageState, RequestState
from app.mail.outbox import Delivery, Tally, deliver_due, enqueue, withdraw
from app.mail.transport import (
    About,
    ConnectionTroubleError,
    PermanentRefusalError,
    TemporaryRefusalError,
    Transport,
)
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import OptOut
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.invitations import may_leave
from tests.builders.messages import reminder_message, waiting_invitation, waiting_sign_in
from tests.builders.service_requests import LONG_AGO
from tests.conftest import ALICE, BOB, CAROL
from tests.mail.post_office import KEYS, LINKS, PostOffice
from tests.mail.samples import asked
from tests.servers.databases import Database
from tests.servers.smtp import SmtpServer

LATER = TemporaryRefusalError(451, "4.3.0 come back later", About.SENDER)
GREYLISTED = TemporaryRefusalError(450, "4.2.0 greylisted", About.RECIPIENT)
NO_SUCH_USER = PermanentRefusalError(550, "5.1.1 no such user", About.RECIPIENT)
MAILBOX_FULL = PermanentRefusalError(552, "5.2.2 mailbox full", About.RECIPIENT)


def rows(database: Database) -> list[Message]:
    with database.sessions() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def states(database: Database) -> list[str]:
    return [row.state.value for row in rows(database)]


def invite(database: Database, now: datetime, *emails: str) -> None:
    for email in emails:
        waiting_invitation(database.session, email, due_at=now)
    database.session.commit()


def test_a_due_invitation_leaves_with_links_of_its_own(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email)

    tally = deliver_due(database.sessions, post_office.delivery(), now=now)

    ((mail, envelope),) = post_office.accepted
    public_id = database.session.scalars(select(Invitation.public_id)).one()
    assert tally == Tally(sent=1)
    assert mail.unsubscribe == LINKS.survey(public_id, "en").opt_out
    assert (envelope.recipient, envelope.recipient_name) == (ALICE.email, "Alice")
    assert envelope.return_path.startswith("bounces+")


def test_acceptance_is_written_down(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now, ALICE.email)

    deliver_due(database.sessions, post_office.delivery(elapsed=lambda: 0.0), now=now)

    (row,) = rows(database)
    assert (row.state, row.accepted_at, row.mail_system) == (MessageState.SENT, now, "mx.example.com")
    assert (row.attempts, row.lease, row.leased_until, row.error) == (1, None, None, None)


def test_no_row_holds_a_token(database: Database, post_office: PostOffice, now: datetime) -> None:
    waiting_sign_in(database.session, BOB.email, now=now)
    database.session.commit()

    deliver_due(database.sessions, post_office.delivery(), now=now)

    ((mail, _envelope),) = post_office.accepted
    token = LINKS.sign_in_token((1).to_bytes(16, "big"))
    (row,) = rows(database)
    assert f"https://parity.example.com/sign-in/{token}" in mail.text
    assert [value for value in (row.key, str(row.params), row.error or "") if token in value] == []


def test_what_is_not_due_waits(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now + timedelta(minutes=1), ALICE.email)

    assert deliver_due(database.sessions, post_office.delivery(), now=now) == Tally()
    assert states(database) == ["waiting"]


def test_running_twice_sends_once(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now, ALICE.email, BOB.email)

    for _ in range(2):
        deliver_due(database.sessions, post_office.delivery(), now=now)

    assert sorted(post_office.recipients) == [ALICE.email, BOB.email]


def test_somebody_at_the_door_is_not_kept_waiting(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now - timedelta(hours=1), ALICE.email)
    waiting_sign_in(database.session, BOB.email, now=now)
    database.session.commit()

    deliver_due(database.sessions, post_office.delivery(), now=now)

    assert post_office.recipients == [BOB.email, ALICE.email]


def test_a_withdrawn_message_never_leaves(database: Database, post_office: PostOffice, now: datetime) -> None:
    row = waiting_invitation(database.session, ALICE.email, due_at=now)
    assert row.invitation_id is not None
    taken_back = withdraw(database.session, invitation_id=row.invitation_id)
    database.session.commit()

    deliver_due(database.sessions, post_office.delivery(), now=now)

    assert (taken_back, post_office.accepted, states(database)) == (1, [], ["withdrawn"])


def test_what_must_not_leave_any_more_is_withdrawn_at_the_last_moment(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email, BOB.email)

    tally = deliver_due(
        database.sessions, post_office.delivery(may_leave=lambda _s, row, _n: row.recipient != ALICE.email), now=now
    )

    assert tally == Tally(sent=1, withdrawn=1)
    assert (post_office.recipients, states(database)) == ([BOB.email], ["withdrawn", "sent"])


def reopen(database: Database) -> None:
    database.session.execute(update(ServiceRequest).values(state=RequestState.OPEN))


def undo(database: Database) -> None:
    database.session.execute(update(RequestCycle).values(undone_at=LONG_AGO))


def opt_out(database: Database) -> None:
    person_id = database.session.scalars(select(Invitation.person_id)).one()
    database.session.add(OptOut(person_id=person_id, until=None, created_at=LONG_AGO))


@pytest.mark.parametrize("meanwhile", [reopen, undo, opt_out])
def test_an_invitation_that_is_out_of_place_by_now_does_not_leave(
    database: Database, post_office: PostOffice, now: datetime, meanwhile: Callable[[Database], None]
) -> None:
    invite(database, now, ALICE.email)
    meanwhile(database)
    database.session.commit()

    tally = deliver_due(database.sessions, post_office.delivery(may_leave=may_leave), now=now)

    assert (tally, post_office.accepted) == (Tally(withdrawn=1), [])


@pytest.mark.parametrize(
    ("state", "leaves"),
    [("sent", True), ("held_back", True), ("answered", False), ("bounced", False), ("expired", False)],
)
def test_only_the_silent_are_reminded(
    database: Database, post_office: PostOffice, now: datetime, state: str, leaves: bool
) -> None:
    row = waiting_invitation(database.session, ALICE.email, due_at=now)
    invitation = database.session.get_one(Invitation, row.invitation_id)
    invitation.state = InvitationState(state)
    row.state = MessageState.SENT
    reminder = reminder_message(invitation, ALICE.email, asked("en"), due_at=now + timedelta(days=3))
    enqueue(database.session, reminder, now=now)
    database.session.commit()

    deliver_due(database.sessions, post_office.delivery(may_leave=may_leave), now=now + timedelta(days=3))

    assert [mail.message for mail, _ in post_office.accepted] == (["reminder"] if leaves else [])


def test_a_message_that_nobody_took_for_48_hours_fails(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now - timedelta(hours=48), ALICE.email)

    tally = deliver_due(database.sessions, post_office.delivery(), now=now)

    assert (tally, post_office.accepted) == (Tally(failed=1), [])
    assert [(row.state, row.error) for row in rows(database)] == [(MessageState.FAILED, "not accepted in time")]


def test_an_unknown_recipient_fails_and_is_never_written_to_again(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email, BOB.email)
    post_office.trouble[ALICE.email] = NO_SUCH_USER
    first = deliver_due(database.sessions, post_office.delivery(), now=now)
    post_office.trouble.clear()
    waiting_sign_in(database.session, ALICE.email, now=now)
    database.session.commit()

    second = deliver_due(database.sessions, post_office.delivery(), now=now)

    assert (first, second) == (Tally(sent=1, failed=1), Tally(failed=1))
    assert post_office.recipients == [BOB.email]
    assert rows(database)[-1].error == "the address is suppressed"


def test_a_milder_refusal_suppresses_at_the_second_time(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    post_office.trouble[ALICE.email] = MAILBOX_FULL
    for number in range(3):
        waiting_sign_in(database.session, ALICE.email, now=now, number=number)
    database.session.commit()

    deliver_due(database.sessions, post_office.delivery(), now=now)

    assert [row.error for row in rows(database)] == ["552 5.2.2 mailbox full"] * 2 + ["the address is suppressed"]


def test_a_temporary_refusal_comes_back_later_and_later(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email)
    post_office.trouble[ALICE.email] = GREYLISTED
    waits = []
    moment = now
    for _ in range(4):
        deliver_due(database.sessions, post_office.delivery(elapsed=lambda: 0.0), now=moment)
        (row,) = rows(database)
        waits.append(row.due_at - moment)
        moment = row.due_at

    assert row.state is MessageState.WAITING
    assert row.attempts == 4
    for wait, minutes in zip(waits, (1, 2, 4, 8), strict=True):
        assert timedelta(minutes=0.75 * minutes) <= wait <= timedelta(minutes=1.25 * minutes)


def test_no_server_ends_the_run_and_costs_the_others_no_attempt(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email, BOB.email, CAROL.email)
    post_office.trouble[None] = ConnectionTroubleError("mx: no answer")

    tally = deliver_due(database.sessions, post_office.delivery(), now=now)

    assert tally == Tally(delayed=1, trouble="mx: no answer")
    assert [(row.state.value, row.attempts, row.due_at > now) for row in rows(database)] == [
        ("waiting", 1, True),
        ("waiting", 0, False),
        ("waiting", 0, False),
    ]


def test_a_server_that_refuses_us_is_left_alone_after_three(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, *(f"person{number}@example.com" for number in range(6)))
    post_office.trouble[None] = LATER

    tally = deliver_due(database.sessions, post_office.delivery(), now=now)

    assert tally == Tally(delayed=3, trouble="451 4.3.0 come back later")
    assert Counter(row.attempts for row in rows(database)) == {1: 3, 0: 3}


def test_a_refused_sender_loses_no_message(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now, ALICE.email)
    post_office.trouble[None] = PermanentRefusalError(553, "5.7.1 not your address", About.SENDER)

    deliver_due(database.sessions, post_office.delivery(), now=now)

    assert states(database) == ["waiting"]


def test_a_worker_killed_after_acceptance_sends_again_under_the_same_message_id(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email)
    post_office.dies_after_accepting = True
    with pytest.raises(KeyboardInterrupt):
        deliver_due(database.sessions, post_office.delivery(), now=now)
    post_office.dies_after_accepting = False

    at_once = deliver_due(database.sessions, post_office.delivery(), now=now + timedelta(minutes=1))
    after_the_lease = deliver_due(database.sessions, post_office.delivery(), now=now + timedelta(minutes=11))

    assert (at_once, after_the_lease) == (Tally(), Tally(sent=1))
    assert len(set(post_office.message_ids)) == 1
    assert states(database) == ["sent"]


def test_two_workers_share_the_work_and_send_everything_once(database: Database, now: datetime) -> None:
    emails = [f"person{number}@example.com" for number in range(60)]
    invite(database, now, *emails)
    offices = [PostOffice(), PostOffice()]

    threads = [
        threading.Thread(target=deliver_due, args=(database.sessions, office.delivery()), kwargs={"now": now})
        for office in offices
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(offices[0].recipients + offices[1].recipients) == Counter(emails)
    assert set(states(database)) == {"sent"}


def test_the_database_is_free_while_the_server_is_asked(
    database: Database, post_office: PostOffice, now: datetime
) -> None:
    invite(database, now, ALICE.email)

    def write() -> None:
        with database.sessions.begin() as session:
            session.execute(update(Message).values(error="written by somebody else"))

    post_office.on_send = write

    assert deliver_due(database.sessions, post_office.delivery(), now=now) == Tally(sent=1)


def test_it_keeps_to_the_rate(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now, ALICE.email, BOB.email, CAROL.email)
    slept: list[float] = []

    deliver_due(
        database.sessions, post_office.delivery(rate=2.0, sleep=slept.append, elapsed=lambda: sum(slept)), now=now
    )

    assert slept == [0.5, 0.5]


def test_a_slow_server_never_outlives_the_lease(database: Database, post_office: PostOffice, now: datetime) -> None:
    invite(database, now, *(f"person{number}@example.com" for number in range(4)))
    clock = [0.0]

    def slow() -> None:
        clock[0] += 200

    post_office.on_send = slow
    tally = deliver_due(database.sessions, post_office.delivery(elapsed=lambda: clock[0]), now=now)

    assert tally == Tally(sent=4)
    assert [row.attempts for row in rows(database)] == [1, 1, 1, 1]


def test_a_row_that_says_too_little_fails_aloud_and_stops_nobody(
    database: Database, post_office: PostOffice, now: datetime, expected_errors: list[str]
) -> None:
    expected_errors.append("cannot be sent")
    invite(database, now, ALICE.email, BOB.email)
    database.session.execute(update(Message).where(Message.recipient == ALICE.email).values(params={}))
    database.session.commit()

    tally = deliver_due(database.sessions, post_office.delivery(), now=now)

    assert tally == Tally(sent=1, failed=1)
    assert rows(database)[0].error == "invitation: KeyError: 'completed_on'"


def delivery_over(transport: Transport) -> Delivery:
    return Delivery(send=transport.send, links=LINKS, sender="parity@example.com", may_leave=may_leave, rate=1000.0)


def test_a_real_server_that_refuses_one_gets_the_others(database: Database, smtp: SmtpServer, now: datetime) -> None:
    invite(database, now, ALICE.email, BOB.email, CAROL.email)
    smtp.script.refused_recipients[BOB.email] = "550 5.1.1 no such user"

    with Transport(smtp.settings) as transport:
        tally = deliver_due(database.sessions, delivery_over(transport), now=now)

    assert tally == Tally(sent=2, failed=1)
    assert [received.rcpt_tos[0] for received in smtp.received] == [ALICE.email, CAROL.email]
    assert smtp.connections == 1


def test_a_real_server_that_dies_after_data_doubles_one_message_and_loses_none(
    database: Database, smtp: SmtpServer, now: datetime
) -> None:
    invite(database, now, ALICE.email, BOB.email)
    smtp.script.dies_after_data = True
    with Transport(smtp.settings) as transport:
        first = deliver_due(database.sessions, delivery_over(transport), now=now)
        smtp.script.dies_after_data = False
        second = deliver_due(database.sessions, delivery_over(transport), now=now + timedelta(minutes=2))

    assert (first.delayed, first.trouble != "", second) == (1, True, Tally(sent=2))
    ids = {envelope.rcpt_tos[0]: set[str]() for envelope in smtp.received}
    for received in smtp.received:
        ids[received.rcpt_tos[0]].add(received.message["Message-ID"])
    assert Counter(received.rcpt_tos[0] for received in smtp.received) == {ALICE.email: 2, BOB.email: 1}
    assert [len(found) for found in ids.values()] == [1, 1]


def test_a_silent_server_loses_nothing(database: Database, smtp: SmtpServer, now: datetime) -> None:
    invite(database, now, ALICE.email, BOB.email)
    smtp.script.is_silent = True

    with Transport(smtp.settings, timeout=0.3) as transport:
        tally = deliver_due(database.sessions, delivery_over(transport), now=now)

    assert (tally.delayed, states(database)) == (1, ["waiting", "waiting"])


def test_a_message_that_fails_unexpectedly_holds_up_no_other(
    database: Database, post_office: PostOffice, now: datetime, expected_errors: list[str]
) -> None:
    expected_errors.append("RuntimeError in")
    invite(database, now, ALICE.email, BOB.email, CAROL.email)
    post_office.trouble[ALICE.email] = RuntimeError(f"something about {ALICE.email}")

    tally = deliver_due(database.sessions, post_office.delivery(), now=now)

    assert (tally, post_office.recipients) == (Tally(sent=2, delayed=1), [BOB.email, CAROL.email])
    waiting = rows(database)[0]
    assert (waiting.state, waiting.due_at > now) == (MessageState.WAITING, True)
    assert re.fullmatch(r"RuntimeError in app/mail/outbox/delivering.py:\d+", waiting.error or "")


def test_a_name_of_several_lines_is_greeted_in_one(database: Database, post_office: PostOffice, now: datetime) -> None:
    row = waiting_invitation(database.session, ALICE.email, due_at=now)
    row.params = (row.params or {}) | {"recipient_name": "Alice\r\nBcc: mallory@example.com"}
    database.session.commit()

    deliver_due(database.sessions, post_office.delivery(), now=now)

    ((mail, envelope),) = post_office.accepted
    assert envelope.recipient_name == "Alice Bcc: mallory@example.com"
    assert mail.text.startswith("Hello Alice Bcc: mallory@example.com,\n")


def test_message_ids_tell_nothing_about_the_invitation() -> None:
    assert KEYS.hash("message-id", "invitation:00") != KEYS.hash("message-id", "invitation:01")
