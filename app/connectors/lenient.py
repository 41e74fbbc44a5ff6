"""Reads other people's JSON: what has not the documented shape counts as absent, and nothing raises."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.connectors.json_body import PLAUSIBLE_YEARS, Unfit, as_address, as_moment
from app.domain.characters import readable

LONGEST_TEXT = 1000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # also safe as a part of an address
_SEPARATORS = re.compile(r"[,\s]+")
_UNIX_TIME = re.compile(r"[0-9]{9,10}|[0-9]{12,13}")  # shorter and other ones may be a date: 20261117
_UNIX_RANGE, _FIRST_MILLISECONDS = (10**8, 10**13), 10**11
_UTC = ZoneInfo("UTC")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:|*]+@[^\s<>()\[\]\",;:|*]+")


def inside(found: object, *path: str) -> Any:
    """Return the value at a path of member names, None where a step is missing or no object."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def objects(found: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list; nothing where it is none."""
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, Mapping))


def text_of(found: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return text, or a whole number as text, cut to what is readable; None for '' and everything else."""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    return readable(str(found)).strip()[:longest].strip() or None


def id_of(found: object) -> str | None:
    """Return an id of letters, digits, - and _, which may stand in an address; None for everything else."""
    text = text_of(found)
    return text if text is not None and _ID.fullmatch(text) else None


def moment_of(found: object, time_zone: ZoneInfo) -> datetime | None:
    """Return an aware moment in UTC, None for what is no ISO 8601 time."""
    try:
        return as_moment(found, time_zone)
    except Unfit:
        return None


def moment_in_utc(found: object) -> datetime | None:
    """Return an aware moment in UTC, for tools that document their times as UTC: so is one without an offset."""
    return moment_of(found, _UTC)


def unix_moment(found: object) -> datetime | None:
    """Return the moment of a Unix time, a number or digits, in seconds or milliseconds; None for everything else.

    What lies before 1973 is none: it was another number. A wrong moment is worse than none.
    """
    if isinstance(found, str) and _UNIX_TIME.fullmatch(found.strip()):
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int | float) or not _UNIX_RANGE[0] <= found < _UNIX_RANGE[1]:
        return None
    moment = datetime.fromtimestamp(found if found < _FIRST_MILLISECONDS else found / 1000, tz=UTC)
    return moment if moment.year in PLAUSIBLE_YEARS else None


def instant_of(found: object) -> datetime | None:
    """Return a moment in Unix time, a number or digits, or as an ISO 8601 time (UTC); None for everything else."""
    return unix_moment(found) or moment_in_utc(found)


def words_of(found: object) -> tuple[str, ...]:
    """Return a setting that is one word or id, several with commas between them, or a list of them."""
    given = found if isinstance(found, list) else [found]
    return tuple(word for one in given for word in _SEPARATORS.split(text_of(one) or "") if word)


def listed(found: object) -> tuple[str, ...]:
    """Return a setting that is one word or several with commas between them, or a list; words may hold blanks."""
    given = found if isinstance(found, list | tuple) else (text_of(found) or "").split(",")
    return tuple(word for word in (text_of(one) for one in given) if word)


def end_of_day(found: object, time_zone: ZoneInfo) -> datetime | None:
    """Return the last second of a date (`2026-11-17`): whoever promises a day may use all of it."""
    if not isinstance(found, str) or not _DAY.fullmatch(found):
        return None
    midnight = moment_of(found, time_zone)
    if midnight is None:
        return None
    day = midnight.astimezone(time_zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), time_zone).astimezone(midnight.tzinfo) - timedelta(seconds=1)


def address_of(found: object) -> str | None:
    """Return an e-mail address in lower case, None for everything else."""
    try:
        return as_address(found)
    except Unfit:
        return None


def address_after(text: object, label: str) -> str | None:
    """Return the address behind `label` at the beginning of a line, there or on the next line with text; else None.

    Forms write `E-mail: alice@example.com`, or the question alone and the answer below it.
    """
    if not isinstance(text, str) or not label.strip():
        return None
    lines = [line.strip().strip("*_ ") for line in text.splitlines()]
    wanted = label.strip().casefold()
    for number, line in enumerate(lines):
        if line.casefold().startswith(wanted):
            below = next(filter(None, lines[number + 1 :]), "")
            found = _first_address(line[len(wanted) :]) or _first_address(below)
            if found:
                return found
    return None


def _first_address(line: str) -> str | None:
    """Return the first valid address in a line; a link like `[a@b.c](mailto:a@b.c)` counts once."""
    return next(filter(None, (address_of(found[0].strip(".")) for found in _ADDRESS.finditer(line))), None)
