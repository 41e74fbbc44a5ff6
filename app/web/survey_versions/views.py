"""What the pages about versions of the survey show."""

from typing import Any

from app.domain.instruments import ROTATING
from app.domain.instruments.wording_json import words_to_json
from app.domain.periods import Period
from app.foundations import formats
from app.foundations.languages import gettext
from app.models.base import db
from app.models.surveys import SurveyVersion
from app.upkeep import surveys
from app.upkeep.surveys import Draft
from app.web.frame.installation import calendar, now, settings
from app.web.frame.speaking import LANGUAGE_NAMES
from app.web.survey_versions.texts import GROUPS, is_long, item_name, text_name


def rotating_of(draft: Draft) -> dict[str, Any]:
    """Return what the form of rotating items holds."""
    return {"rotating": [item.value for item in draft.questionnaire.rotating]}


def listed(row: SurveyVersion, names: dict[str, str], in_force: str) -> dict[str, Any]:
    """Return a version as a row of the list."""
    return {
        "number": row.number,
        "name": row.name,
        "is_draft": row.from_period is None,
        "is_in_force": row.name == in_force,
        "begins_with": first_day(row.from_period) if row.from_period else "",
        "author": names.get(row.author, row.author),
        "reason": row.reason,
    }


def first_day(period: str) -> str:
    """Return the first day of a quarter in words."""
    return formats.full_day(calendar().first_day(Period.parse(period)))


def around(draft: Draft) -> dict[str, Any]:
    """Return what the page of a version needs."""
    row = db.session().get(SurveyVersion, draft.number)
    return {
        "draft": draft,
        "is_open": row is not None and row.from_period is None,
        "may_withdraw": surveys.may_withdraw(db.session(), draft.number, calendar(), now=now()),
        "begins_with": first_day(row.from_period) if row is not None and row.from_period else "",
        "items": [(item.value, item_name(item)) for item in ROTATING],
        "language_rows": [
            (code, LANGUAGE_NAMES[code], len(surveys.changed_texts(draft, code))) for code in settings().languages
        ],
    }


def about(draft: Draft, language: str) -> dict[str, Any]:
    """Return what the page of a language needs."""
    row = db.session().get(SurveyVersion, draft.number)
    before = words_to_json(draft.before.words[language])
    now_ = words_to_json(draft.questionnaire.words[language])
    return {
        "draft": draft,
        "is_open": row is not None and row.from_period is None,
        "wording_language": language,
        "language_name": LANGUAGE_NAMES[language],
        "groups": [
            (gettext(group.heading), gettext(group.hint) if group.hint else "", group.names) for group in GROUPS
        ],
        "is_long": is_long,
        "was": {name: before[name] for name in before if before[name] != now_[name]},
        "text_name": text_name,
        "texts": now_,
    }


def change_of(number: int) -> dict[str, Any]:
    """Return what a draft changes, for those who are about to publish it."""
    draft = surveys.version_of(db.session(), number)
    changes = []
    for code in settings().languages:
        before, after = (words_to_json(one.words[code]) for one in (draft.before, draft.questionnaire))
        rows = [(text_name(name), before[name], after[name]) for name in surveys.changed_texts(draft, code)]
        if rows:
            changes.append((code, LANGUAGE_NAMES[code], rows))
    unchanged = [LANGUAGE_NAMES[code] for code in settings().languages if not surveys.changed_texts(draft, code)]
    return {
        "draft": draft,
        "changes": changes,
        "unchanged": unchanged if changes else [],
        "rotating": [[item_name(item) for item in one.rotating] for one in (draft.before, draft.questionnaire)],
        "begins_with": first_day(str(surveys.begins_with(db.session(), calendar(), now=now()))),
    }
