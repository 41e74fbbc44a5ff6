"""A mail as the bytes that travel: 7-bit, folded, multipart/alternative with the picture related to the HTML part.

Written beside the email package, whose generator (Python 3.11) encodes a long List-Unsubscribe address as words that no
client reads as an address, drops or adds spaces when it folds other scripts, and is eight times slower.
"""

import base64
import binascii
import hashlib
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from functools import lru_cache
from urllib.parse import quote

from email_validator import EmailNotValidError, validate_email

from app.mail.content import Attachment, Inline, Mail

LINE_LENGTH = 76  # RFC 2045 §6.7 and §6.8; RFC 5322 allows 998
WORD_BYTES = 39  # of text in one encoded word: 64 characters with its frame, 73 after `Subject: `; RFC 2047 §2: 75
_FOLD = "\r\n "
_PLAIN_NAME = re.compile(r"[\w .+-]{1,60}", re.ASCII)


class UnsendableMailError(ValueError):
    """A mail can never be sent as it is; the server was not asked."""


class HeaderInjectionError(UnsendableMailError):
    """A header value holds a line break."""


class UnsendableAddressError(UnsendableMailError):
    """An address that cannot be written in ASCII: few servers take others (RFC 6531). The message does not quote it."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """How one mail travels: who sends it to whom, under which id, and where refusals go."""

    sender: str  # the address in From
    recipient: str
    message_id: str  # without angle brackets, the same at every attempt
    return_path: str
    date: datetime
    sender_name: str = "Parity"
    recipient_name: str = ""

    @property
    def domain(self) -> str:
        """The domain that sends."""
        return self.sender.rpartition("@")[2]


def encode(mail: Mail, envelope: Envelope) -> bytes:
    """Return the message as sent, CRLF line ends, pure ASCII. Raises UnsendableMailError."""
    boundary = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:24]
    pictures = [_picture(picture, envelope.domain) for picture in mail.inline]
    page = _page(mail, envelope.domain)
    if pictures:
        page = _multipart("related", f"r{boundary}", [page, *pictures])
    body = _multipart("alternative", f"a{boundary}", [_text(mail.text), page])
    if mail.attachments:
        body = _multipart("mixed", f"m{boundary}", [body, *(_attachment(file) for file in mail.attachments)])
    return _headers(mail, envelope) + b"MIME-Version: 1.0\r\n" + body


def _page(mail: Mail, domain: str) -> bytes:
    """Return the HTML part; of a batch, what its mails share is encoded once (it was a fifth of what a mail cost)."""
    pieces = list(mail.html_pieces)
    for picture in mail.inline:
        name, address = f"cid:{picture.name}", f"cid:{content_id(picture, domain)}"
        pieces = [piece.replace(name, address) for piece in pieces]
    *before, last = (_own(piece) if index % 2 else _shared(piece) for index, piece in enumerate(pieces))
    # Between two pieces stands a soft line break (RFC 2045 §6.7), so each is folded without knowing the others.
    printable = b"".join(piece + b"=\n" for piece in before) + last
    return _text_head("html", "quoted-printable") + printable.replace(b"\n", b"\r\n")


def _own(piece: str) -> bytes:
    # The letter keeps one column of the last line free for the soft line break.
    return binascii.b2a_qp(piece.encode() + b"x", istext=True)[:-1]


_shared = lru_cache(maxsize=1024)(_own)


def content_id(picture: Inline, domain: str) -> str:
    """Return the Content-ID of a picture (RFC 2392), without angle brackets."""
    return f"{picture.name}@{domain}"


def _headers(mail: Mail, envelope: Envelope) -> bytes:
    _refuse_line_breaks(mail, envelope)
    kind = "survey" if mail.unsubscribe else "staff"
    headers = [
        ("From", _mailbox(envelope.sender_name, envelope.sender)),
        ("To", _mailbox(envelope.recipient_name, envelope.recipient)),
        ("Subject", _words(mail.subject, len("Subject: "))),
        ("Date", format_datetime(envelope.date)),
        ("Message-ID", f"<{envelope.message_id}>"),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834
        ("X-Auto-Response-Suppress", "All"),  # Exchange
        ("Feedback-ID", f"{mail.message}:{mail.language}:{kind}:parity"),  # Gmail: four parts, the last one constant
        ("Content-Language", mail.language),
    ]
    if mail.unsubscribe:
        headers += [
            ("List-Unsubscribe", f"<{mail.unsubscribe}>"),  # never folded: it is an address
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058
        ]
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def _refuse_line_breaks(mail: Mail, envelope: Envelope) -> None:
    values = {**vars(envelope), "subject": mail.subject, "unsubscribe": mail.unsubscribe}
    for name, value in {**values, "language": mail.language, "message": mail.message}.items():
        if isinstance(value, str) and ("\n" in value or "\r" in value):
            raise HeaderInjectionError(f"{name}: a header is one line, this has several")


def ascii_address(address: str) -> str:
    """Return an address as servers are told it: an international domain as IDNA 2008 writes it.

    Not by Python's own codec: that of 2003 writes faß.de as fass.de, which is somebody else's, and knows fewer letters.
    Raises UnsendableAddressError.
    """
    if address.isascii():
        return address
    local = address.rpartition("@")[0]
    if not local.isascii():
        raise UnsendableAddressError("the part before the @ of the address must be ASCII")
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise UnsendableAddressError("the domain of the address is none") from None
    return f"{local}@{found.ascii_domain}"


def _mailbox(name: str, address: str) -> str:
    address = ascii_address(address)
    if not name:
        return address
    is_plain = name.isascii() and name.isprintable()
    phrase = formataddr((name, address)).removesuffix(f" <{address}>") if is_plain else _words(name, 0)
    together = f"{phrase} <{address}>"
    return together if len(together) <= LINE_LENGTH - len("From: ") else f"{phrase}{_FOLD}<{address}>"


def _words(text: str, used: int) -> str:
    """Fold printable ASCII at its spaces; write anything else as base64 words of whole characters (RFC 2047).

    The email package's own folding loses or adds a space here and there (Python 3.11), so a reader would see it.
    """
    if text.isascii() and text.isprintable() and "=?" not in text:
        if used + len(text) <= LINE_LENGTH and text == " ".join(text.split()):
            return text  # most are
        lines = textwrap.wrap(" " * used + text, LINE_LENGTH, break_long_words=False, break_on_hyphens=False)
        return _FOLD.join(lines)[used:] if lines else ""
    chunks = [""]
    for character in text:
        if len((chunks[-1] + character).encode()) > WORD_BYTES:
            chunks.append("")
        chunks[-1] += character
    return _FOLD.join(f"=?utf-8?b?{base64.b64encode(chunk.encode()).decode()}?=" for chunk in chunks)


def _text(text: str) -> bytes:
    data = text.encode()
    printable = binascii.b2a_qp(data, istext=True)
    if len(printable) <= len(data) * 4 // 3:
        encoding, encoded = "quoted-printable", printable
    else:
        encoding, encoded = "base64", base64.encodebytes(data)
    return _text_head("plain", encoding) + encoded.replace(b"\n", b"\r\n")


def _text_head(subtype: str, encoding: str) -> bytes:
    return f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()


@lru_cache(maxsize=64)
def _picture(picture: Inline, domain: str) -> bytes:
    """Encode a picture once for all readers of a batch."""
    head = (
        f"Content-Type: image/{picture.subtype}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{content_id(picture, domain)}>\r\nContent-Disposition: inline\r\n\r\n"
    )
    return head.encode() + _base64(picture.content)


@lru_cache(maxsize=16)
def _attachment(file: Attachment) -> bytes:
    # Plain where that is plainly one word, else RFC 2231: a quotation mark or a line break would end the parameter.
    is_plain = _PLAIN_NAME.fullmatch(file.filename) is not None
    name = f'filename="{file.filename}"' if is_plain else f"filename*=utf-8''{quote(file.filename, safe='')}"
    head = (
        f"Content-Type: {file.maintype}/{file.subtype}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;{_FOLD}{name}"
    )
    return head.encode() + b"\r\n\r\n" + _base64(file.content)


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    """Join encoded parts. "=_" can stand in neither quoted-printable nor base64, so no part contains the boundary."""
    mark = f"=_{boundary}"
    line = f"\r\n--{mark}".encode()
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{mark}"\r\n'.encode()
    return head + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"
