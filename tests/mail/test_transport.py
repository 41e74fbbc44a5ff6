"""Posting over real SMTP, on the server's good and bad days."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.mail.encoding import HeaderInjectionError
from app.mail.transport import (
    About,
    ConnectionTroubleError,
    PermanentRefusalError,
    TemporaryRefusalError,
    Transport,
)
from app.settings import MailSettings
from tests import guards
from tests.conftest import ALICE, BOB
from tests.mail.samples import sample
from tests.mail.test_encoding import envelope
from tests.servers.processes import free_port
from tests.servers.smtp import SmtpServer

MAIL = sample("invitation", "en")
SERVER_SAYS = "SMTP session exception"  # the server's own complaint about a client that went away
PATIENCE = 0.3  # seconds; a test need not wait as long as a worker


def hang_up(server: SmtpServer) -> None:
    """End every open connection from the server's side."""
    for protocol in list(server.open_protocols):
        transport = protocol.transport
        assert isinstance(transport, asyncio.WriteTransport)
        protocol.loop.call_soon_threadsafe(transport.abort)


def test_a_batch_travels_over_one_connection(smtp: SmtpServer) -> None:
    with Transport(smtp.settings) as transport:
        receipts = [transport.send(MAIL, envelope(message_id=f"{number}@example.com")) for number in range(5)]

    assert smtp.connections == 1
    assert [message["Message-ID"] for message in smtp.messages] == [f"<{n}@example.com>" for n in range(5)]
    assert {receipt.reply for receipt in receipts} == {"OK"}
    assert receipts[0].mail_system != ""


def test_bounces_go_to_the_messages_own_address(smtp: SmtpServer) -> None:
    with Transport(smtp.settings) as transport:
        transport.send(MAIL, envelope())

    assert (smtp.received[0].mail_from, smtp.received[0].rcpt_tos) == (
        "bounces+2a.0123456789abcdef@example.com",
        ("alice@example.com",),
    )


def test_a_line_that_is_a_dot_survives(smtp: SmtpServer) -> None:
    mail = replace(MAIL, text="one\n.\n..two\n")

    with Transport(smtp.settings) as transport:
        transport.send(mail, envelope())

    body = smtp.messages[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == mail.text


@pytest.mark.parametrize("options", [{"starttls": True}, {"implicit": True}])
def test_a_certificate_of_a_known_authority_is_accepted(
    start_smtp: Callable[..., SmtpServer], options: dict[str, bool]
) -> None:
    server = start_smtp(**options)

    with Transport(server.settings) as transport:
        transport.send(MAIL, envelope())

    assert len(server.received) == 1


@pytest.mark.parametrize("options", [{"starttls": True}, {"implicit": True}])
def test_a_certificate_of_an_unknown_authority_is_refused(
    start_smtp: Callable[..., SmtpServer], options: dict[str, bool], expected_errors: list[str]
) -> None:
    expected_errors.append(SERVER_SAYS)
    server = start_smtp(**options)

    with pytest.raises(ConnectionTroubleError, match="certificate is not trusted"):
        Transport(replace(server.settings, certificates=None)).send(MAIL, envelope())

    assert server.received == []


def test_a_certificate_for_another_name_is_refused(
    start_smtp: Callable[..., SmtpServer], expected_errors: list[str]
) -> None:
    expected_errors.append(SERVER_SAYS)
    server = start_smtp(starttls=True)

    with pytest.raises(ConnectionTroubleError, match="certificate is not trusted"):
        Transport(replace(server.settings, server="127.0.0.1")).send(MAIL, envelope())


def test_nothing_is_sent_in_the_clear_when_tls_was_asked_for(smtp: SmtpServer) -> None:
    with pytest.raises(ConnectionTroubleError, match="STARTTLS"):
        Transport(replace(smtp.settings, use_tls=True)).send(MAIL, envelope())

    assert smtp.received == []


def test_it_logs_in(start_smtp: Callable[..., SmtpServer]) -> None:
    server = start_smtp(starttls=True, login=("parity", "a secret"))

    with Transport(server.settings) as transport:
        transport.send(MAIL, envelope())

    assert len(server.received) == 1


def test_a_wrong_password_is_named_and_not_shown(start_smtp: Callable[..., SmtpServer]) -> None:
    server = start_smtp(starttls=True, login=("parity", "a secret"))

    with pytest.raises(ConnectionTroubleError, match="PARITY_MAIL_PASSWORD") as caught:
        Transport(replace(server.settings, password="wrong-one")).send(MAIL, envelope())

    assert "wrong-one" not in str(caught.value)


def test_a_silent_server_is_given_up(smtp: SmtpServer) -> None:
    smtp.script.is_silent = True

    with pytest.raises(ConnectionTroubleError, match=r"no answer within 0\.3 seconds"):
        Transport(smtp.settings, timeout=PATIENCE).send(MAIL, envelope())


def test_no_server_at_all_is_trouble() -> None:
    port = free_port()
    guards.network.mail_ports.add(port)

    with pytest.raises(ConnectionTroubleError, match="refused"):
        Transport(MailSettings(server="localhost", port=port)).send(MAIL, envelope())
    guards.network.mail_ports.discard(port)


def test_a_refused_recipient_does_not_stop_the_batch(smtp: SmtpServer) -> None:
    smtp.script.refused_recipients[ALICE.email] = "550 5.1.1 no such user"

    with Transport(smtp.settings) as transport:
        with pytest.raises(PermanentRefusalError) as caught:
            transport.send(MAIL, envelope())
        transport.send(MAIL, envelope(recipient=BOB.email))

    assert (caught.value.code, caught.value.status, caught.value.about) == (550, "5.1.1", About.RECIPIENT)
    assert [received.rcpt_tos for received in smtp.received] == [(BOB.email,)]
    assert smtp.connections == 1


def test_come_back_later_is_temporary(smtp: SmtpServer) -> None:
    smtp.script.refuse_all = "451 4.3.0 come back later"

    with Transport(smtp.settings) as transport, pytest.raises(TemporaryRefusalError) as caught:
        transport.send(MAIL, envelope())

    assert (caught.value.status, caught.value.about) == ("4.3.0", About.SENDER)


def test_a_full_mailbox_is_temporary_and_about_the_recipient(smtp: SmtpServer) -> None:
    smtp.script.refused_recipients[ALICE.email] = "452 4.2.2 mailbox full"

    with Transport(smtp.settings) as transport, pytest.raises(TemporaryRefusalError) as caught:
        transport.send(MAIL, envelope())

    assert (caught.value.status, caught.value.about) == ("4.2.2", About.RECIPIENT)


def test_refused_content_is_not_the_recipients_fault(smtp: SmtpServer) -> None:
    smtp.script.refuse_content = "554 looks like spam"

    with Transport(smtp.settings) as transport, pytest.raises(PermanentRefusalError) as caught:
        transport.send(MAIL, envelope())

    assert (caught.value.status, caught.value.about) == ("5.0.0", About.CONTENT)


def test_a_server_that_dies_after_data_is_trouble_and_gets_the_same_message_id_again(smtp: SmtpServer) -> None:
    smtp.script.dies_after_data = True
    with Transport(smtp.settings) as transport:
        with pytest.raises(ConnectionTroubleError):
            transport.send(MAIL, envelope())
        smtp.script.dies_after_data = False

        transport.send(MAIL, envelope())

    assert [message["Message-ID"] for message in smtp.messages] == ["<0123456789abcdef@example.com>"] * 2


def test_it_does_not_offer_a_message_twice_by_itself(smtp: SmtpServer) -> None:
    with Transport(smtp.settings) as transport:
        transport.send(MAIL, envelope(message_id="1@example.com"))
        smtp.script.dies_after_data = True
        with pytest.raises(ConnectionTroubleError):
            transport.send(MAIL, envelope(message_id="2@example.com"))

    assert [message["Message-ID"] for message in smtp.messages] == ["<1@example.com>", "<2@example.com>"]


def test_a_connection_that_ended_between_two_messages_is_opened_again(smtp: SmtpServer) -> None:
    with Transport(smtp.settings) as transport:
        transport.send(MAIL, envelope(message_id="1@example.com"))
        hang_up(smtp)
        transport.send(MAIL, envelope(message_id="2@example.com"))

    assert smtp.connections == 2
    assert [message["Message-ID"] for message in smtp.messages] == ["<1@example.com>", "<2@example.com>"]


def test_an_injected_header_never_reaches_the_server(smtp: SmtpServer) -> None:
    with Transport(smtp.settings) as transport, pytest.raises(HeaderInjectionError):
        transport.send(replace(MAIL, subject="x\r\nBcc: mallory@example.com"), envelope())

    assert (smtp.connections, smtp.received) == (0, [])


def test_a_recipient_of_an_international_domain_is_written_to(smtp: SmtpServer) -> None:
    with Transport(smtp.settings) as transport:
        transport.send(MAIL, envelope(recipient="alice@müller.example"))

    assert smtp.received[0].rcpt_tos == ("alice@xn--mller-kva.example",)
