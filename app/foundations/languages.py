"""Gettext without Flask: pages, mails, documents and commands speak through the language of the moment.

Catalogues are `translations/<language>/<area>.po`, one area per part of the product, so that a translator
opens the part in question. They are read as they are: no compiled file can be stale. English is the source.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE_LANGUAGE = "en"
CATALOGUES = Path(__file__).resolve().parents[2] / "translations"

Said = dict[str, object]  # a sentence with its places, as JSON: it can be said again in another language

_spoken: ContextVar[str] = ContextVar("spoken_language", default=SOURCE_LANGUAGE)
_remembered: ContextVar[dict[str, Said] | None] = ContextVar("remembered_sentences", default=None)


def translations(language: str) -> NullTranslations:
    """Return the merged catalogues of `language`; English and unknown languages speak the source text."""
    return _read(language)[0]


def messages_of(language: str) -> tuple[tuple[str, str], ...]:
    """Return the English sentences of a language's catalogues, each with its plural, which is empty for most."""
    return _read(language)[1]


@cache
def _read(language: str) -> tuple[NullTranslations, tuple[tuple[str, str], ...]]:
    folder = CATALOGUES / language
    if language == SOURCE_LANGUAGE or not folder.is_dir():
        return NullTranslations(), ()
    merged: Translations | None = None
    messages: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.po")):
        compiled = BytesIO()
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        write_mo(compiled, catalogue)
        compiled.seek(0)
        part = Translations(compiled)
        merged = part if merged is None else merged.merge(part)
        messages += ((one.id, "") if isinstance(one.id, str) else (one.id[0], one.id[1]) for one in catalogue if one.id)
    return merged or NullTranslations(), tuple(messages)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make `language` the one that gettext and the formatters use inside the block."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Set the language for the rest of this context (a request, a command)."""
    _spoken.set(language)


def spoken() -> str:
    """Return the language of the moment, for example `de`."""
    return _spoken.get()


def gettext(message: str, **params: object) -> str:
    """Translate `message` and fill in its `%(name)s` places."""
    text = translations(spoken()).ugettext(message)
    said = text % params if params else text
    if (remembered := _remembered.get()) is not None:
        remembered[said] = {"message": message, "params": _as_said(params, remembered)}
    return said


def ngettext(singular: str, plural: str, num: int, **params: object) -> str:
    """Translate by number; `num` is filled in as `%(num)s`."""
    text = translations(spoken()).ungettext(singular, plural, num)
    said = text % {"num": num, **params}
    if (remembered := _remembered.get()) is not None:
        told = {"message": singular, "plural": plural, "num": num}
        remembered[said] = {**told, "params": _as_said(params, remembered)}
    return said


def pgettext(context: str, message: str, **params: object) -> str:
    """Translate `message` in the sense that `context` names."""
    text = translations(spoken()).upgettext(context, message)
    return text % params if params else text


def mark(message: str) -> str:
    """Mark a sentence for extraction where it stands as data; translate it later with gettext."""
    return message


@contextmanager
def remembering() -> Iterator[dict[str, Said]]:
    """Collect what is said inside the block, by its words: for what is stored now and read in any language later."""
    remembered: dict[str, Said] = {}
    token = _remembered.set(remembered)
    try:
        yield remembered
    finally:
        _remembered.reset(token)


def said_again(said: Said) -> str:
    """Return a remembered sentence in the language of the moment."""
    params = {
        name: said_again(value) if isinstance(value, dict) else value
        for name, value in cast("Said", said["params"]).items()
    }
    if "plural" in said:
        return ngettext(str(said["message"]), str(said["plural"]), cast("int", said["num"]), **params)
    return gettext(str(said["message"]), **params)


def _as_said(params: Said, remembered: dict[str, Said]) -> Said:
    """Return what fills the places of a sentence: a sentence itself, a whole number, or text."""
    return {
        name: remembered.get(str(value), value if isinstance(value, int) else str(value))
        for name, value in params.items()
    }
