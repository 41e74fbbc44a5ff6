"""What every connection's settings must be like, so that no delivery and no poll stumbles over them later."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from app.connectors.connector import LONGEST_PAUSE, Setting
from app.connectors.json_body import Unfit, as_address
from app.foundations.languages import gettext

MOST_MINUTES = LONGEST_PAUSE // timedelta(minutes=1)


class SettingRefused(ValueError):
    """A setting cannot have this value; the message names it and says how to mend it."""


def sound(declared: Iterable[Setting], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they are stored. None takes one away, which only what is not needed allows."""
    needed = {one.name: one.meaning for one in declared if one.needed}
    found = {}
    for name, value in settings.items():
        if name in needed and value in (None, "", [], {}):
            raise SettingRefused(gettext("%(name)s is needed (%(meaning)s)", name=name, meaning=gettext(needed[name])))
        found[name] = _READ[name](value) if name in _READ and value is not None else value
    return found


def _departments(value: object) -> dict[str, str]:
    return {key: text.strip() for key, text in _texts("departments", value, '{"Printers": "IT-PRINT"}').items()}


def _requesters(value: object) -> dict[str, str]:
    given = _texts("requesters", value, '{"u-17": "alice@example.com"}')
    try:
        return {key: as_address(text) for key, text in given.items()}
    except Unfit as unfit:
        raise SettingRefused(f"requesters: {unfit}") from unfit


def _texts(name: str, value: object, example: str) -> dict[str, str]:
    if isinstance(value, dict) and all(isinstance(text, str) and text.strip() for text in value.values()):
        return value
    raise SettingRefused(gettext("%(name)s must be a table of texts, as in %(example)s", name=name, example=example))


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_MINUTES:
        raise SettingRefused(
            gettext("poll_minutes must be a whole number of minutes, 1 to %(longest)s (a day)", longest=MOST_MINUTES)
        )
    return value


_READ: Mapping[str, Callable[[object], Any]] = {
    "departments": _departments,
    "requesters": _requesters,
    "poll_minutes": _minutes,
}
