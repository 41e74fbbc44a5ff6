"""The versions of the survey: write one from the words in use, look at it in mail and page, publish it for good."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.exceptions import NotFound

from app.domain.auditing import Act
from app.domain.instruments import INSTRUMENT_VERSION, ROTATING, Item
from app.domain.instruments.wording_json import words_to_json
from app.domain.rights import Action
from app.foundations.languages import gettext
from app.models.base import db
from app.models.policies import current_policy
from app.models.surveys import SurveyVersion, questionnaire_of
from app.upkeep import surveys
from app.upkeep.audit import log as audit
from app.upkeep.surveys import CannotWithdraw, Draft, NoSuchVersion, NothingChanged, SurveyPublished
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome
from app.web.frame.installation import calendar, now
from app.web.frame.mail_frame import SANDBOX, WITH_FRAME, paper
from app.web.frame.speaking import LANGUAGE_NAMES
from app.web.survey_versions import preview as survey_preview
from app.web.survey_versions import views
from app.web.survey_versions.forms import PublishForm, RotatingForm, WordingForm

LARGEST_FORM = 64 * 1024  # bytes: some forty texts, as they were shown and as they are typed

pages = Blueprint("surveys", __name__, url_prefix="/admin/surveys")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}), largest=LARGEST_FORM)


@pages.errorhandler(NoSuchVersion)
def _not_there(_error: NoSuchVersion) -> Any:
    return current_app.handle_user_exception(NotFound())


@pages.errorhandler(CannotWithdraw)
def _stays(error: CannotWithdraw) -> Response:
    """Say why it stays: its quarter has begun, or it was taken back already, in another tab."""
    db.session().rollback()
    told = gettext("It has begun, a newer version was written from it, or it is a draft already.")
    way_back = (url_for("surveys.show", number=error.args[0]), gettext("To the version"))
    heading = gettext("This version was not taken back")
    return frame.page("errors/error.html", status=409, heading=heading, paragraphs=[told], way_back=way_back, number="")


@pages.errorhandler(SurveyPublished)
def _published(error: SurveyPublished) -> Response:
    """Say why nothing was saved: somebody has published the draft while its form stood open."""
    session, number = db.session(), error.args[0]
    session.rollback()
    row = session.get(SurveyVersion, number)
    heading, told = gettext("A published version never changes"), gettext("Comes with Parity.")
    if row is not None:
        day = views.first_day(row.from_period or "")
        told = gettext("People are asked in these words from %(day)s on. Write a new version.", day=day)
        if surveys.may_withdraw(session, number, calendar(), now=now()):
            heading = gettext("This version is published already")
            told = gettext("It begins on %(day)s. Until then it can be taken back, and then changed.", day=day)
    paragraphs = [told, gettext("Nothing was saved.")]
    way_back = (url_for("surveys.show", number=number), gettext("To the version"))
    return frame.page(
        "errors/error.html", status=422, heading=heading, paragraphs=paragraphs, way_back=way_back, number=""
    )


@pages.get("")
def listing() -> Response:
    """List the versions, the newest first, with the quarter that each begins with."""
    session = db.session()
    in_force = questionnaire_of(session, str(calendar().period_of(now()))).version
    names = audit.names(session)
    rows = [views.listed(row, names, in_force) for row in surveys.survey_versions(session)]
    newest = rows[0]["number"] if rows else 0
    return frame.page(
        "survey_versions/surveys.html",
        versions=rows,
        first_is_in_force=in_force == INSTRUMENT_VERSION,
        draft=surveys.open_draft(session),
        may_withdraw=newest if surveys.may_withdraw(session, newest, calendar(), now=now()) else None,
        is_dropped="dropped" in request.args,
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
    form = forms.shown(RotatingForm, views.rotating_of(draft))
    return forms.show("survey_versions/survey.html", form, **views.around(draft), done=request.args.get("done"))


@pages.post("/<int:number>")
def rotate(number: int) -> Any:
    """Keep which rotating items a draft asks."""
    session = db.session()
    draft = surveys.version_of(session, number)
    sent = forms.sent(RotatingForm, views.rotating_of(draft))
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return forms.answer("survey_versions/survey.html", sent, **views.around(draft), done=None)
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
    return forms.show("survey_versions/wording.html", form, **views.about(draft, language))


@pages.post("/<int:number>/<language>")
def reword(number: int, language: str) -> Any:
    """Keep the words of a language in a draft."""
    session = db.session()
    draft = _in(number, language)
    sent = forms.sent(WordingForm, words_to_json(draft.questionnaire.words[language]))
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return forms.answer("survey_versions/wording.html", sent, **views.about(draft, language))
    if sent.outcome is Outcome.GOOD:
        surveys.save_words(session, number, language, sent.form.told())
        frame.noted(Act.SURVEY_CHANGED, f"survey:{number}", {"language": language})
        session.commit()
    return redirect(url_for("surveys.show", number=number, _anchor=language), 303)


@pages.get("/<int:number>/<language>/preview")
def preview(number: int, language: str) -> Response:
    """Show what a requester would see: `as` is page, mail, text, or paper (the mail alone)."""
    draft = _in(number, language)
    way, item = request.args.get("as", "page"), request.args.get("item", draft.questionnaire.rotating[0])
    if way not in {"page", "mail", "text", "paper"} or item not in {*ROTATING}:
        abort(404)
    policy, address = current_policy(db.session()), url_for("surveys.preview", number=number, language=language)
    if way == "page":
        return survey_preview.preview_page(draft, language, Item(item), policy, address)
    mail = survey_preview.preview_mail(draft.questionnaire, language, policy, address)
    if way == "paper":
        return paper(mail.html, ())
    response = frame.page(
        "survey_versions/mail.html",
        draft=draft,
        mail=mail,
        wording_language=language,
        language_name=LANGUAGE_NAMES[language],
        as_text=way == "text",
        sandbox=SANDBOX,
    )
    response.headers["Content-Security-Policy"] = WITH_FRAME
    return response


@pages.get("/<int:number>/<language>/preview/<path:beyond>")
def beyond_preview(number: int, language: str, beyond: str) -> Any:  # noqa: ARG001  all lead to the same place
    """Lead back to the version: the links of a preview would act in the name of a requester, whom there is none of."""
    _in(number, language)
    return redirect(url_for("surveys.show", number=number, _anchor=language), 303)


@pages.get("/<int:number>/publish")
def look_over(number: int) -> Response:
    """Show what would change and from when on, before anything is for good."""
    _must_be_draft(number)
    return forms.show(
        "survey_versions/publish.html", forms.shown(PublishForm, {"reason": ""}), **views.change_of(number)
    )


@pages.post("/<int:number>/publish")
def publish(number: int) -> Any:
    """Publish a draft: from the next quarter on it is what people are asked."""
    session = db.session()
    _must_be_draft(number)
    values = views.change_of(number)
    sent = forms.sent(PublishForm, {"reason": ""})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("survey_versions/publish.html", sent, **values)
    try:
        period = surveys.publish(session, number, calendar(), reason=sent.form.reason.data, now=now())
    except NothingChanged:
        sentence = gettext("Nothing differs from the version before. Change a word or a statement first.")
        return forms.answer("survey_versions/publish.html", forms.refused(sent.form, "reason", sentence), **values)
    frame.noted(Act.SURVEY_PUBLISHED, f"survey:{number}", {"begins_with": str(period)})
    session.commit()
    return redirect(url_for("surveys.show", number=number, done="published"), 303)


@pages.get("/<int:number>/withdraw")
def ask_to_withdraw(number: int) -> Response:
    """Ask once more before a version that nobody was asked by becomes a draft again."""
    draft = surveys.version_of(db.session(), number)
    if not surveys.may_withdraw(db.session(), number, calendar(), now=now()):
        abort(404)
    return frame.page("survey_versions/withdraw.html", draft=draft, begins_with=views.around(draft)["begins_with"])


@pages.post("/<int:number>/withdraw")
def withdraw(number: int) -> Any:
    """Make a published version a draft again."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    session = db.session()
    surveys.withdraw(session, number, calendar(), now=now())
    frame.noted(Act.SURVEY_WITHDRAWN, f"survey:{number}")
    session.commit()
    return redirect(url_for("surveys.show", number=number, done="withdrawn"), 303)


@pages.get("/<int:number>/drop")
def ask_to_drop(number: int) -> Response:
    """Ask once more before a draft is thrown away."""
    draft = surveys.version_of(db.session(), number)
    _must_be_draft(number)
    return frame.page("survey_versions/drop.html", draft=draft)


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
    return redirect(url_for("surveys.listing", dropped=1), 303)


def _must_be_draft(number: int) -> None:
    row = db.session().get(SurveyVersion, number)
    if row is None or row.from_period is not None:
        raise SurveyPublished(number)


def _in(number: int, language: str) -> Draft:
    draft = surveys.version_of(db.session(), number)
    if language not in draft.questionnaire.words:
        abort(404)
    return draft
