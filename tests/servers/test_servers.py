"""The servers of the tests are what they say, and the guards bite."""

import smtplib
import socket
import ssl
from dataclasses import replace
from email.message import EmailMessage

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from app.settings import MailSettings
from tests import guards
from tests.guards import ForbiddenConnectionError
from tests.servers.fixtures import SmtpFactory
from tests.servers.postgresql import PostgreSQL
from tests.servers.smtp import SmtpServer


def letter(to: str = "alice@example.com") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Grüße", "parity@example.com", to
    message.set_content("Привет")
    return message


def connected(settings: MailSettings) -> smtplib.SMTP:
    return smtplib.SMTP(settings.server, settings.port, timeout=2)


def test_postgresql_gives_every_test_its_own_copy(postgresql_server: PostgreSQL) -> None:
    first, second = postgresql_server.clone("template1"), postgresql_server.clone("template1")
    with psycopg.connect(postgresql_server.address.format(first)) as connection:
        lower = connection.execute("SELECT lower('ŻÓŁĆ')").fetchone()
    postgresql_server.drop(first)
    postgresql_server.drop(second)

    assert first != second
    assert lower == ("żółć",)


def test_the_queue_server_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping() is True


def test_chromium_draws_a_page_without_barriers(page: Page, axe: object) -> None:
    page.set_content("<html lang=en><title>t</title><main><h1>Hello</h1></main></html>")

    assert page.get_by_role("heading").inner_text() == "Hello"
    assert callable(axe)
    assert axe(page) == []


def test_smtp_keeps_what_it_accepts(smtp: SmtpServer) -> None:
    with connected(smtp.settings) as client:
        client.send_message(letter())

    assert [message["To"] for message in smtp.messages] == ["alice@example.com"]
    assert smtp.messages[0].get_content().strip() == "Привет"
    assert smtp.received[0].mail_from == "parity@example.com"
    assert smtp.connections == 1


def test_smtp_refuses_one_recipient(smtp: SmtpServer) -> None:
    smtp.script.refused_recipients["bob@example.com"] = "550 5.1.1 no such user"

    with connected(smtp.settings) as client:
        refused = client.send_message(letter("alice@example.com, bob@example.com"))

    assert refused == {"bob@example.com": (550, b"5.1.1 no such user")}
    assert smtp.received[0].rcpt_tos == ("alice@example.com",)


def test_smtp_refuses_everybody(smtp: SmtpServer) -> None:
    smtp.script.refuse_all = "451 4.3.0 come back later"

    with connected(smtp.settings) as client, pytest.raises(smtplib.SMTPSenderRefused):
        client.send_message(letter())

    assert smtp.messages == []


def test_smtp_says_nothing(smtp: SmtpServer) -> None:
    smtp.script.is_silent = True

    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP(smtp.settings.server, smtp.settings.port, timeout=0.2)


def test_smtp_dies_with_the_message_in_its_hands(smtp: SmtpServer) -> None:
    smtp.script.dies_after_data = True

    with pytest.raises(smtplib.SMTPServerDisconnected), connected(smtp.settings) as client:
        client.send_message(letter())

    assert len(smtp.messages) == 1


def test_smtp_speaks_starttls_and_asks_for_a_login(start_smtp: SmtpFactory) -> None:
    server = start_smtp(starttls=True, login=("parity", "secret"))
    context = ssl.create_default_context(cafile=str(server.settings.certificates))

    with connected(server.settings) as client:
        client.starttls(context=context)
        client.login(server.settings.username, server.settings.password)
        client.send_message(letter())

    assert server.received[0].is_encrypted is True


def test_smtp_speaks_tls_from_the_first_byte(start_smtp: SmtpFactory) -> None:
    settings = replace(start_smtp(implicit=True).settings)
    context = ssl.create_default_context(cafile=str(settings.certificates))

    with smtplib.SMTP_SSL(settings.server, settings.port, timeout=2, context=context) as client:
        assert client.noop()[0] == 250


@pytest.mark.parametrize("host", ["mail.example.com", "127.0.0.1"])
def test_no_other_mail_server_can_be_reached(host: str) -> None:
    with pytest.raises(ForbiddenConnectionError):
        smtplib.SMTP(host, 2525)

    guards.network.violations.clear()


def test_no_other_machine_can_be_reached() -> None:
    with socket.socket() as client, pytest.raises(ForbiddenConnectionError):
        client.connect(("192.0.2.1", 80))

    assert guards.network.violations == ["192.0.2.1:80; tests stay on this machine"]
    guards.network.violations.clear()
