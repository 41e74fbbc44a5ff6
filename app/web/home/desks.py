"""What waits for HR and administrators where they begin: counts that their own pages show, each with its link."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from app.domain.periods import Period
from app.domain.quarter_close import CloseStep, Sending, StepState
from app.domain.rights import Action
from app.domain.states import MessageState
from app.foundations.languages import gettext, ngettext
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.responses import held_back_patterns
from app.pipeline.scorecards import QuarterClose
from app.reports.outbox_lists import count_bounces, count_states
from app.reports.quarters import quarter_words
from app.upkeep.connections.states import Overview, Standing, overview
from app.upkeep.running import readiness
from app.web.close import words as close_words
from app.web.close.closable import quarter_in_hand
from app.web.frame import staff as frame
from app.web.frame.installation import calendar, now

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody: a sentence, where to see to it, and what more there is to know."""

    words: str
    address: str
    more: str = ""


@dataclass(frozen=True)
class HrDesk:
    """The quarter that HR has in hand: how far its close is, its next step and what stands in the way."""

    period: Period
    quarter: str
    done: int
    steps: int
    following: str  # the next step, in words; empty once all are done
    awaits: str  # what that step waits for; empty where that is HR, for then it is one of the tasks
    tasks: list[Task]


def hr_desk() -> HrDesk | None:
    """Return what HR begins with; None for whoever does not close quarters."""
    if not frame.viewer().may(Action.STOP_POSTING):
        return None
    period, policy = quarter_in_hand(), current_policy(db.session())
    close = scorecards.read_close(db.session(), period, calendar=calendar(), policy=policy, now=now())
    following = next((step for step, state in close.states.items() if state is StepState.NOW), None)
    is_awaited = following is not None and following not in close.in_need
    days = close_words.days_of(period, policy)
    return HrDesk(
        period,
        quarter_words(calendar(), period),
        close.done,
        len(close.states),
        close_words.step_name(following) if following else "",
        close_words.waiting_for(close, following, days) if following and is_awaited else "",
        list(_of_close(close)),
    )


def _of_close(close: QuarterClose) -> Iterator[Task]:
    """Yield what the close waits for HR with, as its page marks it, and what HR may see to besides."""
    for step in CloseStep:
        if step in close.in_need:
            yield _in_need(close, step)
    if close.comments_left and close.states[CloseStep.COMMENTS] is StepState.LATER:
        yield _comments_left(close)
    if failed := close.mails.get(MessageState.FAILED, 0):
        sentence = ngettext(
            "%(num)s mail of this quarter was refused.", "%(num)s mails of this quarter were refused.", failed
        )
        yield Task(sentence, url_for("close.mails.listing", period=close.period))


def _in_need(close: QuarterClose, step: CloseStep) -> Task:
    address = url_for("close.show", period=close.period, _anchor=step.value)
    if step is CloseStep.CHECKS:
        return Task(gettext("Look at how requests were closed."), address)
    if step is CloseStep.SCORES:
        waiting = sum(one.check is None for one in close.missing)
        sentence = ngettext(
            "%(num)s source of customers' scores has told nothing of this quarter.",
            "%(num)s sources of customers' scores have told nothing of this quarter.",
            waiting,
        )
        return Task(sentence, address)
    if step is CloseStep.COMMENTS:
        return _comments_left(close) if close.comments_left else Task(gettext("Read the flagged comments."), address)
    if close.sending is Sending.STOPPED:
        more = gettext("Nothing leaves until somebody lets them go on.")
        return Task(gettext("The mails of this quarter are stopped."), address, more)
    return Task(gettext("The scorecards wait for you to send them."), address)


def _comments_left(close: QuarterClose) -> Task:
    sentence = ngettext(
        "%(num)s flagged comment waits to be read.",
        "%(num)s flagged comments wait to be read.",
        close.comments_left,
    )
    return Task(sentence, url_for("comments.listing"))


def administrators_desk() -> list[Task] | None:
    """Return what needs an administrator, most pressing first; None for whoever is none."""
    if not frame.viewer().may(Action.WATCH_WORK):
        return None
    return [*_of_worker(), *_of_connections(overview(db.session())), *_of_mail(), *_of_answers()]


def _of_worker() -> Iterator[Task]:
    if not readiness.worker_is_seen(db.session(), now()):
        more = gettext("No mail leaves and nothing that comes in is read until it runs again.")
        yield Task(gettext("The worker has not been seen for a while."), url_for("jobs.listing"), more)


def _of_connections(found: list[Overview]) -> Iterator[Task]:
    for one in found:
        if one.standing is Standing.NEEDS_YOU:
            words = gettext("%(name)s needs attention.", name=one.slug)
            yield Task(words, url_for("connections.show", slug=one.slug), one.trouble)
        if one.counted.failed:
            words = ngettext(
                "%(num)s event of %(name)s could not be read.",
                "%(num)s events of %(name)s could not be read.",
                one.counted.failed,
                name=one.slug,
            )
            yield Task(words, url_for("connections.delivered", slug=one.slug))


def _of_mail() -> Iterator[Task]:
    if failed := count_states(db.session()).get("failed", 0):
        words = ngettext("%(num)s mail was refused.", "%(num)s mails were refused.", failed)
        yield Task(words, url_for("mail.listing", state="failed"))
    bounced = sum(one.addresses for one in count_bounces(db.session(), since=now() - LATELY))
    if bounced:
        words = ngettext(
            "%(num)s address sent mail back in the last 30 days.",
            "%(num)s addresses sent mail back in the last 30 days.",
            bounced,
        )
        yield Task(words, url_for("mail.addresses"))


def _of_answers() -> Iterator[Task]:
    if held := sum(held_back_patterns(db.session()).values()):
        words = ngettext(
            "%(num)s answer looks like a machine's and waits for a decision.",
            "%(num)s answers look like a machine's and wait for a decision.",
            held,
        )
        yield Task(words, url_for("held_back.listing"))
