"""The asking policy as the texts of its form, both ways. Numbers are typed with a point or a comma."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.asking_policy import Weekday
from app.web.policy.fields import FIELDS, Kind

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?\Z", re.ASCII)
_TARGETS = {"targets_on_time": "on_time", "targets_satisfaction": "satisfaction"}


def canonical(text: str | None) -> str:
    """Return a number as it is stored, `0.5` for `0,50`; any other text as it is."""
    typed = (text or "").strip()
    number = number_of(typed)
    return typed if number is None else number_text(number)


def number_of(text: str) -> float | None:
    """Return the number that was typed, None for what is none."""
    plain = text.strip().replace(",", ".")
    return float(plain) if _NUMBER.match(plain) else None


def number_text(number: float) -> str:
    """Return a number without needless zeros: `20`, `0.5`."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def texts_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in each field of the form: a text, or the ticked days."""
    flat = {name: value for name, value in document.items() if name != "targets"}
    flat |= {name: document["targets"][target] for name, target in _TARGETS.items()}
    return {name: _text(field.kind, flat[name]) for name, field in FIELDS.items()}


def document_of(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy as JSON of a form whose texts have been checked field by field."""
    values = {name: _value(field.kind, texts[name]) for name, field in FIELDS.items()}
    targets = {target: values.pop(name) for name, target in _TARGETS.items()}
    return {**values, "targets": targets}


def field_of(fault: str, path: str = "on_time") -> str:
    """Return the form's field of a field of the policy."""
    return f"targets_{path}" if fault == "targets" else fault


def lines(text: str | None) -> list[str]:
    """Return what stands on each line that is not empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def target_line(line: str) -> tuple[str, float, float] | None:
    """Read `IT 85 75` as code and two shares of 0..1; None for what cannot be read so."""
    parts = line.rsplit(None, 2)
    if len(parts) != 3:
        return None
    on_time, satisfied = (number_of(part.rstrip("%")) for part in parts[1:])
    return None if on_time is None or satisfied is None else (parts[0], _share(on_time), _share(satisfied))


def _share(percent: float) -> float:
    return round(percent / 100, 8)


def _text(kind: Kind, value: Any) -> Any:
    match kind:
        case Kind.NUMBER | Kind.NUMBER_OR_NOTHING:
            return "" if value is None else number_text(value)
        case Kind.SHARE:
            return number_text(value * 100)
        case Kind.DATES | Kind.CODES:
            return "\n".join(value)
        case Kind.TARGETS:
            return "\n".join(_target_texts(value))
        case _:
            return value


def _target_texts(per_code: Mapping[str, Mapping[str, float]]) -> Iterable[str]:
    for code, aims in per_code.items():
        yield f"{code} {number_text(aims['on_time'] * 100)} {number_text(aims['satisfaction'] * 100)}"


def _value(kind: Kind, text: Any) -> Any:
    match kind:
        case Kind.NUMBER | Kind.NUMBER_OR_NOTHING:
            return _as_json(number_of(text))
        case Kind.SHARE:
            number = number_of(text)
            return None if number is None else _share(number)
        case Kind.DATES | Kind.CODES:
            return lines(text)
        case Kind.DAYS_OF_WEEK:
            return [str(day) for day in Weekday if day in text]
        case Kind.TARGETS:
            found = (target_line(line) for line in lines(text))
            return {code: {"on_time": on_time, "satisfaction": good} for code, on_time, good in filter(None, found)}
        case _:
            return text


def _as_json(number: float | None) -> float | None:
    return int(number) if number is not None and number == int(number) else number
