"""`/admin/mail`: what leaves, to whom, and what stands in its way; addresses that get nothing; a test to oneself."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from wtforms import StringField

from app.domain.auditing import Act
from app.domain.rights import Action
from app.domain.states import MessageState
from app.foundations.languages import gettext, mark, spoken
from app.mail.outbox import enqueue, sample_message
from app.models.base import db
from app.models.messages import Message
from app.reports.message_names import names_in_words
from app.reports.outbox_lists import OutboxRow, count_bounces, count_states, find_row, list_messages
from app.upkeep.audit import log as audit
from app.upkeep.running.outbox import CannotBeRetried, CannotBeWithdrawn, Deed, deeds, retry_message, withdraw_message
from app.upkeep.running.suppressions import CannotBeLifted, count_suppressed, lift, look_up
from app.web.frame import forms, lists, once
from app.web.frame import staff as frame
from app.web.frame.form_rules import an_address, at_most, needed, one_line, storable
from app.web.frame.forms import Outcome, StaffForm
from app.web.frame.installation import calendar, keys, now, settings

LONGEST_ADDRESS = 320  # characters (RFC 5321: 64 before the at, 255 behind it)
LATELY = timedelta(days=30)
LARGEST_NUMBER = 2**63 - 1

pages = Blueprint("mail", __name__, url_prefix="/admin/mail")
frame.frame(pages, frozenset({Action.WATCH_WORK}))


class AddressForm(StaffForm):
    """An address to be looked up: it stands in no list, for we keep a keyed hash of it."""

    address = StringField(
        mark("Address"),
        [needed(mark("Write the address.")), at_most(LONGEST_ADDRESS), one_line, an_address],
        filters=[storable],
    )


@pages.get("")
def listing() -> Response:
    """List mails, the last written first."""
    names = names_in_words()
    known = {"state": [state.value for state in MessageState], "name": list(names), "words": lists.ANYTHING}
    chosen = lists.filters(known)
    before = lists.cursor(int)
    rows = list_messages(
        db.session(), filters=chosen, before=int(before[0]) if before else None, count=lists.PER_PAGE + 1
    )
    return frame.page(
        "watching/mail.html",
        mails=lists.paged(rows, _place),
        chosen=chosen,
        counts=count_states(db.session()),
        names=names,
        states=_states(),
        can_send=bool(settings().mail.server),
        time_zone=settings().time_zone,
    )


@pages.get("/<int:number>")
def show(number: int) -> Response:
    """Show one mail: its way so far, and what can be done about it; never what it says."""
    mail, message = _told(number), db.session.get_one(Message, number)
    return frame.page(
        "watching/message.html",
        mail=mail,
        deeds=deeds(message, now=now()),
        names=names_in_words(),
        states=_states(),
        time_zone=settings().time_zone,
    )


@pages.post("/<int:number>")
def act(number: int) -> Any:
    """Try a refused mail again, or hold a waiting one back; what is no longer possible is seen on the page."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    _told(number)
    wanted = request.form.get("act", "")
    if wanted not in set(Deed):
        abort(404)
    try:
        if wanted == Deed.RETRY:
            retry_message(db.session(), number, now=now())
        else:
            withdraw_message(db.session(), number)
    except (CannotBeRetried, CannotBeWithdrawn):
        db.session.rollback()
    else:
        frame.noted(Act.MAIL_RETRIED if wanted == Deed.RETRY else Act.MAIL_WITHDRAWN, f"message:{number}")
        db.session.commit()
        frame.hint("deliver_mail")
    is_told = find_row(db.session(), number) is not None  # a reminder is not, once it may leave again
    return redirect(url_for("mail.show", number=number) if is_told else url_for("mail.listing"), 303)


@pages.get("/addresses")
def addresses() -> Response:
    """Show how many addresses get no mail and why, let one be looked up, and say what was found."""
    address = once.handed_over().get("address") if "found" in request.args else None
    standing = look_up(db.session(), keys(), address) if address else None
    form = forms.shown(AddressForm, {})
    form.address.data = address or form.address.data
    return forms.show("watching/addresses.html", form, standing=standing, **_counts())


@pages.post("/addresses")
def look() -> Any:
    """Lead to what stands in the way of an address, or let mails go there again."""
    sent = forms.sent(AddressForm, {})
    if sent.outcome in {Outcome.WRONG, Outcome.FORGED}:
        return forms.answer("watching/addresses.html", sent, standing=None, **_counts())
    address = sent.form.address.data
    if request.form.get("act") == "lift":
        _lift(address)
    place = url_for("mail.addresses")
    once.hand_over(place, {"address": address})
    return redirect(f"{place}?found=1", 303)


@pages.get("/test")
def test() -> Response:
    """Say what a test mail is and to whom it goes."""
    return frame.page("watching/test_mail.html", can_send=bool(settings().mail.server))


@pages.post("/test")
def send_test() -> Any:
    """Write a sample to the viewer; pressed twice in a minute it is written once."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    viewer, session = frame.viewer(), db.session()
    key = f"{frame.actor()}:{now():%Y%m%d%H%M}"
    period = str(calendar().period_of(now()))
    asked = {"recipient": viewer.email, "name": viewer.name, "language": spoken(), "period": period}
    out = sample_message(key=key, **asked, now=now())
    if enqueue(session, out, now=now()):
        frame.noted(Act.MAIL_TESTED, frame.actor())
        session.commit()
        frame.hint("deliver_mail")
    return redirect(url_for("mail.listing", name="test", words=viewer.email), 303)


def _place(row: OutboxRow) -> tuple[int]:
    return (row.number,)


def _told(number: int) -> OutboxRow:
    return (find_row(db.session(), number) if number <= LARGEST_NUMBER else None) or abort(404)


def _states() -> dict[str, str]:
    return {
        MessageState.WAITING.value: gettext("waits"),
        MessageState.SENDING.value: gettext("being sent"),
        MessageState.SENT.value: gettext("sent"),
        MessageState.FAILED.value: gettext("refused"),
        MessageState.WITHDRAWN.value: gettext("held back"),
    }


def _counts() -> dict[str, Any]:
    session = db.session()
    bounces = count_bounces(session, since=now() - LATELY)
    return {"counts": count_suppressed(session), "bounces": bounces, "time_zone": settings().time_zone}


def _lift(address: str) -> None:
    try:
        lift(db.session(), keys(), address)
    except CannotBeLifted:
        db.session.rollback()
        return
    frame.noted(Act.SUPPRESSION_LIFTED, audit.person_subject(keys(), address))
    db.session.commit()
