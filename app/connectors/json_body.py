"""Reads a JSON body field by field and collects everything that is wrong with it, so that a sender mends it once."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from app.connectors.hooks import UnreadableBody
from app.domain.characters import unreadable_in
from app.foundations.languages import gettext, mark

YES_AND_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
UNSAID = "…"  # where a value stood
LARGEST_COUNT = 2_000_000_000
PLAUSIBLE_YEARS = range(1970, 2200)

T = TypeVar("T")


class Unfit(ValueError):
    """A value is not what its field asks for; the message is for the sender, `kept` says the same without the value."""

    def __init__(self, sentence: str, value: object = None, **params: object) -> None:
        """Translate `sentence`, which is marked, and fill in its places; `value` is what the sender wrote."""
        super().__init__(gettext(sentence, value=_shortened(value), **params))
        self.kept = gettext(sentence, value=UNSAID, **params)


def parse_json(body: bytes) -> Any:
    """Return the JSON in `body` (RFC 8259, UTF-8 with or without BOM). Raises UnreadableBody."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # also wrong UTF-8, and numbers of thousands of digits
        raise UnreadableBody(gettext("the body is not JSON: %(reason)s", reason=error)) from error


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`. Raises UnreadableBody."""
    found = parse_json(body)
    if not isinstance(found, dict):
        raise UnreadableBody(gettext("the body is JSON, but not an object"))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class Complaint(NamedTuple):
    """What is wrong with a field, for the sender and, without its value, for whoever looks later."""

    name: str
    said: str
    kept: str


class Fields:
    """The fields of one object. `given` names those that it has; null and '' are None and clear a value."""

    def __init__(self, body: Mapping[str, Any], time_zone: ZoneInfo) -> None:
        """Read from `body`; times without an offset are in `time_zone`."""
        self._body = body
        self.time_zone = time_zone
        self.complaints: list[Complaint] = []

    def has(self, name: str) -> bool:
        return name in self._body

    def raw(self, name: str) -> Any:
        """Return the value as it stands, None when absent or empty; blanks alone are empty, too."""
        value = self._body.get(name)
        return None if isinstance(value, str) and not value.strip() else value

    def refuse(self, name: str, fault: str | Unfit) -> None:
        """Remember what is wrong with a field; a sentence quotes nothing of the body, an Unfit may."""
        kept = fault.kept if isinstance(fault, Unfit) else fault
        self.complaints.append(Complaint(name, str(fault), kept))

    def require_all_well(self) -> None:
        """Raise UnreadableBody with all complaints, if there are any."""
        if self.complaints:
            said = "; ".join(f"{one.name}: {one.said}" for one in self.complaints)
            raise UnreadableBody(said, "; ".join(f"{one.name}: {one.kept}" for one in self.complaints))

    def text(self, name: str, longest: int = 200) -> str | None:
        """Read text or a whole number as text."""
        return self._read(name, lambda value: as_text(value, longest))

    def needed_text(self, name: str, longest: int = 200) -> str:
        """Read text that must be there."""
        text = self.text(name, longest)
        if text is None and not any(one.name == name for one in self.complaints):
            self.refuse(name, gettext("this must not be empty"))
        return text or ""

    def moment(self, name: str) -> datetime | None:
        """Read an ISO 8601 time."""
        return self._read(name, lambda value: as_moment(value, self.time_zone))

    def boolean(self, name: str) -> bool | None:
        """Read true or false, also as the words of our tables."""
        return self._read(name, as_boolean)

    def count(self, name: str) -> int | None:
        """Read a whole number from 0 up."""
        return self._read(name, as_count)

    def word(self, name: str, words: Iterable[str]) -> str | None:
        """Read one of a few words, in any case."""
        return self._read(name, lambda value: as_word(value, tuple(words)))

    def address(self, name: str) -> str | None:
        """Read an e-mail address, in lower case."""
        return self._read(name, as_address)

    def _read(self, name: str, parse: Callable[[Any], T]) -> T | None:
        value = self.raw(name)
        if value is None:
            return None
        try:
            return parse(value)
        except Unfit as unfit:
            self.refuse(name, unfit)
            return None


def as_text(value: object, longest: int) -> str:
    """Return text of at most `longest` characters that people can read. Raises Unfit."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unfit(mark("'%(value)s' is not text"), value)
    text = str(value).strip()
    if len(text) > longest:
        sentence = mark("the text has %(length)s characters; at most %(longest)s are kept")
        raise Unfit(sentence, length=len(text), longest=longest)
    if code := unreadable_in(text):
        raise Unfit(mark("the text holds the character %(code)s, which nobody can read; take it out"), code=code)
    return text


def as_moment(value: object, time_zone: ZoneInfo) -> datetime:
    """Return an aware moment in UTC. Raises Unfit."""
    try:
        found = datetime.fromisoformat(value.strip().upper() if isinstance(value, str) else "")
        moment = (found if found.tzinfo else found.replace(tzinfo=time_zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unfit(mark("'%(value)s' is not an ISO 8601 time"), value) from error
    if moment.year not in PLAUSIBLE_YEARS:
        raise Unfit(mark("'%(value)s' lies too far from today"), value)
    return moment


def as_boolean(value: object) -> bool:
    """Return true or false. Raises Unfit."""
    known = value if isinstance(value, bool) else YES_AND_NO.get(str(value).lower())
    if known is None:
        raise Unfit(mark("'%(value)s' is neither true nor false"), value)
    return known


def as_count(value: object) -> int:
    """Return a whole number from 0 up. Raises Unfit."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_COUNT:
        raise Unfit(mark("'%(value)s' is not a whole number from 0 up"), value)
    return value


def as_word(value: object, words: tuple[str, ...]) -> str:
    """Return one of `words`. Raises Unfit."""
    if not isinstance(value, str) or value.lower() not in words:
        raise Unfit(mark("'%(value)s' is none of %(values)s"), value, values=", ".join(words))
    return value.lower()


def as_address(value: object) -> str:
    """Return an e-mail address in lower case. Raises Unfit."""
    try:
        text = value.strip() if isinstance(value, str) else ""
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise Unfit(mark("'%(value)s' is not an e-mail address"), value) from error
    return found.normalized.lower()


def _shortened(value: object) -> str:
    text = str(value) if isinstance(value, str | int | float | bool) else type(value).__name__
    return text.encode("utf-8", "replace").decode()[:80]
