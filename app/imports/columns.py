"""What a cell of each kind of column may hold: text in, a typed value out, or Unfit with the sentence why not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from app.domain.characters import readable, unreadable_in
from app.domain.clocks import CLOCKS_DIFFER
from app.foundations.languages import gettext
from app.foundations.quoting import quoted
from app.imports.faults import Ahead, Unfit, UnlessEmpty
from app.imports.reading import TypedNumber, TypedTime

Parser = Callable[[str], object]

YES_AND_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
TIME = None
_LANGUAGE = re.compile(r"([a-zA-Z]{2,3})([-_][a-zA-Z0-9_-]{1,30})?")  # RFC 5646; some tools write _ for -
CACHED_ADDRESSES = 20_000  # the same people ask again; checking an address once halves an import
CACHED_TIMES = 4_000  # equal times stand near each other
EARLIEST_YEAR = 1900  # anything earlier is how some tool writes "nothing"
DAY_NOUGHT = datetime(1899, 12, 30)  # noqa: DTZ001 - of spreadsheets; placed in a zone like every written time
LONGEST_PERSON = 320  # characters: RFC 5321 allows no longer address
DAYS = 2_958_466  # up to the year 9999


@dataclass(frozen=True, slots=True)
class Reading:
    """How times without an offset and in another notation are read; `now` refuses what lies in the future."""

    time_zone: ZoneInfo
    date_format: str | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it holds; `parse` TIME is read as the table's Reading says."""

    name: str
    parse: Parser | None
    required: bool = False  # the table must have it
    filled: bool = False  # every row must fill it
    happened: bool = False  # a time that cannot lie in the future

    def parser(self, reading: Reading) -> Parser:
        """Return what reads a filled cell of this column."""
        if self.parse is not None:
            return self.parse
        return past(reading, reading.now) if self.happened and reading.now else moment(reading)


def text(longest: int = 500) -> Parser:
    """Hold any text of at most `longest` characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            sentence = gettext(
                "the text is too long (characters: %(length)s, at most: %(longest)s)", length=len(cell), longest=longest
            )
            raise Unfit(sentence)
        if code := unreadable_in(cell):
            raise Unfit(gettext("the text holds the character %(code)s, which nobody can read; take it out", code=code))
        return cell

    return parse


def comment(longest: int) -> Parser:
    """Hold what somebody wrote, without the characters that nobody reads: it comes from forms, and nobody mends it."""
    within = text(longest)
    return lambda cell: within(readable(cell)) or None


@lru_cache(maxsize=CACHED_ADDRESSES)
def email(cell: str) -> str:
    """Hold an e-mail address, kept in lower case."""
    try:
        found = validate_email(cell, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise Unfit(gettext("'%(value)s' is not an e-mail address", value=quoted(cell))) from error
    return found.normalized.lower()


def moment(reading: Reading) -> Callable[[str], datetime]:
    """Hold a time; without an offset it is in the time zone of the reading. The value is aware and in UTC."""
    notation = reading.date_format
    iso = _times(datetime.fromisoformat, reading.time_zone)
    plain = iso
    if notation is not None:
        plain = _times(lambda cell: datetime.strptime(cell, notation), reading.time_zone)
    days = _times(_day_counted, reading.time_zone)

    def number(cell: str) -> datetime:
        try:
            return plain(cell)  # 20260701 may be meant to be read
        except Unfit:
            if not 1 <= float(cell) < DAYS:
                raise
            return days(cell)

    special: dict[type, Callable[[str], datetime]] = {TypedTime: iso, TypedNumber: number}
    return lambda cell: special.get(type(cell), plain)(cell)


def past(reading: Reading, now: datetime) -> Callable[[str], datetime]:
    """Hold a time up to `now`, and as much later as clocks differ."""
    read, latest = moment(reading), now + CLOCKS_DIFFER
    here = now.astimezone(reading.time_zone).isoformat(" ", "minutes")

    def parse(cell: str) -> datetime:
        found = read(cell)
        if found > latest:
            raise Ahead(gettext("'%(value)s' lies in the future: here it is %(now)s", value=quoted(cell), now=here))
        return found

    return parse


def _times(read: Callable[[str], datetime], zone: ZoneInfo) -> Callable[[str], datetime]:
    """Return what reads a cell with `read` and places it in `zone`; it remembers, and raises Unfit."""

    @lru_cache(maxsize=CACHED_TIMES)
    def placed(cell: str) -> datetime:
        try:
            found = read(cell)
            if found.year >= EARLIEST_YEAR:
                return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Unfit(gettext("'%(value)s' is not a date", value=quoted(cell))) from error
        sentence = gettext(
            "'%(value)s' lies before %(year)s; does it mean that nothing is known?",
            value=quoted(cell),
            year=EARLIEST_YEAR,
        )
        raise UnlessEmpty(sentence)

    return placed


def _day_counted(cell: str) -> datetime:
    return DAY_NOUGHT + timedelta(seconds=round(float(cell) * 86_400))


def boolean(cell: str) -> bool:
    """Hold true/false, yes/no or 1/0 in any case."""
    known = YES_AND_NO.get(cell.lower())
    if known is None:
        raise Unfit(gettext("'%(value)s' is neither yes nor no (true/false, yes/no, 1/0)", value=quoted(cell)))
    return known


def whole(least: int = 0, most: int = 2_000_000_000) -> Parser:
    """Hold a whole number from `least` to `most`; `5.0` is one."""

    def parse(cell: str) -> int:
        number = _whole(cell)
        if number is None:
            raise Unfit(gettext("'%(value)s' is not a whole number", value=quoted(cell)))
        if not least <= number <= most:
            raise Unfit(_out_of_range(cell, least, most))
        return number

    return parse


def _whole(cell: str) -> int | None:
    """Read `5`, and `5.0` or `5,0` as tools write whole numbers beside missing ones; None for anything else.

    Three zeros may be thousands: `1,000` is refused rather than read as one.
    """
    before, _, after = cell.replace(",", ".").partition(".")
    try:
        return int(before if after in {"0", "00"} else cell)
    except ValueError:
        return None


def number(least: float, most: float) -> Callable[[str], float]:
    """Hold a number with a decimal point or comma, from `least` to `most`."""

    def parse(cell: str) -> float:
        try:
            value = float(cell.replace(",", "."))
        except ValueError as error:
            raise Unfit(gettext("'%(value)s' is not a number", value=quoted(cell))) from error
        if not (isfinite(value) and least <= value <= most):
            raise Unfit(_out_of_range(cell, least, most))
        return value

    return parse


def one_of(*values: str) -> Parser:
    """Hold one of a few words, in any case."""

    def parse(cell: str) -> str:
        if cell.lower() not in values:
            raise Unfit(gettext("'%(value)s' is none of %(values)s", value=quoted(cell), values=", ".join(values)))
        return cell.lower()

    return parse


def numbered(most: float = 2_000_000_000) -> Parser:
    """Hold `name=number;name=number`, each name once and no number further than `most` from 0."""
    value_of = number(-most, most)

    def parse(cell: str) -> tuple[tuple[str, float], ...]:
        found: dict[str, float] = {}
        for part in filter(str.strip, cell.split(";")):
            name, separator, amount = (piece.strip() for piece in part.partition("="))
            if not (name and separator) or name in found:
                raise Unfit(gettext("'%(value)s' is not a list like a=1;b=2 with each name once", value=quoted(cell)))
            found[name] = value_of(amount)
        return tuple(found.items())

    return parse


def person(cell: str) -> str:
    """Hold an e-mail or an opaque key of somebody; an e-mail is the same person in any case of letters."""
    text(LONGEST_PERSON)(cell)
    return cell.lower() if "@" in cell else cell


@lru_cache(maxsize=1000)
def language(cell: str) -> str:
    """Hold a language as BCP 47 writes it; kept is its first part, so `de-AT` and `DE` are German."""
    found = _LANGUAGE.fullmatch(cell)
    if found is None:
        raise Unfit(gettext("'%(value)s' is not a language code; write it like de or pl", value=quoted(cell)))
    return found[1].lower()


@lru_cache(maxsize=1000)
def time_zone(cell: str) -> str:
    """Hold an IANA time zone such as Europe/Warsaw."""
    try:
        return ZoneInfo(cell).key
    except (KeyError, ValueError, OSError) as error:
        raise Unfit(not_a_time_zone(cell)) from error


def not_a_time_zone(name: str) -> str:
    """Say that a name is no time zone."""
    return gettext("'%(value)s' is not a time zone; write it like Europe/Berlin", value=name)


def _out_of_range(cell: str, least: float, most: float) -> str:
    return gettext(
        "'%(value)s' is not between %(least)s and %(most)s", value=quoted(cell), least=_plain(least), most=_plain(most)
    )


def _plain(number: float) -> str:
    """Write a number without an exponent."""
    return f"{number:.12g}"
