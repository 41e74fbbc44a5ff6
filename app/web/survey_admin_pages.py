"""The versions of the survey: write one from the words in use, look at it in mail and page, publish it for good."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.exceptions import NotFound

from app.domain.auditing import Act
from app.domain.instruments import INSTRUMENT_VERSION, ROTATING, Item
from app.domain.instruments.wording_json import words_to_json
from app.domain.periods import Period
from app.domain.rights import Action
from app.foundations import formats
from app.foundations.languages import gettext
from app.models.base import db
from app.models.policies import current_policy
from app.models.surveys import SurveyVersion, questionnaire_of
from app.upkeep import audit, surveys
from app.upkeep.surveys import Draft, NoSuchVersion, NothingChanged, SurveyPublished
from app.web import forms, survey_preview
from app.web import staff_frame as frame
from app.web.forms import Outcome
from app.web.survey_admin_forms import PublishForm, RotatingForm, WordingForm
from app.web.survey_frame import LANGUAGE_NAMES, calendar, now, settings
from app.web.survey_texts import GROUPS, is_long, item_name, text_name

LARGEST_FORM = 64 * 1024  # bytes: some forty texts, as they were shown and as they are typed

pages = Blueprint("surveys", __name__, url_prefix="/admin/surveys")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}), largest=LARGEST_FORM)


@pages.errorhandler(NoSuchVersion)
def _not_there(_error: NoSuchVersion) -> Any:
    return current_app.handle_user_exception(NotFound())


@pages.errorhandler(SurveyPublished)
def _published(_error: SurveyPublished) -> Response:
    """Say why nothing was saved; the draft was published while its form stood open."""
    db.session().rollback()
    paragraphs = [gettext("People have been asked in these words, so they stay as they are. Write a new version.")]
    heading = gettext("A published version never changes")
    return frame.page("errors/error.html", heading=heading, paragraphs=paragraphs, number="", status=422)


@pages.get("")
def listing() -> Response:
    """List the versions, the newest first, with the quarter that each begins with."""
    session = db.session()
    in_force = questionnaire_of(session, str(calendar().period_of(now()))).version
    names = audit.names(session)
    rows = [_listed(row, names, in_force) for row in surveys.survey_versions(session)]
    return frame.page(
        "admin/surveys.html",
        versions=rows,
        first_is_in_force=in_force == INSTRUMENT_VERSION,
        draft=surveys.open_draft(session),
    )


@pages.post("")
def begin() -> Any:
    """Begin a version with the words in use; lead to the draft there is where somebody has begun one."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    session = db.session()
    known = surveys.open_draft(session)
    author = audit.by_staff(session, frame.viewer().email)
    number = surveys.new_draft(session, author=author, now=now())
    if known is None:
        frame.noted(Act.SURVEY_BEGUN, f"survey:{number}")
    session.commit()
    return redirect(url_for("surveys.show", number=number), 303)


@pages.get("/<int:number>")
def show(number: int) -> Response:
    """Render one version: its rotating items, its languages, and what is left to do."""
    draft = surveys.version_of(db.session(), number)
    form = forms.shown(RotatingForm, _rotating(draft))
    return forms.show("admin/survey.html", form, **_around(draft))


@pages.post("/<int:number>")
def rotate(number: int) -> Any:
    """Keep which rotating items a draft asks."""
    session = db.session()
    draft = surveys.version_of(session, number)
    sent = forms.sent(RotatingForm, _rotating(draft))
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return forms.answer("admin/survey.html", sent, **_around(draft))
    if sent.outcome is Outcome.GOOD:
        surveys.save_rotating(session, number, [Item(name) for name in sent.form.rotating.data])
        frame.noted(Act.SURVEY_CHANGED, f"survey:{number}", {"rotating": sent.form.rotating.data})
        session.commit()
    return redirect(url_for("surveys.show", number=number), 303)


@pages.get("/<int:number>/<language>")
def words(number: int, language: str) -> Response:
    """Render the words of a language: as a form while they may change."""
    draft = _in(number, language)
    form = forms.shown(WordingForm, words_to_json(draft.questionnaire.words[language]))
    return forms.show("admin/wording.html", form, **_about(draft, language))


@pages.post("/<int:number>/<language>")
def reword(number: int, language: str) -> Any:
    """Keep the words of a language in a draft."""
    session = db.session()
    draft = _in(number, language)
    sent = forms.sent(WordingForm, words_to_json(draft.questionnaire.words[language]))
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return forms.answer("admin/wording.html", sent, **_about(draft, language))
    if sent.outcome is Outcome.GOOD:
        surveys.save_words(session, number, language, sent.form.told())
        frame.noted(Act.SURVEY_CHANGED, f"survey:{number}", {"language": language})
        session.commit()
    return redirect(url_for("surveys.show", number=number, _anchor=language), 303)


@pages.get("/<int:number>/<language>/preview")
def preview(number: int, language: str) -> Response:
    """Show what a requester would see: `as` is page, mail or text; `item` is the rotating one."""
    draft = _in(number, language)
    way, item = request.args.get("as", "page"), request.args.get("item", draft.questionnaire.rotating[0])
    if way not in {"page", "mail", "text"} or item not in {*ROTATING}:
        abort(404)
    policy = current_policy(db.session())
    if way == "page":
        return survey_preview.preview_page(draft.questionnaire, language, Item(item), policy)
    return survey_preview.preview_mail(draft.questionnaire, language, policy, as_text=way == "text")


@pages.get("/<int:number>/publish")
def look_over(number: int) -> Response:
    """Show what would change and from when on, before anything is for good."""
    return forms.show("admin/survey_publish.html", forms.shown(PublishForm, {"reason": ""}), **_change(number))


@pages.post("/<int:number>/publish")
def publish(number: int) -> Any:
    """Publish a draft: from the next quarter on it is what people are asked."""
    session = db.session()
    values = _change(number)
    sent = forms.sent(PublishForm, {"reason": ""})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("admin/survey_publish.html", sent, **values)
    try:
        period = surveys.publish(session, number, calendar(), reason=sent.form.reason.data, now=now())
    except NothingChanged:
        sentence = gettext("Nothing differs from the version before. Change a word or a statement first.")
        return forms.answer("admin/survey_publish.html", forms.refused(sent.form, "reason", sentence), **values)
    frame.noted(Act.SURVEY_PUBLISHED, f"survey:{number}", {"begins_with": str(period)})
    session.commit()
    return redirect(url_for("surveys.listing"), 303)


@pages.get("/<int:number>/drop")
def ask_to_drop(number: int) -> Response:
    """Ask once more before a draft is thrown away."""
    draft = surveys.version_of(db.session(), number)
    _must_be_draft(number)
    return frame.page("admin/survey_drop.html", draft=draft)


@pages.post("/<int:number>/drop")
def drop(number: int) -> Any:
    """Throw a draft away."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    session = db.session()
    surveys.drop(session, number)
    frame.noted(Act.SURVEY_DROPPED, f"survey:{number}")
    session.commit()
    return redirect(url_for("surveys.listing"), 303)


def _must_be_draft(number: int) -> None:
    row = db.session().get(SurveyVersion, number)
    if row is None or row.from_period is not None:
        raise SurveyPublished(number)


def _in(number: int, language: str) -> Draft:
    draft = surveys.version_of(db.session(), number)
    if language not in draft.questionnaire.words:
        abort(404)
    return draft


def _rotating(draft: Draft) -> dict[str, Any]:
    return {"rotating": [item.value for item in draft.questionnaire.rotating]}


def _listed(row: SurveyVersion, names: dict[str, str], in_force: str) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name,
        "is_draft": row.from_period is None,
        "is_in_force": row.name == in_force,
        "begins_with": _first_day(row.from_period) if row.from_period else "",
        "author": names.get(row.author, row.author),
        "reason": row.reason,
    }


def _first_day(period: str) -> str:
    return formats.full_day(calendar().first_day(Period.parse(period)))


def _around(draft: Draft) -> dict[str, Any]:
    row = db.session().get(SurveyVersion, draft.number)
    return {
        "draft": draft,
        "is_open": row is not None and row.from_period is None,
        "begins_with": _first_day(row.from_period) if row is not None and row.from_period else "",
        "items": [(item.value, item_name(item)) for item in ROTATING],
        "language_rows": [
            (code, LANGUAGE_NAMES[code], len(surveys.changed_texts(draft, code))) for code in settings().languages
        ],
    }


def _about(draft: Draft, language: str) -> dict[str, Any]:
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


def _change(number: int) -> dict[str, Any]:
    _must_be_draft(number)
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
        "begins_with": _first_day(str(surveys.begins_with(db.session(), calendar(), now=now()))),
    }
