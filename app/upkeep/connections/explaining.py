"""What one delivery means to its connector, without storing anything: for the command and for the page."""

from dataclasses import replace
from typing import Any

from app.connectors import find_connector
from app.connectors.connector import Connector, Shape
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature, explained
from app.connectors.json_body import Unfit, as_boolean
from app.domain.states import ConnectionSide
from app.foundations.languages import gettext, pgettext

_NOTHING = frozenset({Verdict.IGNORED.value, Verdict.INVALID.value})


class NothingToExplain(ValueError):
    """The kind has no deliveries; the message is a sentence for people."""


class UnfitSetting(ValueError):
    """A setting cannot be what was given; the message says why."""


def can_be_explained(side: ConnectionSide, kind: str) -> bool:
    """True where a kind reads bodies, of its hook or of its API."""
    connector = find_connector(side, kind)
    return connector is not None and (connector.read or connector.explain) is not None


def explain(kind: str, hook: Hook) -> dict[str, Any]:
    """Return what the tracker of this kind concludes or, if that is nothing, a score source of the same name.

    Raises NothingToExplain, and UnfitSetting for a flag that is none.
    """
    known = [find_connector(side, kind) for side in (ConnectionSide.TRACKER, ConnectionSide.SCORES)]
    readers = [one for one in known if one is not None and (one.read or one.explain)]
    if not readers:
        raise NothingToExplain(gettext("%(kind)s has no deliveries: its files come by flask import", kind=kind))
    told = [_explained(one, _as_set(one, hook)) for one in readers]
    return next((one for one in told if one["verdict"] not in _NOTHING), told[0])


def header_of(line: str) -> tuple[str, str] | None:
    """Return name and value of a header written as `Name: value`; None for anything else."""
    name, colon, value = line.partition(":")
    return (name.strip().lower(), value.strip()) if colon and name.strip() else None


def lines_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is told, name and value as a person reads them, members of an object by name."""
    return [(name, said) for name, value in document.items() if (said := _said(value))]


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return pgettext("connection", "yes") if value else pgettext("connection", "no")
    if isinstance(value, dict):
        return ", ".join(f"{name} {said}" for name, inner in value.items() if (said := _said(inner)))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    return str(value)


def _as_set(connector: Connector, hook: Hook) -> Hook:
    """Return the delivery with its settings as a connection of this kind would store them, and its secrets apart."""
    given = dict(hook.settings)
    flags = {one.name: given[one.name] for one in connector.settings if one.shape is Shape.FLAG and one.name in given}
    try:
        settings = given | {name: as_boolean(value) for name, value in flags.items()}
    except Unfit as unfit:
        raise UnfitSetting(str(unfit)) from unfit
    return replace(hook, settings=settings, secrets=_secrets(connector, given))


def _secrets(connector: Connector, given: dict[str, Any]) -> tuple[str, ...]:
    """Return the secrets among the settings: under the kind's own name, or as `secret`; several as a list."""
    names = {"secret", *(one.name for one in connector.settings if one.signs)}
    found = [given.get(name) for name in sorted(names)]
    values = [value for one in found for value in (one if isinstance(one, list) else [one])]
    return tuple(str(value) for value in values if value not in (None, ""))


def _explained(connector: Connector, hook: Hook) -> dict[str, Any]:
    """Judge the signature only where a secret was given; the age of an archived delivery never counts."""
    read = connector.read or connector.explain
    assert read is not None
    has_proof = hook.secrets or any(hook.settings.get(one.name) for one in connector.settings if one.proves)
    is_judged = bool(has_proof) and connector.verify is not None and bool(hook.body)
    signature = "valid" if is_judged else "not_checked"
    try:
        greeting = connector.greet(hook) if connector.greet else None
        if greeting is not None:
            why = gettext("the tool introduces itself before its first delivery")
            return explained(Conclusion(verdict=Verdict.HANDSHAKE, why=why), "not_checked")
        if is_judged and connector.verify is not None:
            connector.verify(hook)
        return explained(read(hook), signature, hook.received_at)
    except WrongSignature as wrong:
        return explained(Conclusion(verdict=Verdict.INVALID, why=str(wrong)), "invalid")
    except UnreadableBody as unreadable:
        return explained(Conclusion(verdict=Verdict.INVALID, why=str(unreadable)), signature)
