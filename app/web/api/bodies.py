"""Bodies of the API: one object or a list of up to 1,000, each read as a row of the table with the same columns."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, cast

from flask import current_app, request

from app.foundations import clock
from app.foundations.languages import gettext, ngettext
from app.imports.columns import Reading
from app.imports.faults import Fault
from app.imports.schema import Kind, R, from_mapping
from app.settings import Settings
from app.web.api.authentication import caller
from app.web.api.limits import count_list
from app.web.frame.bodies import raw_body
from app.web.frame.problems import Problem

LARGEST_LIST = 1000
LARGEST_BODY = 5 * 1024 * 1024

Item = dict[str, Any]


class ItemsRefused(Exception):
    """Some items do not fit; nothing was written. A fault's `line` is the item's place in the list."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


def read_items() -> tuple[dict[int, Item], list[Fault]]:
    """Return the objects of the body by their places, and the faults of items that are none.

    Raises Problem: 413 too large, 415 no JSON by its type, 400 unreadable, 429 too many lists.
    """
    body = _read_json()
    if not isinstance(body, list | dict) or not body:
        raise Problem(400, gettext("send one object or a list of objects"))
    if isinstance(body, list):
        count_list(caller().key_id)
    items = body if isinstance(body, list) else [body]
    if len(items) > LARGEST_LIST:
        raise Problem(413, gettext("at most %(number)s items are taken at a time", number=LARGEST_LIST))
    objects = {place: item for place, item in enumerate(items) if isinstance(item, dict)}
    sentence = gettext("this must be an object with names and values")
    return objects, [Fault("", place, "", sentence) for place in range(len(items)) if place not in objects]


def read_object() -> Item:
    """Return the one object of the body. Raises Problem as `read_items`, and 400 where it is none."""
    body = _read_json()
    if not isinstance(body, dict):
        raise Problem(400, gettext("send one object with names and values"))
    return body


def _read_json() -> Any:
    raw = raw_body(LARGEST_BODY)
    if not request.is_json:
        raise Problem(415, gettext("send JSON: Content-Type: application/json"))
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair is JSON, but no text
    except (ValueError, RecursionError) as error:
        raise Problem(400, gettext("the body is not JSON: %(reason)s", reason=_plain(error))) from error
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _plain(error: Exception) -> str:
    return str(error).encode("ascii", "replace").decode()


def rows_of(kind: Kind[R], items: Mapping[int, Item]) -> tuple[list[R], list[Fault]]:
    """Return the typed rows of the items that fit, and the faults of the others."""
    settings = cast(Settings, current_app.extensions["parity_settings"])
    reading = Reading(settings.time_zone, now=clock.now())
    rows: list[R] = []
    faults: list[Fault] = []
    seen: dict[object, int] = {}
    for place, item in items.items():
        found = _read(kind, item, reading, place)
        if isinstance(found, tuple):
            faults.extend(found)
        elif (first := seen.setdefault(kind.key(found), place)) != place:
            faults.append(Fault("", place, kind.key_column, gettext("the same as item %(number)s", number=first)))
        else:
            rows.append(found)
    return rows, faults


def _read(kind: Kind[R], item: Item, reading: Reading, place: int) -> R | tuple[Fault, ...]:
    nested = _nested(item)
    if not nested:
        return from_mapping(kind, item, reading, line=place)
    plain = from_mapping(kind, {name: value for name, value in item.items() if name not in nested}, reading, line=place)
    others = [fault for fault in plain if fault.column not in nested] if isinstance(plain, tuple) else []
    return (*(Fault("", place, name, gettext("this must be one value")) for name in nested), *others)


def _nested(item: Item) -> list[str]:
    """Name the members that hold lists, or objects where no list of numbers by name is meant."""
    by_name = {"counts", "touchpoints"}
    return [
        name
        for name, value in item.items()
        if isinstance(value, list)
        or (isinstance(value, dict) and (name not in by_name or not all(map(_is_number, value.values()))))
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def refused(faults: Iterable[Fault]) -> Problem:
    """Return the 422 that names item, field and sentence of every fault."""
    told = [
        {"item": fault.line, "field": fault.column, "detail": fault.sentence}
        for fault in sorted(faults, key=lambda fault: fault.line)
    ]
    sentence = ngettext("%(num)s fault; nothing was written", "%(num)s faults; nothing was written", len(told))
    return Problem(422, sentence, faults=told)
