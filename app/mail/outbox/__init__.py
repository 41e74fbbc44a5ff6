"""The outbox: what waits to be posted, and the posting. At-least-once, with one stable Message-ID a message."""

from app.mail.outbox.composing import COMPOSERS, Composer, UncomposableMessageError
from app.mail.outbox.delivering import Delivery, MayLeave, Tally, deliver_due
from app.mail.outbox.writing import (
    Outgoing,
    enqueue,
    enqueue_all,
    forget_recipient,
    forget_sent,
    sample_message,
    sign_in_message,
    withdraw,
)

__all__ = [
    "COMPOSERS",
    "Composer",
    "Delivery",
    "MayLeave",
    "Outgoing",
    "Tally",
    "UncomposableMessageError",
    "deliver_due",
    "enqueue",
    "enqueue_all",
    "forget_recipient",
    "forget_sent",
    "sample_message",
    "sign_in_message",
    "withdraw",
]
