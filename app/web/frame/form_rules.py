"""Filters and validators of staff's forms, each with a sentence that says how to mend the value."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from wtforms import Field, Form, ValidationError

from app.foundations.languages import gettext, ngettext

Rule = Callable[[Form, Field], None]


def storable(text: str | None) -> str:
    """Return a text as it is stored: one kind of line end, no NUL (PostgreSQL has none), no space around."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def needed(sentence: str) -> Rule:
    """Refuse an empty field with a sentence of the page."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext(sentence))

    return check


def at_most(limit: int) -> Rule:
    """Refuse more characters than there is room for."""

    def check(_form: Form, field: Field) -> None:
        over = len(field.data or "") - limit
        if over > 0:
            raise ValidationError(too_long(over, limit))

    return check


def too_long(over: int, limit: int) -> str:
    """Say by how many characters a text is too long, and for how many there is room."""
    return ngettext(
        "This is %(num)s character too long; there is room for %(limit)s.",
        "This is %(num)s characters too long; there is room for %(limit)s.",
        over,
        limit=limit,
    )


def one_line(_form: Form, field: Field) -> None:
    """Refuse line ends and invisible characters, which change what a line seems to say."""
    if not (field.data or "").isprintable():
        raise ValidationError(gettext("Write it in one line, without invisible characters."))


def whole(low: int, high: int) -> Rule:
    """Refuse what is no whole number from `low` to `high`."""

    def check(_form: Form, field: Field) -> None:
        text = str(field.data or "")
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(high)) and low <= int(text) <= high):
            raise ValidationError(gettext("Write a whole number from %(low)s to %(high)s.", low=low, high=high))

    return check


def an_address(_form: Form, field: Field) -> None:
    """Refuse what no mail could reach."""
    before, at, domain = str(field.data or "").rpartition("@")
    if not (at and before and "." in domain.strip(".")) or any(sign.isspace() for sign in str(field.data)):
        raise ValidationError(gettext("Write a whole address, as in name@example.com."))


def a_day(_form: Form, field: Field) -> None:
    """Refuse what is no day of the calendar."""
    if field.data:
        try:
            date.fromisoformat(field.data)
        except ValueError:
            raise ValidationError(gettext("Write the day as in 2026-09-30.")) from None


def one_of(choices: Collection[Any]) -> Rule:
    """Refuse what was not offered."""

    def check(_form: Form, field: Field) -> None:
        if field.data not in choices:
            raise ValidationError(gettext("This is none of the choices. Choose one of them."))

    return check


def web_address(_form: Form, field: Field) -> None:
    """Refuse what is no address of the web."""
    try:
        parts = urlsplit(field.data or "")
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_good = False
    if not is_good:
        raise ValidationError(gettext("Write a whole web address, as in https://example.com."))
