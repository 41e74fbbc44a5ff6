"""Posting what is due: claim, commit, send, commit. No transaction is open while the mail server is asked.

At least once: a worker that dies, or a server that hangs up, between the server's acceptance and our commit makes the
message leave again under the same Message-ID, by which mail systems and readers tell that it is the same one.
What became of a message stands in its row; the pipeline's rules read it there.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from app.domain.states import MessageState
from app.foundations.reasons import reason_of, way_to
from app.mail.bounces import bounce_address, is_suppressed, record_refusal
from app.mail.content import Mail
from app.mail.encoding import Envelope, UnsendableMailError
from app.mail.links import Links
from app.mail.outbox.composing import COMPOSERS, Composer, UncomposableMessageError, compose
from app.mail.outbox.leases import BATCH, LEASE, claim, fail_overdue, put_back, settle
from app.mail.render import one_line
from app.mail.transport import About, ConnectionTroubleError, PermanentRefusalError, Receipt, RefusalError, Send
from app.models.base import reading
from app.models.messages import Message

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(minutes=1)  # then 2, 4, 8 …
LONGEST_RETRY = timedelta(hours=4)
LEAST_LEASE_LEFT = timedelta(minutes=4)  # a slow server may take this long over one message
WHILE_STOPPED = timedelta(minutes=1)  # then it is asked again whether a message that somebody stopped may go on
PATIENCE = 3  # refusals of ourselves in a row, after which the server is left alone for this run
LONGEST_ERROR = 300  # characters of a refusal that are kept

# Given by the edge, because asking knows why a mail is sent and posting does not.
MayLeave = Callable[[Session, Message, datetime], bool]
IsStopped = Callable[[Session, Message], bool]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What delivering needs beside the database."""

    send: Send  # Transport.send, or what the demo and the tests put in its place
    links: Links
    sender: str  # the address in From
    sender_name: str = "Parity"
    may_leave: MayLeave  # asked right before sending: is the request still completed, the person still silent?
    is_stopped: IsStopped = lambda _session, _row: False  # asked right before sending: then it goes back to waiting
    rate: float = 10.0  # messages a second, of this worker
    composers: Mapping[str, Composer] = field(default_factory=lambda: COMPOSERS)
    sleep: Callable[[float], None] = time.sleep
    elapsed: Callable[[], float] = time.monotonic


@dataclass
class Tally:
    """What one run did with the due messages."""

    sent: int = 0
    delayed: int = 0  # refused for now
    failed: int = 0
    withdrawn: int = 0
    stopped: int = 0  # back to waiting: somebody stopped what they belong to
    trouble: str = ""  # why the run ended early


def deliver_due(sessions: sessionmaker[Session], delivery: Delivery, *, now: datetime) -> Tally:
    """Post every due message; commits around each. Safe to run twice and on several machines at once."""
    return _Run(sessions, delivery, now).run()


class _Run:
    def __init__(self, sessions: sessionmaker[Session], delivery: Delivery, now: datetime) -> None:
        self._sessions = sessions
        self._delivery = delivery
        self._now = now
        self._started = delivery.elapsed()
        self._next_slot = 0.0
        self._strikes = 0
        self._tally = Tally()
        # A batch must end well before its lease does, however slow the rate.
        seconds = (LEASE - LEAST_LEASE_LEFT).total_seconds()
        self._batch = max(1, min(BATCH, int(delivery.rate * seconds / 2)))

    def run(self) -> Tally:
        with self._sessions.begin() as session:
            self._tally.failed += fail_overdue(session, now=self._now)
        while not self._tally.trouble:
            with self._sessions.begin() as session:
                rows = claim(session, now=self._moment(), limit=self._batch)
            if not rows:
                break
            self._deliver_all(rows)
        return self._tally

    def _moment(self) -> datetime:
        return self._now + timedelta(seconds=self._delivery.elapsed() - self._started)

    def _deliver_all(self, rows: Sequence[Message]) -> None:
        for index, row in enumerate(rows):
            assert row.leased_until is not None
            if self._tally.trouble or self._moment() > row.leased_until - LEAST_LEASE_LEFT:
                with self._sessions.begin() as session:
                    put_back(session, rows[index:])
                return
            self._deliver(row)

    def _deliver(self, row: Message) -> None:
        try:
            prepared = self._prepare(row)
            if prepared is None:
                return
            self._wait_for_slot()
            receipt = self._delivery.send(*prepared)
        except (UncomposableMessageError, UnsendableMailError) as error:
            log.error("message %s cannot be sent: %s", row.id, error)  # noqa: TRY400  one line says it
            self._fail(row, str(error))
        except PermanentRefusalError as refusal:
            self._refused(row, refusal)
        except RefusalError as refusal:
            self._delay(row, refusal)
        except ConnectionTroubleError as trouble:
            log.warning("mail waits: %s", trouble)
            self._tally.trouble = str(trouble)
            self._delay(row, trouble)
        except Exception as error:  # noqa: BLE001  whatever stops one message, those behind it go on
            log.error("message %s failed: %s\n%s", row.id, reason_of(error), way_to(error))  # noqa: TRY400  no values
            self._delay(row, error)
        else:
            self._sent(row, receipt)

    def _prepare(self, row: Message) -> tuple[Mail, Envelope] | None:
        """Compose the mail; None when it must not leave, now or ever, which is then written down."""
        links, moment = self._delivery.links, self._moment()
        with reading(), self._sessions.begin() as session:
            is_stopped = self._delivery.is_stopped(session, row)
            suppressed = is_suppressed(session, links.keys, row.recipient or "")
            may_leave = not is_stopped and self._delivery.may_leave(session, row, moment)
            mail = compose(session, row, links, self._delivery.composers) if may_leave and not suppressed else None
        if mail is not None:
            return mail, self._envelope(row, moment)
        if is_stopped:
            self._tally.stopped += 1
            later = {"due_at": moment + WHILE_STOPPED, "attempts": row.attempts - 1}
            self._settle(row, MessageState.WAITING, **later)
        elif suppressed:
            self._fail(row, "the address is suppressed")
        else:
            self._settle(row, MessageState.WITHDRAWN)
            self._tally.withdrawn += 1
        return None

    def _envelope(self, row: Message, moment: datetime) -> Envelope:
        links, sender = self._delivery.links, self._delivery.sender
        domain = sender.rpartition("@")[2]
        return Envelope(
            sender=sender,
            sender_name=self._delivery.sender_name,
            recipient=row.recipient or "",
            recipient_name=one_line((row.params or {}).get("recipient_name", "")),
            message_id=f"{links.keys.hash('message-id', row.key)[:16].hex()}@{domain}",
            return_path=bounce_address(links.keys, row.id, domain),
            date=moment,
        )

    def _wait_for_slot(self) -> None:
        elapsed = self._delivery.elapsed()
        if elapsed < self._next_slot:
            self._delivery.sleep(self._next_slot - elapsed)
        self._next_slot = max(elapsed, self._next_slot) + 1 / self._delivery.rate

    def _sent(self, row: Message, receipt: Receipt) -> None:
        self._strikes = 0
        self._tally.sent += 1
        values = {"accepted_at": self._moment(), "mail_system": receipt.mail_system, "error": None}
        if not self._settle(row, MessageState.SENT, **values):
            log.warning("message %s was accepted after its lease had ended; it may arrive twice", row.id)

    def _refused(self, row: Message, refusal: PermanentRefusalError) -> None:
        if refusal.about is About.SENDER:  # no message would leave: mend the settings, then it goes on
            self._delay(row, refusal)
            return
        if refusal.about is About.RECIPIENT:
            with self._sessions.begin() as session:
                record_refusal(session, self._delivery.links.keys, row.recipient or "", refusal.status, now=self._now)
        self._fail(row, str(refusal))

    def _delay(self, row: Message, why: Exception) -> None:
        self._tally.delayed += 1
        said = str(why) if isinstance(why, RefusalError | ConnectionTroubleError) else reason_of(why)
        if isinstance(why, RefusalError) and why.about is not About.RECIPIENT:
            self._strikes += 1
            if self._strikes == PATIENCE:
                self._tally.trouble = said
        due_at = self._moment() + self._back_off(row)
        self._settle(row, MessageState.WAITING, due_at=due_at, error=said[:LONGEST_ERROR])

    def _back_off(self, row: Message) -> timedelta:
        """Double at every attempt; a keyed hash spreads the retries, so that they do not come all at once."""
        wait = min(FIRST_RETRY * (1 << min(row.attempts - 1, 10)), LONGEST_RETRY)
        digest = self._delivery.links.keys.hash("retry", row.key, str(row.attempts))
        return wait * (0.75 + int.from_bytes(digest[:4], "big") / 2**33)

    def _fail(self, row: Message, error: str) -> None:
        self._tally.failed += 1
        self._settle(row, MessageState.FAILED, error=error[:LONGEST_ERROR])

    def _settle(self, row: Message, state: MessageState, **values: object) -> bool:
        with self._sessions.begin() as session:
            return settle(session, row, state, **values)
