"""The outgoing client: one session of requests, patient where it pays, and silent about everything secret."""

import email.utils
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin

import requests

from app.foundations import clock
from app.foundations.http.addresses import AddressRefused, Doors, adapter
from app.foundations.http.deadline import Deadline, left
from app.foundations.http.pace import Buckets, Pace
from app.foundations.http.trouble import Broken, Refused, Throttled, TookTooLong, Trouble, Unreachable, UnreadableAnswer
from app.foundations.languages import gettext, mark
from app.foundations.version import version

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 60.0  # of one answer, however slowly it drips
LARGEST_ANSWER = 32 * 1024 * 1024
ATTEMPTS = 4
FIRST_WAIT = 0.5  # seconds, doubled at each further attempt
LONGEST_PAUSE = timedelta(days=1)  # whatever a server asks: a slip in its header must not silence a tracker for good
LONGEST_WAIT = 30.0  # what a server asks beyond this is handed to the caller as Throttled
MOST_REDIRECTS = 3
KEPT_OF_A_REFUSAL = 2000  # bytes
_PASSING = frozenset({500, 502, 503, 504})
_UNHURRIED = Pace(per_second=10, burst=10)

_REFUSAL = mark("%(host)s refuses with the status %(status)s")
_REFUSALS = {
    401: mark("%(host)s does not take our key or password (status %(status)s)"),
    403: mark("%(host)s does not let our account do this (status %(status)s)"),
    404: mark("%(host)s does not have what we ask for, or hides it from our account (status %(status)s)"),
}

log = logging.getLogger(__name__)

#: Kinds of faults, the narrower ones first: an SSLError is a ConnectionError, too.
_FAULTS = (
    (requests.exceptions.SSLError, mark("its certificate is not trusted")),
    (requests.exceptions.Timeout, mark("it is too slow")),
    (requests.exceptions.ConnectionError, mark("no connection comes about")),
    (requests.exceptions.ChunkedEncodingError, mark("the answer broke off")),
    (requests.exceptions.ContentDecodingError, mark("the answer cannot be unpacked")),
)
_dice = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: status 2xx, headers under lower-case names, the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the body as JSON. Raises UnreadableAnswer."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise UnreadableAnswer(gettext("the answer is not JSON")) from error


class _Session(requests.Session):
    """Looks after no redirect: the library reads its whole body, however long, even where it is not to follow."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that there is none; the client sees to it."""


class Client:
    """Calls other servers for one process; safe to use from several threads.

    Time-outs everywhere; 429 and 5xx are tried again with jittered back-off, or as Retry-After says (RFC 9110 §10.2.3);
    redirects only within one host; the environment's proxies and netrc are not read.
    """

    def __init__(
        self,
        doors: Doors | None = None,
        *,
        certificates: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        read_seconds: float = READ_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        """Call through `doors`; `certificates` is a bundle of CAs beside the public ones' place."""
        self._doors = doors or Doors()
        self._certificates = str(certificates) if certificates else None
        self._monotonic, self._sleep = monotonic, sleep
        self._buckets = Buckets(monotonic)
        self._time_out = (CONNECT_SECONDS, read_seconds)
        self._whole_seconds = whole_seconds
        self._adapter = adapter(self._doors)

    def get(self, url: str, **options: Any) -> Answer:
        """GET; see `call`."""
        return self.call("GET", url, **options)

    def call(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        pace: Pace = _UNHURRIED,
        account: str = "",
        repeatable: bool | None = None,
        redirects: bool = True,
    ) -> Answer:
        """Return an answer of status 2xx. Calls under one host and `account` share the bucket of their `pace`.

        `content` is a body as it is; without `redirects` none is followed. `repeatable` says that a call may be made
        twice (GET and HEAD are). Raises AddressRefused, Refused for 4xx, Throttled, Broken for 5xx, Unreachable,
        UnreadableAnswer and, in a block of `limited`, TookTooLong.
        """
        parts = self._doors.check(url)
        bucket = self._buckets.of(f"{parts.hostname}|{account}", pace)
        may_repeat = method in {"GET", "HEAD"} if repeatable is None else repeatable
        _require_sendable(headers or {})
        login = (auth[0].encode(), auth[1].encode()) if auth else None  # UTF-8 (RFC 7617), where requests takes Latin-1
        body = {
            "params": params,
            "json": json,
            "data": form if content is None else content,
            "headers": dict(headers or {}),
            "auth": login,
        }
        attempt = 0
        while True:
            attempt += 1
            self._wait(bucket.take())
            try:
                return self._one(method, url, parts, body, redirects=redirects)
            except Throttled as throttled:
                wait = (throttled.until - clock.now()).total_seconds()
                if attempt >= ATTEMPTS or wait > LONGEST_WAIT:
                    raise
            except (Broken, Unreachable):
                if attempt >= ATTEMPTS or not may_repeat:
                    raise
                wait = 0.0
            self._wait(max(wait, back_off(attempt)))

    def _wait(self, seconds: float) -> None:
        if seconds >= left():  # waiting for what will not be asked any more helps nobody
            raise TookTooLong
        if seconds > 0:
            self._sleep(seconds)

    def _one(self, method: str, url: str, parts: SplitResult, body: dict[str, Any], *, redirects: bool) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._exchange(method, url, parts, body)
            if not redirects or answer.status not in {301, 302, 303, 307, 308}:
                return _judged(method, parts, answer)
            url, parts = self._elsewhere(url, parts, answer)
            body = body | {"params": None}
            if answer.status in {301, 302, 303} and method != "HEAD":
                method, body = "GET", body | {"json": None, "data": None}
        raise Refused(gettext("%(host)s sends us from one address to the next", host=parts.hostname), 310)

    def _elsewhere(self, url: str, parts: SplitResult, answer: Answer) -> tuple[str, SplitResult]:
        try:
            target = urljoin(url, answer.headers.get("location", ""))
        except ValueError as error:
            raise AddressRefused(gettext("this is not a web address")) from error
        found = self._doors.check(target)
        here = (parts.scheme, parts.hostname, parts.port)
        if (found.scheme, found.hostname, found.port) != here:
            raise AddressRefused(
                gettext("%(host)s sends us to %(other)s; set that address", host=parts.hostname, other=found.hostname)
            )
        return target, found

    def _exchange(self, method: str, url: str, parts: SplitResult, body: dict[str, Any]) -> Answer:
        session = _Session()
        session.trust_env = False
        session.mount("https://", self._adapter)
        session.mount("http://", self._adapter)
        body = body | {"headers": {"User-Agent": f"Parity/{version()}", "Accept": "application/json"} | body["headers"]}
        with Deadline(min(self._whole_seconds, max(left(), 0.0))) as deadline:
            try:
                answer = self._answer(session, method, url, parts, body)
            except requests.RequestException as error:
                _end_of_block()
                if deadline.has_passed:
                    raise Unreachable(gettext("%(host)s answers too slowly", host=parts.hostname)) from None
                # The library's words hold the whole address; ours name the host and the kind of fault.
                log.info("%s %s: %s", method, parts.hostname, type(error).__name__)
                sentence = mark("%(host)s did not answer (%(fault)s)")
                raise Unreachable(gettext(sentence, host=parts.hostname, fault=_in_words(error))) from None
            _end_of_block()
            if deadline.has_passed:  # a body without a length just ends where it was cut
                raise Unreachable(gettext("%(host)s answers too slowly", host=parts.hostname))
            return answer

    def _answer(
        self, session: requests.Session, method: str, url: str, parts: SplitResult, body: dict[str, Any]
    ) -> Answer:
        with session.request(
            method,
            url,
            timeout=self._time_out,
            allow_redirects=False,
            stream=True,
            verify=self._certificates or True,
            **body,
        ) as response:
            return Answer(response.status_code, _lower(response.headers), _whole(response, parts))


def _in_words(error: requests.RequestException) -> str:
    """Return why no answer came, as whoever set the address can understand it."""
    found = next((words for kind, words in _FAULTS if isinstance(error, kind)), None)
    return type(error).__name__ if found is None else gettext(found)


def _end_of_block() -> None:
    if left() <= 0:
        raise TookTooLong


def _whole(response: requests.Response, parts: SplitResult) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_content(65_536):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise UnreadableAnswer(gettext("the answer of %(host)s is too long", host=parts.hostname))
    return b"".join(pieces)


def _require_sendable(headers: Mapping[str, str]) -> None:
    """Refuse a header that cannot travel (RFC 9110 §5.5): most often a key that was copied with something else."""
    if any(not all(" " <= letter <= "\xff" and letter != "\x7f" for letter in text) for text in headers.values()):
        raise Trouble(gettext("a key or token holds a line break, or letters that no key has: copy it once more"))


def back_off(attempt: int) -> float:
    """Return the seconds to wait after the n-th attempt: doubling, jittered between half and one and a half."""
    return FIRST_WAIT * 2.0 ** (attempt - 1) * _dice.uniform(0.5, 1.5)


def _judged(method: str, parts: SplitResult, answer: Answer) -> Answer:
    host, status = parts.hostname, answer.status
    if 200 <= status < 300:
        return answer
    log.info("%s %s: %d", method, host, status)
    asked = retry_at(answer.headers.get("retry-after", ""))
    if status == 429 or (status == 503 and asked is not None):
        raise Throttled(
            gettext("%(host)s asks us to come back later", host=host), asked or clock.now() + timedelta(seconds=1)
        )
    if status in _PASSING or status >= 500:
        raise Broken(gettext("%(host)s answers with the error %(status)s", host=host, status=status), status)
    raise Refused(
        gettext(_REFUSALS.get(status, _REFUSAL), host=host, status=status),
        status,
        answer.body[:KEPT_OF_A_REFUSAL],
    )


def retry_at(header: str) -> datetime | None:
    """Return the moment that a Retry-After names, in seconds or as an HTTP date (RFC 9110 §10.2.3), else None."""
    text, longest = header.strip(), clock.now() + LONGEST_PAUSE
    if text.isascii() and text.isdigit() and len(text) < 9:
        return min(clock.now() + timedelta(seconds=int(text)), longest)
    try:
        found = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return min(found if found.tzinfo else found.replace(tzinfo=UTC), longest)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
