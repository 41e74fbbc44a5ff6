"""Answers of a moment ago, for whoever asks the same again about what happened before they were given."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from app.foundations.http.client import Answer
from app.foundations.http.trouble import Refused

MOST_ANSWERS = 200
LARGEST_ANSWER = 64 * 1024  # bytes; 200 of them are 13 MB


class Calls(Protocol):
    """What connectors need of the outgoing client; see app.foundations.http.client.Client."""

    def get(self, *arguments: Any, **options: Any) -> Answer:
        """GET; see `call`."""
        ...

    def call(self, *arguments: Any, **options: Any) -> Answer:
        """Return an answer of status 2xx. Raises Trouble."""
        ...


class Memory:
    """The answers and refusals that a run was given last, each with the moment up to which it knows everything."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._known: OrderedDict[bytes, tuple[datetime, Answer | Refused]] = OrderedDict()

    def recall(self, question: bytes, happened_at: datetime) -> Answer | Refused | None:
        """Return what was answered after `happened_at`, None where that must be asked."""
        known = self._known.get(question)
        return known[1] if known is not None and known[0] >= happened_at else None

    def keep(self, question: bytes, knows_until: datetime, answer: Answer | Refused) -> None:
        """Remember an answer; the oldest is forgotten for it, and a large one never remembered."""
        self._known.pop(question, None)
        if len(answer.body) <= LARGEST_ANSWER:
            self._known[question] = (knows_until, answer)
        if len(self._known) > MOST_ANSWERS:
            self._known.popitem(last=False)


class Recalling:
    """A client for what was told at `happened_at`; `latest` says up to when everything was told before a question."""

    def __init__(
        self, client: Calls, memory: Memory, *, happened_at: datetime, latest: Callable[[], datetime | None]
    ) -> None:
        """Ask through `client` what `memory` does not know."""
        self._client, self._memory = client, memory
        self._happened_at, self._latest = happened_at, latest

    def get(self, url: str, **options: Any) -> Answer:
        """GET; see `call`."""
        return self.call("GET", url, **options)

    def call(self, method: str, url: str, **options: Any) -> Answer:
        """Return the answer, from memory where the same was asked for reading since then. Raises Trouble."""
        if not (method in {"GET", "HEAD"} or options.get("repeatable")):
            return self._client.call(method, url, **options)
        question = _digest(method, url, options)
        found = self._memory.recall(question, self._happened_at) or self._asked(question, method, url, options)
        if isinstance(found, Refused):
            raise Refused(str(found), found.status, found.body)
        return found

    def _asked(self, question: bytes, method: str, url: str, options: dict[str, Any]) -> Answer | Refused:
        knows_until = max(self._latest() or self._happened_at, self._happened_at)
        found: Answer | Refused
        try:
            found = self._client.call(method, url, **options)
        except Refused as refused:
            found = refused
        self._memory.keep(question, knows_until, found)
        return found


def _digest(method: str, url: str, options: dict[str, Any]) -> bytes:
    """Name a question by everything in it, keys and passwords included, of which only the hash is kept."""
    return hashlib.sha256(json.dumps([method, url, options], sort_keys=True, default=repr).encode()).digest()
