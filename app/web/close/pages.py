"""`/close`: the seven steps with which HR closes a quarter, each with the one thing that can be done about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy.orm import Session

from app.domain.auditing import Act
from app.domain.periods import Period
from app.domain.quarter_close import CheckedStep, CloseStep, Sending
from app.domain.rights import Action
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.scorecards import CloseIsOver, PostingStopped, UnknownPeriod, UnknownSource
from app.reports.quarters import quarter_words
from app.upkeep.audit import log as audit
from app.web.close import mails as close_mail_pages
from app.web.close import posting_pages
from app.web.close import recipients as recipients_pages
from app.web.close import sending as close_send_pages
from app.web.close import words as close_words
from app.web.close.closable import closable, quarter_in_hand, quarter_to_close
from app.web.frame import staff as frame
from app.web.frame.asked_for import quarter_named
from app.web.frame.installation import calendar, now, settings

_TO_COME = {Sending.AWAITS_WORD, Sending.AWAITS_DAY}  # whom the mails go to is told before they are written

pages = Blueprint("close", __name__, url_prefix="/close")
frame.frame(pages, frozenset({Action.STOP_POSTING}))
pages.register_blueprint(close_mail_pages.pages)
pages.register_blueprint(close_send_pages.pages)
pages.register_blueprint(recipients_pages.pages)


@pages.get("")
def listing() -> Any:
    """Lead to the quarter that waits for somebody: the oldest whose mails have not left, else the one that runs out."""
    return redirect(url_for("close.show", period=quarter_in_hand()), 303)


@pages.get("/<period>")
def show(period: str) -> Response:
    """Show where the quarter stands."""
    session, quarter = db.session(), quarter_to_close(period)
    policy = current_policy(session)
    close = scorecards.read_close(session, quarter, calendar=calendar(), policy=policy, now=now())
    return frame.page(
        "close/close.html",
        close=close,
        policy=policy,
        words=quarter_words(calendar(), quarter),
        days=close_words.days_of(quarter, policy),
        sent_to=close_send_pages.sent_to(quarter, policy) if close.sending in _TO_COME else None,
        step_name=close_words.step_name,
        badge=close_words.badge,
        waiting_for=close_words.waiting_for,
        where_mails_stand=close_words.where_mails_stand,
        names=audit.names(session),
        time_zone=settings().time_zone,
        earlier=quarter_named(closable(quarter.previous)),
        later=quarter_named(closable(quarter.following)),
    )


@pages.post("/<period>")
def act(period: str) -> Any:
    """Do what a button says and lead back to its step. What somebody else did meanwhile is seen there."""
    quarter = quarter_to_close(period)
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    step = CloseStep.SEND
    try:
        step = _do(quarter, request.form.get("act", ""), request.form.get("source", ""))
    except (UnknownPeriod, UnknownSource, ValueError):
        abort(404)
    except (CloseIsOver, PostingStopped):
        db.session.rollback()
    return redirect(url_for("close.show", period=quarter, _anchor=step.value), 303)


@dataclass(frozen=True)
class _Deed:
    """What a button does: True where it changed something, which is noted then."""

    step: CloseStep
    do: Callable[[Session, Period, str, str], bool]  # with the source and the actor
    noted: Act


_DEEDS: Mapping[str, _Deed] = {
    "look": _Deed(
        CloseStep.CHECKS,
        lambda session, quarter, _, by: scorecards.tick(session, quarter, CheckedStep.CHECKS, by=by, now=now()),
        Act.CLOSE_CHECKED,
    ),
    "look_again": _Deed(
        CloseStep.CHECKS,
        lambda session, quarter, _source, _by: scorecards.take_tick_back(session, quarter, CheckedStep.CHECKS),
        Act.CLOSE_UNCHECKED,
    ),
    "go_without": _Deed(
        CloseStep.SCORES,
        lambda session, quarter, source, by: scorecards.tick(
            session, quarter, CheckedStep.SCORES, source, by=by, now=now()
        ),
        Act.CLOSE_CHECKED,
    ),
    "wait_for": _Deed(
        CloseStep.SCORES,
        lambda session, quarter, source, _: scorecards.take_tick_back(session, quarter, CheckedStep.SCORES, source),
        Act.CLOSE_UNCHECKED,
    ),
    "approve": _Deed(
        CloseStep.SEND,
        lambda session, quarter, _, by: scorecards.approve(session, quarter, by=by, now=now()),
        Act.POSTING_APPROVED,
    ),
}


def _do(quarter: Period, name: str, source: str) -> CloseStep:
    deed = _DEEDS.get(name)
    if deed is None:  # stop and resume are also the buttons of the list of scorecards
        posting_pages.stop_or_resume(quarter, name)
        return CloseStep.SEND
    session = db.session()
    if deed.do(session, quarter, source, frame.actor()):
        told = {"step": deed.step.value} | ({"source": source} if deed.step is CloseStep.SCORES else {})
        frame.noted(deed.noted, str(quarter), told)
        session.commit()
    return deed.step
