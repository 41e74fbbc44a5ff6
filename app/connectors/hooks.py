"""What every connector speaks: a delivery comes in, conclusions come out. No tables, no clock, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.external_scores import ScoreEvent
from app.domain.service_requests import TrackerEvent
from app.domain.states import RequestState


class WrongSignature(Exception):
    """The sender did not sign this delivery with a secret that we know, or did so too long ago."""


class UnreadableBody(ValueError):
    """The body is not what this kind of sender documents; the message says what, where and how to mend it.

    `kept` says the same without what the body held: a trace of the refusal outlives the body.
    """

    def __init__(self, message: str, kept: str | None = None) -> None:
        """Remember both; without `kept` the message quotes nothing of the body."""
        super().__init__(message)
        self.kept = message if kept is None else kept


class Verdict(StrEnum):
    """What a connector concludes from one delivery."""

    COMPLETED = "completed"
    REOPENED = "reopened"
    NOT_COMPLETED = "not_completed"  # a change of the request that is no completion
    DELETED = "deleted"
    IGNORED = "ignored"  # nothing that concerns us
    FETCH = "fetch"  # the body names what to ask the tool for
    HANDSHAKE = "handshake"
    INVALID = "invalid"
    SCORE = "score"
    SCORE_LIST = "score_list"
    NO_SCORE = "no_score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One delivery as it came: raw bytes, headers under lower-case names, and what the connection knows."""

    body: bytes
    headers: Mapping[str, str]
    secrets: tuple[str, ...] = field(default=(), repr=False)  # the current one first
    settings: Mapping[str, Any] = field(default_factory=dict)
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))  # for times without an offset
    received_at: datetime
    fetched: bytes | None = None  # what the tool answered about a thin body
    method: str = "POST"
    was: RequestState | None = None  # the stored state, where it matters to the verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What one delivery means: the verdict with its reason, and the events or scores to record."""

    verdict: Verdict
    why: str
    events: tuple[TrackerEvent, ...] = ()
    scores: tuple[ScoreEvent, ...] = ()
    fetch: tuple[str, ...] = ()  # ids to ask the tool for, with the verdict FETCH
    details: Mapping[str, Any] = field(default_factory=dict)  # explained, never stored: assignee, actor …


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """A sender's handshake: what to answer, and the secret that it hands over for all later signatures."""

    headers: Mapping[str, str] = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)


NOTHING_TOLD: Mapping[str, Any] = {
    "external_id": None,
    "title": None,
    "url": None,
    "requester": None,
    "department": None,
    "created_at": None,
    "started_at": None,
    "due_at": None,
    "completed_at": None,
    "external_key": None,
    "assignee": None,
    "actor": None,
    "event_id": None,
    "event_type": None,
    "event_at": None,
    "status": None,
    "status_changed_at": None,
    "score": None,
    "fetch": [],
}


def explained(conclusion: Conclusion, signature: str, received_at: datetime | None = None) -> dict[str, Any]:
    """Return the conclusion as `flask trackers explain` prints it; what was not told is None, times are UTC.

    The moment of arrival stands in for a moment that nobody told; nobody told that one either.
    """
    document = {"verdict": conclusion.verdict.value, "why": conclusion.why, **NOTHING_TOLD}
    if conclusion.events:
        document |= _told(conclusion.events[0])
    elif conclusion.scores:
        document |= _scored(conclusion.scores[0])
    if conclusion.fetch:
        document |= {"external_id": conclusion.fetch[0], "fetch": list(conclusion.fetch)}
    document |= {name: _plain(value) for name, value in conclusion.details.items()}
    untold = _plain(received_at) if received_at else None
    return {name: None if value == untold else value for name, value in document.items()} | {"signature": signature}


def _told(event: TrackerEvent) -> dict[str, Any]:
    asker = event.requester
    return {
        "external_id": event.external_id,
        "external_key": event.external_key,
        "title": event.title,
        "url": event.url,
        "requester": {"id": asker.key, "name": asker.name, "email": asker.email} if asker else None,
        "department": dict(event.department) or None,
        "created_at": _plain(event.created_at),
        "due_at": _plain(event.due_at),
        "completed_at": _plain(event.completed_at),
        "event_id": event.event_id,
        "event_at": _plain(event.occurred_at),
        "status": event.status,
    }


def _scored(event: ScoreEvent) -> dict[str, Any]:
    return {"external_id": event.response_id, "event_at": _plain(event.answered_at), "score": _plain(event.score)}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return int(value) if isinstance(value, float) and value.is_integer() else value
