"""`/close/<period>/mails`: every mail of a quarter, read before it leaves, and sent once more to who lost it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.domain.auditing import Act
from app.domain.periods import Period
from app.domain.quarter_close import MailStanding, Sending, mail_standing
from app.domain.rights import Action
from app.domain.scorecards.naming import file_name
from app.domain.states import PeriodState
from app.mail.content import Mail
from app.mail.content.reasons import Why
from app.mail.links import Links
from app.models.base import db
from app.models.policies import current_policy
from app.models.releases import PeriodRecord
from app.pipeline import scorecards
from app.pipeline.scorecards import NoSuchMail, PlannedMail, PostingStopped, Quarter, UnknownPeriod
from app.reports.quarters import quarter_words
from app.web.close.closable import quarter_to_close
from app.web.close.sending import SentTo
from app.web.frame import drawing
from app.web.frame import staff as frame
from app.web.frame.installation import calendar, keys, now, settings
from app.web.frame.mail_frame import SANDBOX, WITH_FRAME, paper

LARGEST_NUMBER = 4  # digits

pages = Blueprint("mails", __name__)
frame.frame(pages, frozenset({Action.STOP_POSTING}))


@pages.get("/<period>/mails")
def listing(period: str) -> Response:
    """List who gets what, and where each mail stands."""
    quarter = _quarter(quarter_to_close(period))
    record, mails = _record(quarter.period), scorecards.planned_mails(db.session(), quarter)
    stands = scorecards.read_sending(
        db.session(), quarter.period, calendar=calendar(), policy=quarter.policy, now=now()
    )
    return frame.page(
        "close/mails.html",
        period=quarter.period,
        words=quarter_words(calendar(), quarter.period),
        rows=list(_rows(mails, quarter, record, stands)),
        record=record,
        sent_to=SentTo.of(mails),
        stands=stands,
        why=Why,
        without=sum(not mail.is_posted for mail in mails) if record.posted_at is not None else 0,
        time_zone=settings().time_zone,
    )


@pages.post("/<period>/mails")
def send(period: str) -> Any:
    """Send a mail once more, or let the worker write to who has none; lead back to the list."""
    quarter = _quarter(quarter_to_close(period))
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    try:
        if request.form.get("act") == "missing":
            _send_missing(quarter.period)
        else:
            _send_again(quarter)
    except (NoSuchMail, UnknownPeriod):
        abort(404)
    except PostingStopped:
        db.session.rollback()
    return redirect(url_for("close.mails.listing", period=quarter.period), 303)


@pages.get("/<period>/preview/<path:code>")
def preview(period: str, code: str) -> Response:
    """Show a mail that nobody has yet."""
    quarter, planned, mail = _previewed(period, code)
    response = frame.page(
        "close/preview.html",
        period=quarter.period,
        words=quarter_words(calendar(), quarter.period),
        planned=planned,
        mail=mail,
        pdf=file_name({"department": {"code": code}, "period": str(quarter.period), "revision": 1}),
        sandbox=SANDBOX,
    )
    response.headers["Content-Security-Policy"] = WITH_FRAME
    return response


@pages.get("/<period>/again/<path:code>")
def ask_again(period: str, code: str) -> Any:
    """Ask before a mail leaves once more; where it cannot any more, the list says why."""
    quarter, planned = _planned(period, code)
    if not planned.can_be_sent_again or _record(quarter.period).posting_stopped:
        return redirect(url_for("close.mails.listing", period=quarter.period), 303)
    return frame.page(
        "close/again.html",
        period=quarter.period,
        words=quarter_words(calendar(), quarter.period),
        planned=planned,
        time_zone=settings().time_zone,
    )


@pages.get("/<period>/paper/<path:code>")
def page(period: str, code: str) -> Response:
    """Return its HTML part alone, for the frame."""
    _, _, mail = _previewed(period, code)
    return paper(mail.html, ((one.name, f"image/{one.subtype}", one.content) for one in mail.inline))


@dataclass(frozen=True)
class _Row:
    """A mail in the list, with its number among those of its department, by which its preview is found."""

    number: int
    mail: PlannedMail
    standing: MailStanding
    leaves_at: datetime  # not before


def _rows(mails: list[PlannedMail], quarter: Quarter, record: PeriodRecord, stands: Sending) -> Iterator[_Row]:
    seen: Counter[str] = Counter()
    day = scorecards.posting_day(calendar(), quarter.policy, quarter.period)
    for mail in mails:
        message = mail.message
        morning = scorecards.local_morning(day, mail.recipient.zone)
        planned = morning if record.posting_approved_at is None else now()  # what is approved leaves at once
        leaves_at = planned if message is None else message.due_at
        state = None if message is None else message.state
        standing = mail_standing(state, stands, is_posted=mail.is_posted, leaves_at=leaves_at, now=now())
        yield _Row(seen[mail.code], mail, standing, leaves_at)
        seen[mail.code] += 1


def _quarter(period: Period) -> Quarter:
    return Quarter(period, calendar(), current_policy(db.session()), settings().languages)


def _record(period: Period) -> PeriodRecord:
    """Return the record of a frozen quarter; before the freeze there are no mails."""
    record = db.session.get(PeriodRecord, str(period))
    return record if record is not None and record.state is not PeriodState.OPEN else abort(404)


def _planned(period: str, code: str) -> tuple[Quarter, PlannedMail]:
    """Return the mail that an address means: the one of its department that `to` counts to."""
    quarter = _quarter(quarter_to_close(period))
    _record(quarter.period)
    number = _number(request.args.get("to", "0"))
    theirs = scorecards.planned_mails(db.session(), quarter, code=code)
    return (quarter, theirs[number]) if number is not None and number < len(theirs) else abort(404)


def _previewed(period: str, code: str) -> tuple[Quarter, PlannedMail, Mail]:
    """Return a mail that is not written yet; the others are 404, for what they say may have changed since."""
    quarter, planned = _planned(period, code)
    if planned.is_posted:
        abort(404)
    links = Links(base_url=settings().base_url, keys=keys())
    with drawing.LOCK:
        mail = scorecards.preview_mail(db.session(), quarter, planned, links, now=now())
    return quarter, planned, mail


def _send_missing(period: Period) -> None:
    by = frame.actor()
    if scorecards.send_missing(db.session(), period, by=by, now=now()):
        frame.noted(Act.POSTING_APPROVED, str(period), {"step": "missing"})
        db.session.commit()


def _send_again(quarter: Quarter) -> None:
    copy, revision = _number(request.form.get("copy", "")), _number(request.form.get("revision", ""))
    if copy is None or revision is None:
        abort(404)
    code, email = request.form.get("code", ""), request.form.get("recipient", "")
    if scorecards.send_again(db.session(), quarter, code, email, copy, revision=revision, now=now()):
        told = {"department": code, "revision": revision, "copy": copy}
        frame.noted(Act.SCORECARD_SENT_AGAIN, str(quarter.period), told)
        db.session.commit()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LARGEST_NUMBER else None
