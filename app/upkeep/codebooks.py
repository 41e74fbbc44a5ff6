"""The versions of the codebook: check, publish. A published one never changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.codebook import (
    MOST_THEMES,
    CodebookFault,
    CodebookProblem,
    codebook_from_json,
    codebook_to_json,
)
from app.foundations.languages import gettext, mark
from app.models.codebooks import CodebookVersion, find_codebook
from app.models.insertion import insert_missing

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
    CodebookProblem.NOT_A_STEM: mark(
        "%(field)s: %(value)s is no beginning of a word: three letters or more, nothing else"
    ),
}


def fault_in_words(fault: CodebookFault) -> str:
    """Return one sentence about a wrong field, in the language of the moment."""
    return gettext(
        _WORDS[fault.problem], field=fault.field or gettext("codebook"), value=repr(fault.value), most=MOST_THEMES
    )


def publish_codebook(session: Session, document: object, *, author: str, reason: str, now: datetime) -> int:
    """Publish the codebook that `document` describes and return its version; the same again makes no new version.

    Raises CodebookError with every fault.
    """
    codebook = codebook_from_json(document)
    row = {"document": codebook_to_json(codebook), "author": author, "reason": reason, "created_at": now}
    while True:  # who writes the same number at the same moment was first: look again what is in force
        version, in_force = find_codebook(session)
        if codebook == in_force:
            return version
        if insert_missing(session, CodebookVersion, row | {"version": version + 1}):
            return version + 1
