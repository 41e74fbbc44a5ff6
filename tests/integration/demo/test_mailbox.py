"""The demo's mail server keeps what it is sent, and gives it back as a reader would get it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.demo.mailbox import NoSuchMail, list_mails, open_mail, receiving, sender_into
from app.mail.transport import Transport
from app.settings import MailSettings
from tests import guards
from tests.mail.samples import CHART, PDF, sample
from tests.mail.test_encoding import envelope
from tests.servers.processes import free_port

AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


def test_what_is_sent_over_smtp_is_kept_whole(tmp_path: Path) -> None:
    port = free_port()
    guards.network.mail_ports.add(port)
    mail = sample("scorecard", "ru")

    with (
        receiving(tmp_path, host="127.0.0.1", port=port),
        Transport(MailSettings(server="127.0.0.1", port=port)) as transport,
    ):
        transport.send(mail, envelope(recipient_name="Bob Head"))
    guards.network.mail_ports.discard(port)

    (listed,) = list_mails(tmp_path)
    opened = open_mail(tmp_path, listed.name)
    assert (listed.subject, listed.recipient, listed.at, listed.language) == (
        mail.subject,
        "Bob Head <alice@example.com>",
        AT,
        "ru",
    )
    assert opened.text == mail.text
    assert [picture.content for picture in opened.pictures] == [CHART]
    assert [(file.filename, file.content) for file in opened.attachments] == [("it-support-2026-Q3-r1.pdf", PDF)]


def test_the_demo_files_past_mail_under_its_own_date_and_once(tmp_path: Path) -> None:
    send = sender_into(tmp_path)
    for days in (2, 1, 2):
        send(sample("invitation", "en"), envelope(date=AT - timedelta(days=days)))

    assert [mail.at for mail in list_mails(tmp_path)] == [AT - timedelta(days=1), AT - timedelta(days=2)]


def test_it_finds_by_reader_and_subject(tmp_path: Path) -> None:
    send = sender_into(tmp_path)
    send(sample("invitation", "en"), envelope(recipient_name="Ines Almeida"))
    send(sample("invitation", "ru"), envelope(recipient_name="Ирина Петрова"))

    found = [len(list_mails(tmp_path, words=words)) for words in ("", "ines", "ИРИНА", "vpn", "nobody")]
    assert found == [2, 1, 1, 1, 0]


@pytest.mark.parametrize("name", ["20261117T093000-000000000000", "../../etc/passwd", "", "x"])
def test_a_name_that_is_none_opens_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoSuchMail):
        open_mail(tmp_path, name)


def test_an_empty_mailbox_lists_nothing(tmp_path: Path) -> None:
    assert list_mails(tmp_path / "missing") == []
