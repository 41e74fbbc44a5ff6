"""The bytes that travel: any server can carry them, any client can read them, nobody can add to them."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote

import pytest

from app.mail.content import Attachment, Mail
from app.mail.encoding import LINE_LENGTH, Envelope, HeaderInjectionError, UnsendableAddressError, encode
from tests.mail.samples import CHART, LANGUAGES, MESSAGES, PDF, sample

everything = pytest.mark.parametrize(
    ("message", "language"), [(message, language) for message in MESSAGES for language in LANGUAGES]
)


def envelope(**changes: object) -> Envelope:
    fields: dict[str, object] = {
        "sender": "parity@example.com",
        "recipient": "alice@example.com",
        "recipient_name": "Alice Requester",
        "message_id": "0123456789abcdef@example.com",
        "return_path": "bounces+2a.0123456789abcdef@example.com",
        "date": datetime(2026, 11, 17, 9, 30, tzinfo=UTC),
    }
    return Envelope(**{**fields, **changes})  # type: ignore[arg-type]  # checked by the dataclass's readers


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


@everything
def test_what_arrives_is_what_was_written(message: str, language: str) -> None:
    mail = sample(message, language)

    arrived = read(encode(mail, envelope()))

    assert arrived["Subject"] == mail.subject
    assert part(arrived, "plain") == mail.text
    assert part(arrived, "html").replace("@example.com", "") == mail.html


@everything
def test_it_is_seven_bit_with_short_lines(message: str, language: str) -> None:
    content = encode(sample(message, language), envelope(recipient_name="Максимилиана Хоэнбергер-Линдстрём"))

    lines = content.split(b"\r\n")
    assert content.isascii()
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert [line for line in lines if len(line) > LINE_LENGTH and not line.startswith(b"List-Unsubscribe: ")] == []
    assert max(len(line) for line in lines) <= 998


def test_an_invitation_carries_the_headers_of_automatic_mail() -> None:
    mail = sample("invitation", "de")

    arrived = read(encode(mail, envelope()))

    assert {name: value for name, value in arrived.items() if name not in {"Subject", "Content-Type"}} == {
        "From": "Parity <parity@example.com>",
        "To": "Alice Requester <alice@example.com>",
        "Date": "Tue, 17 Nov 2026 09:30:00 +0000",
        "Message-ID": "<0123456789abcdef@example.com>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Feedback-ID": "invitation:de:survey:parity",
        "Content-Language": "de",
        "List-Unsubscribe": f"<{mail.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
    }


def test_a_long_unsubscribe_address_is_neither_folded_nor_encoded() -> None:
    mail = replace(sample("invitation", "en"), unsubscribe="https://parity.example.com/" + "s" * 200)

    content = encode(mail, envelope())

    assert f"\r\nList-Unsubscribe: <{mail.unsubscribe}>\r\n".encode() in content


def test_a_scorecard_relates_the_picture_to_the_page_and_attaches_the_pdf() -> None:
    arrived = read(encode(sample("scorecard", "en"), envelope()))

    assert [shape.get_content_type() for shape in arrived.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    picture = next(shape for shape in arrived.walk() if shape.get_content_type() == "image/png")
    assert (picture["Content-ID"], picture.get_content()) == ("<chart@example.com>", CHART)
    assert 'src="cid:chart@example.com"' in part(arrived, "html")
    file = next(arrived.iter_attachments())
    assert (file.get_filename(), file.get_content()) == ("it-support-2026-Q3-r1.pdf", PDF)


def test_a_file_may_have_a_name_in_any_script() -> None:
    mail = replace(sample("scorecard", "ru"), attachments=(Attachment(filename="отчёт 3.pdf", content=PDF),))

    file = next(read(encode(mail, envelope())).iter_attachments())

    assert file.get_filename() == "отчёт 3.pdf"


@pytest.mark.parametrize(
    "name", ["Ирина Петрова", 'Ines "Mega" Almeida, IT', "Zofia Wiśniewska, Kadry", "Максимилиана Хоэнбергер-Линдстрём"]
)
def test_a_name_arrives_as_it_is_written(name: str) -> None:
    content = encode(sample("invitation", "en"), envelope(recipient_name=name))

    # The older parser: the newer one (Python 3.11) puts a space between two encoded words of a name.
    raw = message_from_bytes(content, policy=policy.compat32)["To"]
    phrase, address = parseaddr(raw)
    assert (str(make_header(decode_header(phrase))), address) == (name, "alice@example.com")


def test_an_address_beyond_ascii_is_refused_before_the_server_is_asked() -> None:
    with pytest.raises(UnsendableAddressError, match=r"^the part before the @ of the address must be ASCII$"):
        encode(sample("invitation", "en"), envelope(recipient="jörg@example.com"))


@pytest.mark.parametrize(
    ("domain", "as_servers_know_it"),
    [
        ("müller.example", "xn--mller-kva.example"),
        ("faß.example", "xn--fa-hia.example"),  # IDNA 2003 would write to fass.example
        ("ԧԧ.example", "xn--b8aa.example"),  # letters that IDNA 2003 does not know
    ],
)
def test_an_international_domain_travels_as_ascii(domain: str, as_servers_know_it: str) -> None:
    arrived = read(encode(sample("invitation", "en"), envelope(recipient=f"alice@{domain}")))

    assert arrived["To"].addresses[0].domain == as_servers_know_it


def test_a_domain_that_is_none_is_refused_without_being_quoted() -> None:
    with pytest.raises(UnsendableAddressError, match=r"^the domain of the address is none$"):
        encode(sample("invitation", "en"), envelope(recipient=f"alice@{'ü' * 80}.example"))


@pytest.mark.parametrize(
    "name",
    ["a\r\nBcc: mallory@example.com.pdf", 'a"; filename="b.exe', "a\x1b[31mb.pdf", "=?utf-8?q?=0D=0A?=.pdf", "a" * 400],
)
def test_no_file_name_can_add_to_its_part(name: str) -> None:
    mail = replace(sample("sign_in_link", "en"), attachments=(Attachment(filename=name, content=PDF),))

    content = encode(mail, envelope())

    (file,) = read(content).iter_attachments()
    assert file.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    assert file.get_content() == PDF
    assert unquote(content.decode().partition("filename*=utf-8''")[2].partition("\r\n\r\n")[0]) == name


def test_no_control_character_stands_in_a_header() -> None:
    mail = replace(sample("invitation", "en"), subject="a\x1b[31m\x00b")

    head = encode(mail, envelope(recipient_name="Ali\x07ce")).partition(b"\r\n\r\n")[0]

    assert [byte for byte in head if byte < 32 and byte not in b"\r\n"] == []


INJECTION = "x\r\nBcc: mallory@example.com"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\r\n "])
@pytest.mark.parametrize("field", ["recipient", "recipient_name", "sender", "sender_name", "message_id", "return_path"])
def test_no_envelope_field_can_add_a_header(field: str, line_break: str) -> None:
    with pytest.raises(HeaderInjectionError):
        encode(sample("invitation", "en"), envelope(**{field: INJECTION.replace("\r\n", line_break)}))


@pytest.mark.parametrize("field", ["subject", "unsubscribe", "language", "message"])
def test_no_field_of_the_mail_can_add_a_header(field: str) -> None:
    mail: Mail = replace(sample("invitation", "en"), **{field: INJECTION})  # type: ignore[arg-type]

    with pytest.raises(HeaderInjectionError):
        encode(mail, envelope())


def test_a_non_ascii_subject_with_a_line_break_is_refused_too() -> None:
    with pytest.raises(HeaderInjectionError):
        encode(replace(sample("invitation", "ru"), subject="Заявка\nBcc: mallory@example.com"), envelope())
