"""What one kind of tool can do for us, as a value: functions over bytes, settings and the outgoing client."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from app.connectors.hooks import Conclusion, Greeting, Hook
from app.domain.external_scores import ScoreEvent
from app.domain.service_requests import Requester, TrackerEvent
from app.domain.states import ConnectionSide
from app.foundations.http import Calls

POLL_EVERY = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(days=1)  # between two polls, whatever settings or the tool say; more is a wrong clock's


class Shape(Enum):
    """What a setting holds, where a value of another shape would be taken for none."""

    ANY = auto()
    FLAG = auto()  # true or false
    TABLE = auto()  # names and what they mean: a JSON object


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a connection. Secret ones are sealed when stored and never shown; `signs` is the hook's secret.

    `proves` marks what else a sender may prove itself with, so that `explain` judges a delivery by it, too.
    """

    name: str
    meaning: str  # what an administrator reads, through gettext
    needed: bool = False
    secret: bool = False
    signs: bool = False
    proves: bool = False
    shape: Shape = Shape.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """The way to one installation of a tool: the client, and what the connection knows, credentials included."""

    http: Calls
    settings: Mapping[str, Any] = field(repr=False)
    time_zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A piece of a poll: what it told, and the cursor to go on from once this piece is recorded."""

    cursor: Mapping[str, Any]
    events: tuple[TrackerEvent, ...] = ()
    scores: tuple[ScoreEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HookHealth:
    """How the tool says that our hook is doing; `problem` is a sentence for an administrator."""

    is_alive: bool
    problem: str = ""
    is_gone: bool = False  # the tool does not know our hook any more: register it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One kind of tool. What a tool cannot do is None; a kind without `read` never calls us.

    All functions that take a Tool may raise Trouble (app.foundations.http); none is called inside a transaction.
    """

    kind: str
    side: ConnectionSide
    settings: tuple[Setting, ...] = ()

    # A delivery, in this order: greet, verify (raises WrongSignature), judge_age (raises WrongSignature for what was
    # signed too long ago), read (raises UnreadableBody). `read` is called again with `fetched` for each id to fetch.
    read: Callable[[Hook], Conclusion] | None = None
    greet: Callable[[Hook], Greeting | None] | None = None  # is this a handshake?
    verify: Callable[[Hook], None] | None = None
    judge_age: Callable[[Hook], None] | None = None
    is_heartbeat: Callable[[Hook], bool] | None = None  # verified, answered with 200, not stored
    explain: Callable[[Hook], Conclusion] | None = None  # where nothing calls us: what an answer of its API tells
    delivery_key: Callable[[Hook], str] | None = None  # the same for every attempt to deliver the same event
    scrub: Callable[[bytes], bytes] | None = None  # a body without the credentials that some senders put into it
    answers_head: bool = False  # the tool tries the address with HEAD or GET before it calls
    make_secret: Callable[[], str] | None = None  # where the secret is ours to choose

    check: Callable[[Tool], str] | None = None  # try the credentials; a sentence saying whom they belong to
    fetch: Callable[[Tool, str], bytes | None] | None = None  # what a thin body lacks; None: it is gone
    fill_in: Callable[[Tool, TrackerEvent], TrackerEvent] | None = None  # what no body of a completion tells
    find_requester: Callable[[Tool, Requester], Requester | None] | None = None  # the address behind a key
    find_requester_of: Callable[[Tool, TrackerEvent], Requester | None] | None = None  # and, if it hides, of a request
    register: Callable[[Tool, str, str], Mapping[str, Any]] | None = None  # our address, secret -> what to keep
    look_after: Callable[[Tool, Mapping[str, Any]], HookHealth] | None = None  # is the hook alive?
    poll: Callable[[Tool, Mapping[str, Any] | None, datetime], Iterator[Page]] | None = None  # cursor, since
    poll_every: timedelta = POLL_EVERY
    is_hook_extra: bool = False  # the poll is meant to do the work: nothing is wrong where nobody sets the hook up

    @property
    def secret_name(self) -> str:
        """The setting under which an administrator gives the secret that signs deliveries."""
        return next((one.name for one in self.settings if one.signs), "secret")
