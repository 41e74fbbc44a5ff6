"""`/close/recipients`: who gets the next scorecards, on which days a quarter moves, and HR's choice of both readers.

HR chooses among those who may open the scorecard anyway; whom that is, administrators say under departments and staff.
"""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from wtforms import BooleanField, SelectMultipleField

from app.domain.rights import Action
from app.foundations.languages import gettext, mark
from app.mail.content.reasons import Why
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.scorecards import DepartmentReaders, Quarter
from app.reports.quarters import quarter_words
from app.upkeep.quarters.scorecard_readers import Choice, choice_of
from app.web.close import recipient_choice
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.asked_for import next_period
from app.web.frame.forms import Outcome, Sent, StaffForm
from app.web.frame.installation import calendar, now, settings
from app.web.frame.speaking import LANGUAGE_NAMES

pages = Blueprint("recipients", __name__)
frame.frame(pages, frozenset({Action.STOP_POSTING}))


class ReadersForm(StaffForm):
    """Who gets one department's scorecard by mail."""

    mails_head = BooleanField(mark("Whoever heads the department"))
    deputies = SelectMultipleField(mark("Deputies"), choices=[], validate_choice=False)


@pages.get("/recipients")
def show() -> Response:
    """Show the days of the quarter whose scorecards come next, and who would get each of them today."""
    quarter = _quarter()
    zone = settings().time_zone
    return frame.page(
        "close/recipients.html",
        words=quarter_words(calendar(), quarter.period),
        policy=quarter.policy,
        last_day=calendar().last_day(quarter.period),
        answers_on=calendar().comments_open_at(quarter.period).astimezone(zone).date(),
        freezes_on=calendar().freezes_at(quarter.period).astimezone(zone).date(),
        posts_on=_posts_on(quarter),
        releases_on=calendar().releases_at(quarter.period).astimezone(zone).date(),
        readers=scorecards.readers_of(db.session(), quarter),
        why=Why,
        language_names=LANGUAGE_NAMES,
        saved=request.args.get("saved"),
    )


@pages.get("/recipients/<path:code>")
def choose_readers(code: str) -> Response:
    """Show who gets the mail of one department, and who could."""
    found = _found(code)
    stored = _stored(choice_of(db.session(), found.number))
    return _page(found, forms.shown(ReadersForm, stored), None)


@pages.post("/recipients/<path:code>")
def save_readers(code: str) -> Any:
    """Store who gets it."""
    found = _found(code)
    choice = choice_of(db.session(), found.number, to_change=True)
    sent = forms.sent(ReadersForm, _stored(choice))
    if sent.outcome is Outcome.GOOD and set(sent.form.deputies.data) - {one.email for one in choice.deputies}:
        sent = forms.refused(sent.form, "deputies", gettext("This is none of the choices. Choose one of them."))
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return _page(found, sent.form, sent)
    if sent.outcome is Outcome.GOOD:
        mails_head, deputies = sent.form.mails_head.data, set(sent.form.deputies.data)
        recipient_choice.change(found.number, choice, mails_head=mails_head, deputies=deputies, by=frame.actor())
    return redirect(url_for("close.recipients.show", saved=code), 303)


def _quarter() -> Quarter:
    policy, period = current_policy(db.session()), next_period(now())
    return Quarter(period, calendar(), policy, settings().languages)


def _posts_on(quarter: Quarter) -> Any:
    return scorecards.posting_day(calendar(), quarter.policy, quarter.period)


def _found(code: str) -> DepartmentReaders:
    """Return the department as the list shows it; what is not in the list is not there."""
    readers = scorecards.readers_of(db.session(), _quarter())
    return next((one for one in readers if one.code == code), None) or abort(404)


def _stored(choice: Choice) -> dict[str, Any]:
    return {"mails_head": choice.mails_head, "deputies": choice.chosen}


def _page(found: DepartmentReaders, form: ReadersForm, sent: Sent[ReadersForm] | None) -> Response:
    quarter, choice = _quarter(), choice_of(db.session(), found.number)
    return frame.page(
        "close/readers.html",
        status=sent.status if sent else 200,
        form=form,
        sent=sent,
        found=found,
        choices=[(one.email, f"{one.name}, {one.email}" if one.name else one.email) for one in choice.deputies],
        why=Why,
        policy=quarter.policy,
        posts_on=_posts_on(quarter),
    )
