"""The survey page and what follows it. GET and HEAD never write anything, so scanners may open every link."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, request
from itsdangerous import BadSignature, Signer
from sqlalchemy.exc import OperationalError

from app.domain.instruments import COMMENT_LIMIT, FIVE_POINTS, GRID, Item, Reason
from app.domain.machines import Judgement, Submission
from app.domain.periods import Calendar, Period
from app.domain.states import ResponseState
from app.foundations.crypto import derive
from app.pipeline import responses
from app.pipeline.responses import Answers, OpenInvitation, Stored
from app.pipeline.responses.opening import answers_of
from app.web.frame import transactions
from app.web.survey import frame, page_nonce
from app.web.survey.forms import NOT_APPLICABLE, AnswerForm, form_about
from app.web.survey.frame import Visit

log = logging.getLogger(__name__)
pages = Blueprint("survey", __name__, url_prefix="/s/<token>")
frame.frame(pages)

DECOY_COOKIE = "parity_page"
DECOY_MEMORY = timedelta(minutes=10)

Typed = dict[str, Any]  # what the form shows: values, reasons, comment, contact, kudos


@pages.get("")
def show(token: str) -> Response:
    """Show the survey, with the rating tapped in the mail filled in; or the answer that was given."""
    visit = frame.visit(token)
    stored, tapped = visit.opened.stored, _tapped()
    if stored is None or stored.state is not ResponseState.ACCEPTED:
        return _form(visit, _nothing(tapped), tapped=tapped is not None)
    if "change" not in request.args and tapped in {None, stored.rating}:
        return _thanks(visit, _given(stored), is_new=False)
    typed = _stored_form(stored)
    if tapped is not None:
        typed["values"][Item.CSAT_OVERALL.value] = tapped
    return _form(visit, typed, is_change=True)


@pages.get("/results")
def decoy(token: str) -> Response:
    """A link that no person can see. Whoever follows it is told nothing and marked in the browser, not in the database.

    docs/decisions/0012-following-the-decoy-is-state-of-the-visitor.md
    """
    visit = frame.visit(token)
    response = _form(visit, _nothing(None), decoy_followed=True)
    mark = _decoy_signer(visit).sign(b"seen").decode()
    response.set_cookie(
        DECOY_COOKIE, mark, max_age=DECOY_MEMORY, path="/s/", httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


@pages.post("")
def answer(token: str) -> Response:
    """Store the answer, or show the page again with everything typed and what is wrong."""
    try:
        return _answered(token)
    except OperationalError as error:
        return _busy(token, error)


def _answered(token: str) -> Response:
    visit = frame.visit(token)
    opened, fields = visit.opened, request.form
    form = form_about(opened.rotating_item)(fields)
    if "switch" in fields:  # another language, with all that was typed
        return _form(visit, form.typed(), is_change=_is_change(opened))
    nonce = page_nonce.read(visit.keys, opened.public_id, fields.get("nonce", ""))
    if not form.validate():
        followed = nonce is not None and nonce.decoy_followed
        return _form(visit, form.typed(), problems=form.problems(), decoy_followed=followed, status=422)
    if nonce is None:
        return _form(visit, form.typed(), must_confirm=True, is_change=_is_change(opened), status=400)
    answers = form.answers(visit.language)
    connection = transactions.connection()
    judgement = responses.submit(
        connection, visit.keys, visit.calendar, opened, answers, _submission(visit, nonce), now=visit.now
    )
    connection.commit()
    return _after(visit, form, answers, judgement)


def _busy(token: str, error: OperationalError) -> Response:
    """Show the page again with everything typed. Raises OperationalError where the database cannot be read either."""
    log.warning("an answer was sent back: %s", error.orig)
    transactions.read_on()
    visit = frame.visit(token)
    nonce = page_nonce.read(visit.keys, visit.opened.public_id, request.form.get("nonce", ""))
    return frame.later(
        _form(
            visit,
            form_about(visit.opened.rotating_item)(request.form).typed(),
            decoy_followed=nonce is not None and nonce.decoy_followed,
            is_busy=True,
            is_change=_is_change(visit.opened),
            status=503,
        )
    )


@pages.get("/who-sees-what")
def who_sees_what(token: str) -> Response:
    """Say what is stored, who sees it and until when."""
    visit = frame.visit(token)
    policy = visit.opened.policy
    sizes = {"k": policy.minimum_group_size, "comments_from": policy.minimum_comment_group}
    return frame.page("who_sees_what.html", token=token, own=_own(visit), words=visit.words, **sizes)


@pages.get("/not-mine")
def not_mine(token: str) -> Response:
    """Say what to do about a request that somebody else made."""
    visit = frame.visit(token)
    return frame.page("not_mine.html", token=token, own=_own(visit), is_answered=_is_change(visit.opened))


def _tapped() -> int | None:
    """Return the rating tapped in the mail, if it is one."""
    text = request.args.get("score", "")
    return int(text) if text in {str(point) for point in FIVE_POINTS.points} else None


def _nothing(tapped: int | None) -> Typed:
    return {
        "values": {Item.CSAT_OVERALL.value: tapped},
        "reasons": set(),
        "comment": "",
        "contact": False,
        "kudos": False,
    }


def _stored_form(stored: Stored) -> Typed:
    values = answers_of(transactions.connection(), stored)
    return {
        "values": {item.value: NOT_APPLICABLE if value is None else value for item, value in values.items()},
        "reasons": set(stored.reasons),
        "comment": stored.comment or "",
        "contact": stored.has_consented,
        "kudos": stored.has_thanked,
    }


def _submission(visit: Visit, nonce: page_nonce.PageNonce) -> Submission:
    return Submission(
        page_age=nonce.age(visit.now),
        decoy_followed=nonce.decoy_followed or _was_marked(visit),
        script_ran=request.form.get("script") == "1",
        trusted_input=request.form.get("trusted") == "1",
    )


def _was_marked(visit: Visit) -> bool:
    mark = request.cookies.get(DECOY_COOKIE)
    if mark is None:
        return False
    try:
        _decoy_signer(visit).unsign(mark)
    except BadSignature:  # of another link
        return False
    return True


def _decoy_signer(visit: Visit) -> Signer:
    return Signer(derive(visit.keys.secrets[0], "decoy"), salt=visit.opened.public_id)


def _after(visit: Visit, form: AnswerForm, answers: Answers, judgement: Judgement) -> Response:
    if not judgement.accepted:
        # A person who was merely quick reads this and sends again; no scanner does.
        return _form(visit, form.typed(), must_confirm=True, is_change=_is_change(visit.opened))
    given = {
        "rating": answers.rating,
        "reasons": answers.reasons if answers.is_low else (),
        "contact": answers.wants_contact and answers.is_low,
        "kudos": answers.thanks and answers.is_top,
    }
    return _thanks(visit, given, is_new=True)


def _is_change(opened: OpenInvitation) -> bool:
    return opened.stored is not None and opened.stored.state is ResponseState.ACCEPTED


def _given(stored: Stored) -> dict[str, Any]:
    return {
        "rating": stored.rating,
        "reasons": tuple(Reason(reason) for reason in stored.reasons),
        "contact": stored.has_consented,
        "kudos": stored.has_thanked,
    }


def _form(
    visit: Visit,
    typed: Typed,
    *,
    problems: dict[str, str] | None = None,
    decoy_followed: bool = False,
    tapped: bool = False,
    is_change: bool = False,
    must_confirm: bool = False,
    is_busy: bool = False,
    status: int = 200,
) -> Response:
    opened = visit.opened
    nonce = page_nonce.issue(visit.keys, opened.public_id, now=visit.now, decoy_followed=decoy_followed)
    return frame.page(
        "form.html",
        token=visit.token,
        status=status,
        own=_own(visit) | {"nonce": nonce, "comment": typed["comment"]},
        chosen=tuple(sorted(typed["values"].items())),
        reasons=frozenset(typed["reasons"]),
        contact=typed["contact"],
        kudos=typed["kudos"],
        problems=tuple((problems or {}).items()),
        tapped=tapped,
        is_change=is_change,
        must_confirm=must_confirm,
        is_busy=is_busy,
        grid=GRID,
        rotating=opened.rotating_item,
        k=opened.policy.minimum_group_size,
        comment_limit=COMMENT_LIMIT,
        words=visit.words,
    )


def _thanks(visit: Visit, given: dict[str, Any], *, is_new: bool) -> Response:
    return frame.page("thanks.html", token=visit.token, own=_own(visit), is_new=is_new, words=visit.words, **given)


def _own(visit: Visit) -> dict[str, str]:
    """Return the words of this invitation, ready to be printed."""
    opened = visit.opened
    return {
        "title": opened.title or opened.reference,
        "reference": opened.reference,
        "dot_after_title": " ·" if opened.title else "",
        "reference_after_title": opened.reference if opened.title else "",
        "department_name": opened.department_name,
        "department": visit.words.quote(opened.department_name),
        "completed_on": frame.day(frame.local_day(opened.completed_at, opened), visit.language),
        "expires_on": frame.day(frame.last_day(opened), visit.language),
        **_days_of(visit.calendar, opened.period, visit.language),
    }


@lru_cache(maxsize=64)  # the running quarter and the one before, in each language
def _days_of(calendar: Calendar, period: Period, language: str) -> Mapping[str, str]:
    """Return the days of a quarter, ready to be printed in the language of the moment."""
    released_on = calendar.releases_at(period).astimezone(calendar.time_zone).date()
    return {
        "scorecard_on": frame.day(calendar.posts_on(period), language, with_year=True),
        "released_on": frame.day(released_on, language, with_year=True),
        "period_starts_on": frame.day(calendar.first_day(period), language),
        "period_ends_on": frame.day(calendar.last_day(period), language),
    }
