"""The button with which HR stops the mails of a quarter, and the one that lets them go on; both stand on the list."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, redirect, request

from app.domain.periods import Period
from app.domain.quarter_close import Sending
from app.domain.rights import Action
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.scorecards import Standing, UnknownPeriod
from app.web.close import posting
from app.web.frame import staff as frame
from app.web.frame.installation import calendar, now

pages = Blueprint("posting", __name__, url_prefix="/posting")
frame.frame(pages, frozenset({Action.STOP_POSTING}))


@pages.post("/<period>")
def change(period: str) -> Any:
    """Do what the button says, note it, and lead back to the list. Pressed twice, it changes nothing more."""
    try:
        frame.check_form()
        quarter = Period.parse(period)
        stop_or_resume(quarter, request.form.get("act", ""))
    except frame.ForgedForm:
        return frame.too_old()
    except (ValueError, UnknownPeriod):
        abort(404)
    return redirect(f"/scorecards#posting-{quarter}", 303)


def standings(periods: list[str]) -> dict[str, Standing]:
    """Return, for whoever may stop a posting, those quarters of the list whose mails have not all left."""
    may_stop = frame.viewer().may(Action.STOP_POSTING)
    return scorecards.standings(db.session(), periods, now=now()) if may_stop else {}


def awaiting_word(periods: Collection[str]) -> set[str]:
    """Return those of the quarters whose mails leave only when HR says so."""
    if not periods:
        return set()
    session, policy = db.session(), current_policy(db.session())
    stands = {
        one: scorecards.read_sending(session, Period.parse(one), calendar=calendar(), policy=policy, now=now())
        for one in periods
    }
    return {one for one, sending in stands.items() if sending is Sending.AWAITS_WORD}


def stop_or_resume(period: Period, act: str) -> None:
    """Do what a button says and note it. Raises ValueError for another one, and UnknownPeriod."""
    if act == "stop":
        posting.stop(period, by=frame.actor())
    elif act == "resume":
        posting.resume(period, by=frame.actor())
    else:
        raise ValueError(act)
