"""The only door to SMTP: Flask-Mail, hardened by two subclasses. One connection serves a whole batch.

As shipped, Flask-Mail accepts any certificate, waits for ever, lets a header carry a line break and drops partial
refusals (measured). What is accepted twice is told apart by its Message-ID: a server that dies after
DATA may have accepted the message, so it is offered again under the same id.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import flask_mail

from app.mail.content import Mail
from app.mail.encoding import Envelope, ascii_address, encode
from app.settings import MailSettings

TIMEOUT = 30.0  # seconds without a word from the server; RFC 5321 §4.5.3.2 allows minutes, a worker has no such time
GO_ON = 354  # the server waits for the content

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The server's word that it has taken the message."""

    mail_system: str  # what the server called itself
    reply: str


Send = Callable[[Mail, Envelope], Receipt]


class About(StrEnum):
    """What the server did not like; only refusals of the recipient are bounces."""

    SENDER = "sender"  # us, and so every message
    RECIPIENT = "recipient"
    CONTENT = "content"


class RefusalError(Exception):
    """The server has answered no: `code` is SMTP's (RFC 5321), `status` the enhanced one (RFC 3463) or `5.0.0`."""

    def __init__(self, code: int, reply: str, about: About) -> None:
        super().__init__(f"{code} {reply}")
        self.code = code
        found = _STATUS.search(reply)
        self.status = found[0] if found else f"{code // 100}.0.0"
        self.about = about


class PermanentRefusalError(RefusalError):
    """Trying again is useless."""


class TemporaryRefusalError(RefusalError):
    """Not now; try this message later."""


class ConnectionTroubleError(Exception):
    """The server cannot be reached, trusted or understood: no message of the batch will leave now."""


class Transport:
    """Sends mails over one connection, opened at the first and closed by `close` or the end of a `with` block."""

    def __init__(self, settings: MailSettings, *, timeout: float = TIMEOUT) -> None:
        self._settings = settings
        self._timeout = timeout
        self._connection: _Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def greet(self) -> None:
        """Connect as for a mail, with TLS and login, and send none. Raises ConnectionTroubleError."""
        try:
            self._connection = self._connection or self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise self._trouble(error) from error

    def send(self, mail: Mail, envelope: Envelope) -> Receipt:
        """Hand the mail to the server.

        Raises PermanentRefusalError, TemporaryRefusalError, ConnectionTroubleError or, before anything is said to the
        server, UnsendableMailError.
        """
        letter = _Letter(mail, envelope)
        was_open = self._connection is not None
        try:
            return self._send(letter)
        except (OSError, smtplib.SMTPException) as error:
            # A server may end a connection between two messages; before DATA a second try doubles nothing.
            if was_open and not letter.was_offered:
                return self._send_anew(letter)
            raise self._trouble(error) from error
        except RefusalError:
            raise
        except Exception:
            self.close()  # whatever broke off a dialogue, the next message begins a new one
            raise

    def _send(self, letter: "_Letter") -> Receipt:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection.send(letter)

    def _send_anew(self, letter: "_Letter") -> Receipt:
        self.close()
        try:
            return self._send(letter)
        except (OSError, smtplib.SMTPException) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: OSError | smtplib.SMTPException) -> ConnectionTroubleError:
        self.close()
        return ConnectionTroubleError(self._explained(error))

    def close(self) -> None:
        """Say goodbye; a server that has gone already is no trouble."""
        connection, self._connection = self._connection, None
        if connection is not None and connection.host is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.host.quit()
            connection.host.close()

    def _connect(self) -> "_Connection":
        settings = self._settings
        state = flask_mail.Mail().init_mail(
            {
                "MAIL_SERVER": settings.server,
                "MAIL_PORT": settings.port,
                "MAIL_USERNAME": settings.username,
                "MAIL_PASSWORD": settings.password,
                "MAIL_USE_TLS": settings.use_tls,
                "MAIL_USE_SSL": settings.use_ssl,
            }
        )
        connection = _Connection(state, settings, self._timeout)
        connection.host = connection.configure_host()
        return connection

    def _explained(self, error: OSError | smtplib.SMTPException) -> str:
        where = f"{self._settings.server}:{self._settings.port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"{where}: the certificate is not trusted ({error.verify_message}); see PARITY_MAIL_CERTIFICATES"
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            return f"{where}: no answer within {self._timeout:g} seconds"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{where}: PARITY_MAIL_USERNAME or PARITY_MAIL_PASSWORD is refused"
        return f"{where}: {error}"


class _Letter(flask_mail.Message):
    """A Flask-Mail message that is encoded by us."""

    def __init__(self, mail: Mail, envelope: Envelope) -> None:
        # Not the library's own __init__: for a Message-ID that we do not want, it asks DNS for the machine's name.
        self.subject, self.body, self.alts = mail.subject, mail.text, {"html": mail.html}
        self.recipient = ascii_address(envelope.recipient)
        self.recipients, self.sender = [self.recipient], envelope.sender
        self.msgId = f"<{envelope.message_id}>"
        self.envelope = envelope
        self.was_offered = False  # its content has begun to leave
        self.encoded = encode(mail, envelope)  # raises UnsendableMailError before any connection is used

    def _message(self) -> EmailMessage:  # type: ignore[override]  # no MIMEBase: the modern email API
        return message_from_bytes(self.encoded, policy=policy.default)

    def as_bytes(self) -> bytes:
        return self.encoded


class _Connection(flask_mail.Connection):
    """A Flask-Mail connection with verified TLS, a time-out and an answer for every refusal."""

    def __init__(self, state: Any, settings: MailSettings, timeout: float) -> None:
        super().__init__(state)
        self._settings = settings
        self._timeout = timeout

    def configure_host(self) -> smtplib.SMTP:
        settings = self._settings
        # Without a local_hostname, smtplib asks DNS for the machine's name and tells it to the server.
        options: dict[str, Any] = {"local_hostname": settings.sender.rpartition("@")[2], "timeout": self._timeout}
        if settings.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(settings.server, settings.port, context=self._trust(), **options)
        else:
            host = smtplib.SMTP(settings.server, settings.port, **options)
        try:
            self._prepare(host)
        except BaseException:
            host.close()
            raise
        return host

    def _trust(self) -> ssl.SSLContext:
        """Verify name and certificate; loading the authorities takes 60 ms, so only where TLS is spoken."""
        return ssl.create_default_context(cafile=self._settings.certificates)

    def _prepare(self, host: smtplib.SMTP) -> None:
        settings = self._settings
        if settings.use_tls:
            host.starttls(context=self._trust())
        if settings.username and settings.password:
            host.login(settings.username, settings.password)
        host.ehlo_or_helo_if_needed()
        if host.sock is not None:
            host.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, message: _Letter) -> Receipt:  # type: ignore[override]  # says what became of it
        """Send one letter to its one recipient."""
        host = self.host
        assert host is not None
        options = [f"SIZE={len(message.encoded)}"] if host.has_extn("size") else []
        # Not host.mail: it parses an address as a reader's program would, and this one is our own.
        self._expect(host.docmd("mail", " ".join([f"FROM:<{message.envelope.return_path}>", *options])), About.SENDER)
        self._expect(host.rcpt(message.recipient), About.RECIPIENT)
        message.was_offered = True
        reply = self._expect(self._offer(message.as_bytes()), About.CONTENT)
        greeting = (host.ehlo_resp or host.helo_resp or b"").splitlines() or [b""]
        return Receipt(mail_system=greeting[0].decode("utf-8", "replace")[:200], reply=reply)

    def _offer(self, content: bytes) -> tuple[int, bytes]:
        """Say DATA and the content, dots doubled (RFC 5321 §4.5.2). host.data looks for them ten times as long."""
        host = self.host
        assert host is not None
        answer = host.docmd("data")
        if answer[0] != GO_ON:
            return answer
        if content.startswith(b"."):
            content = b"." + content
        end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        host.send(content.replace(b"\r\n.", b"\r\n..") + end)
        return host.getreply()

    def _expect(self, answer: tuple[int, bytes], about: About) -> str:
        code, text = answer
        reply = text.decode("utf-8", "replace")
        if code in {250, 251}:  # 251: the server forwards
            return reply
        if code in {421, -1}:
            raise smtplib.SMTPServerDisconnected(f"{code} {reply}")
        assert self.host is not None
        with suppress(OSError, smtplib.SMTPException):  # what matters is the refusal
            self.host.rset()
        if code < 500:
            raise TemporaryRefusalError(code, reply, about)
        raise PermanentRefusalError(code, reply, about)
