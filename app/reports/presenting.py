"""A frozen document as it is read: English beside the keys of its sentences. The digest does not cover it."""

from typing import Any

from app.reports.sentences import english


def with_english(document: dict[str, Any]) -> dict[str, Any]:
    """Return a copy in which every stored sentence carries its English wording as `en`."""
    shown: dict[str, Any] = _spoken(document)
    return shown


def _spoken(value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _spoken(part) for key, part in value.items()}
        return inner | {"en": english(value)} if set(value) == {"key", "params"} else inner
    if isinstance(value, list):
        return [_spoken(part) for part in value]
    return value
