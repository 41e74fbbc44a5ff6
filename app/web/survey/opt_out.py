"""Not again, not now, ask me again: by one-click POST from a mail program (RFC 8058) or by the page's own buttons."""

from flask import Blueprint, Response, request

from app.domain.machines import SHORTEST_ANSWERING_TIME
from app.foundations.languages import spoken
from app.models.base import db
from app.pipeline import responses
from app.pipeline.responses import InvitationUnknown, Wish
from app.pipeline.responses.opening import SURVEY_TOKEN
from app.web.frame import transactions
from app.web.frame.installation import keys, now, settings
from app.web.frame.speaking import speak_to
from app.web.survey import frame, page_nonce

pages = Blueprint("opt_out", __name__, url_prefix="/s/<token>/opt-out")
frame.frame(pages)


@pages.get("")
def show(token: str) -> Response:
    """Show the buttons; opening the page changes nothing."""
    return _page(token)


@pages.post("")
def act(token: str) -> Response:
    """Do what was asked. Works as long as the token verifies, also after the link has expired.

    RFC 8058, section 3.1: `List-Unsubscribe=One-Click` as a form, without cookie, log-in, redirect or CSRF token.
    """
    if request.form.get("List-Unsubscribe") == "One-Click":
        transactions.be_patient()  # a mail program shows our 503 to nobody
        responses.opt_out(db.session(), keys(), token, now=now())
        db.session.commit()
        return Response("Unsubscribed.\n", content_type="text/plain; charset=utf-8")
    if not _was_pressed_by_a_person(token):
        return _page(token, must_confirm=True, status=400)
    _do(token, request.form.get("wish", ""))
    db.session.commit()
    return _page(token, is_new=True)


def _do(token: str, wish: str) -> None:
    if wish == Wish.NOT_NOW:
        responses.not_now(db.session(), keys(), token, now=now())
    elif wish == Wish.ASK:
        responses.ask_again(db.session(), keys(), token)
    else:
        responses.opt_out(db.session(), keys(), token, now=now())


def _was_pressed_by_a_person(token: str) -> bool:
    """Scanners submit forms within moments; their press must not silence a person for good."""
    nonce = page_nonce.read(keys(), _public_id(token), request.form.get("nonce", ""))
    return nonce is not None and nonce.age(now()) >= SHORTEST_ANSWERING_TIME


def _page(token: str, *, is_new: bool = False, must_confirm: bool = False, status: int = 200) -> Response:
    moment = now()
    wish, until, language = responses.find_wish(db.session(), keys(), token, now=moment)
    speak_to(language)
    rests_until = until.astimezone(settings().time_zone).date() if until else None
    nonce = page_nonce.issue(keys(), _public_id(token), now=moment)
    return frame.page(
        "opt_out.html",
        token=token,
        status=status,
        own={"nonce": nonce, "until": frame.day(rests_until, spoken(), with_year=True) if rests_until else ""},
        wish=wish,
        rest_days=responses.rest_after_not_now(db.session()).days,
        is_new=is_new,
        must_confirm=must_confirm,
    )


def _public_id(token: str) -> bytes:
    public_id = keys().read_token(SURVEY_TOKEN, token)
    if public_id is None:
        raise InvitationUnknown
    return public_id
