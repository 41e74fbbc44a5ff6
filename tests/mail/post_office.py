"""A post office for the outbox tests: it remembers what it was given, and its bad days can be scripted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.foundations.crypto import Keys
from app.mail.content import Mail
from app.mail.encoding import Envelope
from app.mail.links import Links
from app.mail.outbox import Delivery
from app.mail.transport import Receipt

KEYS = Keys(("0123456789abcdef0123456789abcdef",))
LINKS = Links(base_url="https://parity.example.com", keys=KEYS)


@dataclass
class PostOffice:
    """Accepts mails, or raises what `trouble` says for a recipient (None: for every one)."""

    accepted: list[tuple[Mail, Envelope]] = field(default_factory=list)
    trouble: dict[str | None, BaseException] = field(default_factory=dict)
    dies_after_accepting: bool = False
    on_send: Callable[[], object] = lambda: None

    def send(self, mail: Mail, envelope: Envelope) -> Receipt:
        self.on_send()
        error = self.trouble.get(envelope.recipient) or self.trouble.get(None)
        if error is not None:
            raise error
        self.accepted.append((mail, envelope))
        if self.dies_after_accepting:
            raise KeyboardInterrupt
        return Receipt(mail_system="mx.example.com", reply="OK")

    def delivery(self, **changes: Any) -> Delivery:
        """What delivering through this post office needs; nobody waits in a test."""
        fields: dict[str, Any] = {
            "send": self.send,
            "links": LINKS,
            "sender": "parity@example.com",
            "may_leave": lambda _session, _row, _now: True,
            "rate": 1000.0,
            "sleep": lambda _seconds: None,
        }
        return Delivery(**{**fields, **changes})

    @property
    def recipients(self) -> list[str]:
        return [envelope.recipient for _mail, envelope in self.accepted]

    @property
    def message_ids(self) -> list[str]:
        return [envelope.message_id for _mail, envelope in self.accepted]
