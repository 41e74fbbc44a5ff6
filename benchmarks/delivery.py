"""Survey mails rendered and delivered over one connection, against a bare smtplib loop with a message encoded before.

Both talk to the same sink, a process of its own that only reads. Run alone: `python -m benchmarks.delivery [MAILS]`.
"""

import asyncio
import multiprocessing
import smtplib
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from app.domain.instruments import wording
from app.foundations.crypto import Keys
from app.mail.content import invitation
from app.mail.encoding import encode
from app.mail.links import Links
from app.mail.outbox import Delivery, deliver_due
from app.mail.transport import Transport
from app.models.base import make_engine, make_sessions
from app.pipeline.invitations import may_leave
from app.settings import MailSettings
from tests.builders.messages import waiting_invitation
from tests.mail.samples import asked, links
from tests.mail.test_encoding import envelope
from tests.servers.databases import migrate
from tests.servers.processes import free_port

MAILS = 1_000
RUNS = 3
NOW = datetime(2026, 7, 15, 9, tzinfo=UTC)
SENDER = "parity@example.com"


class Sink(asyncio.Protocol):
    """The least that smtplib takes for a mail server."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""
        self._in_data = False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command; after DATA, wait for the dot."""
        self._buffer += data
        while True:
            end = b"\r\n.\r\n" if self._in_data else b"\r\n"
            line, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            was_command = not self._in_data
            self._in_data = was_command and line.upper() == b"DATA"
            is_quit = was_command and line.upper() == b"QUIT"
            self._transport.write(b"354 go\r\n" if self._in_data else b"221 bye\r\n" if is_quit else b"250 OK\r\n")


def serve(port: int) -> None:
    """Run the sink until the process is ended."""

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(run())


def bare(settings: MailSettings, mails: int) -> None:
    """Send one encoded message again and again."""
    content = encode(invitation(asked("en"), links("en"), wording("en")), envelope())
    with smtplib.SMTP(settings.server, settings.port) as client:
        for _ in range(mails):
            client.sendmail(SENDER, ["alice@example.com"], content)


def rendered(settings: MailSettings, mails: int) -> None:
    """Render, encode and send each mail."""
    with Transport(settings) as transport:
        for number in range(mails):
            request = asked("en", title=f"VPN access from home drops, case {number}")
            transport.send(
                invitation(request, links("en"), wording("en")), envelope(message_id=f"{number}@example.com")
            )


def from_the_outbox(settings: MailSettings, sessions: sessionmaker[Session]) -> None:
    """Deliver what waits, as the worker does."""
    with Transport(settings) as transport:
        delivery = Delivery(
            send=transport.send,
            links=Links(base_url="https://parity.example.com", keys=Keys(("0123456789abcdef",))),
            sender=SENDER,
            may_leave=may_leave,
            rate=1e6,
        )
        deliver_due(sessions, delivery, now=NOW)


def waiting(folder: Path, mails: int) -> sessionmaker[Session]:
    """Return sessions on a database in which so many invitations wait."""
    url = f"sqlite:///{folder / 'parity.sqlite3'}"
    migrate(url)
    sessions = make_sessions(make_engine(url))
    with sessions.begin() as session:
        for number in range(mails):
            waiting_invitation(session, f"person{number}@example.com", due_at=NOW - timedelta(minutes=1))
    return sessions


def measured(work: Callable[[], object], mails: int, runs: int = RUNS) -> tuple[float, float]:
    """Return mails a second and mails a processor second of this process, each the best of some runs."""
    seconds, processor = [], []
    for _ in range(runs):
        begun, used = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    return mails / min(seconds), mails / min(processor)


def figures(mails: int = MAILS) -> dict[str, float]:
    """Return the rates and their ratios to the bare loop; by the processor, because others may use the machine too."""
    port = free_port()
    sink = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    sink.start()
    settings = MailSettings(server="127.0.0.1", port=port, sender=SENDER)
    _wait_for(settings)
    with tempfile.TemporaryDirectory() as folder:
        sessions = waiting(Path(folder), mails)
        floor = measured(lambda: bare(settings, mails), mails)
        ours = measured(lambda: rendered(settings, mails), mails)
        outbox = measured(lambda: from_the_outbox(settings, sessions), mails, runs=1)
    sink.terminate()
    return {
        "mails": mails,
        "bare loop, encoded before, mails/s": floor[0],
        "rendered and delivered, mails/s": ours[0],
        "from the outbox (SQLite), mails/s": outbox[0],
        "ratio (least 0.25, goal 0.5)": ours[0] / floor[0],
        "ratio by processor": ours[1] / floor[1],
        "ratio from the outbox, by processor": outbox[1] / floor[1],
    }


def _wait_for(settings: MailSettings) -> None:
    for _ in range(100):
        try:
            smtplib.SMTP(settings.server, settings.port).quit()
        except OSError:
            time.sleep(0.1)
        else:
            return


def print_figures(mails: int) -> None:
    """Measure and print one figure a line."""
    for name, value in figures(mails).items():
        print(f"{name:36} {value:10.3f}")


if __name__ == "__main__":
    print_figures(int(sys.argv[1]) if len(sys.argv) > 1 else MAILS)
