"""What a cell of each kind of column may hold: text in, a typed value out, or Unfit with the sentence why not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from app.foundations.languages import gettext
from app.imports.faults import Unfit
from app.imports.reading import TypedTime

Parser = Callable[[str], object]

YES_AND_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
TIME = None
CACHED_ADDRESSES = 20_000  # the same people ask again; checking an address once halves an import
CACHED_TIMES = 4_000  # equal times stand near each other


@dataclass(frozen=True, slots=True)
class Reading:
    """How times without an offset and in another notation are read."""

    time_zone: ZoneInfo
    date_format: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it holds; `parse` TIME is read as the table's Reading says."""

    name: str
    parse: Parser | None
    required: bool = False  # the table must have it
    filled: bool = False  # every row must fill it

    def parser(self, reading: Reading) -> Parser:
        """Return what reads a filled cell of this column."""
        return moment(reading) if self.parse is None else self.parse


def text(longest: int = 500) -> Parser:
    """Hold any text of at most `longest` characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            sentence = gettext(
                "the text is too long (characters: %(length)s, at most: %(longest)s)", length=len(cell), longest=longest
            )
            raise Unfit(sentence)
        if "\0" in cell:
            raise Unfit(gettext("the text holds a character with code 0, which no database stores"))
        return cell

    return parse


@lru_cache(maxsize=CACHED_ADDRESSES)
def email(cell: str) -> str:
    """Hold an e-mail address, kept in lower case."""
    try:
        found = validate_email(cell, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise Unfit(gettext("'%(value)s' is not an e-mail address", value=cell)) from error
    return found.normalized.lower()


def moment(reading: Reading) -> Callable[[str], datetime]:
    """Hold a time; without an offset it is in the time zone of the reading. The value is aware and in UTC."""
    zone, notation = reading.time_zone, reading.date_format

    @lru_cache(maxsize=CACHED_TIMES)
    def iso(cell: str) -> datetime:
        return placed(cell, datetime.fromisoformat)

    @lru_cache(maxsize=CACHED_TIMES)
    def written(cell: str) -> datetime:
        return placed(cell, lambda text: datetime.strptime(text, notation or ""))

    def placed(cell: str, read: Callable[[str], datetime]) -> datetime:
        try:
            found = read(cell)
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Unfit(gettext("'%(value)s' is not a date", value=cell)) from error

    if notation is None:
        return iso
    return lambda cell: iso(cell) if isinstance(cell, TypedTime) else written(cell)


def boolean(cell: str) -> bool:
    """Hold true/false, yes/no or 1/0 in any case."""
    known = YES_AND_NO.get(cell.lower())
    if known is None:
        raise Unfit(gettext("'%(value)s' is neither yes nor no (true/false, yes/no, 1/0)", value=cell))
    return known


def whole(least: int = 0, most: int = 2_000_000_000) -> Parser:
    """Hold a whole number from `least` to `most`."""

    def parse(cell: str) -> int:
        try:
            number = int(cell)
        except ValueError as error:
            raise Unfit(gettext("'%(value)s' is not a whole number", value=cell)) from error
        if not least <= number <= most:
            raise Unfit(_out_of_range(cell, least, most))
        return number

    return parse


def number(least: float, most: float) -> Parser:
    """Hold a number with a decimal point or comma, from `least` to `most`."""

    def parse(cell: str) -> float:
        try:
            value = float(cell.replace(",", "."))
        except ValueError as error:
            raise Unfit(gettext("'%(value)s' is not a number", value=cell)) from error
        if not (isfinite(value) and least <= value <= most):
            raise Unfit(_out_of_range(cell, least, most))
        return value

    return parse


def one_of(*values: str) -> Parser:
    """Hold one of a few words, in any case."""

    def parse(cell: str) -> str:
        if cell.lower() not in values:
            raise Unfit(gettext("'%(value)s' is none of %(values)s", value=cell, values=", ".join(values)))
        return cell.lower()

    return parse


def numbered(value_of: Callable[[str], float]) -> Parser:
    """Hold `name=number;name=number`, each name once."""

    def parse(cell: str) -> tuple[tuple[str, float], ...]:
        found: dict[str, float] = {}
        for part in filter(str.strip, cell.split(";")):
            name, separator, amount = (piece.strip() for piece in part.partition("="))
            if not (name and separator) or name in found:
                raise Unfit(gettext("'%(value)s' is not a list like a=1;b=2 with each name once", value=cell))
            try:
                found[name] = value_of(amount.replace(",", "."))
            except ValueError as error:
                raise Unfit(gettext("'%(value)s' is not a number", value=amount)) from error
        return tuple(found.items())

    return parse


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
        "'%(value)s' is not between %(least)s and %(most)s", value=cell, least=f"{least:g}", most=f"{most:g}"
    )
