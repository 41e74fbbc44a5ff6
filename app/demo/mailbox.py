"""The demo's mailbox: a folder of messages as they travelled, a mail server that fills it, and their reading.

Only for trying Parity out: whoever can open the demo's pages can read everybody's mail.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from app.foundations import clock
from app.mail.content import Mail
from app.mail.encoding import Envelope, encode
from app.mail.transport import Receipt, Send

FOLDER = "demo-mails"  # below settings.var
LARGEST = 10_000_000  # bytes of one message

_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}\Z")
_SURVEY = re.compile(r"/s/([\w-]{44})/")


class NoSuchMail(LookupError):
    """The mailbox holds no mail of this name."""


@dataclass(frozen=True, kw_only=True)
class ListedMail:
    """One line of the list."""

    name: str
    recipient: str  # as a reader sees it: Ines Almeida <ines@example.com>
    subject: str
    at: datetime
    language: str
    message: str  # what kind of mail: invitation, reminder, scorecard …
    survey_token: str  # of the survey it leads to, else ''


@dataclass(frozen=True, kw_only=True)
class MailFile:
    """A picture inside a mail, or a file attached to it."""

    filename: str
    media_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenedMail:
    """One mail with everything that its reader gets."""

    listed: ListedMail
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    pictures: tuple[MailFile, ...]
    attachments: tuple[MailFile, ...]


def sender_into(folder: Path) -> Send:
    """Return what the outbox may use in the place of a transport: each mail becomes a file, dated as its envelope."""

    def send(mail: Mail, envelope: Envelope) -> Receipt:
        store(folder, encode(mail, envelope), at=envelope.date)
        return Receipt(mail_system="demo mailbox", reply="kept")

    return send


def store(folder: Path, content: bytes, *, at: datetime) -> str:
    """Keep one message; return its name. The same message at the same moment is kept once."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{hashlib.sha256(content).hexdigest()[:12]}"
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(content)
    unfinished.replace(folder / f"{name}.eml")
    return name


def list_mails(folder: Path, *, words: str = "", message: str = "") -> list[ListedMail]:
    """Return the mails of a kind (all: '') whose reader or subject contains `words`, the newest first."""
    if not folder.is_dir():
        return []
    names = sorted((path.stem for path in folder.glob("*.eml") if _NAME.match(path.stem)), reverse=True)
    listed = (_listed(folder, name) for name in names)
    wanted = words.strip().casefold()
    return [
        mail
        for mail in listed
        if wanted in f"{mail.recipient} {mail.subject}".casefold() and message in {"", mail.message}
    ]


def open_mail(folder: Path, name: str) -> OpenedMail:
    """Return one mail. Raises NoSuchMail."""
    path = folder / f"{name}.eml"
    if not _NAME.match(name) or not path.is_file():
        raise NoSuchMail(name)
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    files = [_file(part) for part in message.walk() if part.get_content_maintype() not in {"text", "multipart"}]
    return OpenedMail(
        listed=_of_headers(name, message),
        headers=tuple((header, str(value)) for header, value in message.items()),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        pictures=tuple(file for file in files if file.content_id),
        attachments=tuple(file for file in files if not file.content_id),
    )


@contextmanager
def receiving(folder: Path, *, host: str, port: int) -> Iterator[None]:
    """Run a mail server that keeps every message in `folder`, until the end of the block."""
    # Part of the extra `demo`: an installation without it still starts.
    from aiosmtpd.controller import Controller  # noqa: PLC0415
    from aiosmtpd.smtp import SMTP, Session  # noqa: PLC0415
    from aiosmtpd.smtp import Envelope as Received  # noqa: PLC0415

    class Keeper:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Received) -> str:  # noqa: N802
            store(folder, envelope.original_content or b"", at=clock.now())
            return "250 OK"

    controller = Controller(Keeper(), hostname=host, port=port, data_size_limit=LARGEST)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def _listed(folder: Path, name: str) -> ListedMail:
    with (folder / f"{name}.eml").open("rb") as file:
        return _of_headers(name, BytesHeaderParser(policy=policy.default).parse(file))


def _of_headers(name: str, message: EmailMessage) -> ListedMail:
    return ListedMail(
        name=name,
        recipient=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        at=_date(message, name),
        language=str(message.get("Content-Language", "en")),
        message=str(message.get("Feedback-ID", "")).partition(":")[0],
        survey_token=found[1] if (found := _SURVEY.search(str(message.get("List-Unsubscribe", "")))) else "",
    )


def _date(message: EmailMessage, name: str) -> datetime:
    try:
        return parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
    except ValueError:
        return datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _file(part: EmailMessage) -> MailFile:
    content = part.get_payload(decode=True)
    return MailFile(
        filename=part.get_filename() or "",
        media_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
        content_id=str(part.get("Content-ID", "")).strip("<> "),
    )
