"""What a quarter waits for, in words: said here for the page of its close and for HR's home, so that both agree."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.asking_policy import AskingPolicy, Posting
from app.domain.periods import Period
from app.domain.quarter_close import CloseStep, Sending, StepState
from app.domain.states import MessageState
from app.foundations import formats
from app.foundations.languages import gettext, mark, ngettext
from app.pipeline import scorecards
from app.pipeline.scorecards import QuarterClose
from app.web.frame.installation import calendar, now, settings

STEP_NAMES: dict[str, str] = {
    CloseStep.ENDED: mark("Quarter ended"),
    CloseStep.ANSWERS: mark("Last answers in"),
    CloseStep.CHECKS: mark("Checks on requests"),
    CloseStep.SCORES: mark("Scores from customers"),
    CloseStep.COMMENTS: mark("Read flagged comments"),
    CloseStep.FREEZE: mark("Freeze"),
    CloseStep.SEND: mark("Send to the heads of departments"),
}


@dataclass(frozen=True)
class CloseDays:
    """The company's days on which a quarter moves by itself."""

    last: date
    answers: date  # from this one on nobody can answer
    freezes_at: datetime
    freezes: date
    posts: date


def days_of(period: Period, policy: AskingPolicy) -> CloseDays:
    """Return the days of a quarter."""
    zone, freezes_at = settings().time_zone, calendar().freezes_at(period)
    return CloseDays(
        last=calendar().last_day(period),
        answers=calendar().comments_open_at(period).astimezone(zone).date(),
        freezes_at=freezes_at,
        freezes=freezes_at.astimezone(zone).date(),
        posts=scorecards.posting_day(calendar(), policy, period),
    )


def step_name(step: CloseStep) -> str:
    """Return what a step is called."""
    return gettext(STEP_NAMES[step])


def badge(close: QuarterClose, step: CloseStep, days: CloseDays) -> str:
    """Return what the step that is next waits for, in two words."""
    if step in close.in_need:
        return gettext("Needs attention")
    return gettext("Under way") if _is_under_way(close, step, days) else gettext("Waits for its day")


def waiting_for(close: QuarterClose, step: CloseStep, days: CloseDays) -> str:
    """Return what has to come, or to be done, before a step is done: a day that is over is never told as if it came."""
    if step is CloseStep.ENDED:
        return gettext("It ends on %(day)s.", day=formats.full_day(days.last))
    if step is CloseStep.ANSWERS:
        return gettext("Colleagues may answer until %(day)s.", day=formats.full_day(days.answers))
    if step is CloseStep.FREEZE:
        if _is_under_way(close, step, days):
            return gettext("With its next run the worker builds the scorecards and fixes every number for good.")
        return gettext(
            "On %(day)s the worker builds the scorecards and fixes every number for good, whatever is still open.",
            day=formats.full_day(days.freezes),
        )
    return _before_all_have_left(close, days) if step is CloseStep.SEND else ""


def _before_all_have_left(close: QuarterClose, days: CloseDays) -> str:
    if close.sending is Sending.LEAVING:
        left = close.mails.get(MessageState.WAITING, 0) + close.mails.get(MessageState.SENDING, 0)
        return ngettext("%(num)s mail waits for its moment.", "%(num)s mails wait for their moment.", left)
    told = {
        Sending.NOT_FROZEN: gettext("Nothing leaves before the freeze."),
        Sending.STOPPED: gettext("The mails of this quarter are stopped."),
        Sending.AWAITS_WORD: gettext("Your policy sends nothing by itself. Look at the mails, then send them."),
        Sending.AWAITS_DAY: gettext(
            "They go out by themselves on %(day)s, at 09:00 local time of each reader. You can stop them.",
            day=formats.weekday(days.posts),
        ),
        Sending.WRITING: gettext("The worker writes the mails one after the other."),
        Sending.LEFT: gettext("Every mail has left."),
    }
    return told[close.sending]


def where_mails_stand(close: QuarterClose, policy: AskingPolicy, days: CloseDays) -> str:
    """Return in one sentence how the mails of a quarter stand."""
    if close.sending is Sending.STOPPED:
        return gettext("The mails of this quarter are stopped.")
    if close.sending is Sending.LEFT:
        return gettext("All mails have left.")
    if close.sending in {Sending.WRITING, Sending.LEAVING}:
        return gettext("Scorecards are leaving.")
    if policy.posting is Posting.AFTER_REVIEW:
        return gettext("Scorecards leave when you send them.")
    if days.posts < now().astimezone(settings().time_zone).date():  # and nothing is frozen yet
        return gettext("Nothing leaves before the freeze.")
    return gettext(
        "Scorecards are mailed on %(day)s at 09:00, local time of each reader.", day=formats.weekday(days.posts)
    )


def _is_under_way(close: QuarterClose, step: CloseStep, days: CloseDays) -> bool:
    if step is CloseStep.FREEZE:
        return close.states[step] is StepState.NOW and now() >= days.freezes_at
    return step is CloseStep.SEND and close.sending in {Sending.WRITING, Sending.LEAVING}
