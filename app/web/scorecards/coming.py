"""What heads see next, and when: the newest quarter that is frozen and not sent, else the one that runs."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Period
from app.domain.quarter_close import Sending
from app.domain.states import PeriodState
from app.foundations import formats
from app.foundations.languages import gettext
from app.models.base import db
from app.models.policies import current_policy
from app.models.releases import PeriodRecord
from app.pipeline import scorecards
from app.reports.quarters import quarter_words
from app.web.frame.asked_for import next_period
from app.web.frame.installation import calendar, now, settings


@dataclass(frozen=True)
class Coming:
    """What comes next, in a sentence without its full stop; `waits` says where it is, once it is frozen."""

    words: str
    waits: str = ""


def coming(after: Period | None) -> Coming:
    """Return what comes after a quarter that is seen already; None before the first one."""
    policy = current_policy(db.session())
    frozen = _frozen(after)
    if frozen is not None:
        words = quarter_words(calendar(), frozen)
        return Coming(gettext("The scorecards of %(quarter)s are ready", quarter=words), _waits(frozen, policy))
    following = next_period(now())
    if policy.posting is Posting.AUTOMATIC:
        day = formats.day(scorecards.posting_day(calendar(), policy, following))
        return Coming(gettext("The next scorecard comes on %(day)s", day=day))
    frozen_on = calendar().freezes_at(following).astimezone(settings().time_zone).date()
    told = gettext("The next scorecard is ready on %(day)s and comes when HR sends it", day=formats.day(frozen_on))
    return Coming(told)


def _frozen(after: Period | None) -> Period | None:
    waiting = select(PeriodRecord.period).where(
        PeriodRecord.state != PeriodState.OPEN, PeriodRecord.is_historical.is_(False), PeriodRecord.posted_at.is_(None)
    )
    found = db.session.scalar(waiting.order_by(PeriodRecord.period.desc()).limit(1))
    period = Period.parse(found) if found else None
    return None if period is None or (after is not None and period <= after) else period


def _waits(period: Period, policy: AskingPolicy) -> str:
    stands = scorecards.read_sending(db.session(), period, calendar=calendar(), policy=policy, now=now())
    if stands is Sending.STOPPED:
        return gettext("HR has stopped their mails. Once they go on, you get yours and see the quarter here.")
    if stands is Sending.AWAITS_WORD:
        return gettext("They wait for HR to send them. Then you get yours by mail and see the quarter here.")
    if stands is Sending.AWAITS_DAY:
        day = formats.weekday(scorecards.posting_day(calendar(), policy, period))
        return gettext("You get yours by mail on %(day)s at 09:00, and see the quarter here from then on.", day=day)
    return gettext("They are being sent: you get yours by mail, and see the quarter here within minutes.")
