"""What comes back decides whom we still write to, and only if it came to an address that we have signed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.periods import Calendar
from app.domain.states import InvitationState, MessageState
from app.foundations.crypto import Keys
from app.mail.bounces import bounce_address, is_suppressed, read_bounce_address, record_refusal, record_report
from app.mail.reports import read_report
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Bounce, SuppressionReason
from app.models.rollups import DirtyMark
from app.reports.asking_facts import Suppressions
from tests.builders.messages import waiting_invitation
from tests.conftest import ALICE
from tests.mail.post_office import KEYS
from tests.mail.returned import complaint, delivery_report, out_of_office
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))


def sent(database: Database, now: datetime) -> Message:
    row = waiting_invitation(database.session, ALICE.email, due_at=now)
    row.state, row.accepted_at = MessageState.SENT, now
    database.session.get_one(Invitation, row.invitation_id).state = InvitationState.SENT
    database.session.flush()
    return row


def came_back(database: Database, content: bytes, now: datetime) -> str:
    return record_report(database.session, KEYS, CALENDAR, read_report(content), now=now)


def test_an_unknown_address_is_suppressed_and_its_invitation_counts_as_bounced(
    database: Database, now: datetime
) -> None:
    row = sent(database, now)

    done = came_back(database, delivery_report(bounce_address(KEYS, row.id, "example.com")), now)

    database.session.expire_all()
    invitation = database.session.get_one(Invitation, row.invitation_id)
    assert done == "suppressed: 5.1.1"
    assert is_suppressed(database.session, KEYS, "Alice@Example.com")
    assert (invitation.state, invitation.remind_at) == (InvitationState.BOUNCED, None)
    assert (row.state, row.error) == (MessageState.FAILED, "bounced: 5.1.1 smtp; 550 5.1.1 no such user")
    assert database.session.scalar(select(func.count()).select_from(DirtyMark)) == 1


def test_the_same_report_twice_counts_once(database: Database, now: datetime) -> None:
    row = sent(database, now)
    report = delivery_report(bounce_address(KEYS, row.id, "example.com"), status="5.2.2")

    done = [came_back(database, report, now) for _ in range(3)]

    assert done == ["counted: 5.2.2", "ignored: known already", "ignored: known already"]
    assert not is_suppressed(database.session, KEYS, ALICE.email)


def test_two_mild_refusals_suppress(database: Database, now: datetime) -> None:
    session = database.session

    suppressed = [record_refusal(session, KEYS, ALICE.email, "5.2.2", now=now) for _ in range(2)]

    assert suppressed == [False, True]


@pytest.mark.parametrize("status", ["5.1.7", "5.1.8"])
def test_a_refusal_of_our_own_address_is_not_the_recipients(database: Database, now: datetime, status: str) -> None:
    assert not record_refusal(database.session, KEYS, ALICE.email, status, now=now)
    assert database.session.scalar(select(func.count()).select_from(Bounce)) == 0


def test_a_complaint_suppresses_at_once(database: Database, now: datetime) -> None:
    row = sent(database, now)

    done = came_back(database, complaint(bounce_address(KEYS, row.id, "example.com")), now)

    assert done == "suppressed: the reader complained"
    assert is_suppressed(database.session, KEYS, ALICE.email)


def test_a_change_of_the_secret_forgets_neither_complaints_nor_our_own_addresses(
    database: Database, now: datetime
) -> None:
    row = sent(database, now)
    came_back(database, complaint(bounce_address(KEYS, row.id, "example.com")), now)
    newer = Keys(("f" * 32, *KEYS.secrets))
    asker = Suppressions(database.session, newer)

    assert is_suppressed(database.session, newer, ALICE.email)
    assert asker.reason(ALICE.email, now) is SuppressionReason.COMPLAINED
    assert read_bounce_address(newer, bounce_address(KEYS, 4711, "example.com")) == 4711


def test_delays_and_automatic_replies_change_nothing(database: Database, now: datetime) -> None:
    row = sent(database, now)
    address = bounce_address(KEYS, row.id, "example.com")

    done = [
        came_back(database, content, now)
        for content in (delivery_report(address, action="delayed", status="4.4.7"), out_of_office(address))
    ]

    assert done == ["ignored: delayed", "ignored: an automatic reply"]
    assert (row.state, is_suppressed(database.session, KEYS, ALICE.email)) == (MessageState.SENT, False)


def test_a_forged_report_changes_nothing(database: Database, now: datetime) -> None:
    row = sent(database, now)
    address = bounce_address(KEYS, row.id, "example.com")
    forged = address.replace(address.split(".")[1][0], "0" if address.split(".")[1][0] != "0" else "1", 1)

    done = [
        came_back(database, delivery_report(to), now)
        for to in (forged, "parity@example.com", bounce_address(KEYS, row.id + 1, "example.com"))
    ]

    assert done == ["ignored: it came to none of our signed addresses"] * 3
    assert row.state is MessageState.SENT


def test_a_bounce_address_survives_servers_that_lower_the_case() -> None:
    address = bounce_address(KEYS, 4711, "example.com")

    assert read_bounce_address(KEYS, address.upper()) == 4711
    assert len(address.partition("@")[0]) <= 64


def test_the_command_takes_a_pipe(app: Flask, database: Database, now: datetime) -> None:
    row = sent(database, now)
    database.session.commit()
    keys = app.extensions["parity_keys"]
    content = delivery_report(bounce_address(keys, row.id, "example.com"))

    result = app.test_cli_runner().invoke(args=["mail", "bounce", "-"], input=content)

    assert (result.exit_code, result.output) == (0, "suppressed: 5.1.1\n")
    with database.sessions() as session:
        assert is_suppressed(session, keys, ALICE.email)
