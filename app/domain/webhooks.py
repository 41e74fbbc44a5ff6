"""What Parity tells other programs by itself: three kinds of events, none of which holds a person or a rating."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

#: From the beginning of an attempt to the next one; after the last it has failed. The first also covers a slow attempt.
RETRIES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=18))
PATIENCE = timedelta(days=3)  # a webhook that has failed for so long without a success is switched off
WINDOW = timedelta(days=14)  # what happened longer ago is not told any more: a worker was off, and nobody waits


class WebhookEvent(StrEnum):
    """What happened."""

    SCORECARD_ISSUED = "scorecard.issued"
    LOW_RATING_CONSENTED = "low_rating.consented"  # somebody who rated low asked to be contacted
    IMPORT_FINISHED = "import.finished"
    TEST = "test"  # somebody asked for it, to see whether it arrives


#: What a webhook can be made for; a test goes to any.
CHOICES = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)


class WebhookState(StrEnum):
    """waiting → delivered | failed, when its attempts are used up or its webhook was switched off."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


def message_id(webhook_id: int, event: WebhookEvent, about: str) -> str:
    """Return the id under which one event goes to one webhook, the same at every attempt (Standard Webhooks 1.0)."""
    told = f"{webhook_id}|{event}|{about}"
    return "msg_" + hashlib.sha256(told.encode()).hexdigest()[:32]


def body(event: WebhookEvent, data: Mapping[str, str | int], *, at: datetime) -> str:
    """Return the JSON that is signed and sent: `type`, `timestamp` in UTC, `data`."""
    told = {"type": event.value, "timestamp": at.astimezone(UTC).isoformat(), "data": dict(data)}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)
