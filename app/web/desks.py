"""What waits for HR and administrators where they begin: counts that their own pages show, each with its link."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from app.domain.periods import Period
from app.domain.quarter_close import CloseStep, StepState
from app.domain.rights import Action
from app.domain.states import MessageState
from app.foundations.languages import gettext, mark, ngettext
from app.models.base import db
from app.models.policies import current_policy
from app.pipeline import scorecards
from app.pipeline.responses import held_back_patterns
from app.pipeline.scorecards import QuarterClose
from app.reports.outbox_lists import count_bounces, count_states
from app.reports.quarters import quarter_words
from app.upkeep import readiness
from app.upkeep.connection_states import Overview, Standing, overview
from app.web import staff_frame as frame
from app.web.closable import quarter_in_hand
from app.web.survey_frame import calendar, now

LATELY = timedelta(days=30)

_STEPS = {
    CloseStep.ENDED: mark("Quarter ended"),
    CloseStep.ANSWERS: mark("Last answers in"),
    CloseStep.CHECKS: mark("Checks on requests"),
    CloseStep.SCORES: mark("Scores from customers"),
    CloseStep.COMMENTS: mark("Read flagged comments"),
    CloseStep.FREEZE: mark("Freeze"),
    CloseStep.SEND: mark("Send to the heads of departments"),
}


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
    tasks: list[Task]


def hr_desk() -> HrDesk | None:
    """Return what HR begins with; None for whoever does not close quarters."""
    if not frame.viewer().may(Action.STOP_POSTING):
        return None
    period, policy = quarter_in_hand(), current_policy(db.session())
    close = scorecards.read_close(db.session(), period, calendar=calendar(), policy=policy, now=now())
    following = next((step for step, state in close.states.items() if state is StepState.NOW), None)
    return HrDesk(
        period,
        quarter_words(calendar(), period),
        close.done,
        len(close.states),
        gettext(_STEPS[following]) if following else "",
        list(_of_close(close)),
    )


def _of_close(close: QuarterClose) -> Iterator[Task]:
    if close.record is not None and close.record.posting_stopped:
        yield Task(
            gettext("The mails of this quarter are stopped."),
            url_for("close.show", period=close.period, _anchor=CloseStep.SEND),
            gettext("Nothing leaves until somebody lets them go on."),
        )
    if close.states[CloseStep.CHECKS] is StepState.NOW:
        yield Task(
            gettext("Look at how requests were closed."),
            url_for("close.show", period=close.period, _anchor=CloseStep.CHECKS),
        )
    if close.states[CloseStep.SCORES] is StepState.NOW:
        waiting = sum(one.check is None for one in close.missing)
        sentence = ngettext(
            "%(num)s source of customers' scores has told nothing of this quarter.",
            "%(num)s sources of customers' scores have told nothing of this quarter.",
            waiting,
        )
        yield Task(sentence, url_for("close.show", period=close.period, _anchor=CloseStep.SCORES))
    if close.comments_left and close.states[CloseStep.COMMENTS] is not StepState.PASSED:
        sentence = ngettext(
            "%(num)s flagged comment waits to be read.",
            "%(num)s flagged comments wait to be read.",
            close.comments_left,
        )
        yield Task(sentence, url_for("comments.listing"))
    if failed := close.mails.get(MessageState.FAILED, 0):
        sentence = ngettext(
            "%(num)s mail of this quarter was refused.", "%(num)s mails of this quarter were refused.", failed
        )
        yield Task(sentence, url_for("close.mails.listing", period=close.period))


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
            words = gettext("%(name)s needs somebody.", name=one.slug)
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
