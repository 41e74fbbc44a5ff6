"""A real SMTP server on loopback whose bad days can be scripted."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from app.settings import MailSettings
from tests.servers.processes import free_port


@dataclass(frozen=True)
class Received:
    """One accepted message, as it stood on the wire."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    content: bytes
    is_encrypted: bool

    @property
    def message(self) -> EmailMessage:
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.content)


@dataclass
class Script:
    """What the server does wrong. Change it at any time; the next command follows it."""

    refused_recipients: dict[str, str] = field(default_factory=dict)  # address -> "550 5.1.1 no such user"
    refuse_all: str = ""  # answer to every MAIL FROM, for example "451 4.3.0 come back later"
    refuse_content: str = ""  # answer after DATA
    is_silent: bool = False  # accepts the connection and never says a word
    dies_after_data: bool = False  # keeps the message and hangs up without an answer


@dataclass
class SmtpServer:
    """The running server: what it received, its script, and the settings that lead to it."""

    settings: MailSettings
    script: Script = field(default_factory=Script)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    open_protocols: set[SMTP] = field(default_factory=set, repr=False)

    @property
    def messages(self) -> list[EmailMessage]:
        return [received.message for received in self.received]


class _Handler:
    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def handle_MAIL(self, _smtp: SMTP, _s: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self._server.script.refuse_all:
            return self._server.script.refuse_all
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _smtp: SMTP, _s: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        refusal = self._server.script.refused_recipients.get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        script = self._server.script
        if script.refuse_content:
            return script.refuse_content
        content = envelope.original_content or b""
        self._server.received.append(
            Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, session.ssl is not None)
        )
        if script.dies_after_data:
            _abort(smtp)
        return "250 OK"


class _Protocol(SMTP):
    def __init__(self, server: SmtpServer, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._script_of = server

    async def _handle_client(self) -> None:
        self._script_of.connections += 1
        if self._script_of.script.is_silent:
            await asyncio.sleep(3600)  # longer than any patience; the end of the connection ends it
        await super()._handle_client()

    def connection_made(self, transport: Any) -> None:
        self._script_of.open_protocols.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._script_of.open_protocols.discard(self)
        super().connection_lost(error)


class _Controller(Controller):
    def __init__(self, server: SmtpServer, **options: Any) -> None:
        self._server = server
        super().__init__(_Handler(server), hostname="127.0.0.1", port=server.settings.port, **options)

    def factory(self) -> SMTP:
        return _Protocol(self._server, self.handler, **self.SMTP_kwargs)


@contextmanager
def running(
    folder: Path, *, starttls: bool = False, implicit: bool = False, login: tuple[str, str] | None = None
) -> Iterator[SmtpServer]:
    """Start a server; with TLS its certificate comes from an authority that only `settings.certificates` knows."""
    settings = MailSettings(server="localhost", port=free_port(), sender="parity@example.com", rate=10_000)
    options: dict[str, Any] = {}
    if starttls or implicit:
        context, bundle = _certificates(folder)
        settings = replace(settings, use_tls=starttls, use_ssl=implicit, certificates=bundle)
        options = {"tls_context": context, "require_starttls": True} if starttls else {"ssl_context": context}
    if login:
        settings = replace(settings, username=login[0], password=login[1])
        options |= {"authenticator": _authenticator(login), "auth_required": True, "auth_require_tls": starttls}
    server = SmtpServer(settings)
    controller = _Controller(server, **options)
    controller.start()
    server.connections = 0  # the controller tried the door itself
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(server), controller.loop).result(5)
        controller.stop()


def _abort(protocol: SMTP) -> None:
    # A closed TLS transport of Python 3.11.2, Debian 12's, has let go of what it would abort.
    if isinstance(protocol.transport, asyncio.WriteTransport) and not protocol.transport.is_closing():
        protocol.transport.abort()


async def _hang_up(server: SmtpServer) -> None:
    while server.open_protocols:
        for protocol in list(server.open_protocols):
            _abort(protocol)
        await asyncio.sleep(0.01)


def _authenticator(login: tuple[str, str]) -> Any:
    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        right = (given.login.decode(), given.password.decode()) == login
        return AuthResult(success=right, handled=False)  # a wrong one is answered by the server, with 535

    return check


def _certificates(folder: Path) -> tuple[ssl.SSLContext, Path]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    return context, bundle
