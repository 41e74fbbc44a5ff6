"""Those who watch the work see what leaves and what stands in its way; they never read what a mail says."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.domain.states import MessageState, Role
from app.foundations.crypto import Keys
from app.mail.bounces import is_suppressed, record_refusal
from app.mail.outbox.composing import COMPOSERS, compose
from app.models.messages import Message
from app.models.people import Suppression, SuppressionReason, address_hash
from app.upkeep.audit import log as audit
from tests.builders.bad_input import BAD
from tests.builders.issued import staff
from tests.builders.messages import waiting_invitation, waiting_sign_in
from tests.builders.signing_in import Door, form_token, hidden_fields
from tests.builders.statements import counting
from tests.conftest import ALICE, CAROL
from tests.servers.databases import Database

ADDRESSES = "/admin/mail/addresses"


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    """Carol watches; an invitation to Alice waits, and Bob's sign-in link was refused."""
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now, name=CAROL.name)
    waiting_invitation(sqlite.session, ALICE.email, due_at=now + timedelta(hours=1))
    refused = waiting_sign_in(sqlite.session, "bob@example.com", now=now)
    refused.state, refused.error, refused.attempts = MessageState.FAILED, "550 5.7.1 <not> welcome", 3
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


def number(door: Door, name: str) -> int:
    with door.database.sessions() as session:
        return session.scalars(select(Message.id).where(Message.name == name).order_by(Message.id)).all()[0]


def state(door: Door, name: str) -> MessageState:
    with door.database.sessions() as session:
        return session.get_one(Message, number(door, name)).state


def press(client: FlaskClient, path: str, act: str) -> TestResponse:
    return client.post(path, data={"csrf_token": form_token(client.get("/admin/mail/test")), "act": act})


def noted(door: Door) -> list[tuple[str, str]]:
    with door.database.sessions() as session:
        return [(entry.action, entry.subject) for entry in audit.entries(session)]


def look_up(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Press, and load the page that it leads to twice: the second time shows what the first time did."""
    pressed = client.post(ADDRESSES, data={**hidden_fields(client.get(ADDRESSES)), "address": address, **fields})
    assert (pressed.status_code, pressed.location) == (303, f"{ADDRESSES}?found=1")
    first, second = client.get(pressed.location), client.get(pressed.location)
    assert [page.text.count('role="status"') for page in (first, second, client.get(ADDRESSES))] == [1, 1, 0]
    return second


def suppress(door: Door, reason: SuppressionReason) -> None:
    hashed = address_hash(Keys.of(door.database.settings), ALICE.email)
    door.database.session.add(Suppression(address_hash=hashed, reason=reason, created_at=door.moment))
    door.database.session.commit()


def test_the_list_says_to_whom_and_why_and_nothing_of_what_is_said(door: Door) -> None:
    client = door.signed_in(CAROL.email)

    page, one = client.get("/admin/mail").text, client.get(f"/admin/mail/{number(door, 'invitation')}").text

    assert "550 5.7.1 &lt;not&gt; welcome" in page
    assert (ALICE.email in page, "VPN access" in page + one, "/s/" in page + one) == (True, False, False)


def test_who_asked_to_be_contacted_is_not_named_and_not_found(door: Door) -> None:
    session = door.database.session
    told = {"params": {"recipient_name": "Ines"}, "recipient": "ines@example.com", "language": "en"}
    kept = {"key": "closed_case:1", "name": "closed_case", "due_at": door.moment, "created_at": door.moment}
    session.add(Message(**told, **kept, state=MessageState.FAILED, attempts=1, error="550 <ines@example.com> unknown"))
    session.commit()
    client = door.signed_in(CAROL.email)

    listed, one = client.get("/admin/mail").text, client.get(f"/admin/mail/{number(door, 'closed_case')}").text
    found = client.get("/admin/mail?words=ines").text

    assert "confidential, number" in listed
    assert "confidential, number" in one
    assert "ines" not in (listed + one).lower().replace("lines", "")
    assert "No mail matches." in found


def test_the_head_who_hears_of_a_contact_is_not_named(door: Door) -> None:
    told = {"params": {}, "recipient": "bob@example.com", "language": "en", "key": "contacts:1", "name": "contacts"}
    door.database.session.add(
        Message(**told, due_at=door.moment, created_at=door.moment, state=MessageState.WAITING, attempts=0)
    )
    door.database.session.commit()

    page = door.signed_in(CAROL.email).get("/admin/mail?name=contacts").text

    assert ("confidential, number" in page, "bob@" in page) == (True, False)


def test_who_got_no_reminder_and_so_has_answered_is_told_nowhere(door: Door) -> None:
    client = door.signed_in(CAROL.email)
    pages = ("/admin/mail", "/admin/mail?name=reminder", "/admin/mail?words=alice", "/admin/mail?state=sent", "/home")
    before = [client.get(page).text for page in pages]
    told = {"params": {}, "recipient": ALICE.email, "language": "pl", "name": "reminder", "attempts": 1}
    moments = {"due_at": door.moment, "created_at": door.moment}
    door.database.session.add_all(
        Message(key=f"reminder:{state}", state=state, **told, **moments)
        for state in (MessageState.WAITING, MessageState.SENT, MessageState.WITHDRAWN)
    )
    door.database.session.commit()

    after = [client.get(page).text for page in pages]
    one = client.get(f"/admin/mail/{number(door, 'reminder')}").status_code

    assert (after, one) == (before, 404)


def test_a_refused_reminder_is_mended_without_saying_whose_it_is(door: Door) -> None:
    told = {"params": {}, "recipient": ALICE.email, "language": "pl", "name": "reminder", "attempts": 1}
    refused = {"state": MessageState.FAILED, "error": "550 <alice@example.com> unknown", "key": "reminder:1"}
    door.database.session.add(Message(**told, **refused, due_at=door.moment, created_at=door.moment))
    door.database.session.commit()
    client = door.signed_in(CAROL.email)
    place = f"/admin/mail/{number(door, 'reminder')}"

    listed, shown = client.get("/admin/mail?name=reminder").text, client.get(place).text
    found = client.get("/admin/mail?words=alice").text
    pressed = press(client, place, "retry")

    assert ["confidential, number" in page and "alice" not in page for page in (listed, shown)] == [True, True]
    assert "Reminders</td>" not in found
    assert (pressed.status_code, pressed.location, state(door, "reminder")) == (303, "/admin/mail", "waiting")
    assert client.get(place).status_code == 404


def test_filters_find_mails(door: Door) -> None:
    client = door.signed_in(CAROL.email)
    addresses = {
        "state=waiting&name=invitation": [ALICE.email],
        "state=failed": ["bob@example.com"],
        "words=BOB%40": ["bob@example.com"],
        "words=100%25": [],
    }

    pages = {query: client.get(f"/admin/mail?{query}").text for query in addresses}

    shown = (ALICE.email, "bob@example.com")
    assert {query: [one for one in shown if f">{one}</a>" in page] for query, page in pages.items()} == addresses


def test_what_no_filter_knows_is_not_there(door: Door) -> None:
    client = door.signed_in(CAROL.email)

    assert {client.get(f"/admin/mail?{query}").status_code for query in ("state=lost", "name=secret", "cursor=x")} == {
        404
    }


def test_long_lists_go_on_where_they_ended(door: Door) -> None:
    client = door.signed_in(CAROL.email)
    for place in range(60):
        waiting_sign_in(door.database.session, f"p{place}@example.com", now=door.moment, number=place + 2)
    door.database.session.commit()

    first = client.get("/admin/mail?words=%40example.com&state=waiting").text
    following = first.split('class="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(following).text

    assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (50, 11)
    assert (">p59@example.com<" in first, ">p9@example.com<" in second, 'class="more"' in second) == (True, True, False)


def test_a_refused_mail_is_tried_again_once(door: Door) -> None:
    client, path = door.signed_in(CAROL.email), f"/admin/mail/{number(door, 'sign_in_link')}"

    pressed = [press(client, path, "retry").status_code for _ in range(2)]

    assert (pressed, state(door, "sign_in_link")) == ([303, 303], MessageState.WAITING)
    assert noted(door) == [("mail.retried", f"message:{number(door, 'sign_in_link')}")]


@pytest.mark.parametrize("values", [{"recipient": None}, {"give_up_at": datetime(2026, 11, 1).astimezone()}, {}])
def test_a_mail_whose_time_is_over_or_that_came_back_is_not_tried_again(door: Door, values: dict[str, object]) -> None:
    client = door.signed_in(CAROL.email)
    changes = values or {"accepted_at": door.moment}
    door.database.session.execute(update(Message).where(Message.state == MessageState.FAILED).values(**changes))
    door.database.session.commit()
    path = f"/admin/mail/{number(door, 'sign_in_link')}"

    press(client, path, "retry")

    assert (state(door, "sign_in_link"), noted(door)) == (MessageState.FAILED, [])
    assert 'value="retry"' not in client.get(path).text


def test_a_waiting_mail_is_held_back_but_an_invitation_only_at_its_source(door: Door) -> None:
    client = door.signed_in(CAROL.email)
    press(client, f"/admin/mail/{number(door, 'sign_in_link')}", "retry")

    for name in ("sign_in_link", "invitation"):
        press(client, f"/admin/mail/{number(door, name)}", "withdraw")

    assert (state(door, "sign_in_link"), state(door, "invitation")) == (MessageState.WITHDRAWN, MessageState.WAITING)
    assert [action for action, _ in noted(door)] == ["mail.retried", "mail.withdrawn"]


@pytest.mark.parametrize(("path", "act"), [("/admin/mail/1", "send"), ("/admin/mail/99999", "retry")])
def test_a_button_that_is_not_there_does_nothing(door: Door, path: str, act: str) -> None:
    client = door.signed_in(CAROL.email)

    assert (press(client, path, act).status_code, client.get(f"/admin/mail/{2**70}").status_code) == (404, 404)
    assert client.post("/admin/mail/1", data={"act": "retry"}).status_code == 400


def test_a_bounced_address_is_found_and_written_to_again(door: Door) -> None:
    client, keys = door.signed_in(CAROL.email), Keys.of(door.database.settings)
    with door.database.sessions.begin() as session:
        record_refusal(session, keys, ALICE.email, "5.1.1", now=door.moment)

    found = look_up(client, ALICE.email.upper()).text
    lifted = look_up(client, ALICE.email, act="lift").text

    assert ("no such mailbox" in found, "5.1.1" in found, 'value="lift"' in found) == (True, True, True)
    assert "This address gets mail." in lifted
    with door.database.sessions() as session:
        assert not is_suppressed(session, keys, ALICE.email)
    assert noted(door) == [("mail.suppression_lifted", audit.person_subject(keys, ALICE.email))]


@pytest.mark.parametrize("reason", [SuppressionReason.ERASED, SuppressionReason.COMPLAINED])
def test_an_erasure_and_a_complaint_stay(door: Door, reason: SuppressionReason) -> None:
    client = door.signed_in(CAROL.email)
    suppress(door, reason)

    page = look_up(client, ALICE.email, act="lift").text

    assert ("This stays, whoever asks." in page, 'value="lift"' in page, noted(door)) == (True, False, [])


def test_an_address_typed_wrong_stands_there_with_what_to_mend(door: Door) -> None:
    client = door.signed_in(CAROL.email)
    good = {**hidden_fields(client.get(ADDRESSES)), "address": ALICE.email, "act": "look"}

    answers = {kind: client.post(ADDRESSES, data={**good, "address": typed}) for kind, typed in BAD.items()}

    assert {answer.status_code for answer in answers.values()} == {422}
    assert "&lt;script&gt;" in answers["script"].text


def test_a_test_mail_goes_to_oneself_once_a_minute(door: Door) -> None:
    client = door.signed_in(CAROL.email)

    pressed = [press(client, "/admin/mail/test", "send").location for _ in range(2)]

    assert pressed == ["/admin/mail?name=test&words=carol@example.com"] * 2
    with door.database.sessions() as session:
        row = session.scalars(select(Message).where(Message.name == "test")).one()
        mail = compose(session, row, door.links, COMPOSERS)
        assert session.scalar(select(func.count()).where(Message.name == "test")) == 1
    assert (row.recipient, mail.subject[:6], mail.unsubscribe) == (CAROL.email, "Test: ", "")
    assert "/s/" not in mail.html + mail.text
    assert noted(door) == [("mail.tested", "staff:1")]


def test_the_list_costs_the_same_however_many_mails(door: Door) -> None:
    client = door.signed_in(CAROL.email)
    client.get("/admin/mail")
    with counting(door.app) as few:
        client.get("/admin/mail")
    for place in range(3):
        waiting_sign_in(door.database.session, f"p{place}@example.com", now=door.moment, number=place + 2)
    door.database.session.commit()
    with counting(door.app) as many:
        client.get("/admin/mail")

    assert (len(few), len(many)) == (4, 4)
