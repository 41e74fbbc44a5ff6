"""Versions of the survey: write a draft from the words in use, change it, publish it for good from a quarter on."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.instruments import FIRST, ROTATING, Item, Questionnaire, version_name
from app.domain.instruments.wording_json import TEXTS, words_from_json, words_to_json
from app.domain.periods import Calendar, Period
from app.models.insertion import insert_missing
from app.models.invitations import Invitation
from app.models.responses import HeldResponse
from app.models.surveys import SurveyVersion, SurveyWording

FIRST_NUMBER = 1


class NoSuchVersion(LookupError):
    """There is no version with this number."""


class SurveyPublished(Exception):
    """A published version never changes: answers were given to its words."""


class CannotWithdraw(Exception):
    """A version that people may have been asked by stays, and one that another was written from."""


class NothingChanged(Exception):
    """A version that says what the one before it says needs no number of its own."""


@dataclass(frozen=True)
class Draft:
    """A version as it stands, published or not: what it asks, and the one whose place it takes."""

    number: int
    questionnaire: Questionnaire
    before: Questionnaire


def survey_versions(session: Session) -> list[SurveyVersion]:
    """Return the versions that administrators wrote, the newest first."""
    return list(session.scalars(select(SurveyVersion).order_by(SurveyVersion.number.desc())))


def open_draft(session: Session) -> SurveyVersion | None:
    """Return the draft; there is one at most."""
    return session.scalar(select(SurveyVersion).where(SurveyVersion.from_period.is_(None)))


def new_draft(session: Session, *, author: str, now: datetime) -> int:
    """Begin a version with the words of the last published one and return its number; that of the draft there is."""
    while True:  # who takes the same number at the same moment was first: then theirs is the draft
        if (draft := open_draft(session)) is not None:
            return draft.number
        newest = session.scalar(select(func.max(SurveyVersion.number))) or FIRST_NUMBER
        base = version_of(session, newest).questionnaire
        rotating = [item.value for item in base.rotating]
        row = {"number": newest + 1, "rotating": rotating, "author": author, "created_at": now, "reason": ""}
        if insert_missing(session, SurveyVersion, row):
            session.add_all(
                SurveyWording(number=newest + 1, language=language, words=words_to_json(words))
                for language, words in base.words.items()
            )
            session.flush()
            return newest + 1


def version_of(session: Session, number: int) -> Draft:
    """Return a version, published or not. Raises NoSuchVersion."""
    if number == FIRST_NUMBER:
        return Draft(FIRST_NUMBER, FIRST, FIRST)
    row = _row(session, number)
    found = session.scalars(select(SurveyWording).where(SurveyWording.number == number))
    words = {one.language: words_from_json(one.language, one.words) for one in found}
    asked = Questionnaire(version_name(number), words, tuple(Item(name) for name in row.rotating))
    return Draft(number, asked, _before(session, number))


def save_words(session: Session, number: int, language: str, texts: Mapping[str, Any]) -> None:
    """Keep the words of a draft in one language. Raises NoSuchVersion, SurveyPublished, and WordingError."""
    _still_a_draft(session, number)
    row = session.get(SurveyWording, (number, language))
    if row is None:
        raise NoSuchVersion(number, language)
    row.words = words_to_json(words_from_json(language, texts))
    session.flush()


def save_rotating(session: Session, number: int, items: Iterable[Item]) -> None:
    """Say which rotating items a draft asks, at least one. Raises NoSuchVersion and SurveyPublished."""
    chosen = set(items)
    row = _still_a_draft(session, number)
    row.rotating = [item.value for item in ROTATING if item in chosen]
    session.flush()


def drop(session: Session, number: int) -> None:
    """Throw a draft away. Raises NoSuchVersion and SurveyPublished."""
    _still_a_draft(session, number)
    session.execute(delete(SurveyWording).where(SurveyWording.number == number))
    session.execute(delete(SurveyVersion).where(SurveyVersion.number == number))


def begins_with(session: Session, calendar: Calendar, *, now: datetime) -> Period:
    """Return the quarter with which a version published now begins: the first of which nobody was asked or answered."""
    newest = [session.scalar(select(func.max(table.period))) for table in (Invitation, HeldResponse)]
    taken = max((Period.parse(name) for name in newest if name), default=None)
    period = calendar.period_of(now)
    return taken.following if taken is not None and taken >= period else period


def publish(session: Session, number: int, calendar: Calendar, *, reason: str, now: datetime) -> Period:
    """Publish a draft and return the quarter it begins with. Raises NoSuchVersion, SurveyPublished, NothingChanged."""
    row = _still_a_draft(session, number)
    draft = version_of(session, number)
    if content(draft.questionnaire) == content(draft.before):
        raise NothingChanged
    period = begins_with(session, calendar, now=now)
    row.from_period, row.published_at, row.reason = str(period), now, reason
    row.digest = "sha256:" + hashlib.sha256(content(draft.questionnaire, row.name).encode()).hexdigest()
    session.flush()
    return period


def may_withdraw(session: Session, number: int, calendar: Calendar, *, now: datetime) -> bool:
    """Tell whether a published version can become a draft again: it begins with a quarter to come, it is the newest."""
    row = session.get(SurveyVersion, number)
    if row is None or row.from_period is None or Period.parse(row.from_period) <= calendar.period_of(now):
        return False
    is_newest = session.scalar(select(func.max(SurveyVersion.number))) == number
    asked = (select(table.id).where(table.period >= row.from_period).limit(1) for table in (Invitation, HeldResponse))
    return is_newest and not any(session.scalar(one) for one in asked)


def withdraw(session: Session, number: int, calendar: Calendar, *, now: datetime) -> None:
    """Make a published version that nobody was asked by a draft again. Raises NoSuchVersion and CannotWithdraw."""
    row = session.get(SurveyVersion, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NoSuchVersion(number)
    if not may_withdraw(session, number, calendar, now=now):
        raise CannotWithdraw(number)
    row.from_period = row.published_at = row.digest = None
    session.flush()


def content(asked: Questionnaire, version: str = "") -> str:
    """Return all that a version says, as sorted JSON."""
    words = {language: words_to_json(one) for language, one in asked.words.items()}
    told = {"version": version, "rotating": [item.value for item in asked.rotating], "words": words}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def changed_texts(draft: Draft, language: str) -> list[str]:
    """Return the texts that a version words otherwise than the one before it, in the order of the page."""
    now, before = (words_to_json(one.words[language]) for one in (draft.questionnaire, draft.before))
    return [name for name in TEXTS if now[name] != before[name]]


def _before(session: Session, number: int) -> Questionnaire:
    """Return the last version published before this one was."""
    earlier = select(func.max(SurveyVersion.number)).where(
        SurveyVersion.number < number, SurveyVersion.from_period.is_not(None)
    )
    found = session.scalar(earlier)
    return version_of(session, found).questionnaire if found else FIRST


def _row(session: Session, number: int) -> SurveyVersion:
    row = session.get(SurveyVersion, number)
    if row is None:
        raise NoSuchVersion(number)
    return row


def _still_a_draft(session: Session, number: int) -> SurveyVersion:
    row = session.get(SurveyVersion, number, with_for_update=True)
    if row is None:
        raise NoSuchVersion(number)
    if row.from_period is not None:
        raise SurveyPublished(number)
    return row
