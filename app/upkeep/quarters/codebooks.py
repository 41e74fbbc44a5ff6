"""The versions of the codebook: check, publish. A published one never changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.characters import readable
from app.domain.codebook import (
    LONGEST_NAME,
    LONGEST_STEM,
    MOST_STEMS,
    MOST_THEMES,
    SHORTEST_STEM,
    CodebookFault,
    CodebookProblem,
    codebook_from_json,
    codebook_to_json,
)
from app.foundations.languages import gettext, mark
from app.models.codebooks import CodebookVersion, find_codebook
from app.models.insertion import insert_missing

LONGEST_VALUE, LONGEST_FIELD = 80, 120  # characters of a wrong value and of its place that are told

_WORDS = {
    CodebookProblem.NOT_AN_OBJECT: mark("%(field)s: %(value)s is not a list of names with values: write {…}"),
    CodebookProblem.NOT_A_LIST: mark("%(field)s: %(value)s is not a list: write […]"),
    CodebookProblem.NOT_A_TEXT: mark("%(field)s: %(value)s is not a text"),
    CodebookProblem.UNKNOWN_FIELD: mark("%(field)s: a codebook has no field %(value)s"),
    CodebookProblem.UNKNOWN_LANGUAGE: mark("%(field)s: %(value)s is none of en, ru, pl, de, es"),
    CodebookProblem.NO_THEME: mark("%(field)s: name at least one theme"),
    CodebookProblem.TOO_MANY_THEMES: mark(
        "%(field)s: %(value)s themes are too many; nobody codes by more than %(most)s"
    ),
    CodebookProblem.NOT_A_CODE: mark("%(field)s: %(value)s is no code: small letters, digits and _, such as no_news"),
    CodebookProblem.CODE_TWICE: mark("%(field)s: another theme has the code %(value)s"),
    CodebookProblem.NO_ENGLISH_NAME: mark(
        "%(field)s: every theme needs a name in English, which other languages fall back to"
    ),
    CodebookProblem.NOT_A_NAME: mark(
        "%(field)s: %(value)s is no name: one line of at most %(longest_name)s printable characters"
    ),
    CodebookProblem.NAME_TWICE: mark("%(field)s: another theme is called %(value)s, too; nobody could tell them apart"),
    CodebookProblem.TOO_MANY_STEMS: mark(
        "%(field)s: %(value)s beginnings of words are too many; name at most %(most_stems)s"
    ),
    CodebookProblem.NOT_A_STEM: mark(
        "%(field)s: %(value)s is no beginning of a word: %(shortest_stem)s to %(longest_stem)s letters, nothing else"
    ),
}


def fault_in_words(fault: CodebookFault) -> str:
    """Return one sentence about a wrong field, in the language of the moment."""
    field = " ".join(readable(fault.field).split())[:LONGEST_FIELD]
    return gettext(
        _WORDS[fault.problem],
        field=field or gettext("codebook"),
        value=_shown(fault.value),
        most=MOST_THEMES,
        most_stems=MOST_STEMS,
        shortest_stem=SHORTEST_STEM,
        longest_stem=LONGEST_STEM,
        longest_name=LONGEST_NAME,
    )


def _shown(value: object) -> str:
    """Return a value as JSON's readers know it, cut where it is long; of lists and objects only what they are."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


class CodebookMoved(Exception):
    """Somebody published a version after the one that was changed here; the argument is the one that was."""


def publish_codebook(
    session: Session, document: object, *, author: str, reason: str, now: datetime, onto: int | None = None
) -> int:
    """Publish the codebook that `document` describes and return its version; the same again makes no new version.

    `onto` is the version that it was made from, None for a document of its own. Raises CodebookError with every fault,
    and CodebookMoved where `onto` is not in force any more.
    """
    codebook = codebook_from_json(document)
    row = {
        "document": codebook_to_json(codebook),
        "author": readable(author),
        "reason": readable(reason),
        "created_at": now,
    }
    while True:  # who writes the same number at the same moment was first: look again what is in force
        version, in_force = find_codebook(session)
        if onto not in {None, version}:
            raise CodebookMoved(onto)
        if codebook == in_force:
            return version
        if insert_missing(session, CodebookVersion, row | {"version": version + 1}):
            return version + 1
