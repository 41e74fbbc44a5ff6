"""What every connection's settings must be like, so that no delivery and no poll stumbles over them later."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from app.connectors.connector import LONGEST_PAUSE, Setting, Shape
from app.connectors.json_body import Unfit, as_address, as_boolean
from app.foundations.languages import gettext, mark

MOST_MINUTES = LONGEST_PAUSE // timedelta(minutes=1)


class SettingRefused(ValueError):
    """A setting cannot have this value; the message names it and says how to mend it."""

    def __init__(self, message: str, name: str = "", *, mend: str = "") -> None:
        """`name` is the setting, where it is one of the kind's own; `mend` names the way to mend it."""
        super().__init__(message)
        self.name, self.mend = name, mend


def sound(declared: Iterable[Setting], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they are stored. None takes one away, which only what is not needed allows."""
    known = {one.name: one for one in declared}
    found = {}
    for name, value in settings.items():
        try:
            found[name] = _sound(known.get(name), name, value)
        except SettingRefused as refused:
            raise SettingRefused(str(refused), name) from refused
    return found


def _sound(setting: Setting | None, name: str, value: object) -> object:
    if setting is not None and setting.needed and value in (None, "", [], {}):
        raise SettingRefused(gettext("%(name)s is needed (%(meaning)s)", name=name, meaning=gettext(setting.meaning)))
    if value is None:
        return None
    _require_storable(name, value)
    if setting is not None and setting.shape is Shape.FLAG:
        return _flag(name, value)
    if setting is not None and setting.shape is Shape.TABLE and not isinstance(value, dict):
        sentence = mark("%(name)s must be a JSON object (%(meaning)s)")
        raise SettingRefused(gettext(sentence, name=name, meaning=gettext(setting.meaning)))
    return _READ[name](value) if name in _READ else value


def _require_storable(name: str, value: object) -> None:
    """Refuse text that no page can show and no tool can be sent: half of a pair of surrogates, as JSON may hold it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise SettingRefused(gettext("%(name)s: a sign in it is incomplete; write it anew", name=name)) from None


def require_secrets_for(address: Mapping[str, Any], before: Mapping[str, Any], *, secrets: Collection[str]) -> None:
    """Make sure that what was entered for one server is not sent to another. Raises SettingRefused.

    `address` are the settings that change, `before` the ones so far, `secrets` the stored ones that stay as they are.
    """
    if "base_url" not in address or not secrets:
        return
    if _server(address["base_url"]) != _server(before.get("base_url")):
        sentence = mark(
            "This is another server. Enter %(names)s anew with it, so that they go nowhere they were not meant for."
        )
        raise SettingRefused(gettext(sentence, names=", ".join(sorted(secrets))), "base_url")


def _server(address: object) -> tuple[str, str]:
    parts = urlsplit(str(address or ""))
    return parts.scheme.lower(), parts.netloc.lower()


def _flag(name: str, value: object) -> bool:
    try:
        return as_boolean(value)
    except Unfit as unfit:
        raise SettingRefused(f"{name}: {unfit}") from unfit


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
