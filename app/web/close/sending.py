"""`/close/<period>/send`: asks HR once, with how many mails go to whom, before a quarter's scorecards leave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, url_for

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Period
from app.domain.quarter_close import CloseStep, Sending
from app.domain.rights import Action
from app.mail.content.reasons import Why
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.scorecards import PlannedMail, Quarter
from app.reports.quarters import quarter_words
from app.web.close.closable import quarter_to_close
from app.web.frame import staff as frame
from app.web.frame.installation import calendar, now, settings

pages = Blueprint("sending", __name__)
frame.frame(pages, frozenset({Action.STOP_POSTING}))


@dataclass(frozen=True)
class SentTo:
    """How many mails go to whom; of a department too small for a scorecard its head is told just that."""

    mails: int
    by_reason: Mapping[Why, int]  # of those with a scorecard
    small: int
    readers: Mapping[str, Sequence[PlannedMail]]  # by address

    @staticmethod
    def of(mails: Sequence[PlannedMail]) -> "SentTo":
        """Count the mails of a quarter."""
        readers: dict[str, list[PlannedMail]] = {}
        for mail in mails:
            readers.setdefault(mail.recipient.email, []).append(mail)
        cards = [mail for mail in mails if mail.scorecard_id is not None]
        reasons = Counter(mail.recipient.why for mail in cards)
        by_reason = {why: reasons[why] for why in Why if reasons[why]}
        return SentTo(len(mails), by_reason, len(mails) - len(cards), dict(sorted(readers.items())))


def sent_to(period: Period, policy: AskingPolicy) -> SentTo:
    """Return whom the mails of a frozen quarter go to."""
    quarter = Quarter(period, calendar(), policy, settings().languages)
    return SentTo.of(scorecards.planned_mails(db.session(), quarter))


@pages.get("/<period>/send")
def ask_to_send(period: str) -> Any:
    """Ask before the mails leave; where they do not wait for that any more, the close says how they stand."""
    quarter, policy = quarter_to_close(period), current_policy(db.session())
    stands = scorecards.read_sending(db.session(), quarter, calendar=calendar(), policy=policy, now=now())
    if stands is not Sending.AWAITS_WORD:
        return redirect(url_for("close.show", period=quarter, _anchor=CloseStep.SEND.value), 303)
    return frame.page(
        "close/send.html",
        period=quarter,
        words=quarter_words(calendar(), quarter),
        sent_to=sent_to(quarter, policy),
    )
