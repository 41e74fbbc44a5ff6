"""The fields of the asking policy as people read them: group, label, hint and unit, in the order of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.asking_policy import Posting, Weekday, Weighting
from app.foundations.languages import mark


class Kind(StrEnum):
    """How a field is typed."""

    NUMBER = "number"
    NUMBER_OR_NOTHING = "number_or_nothing"
    SHARE = "share"  # 0..1 in the policy, percent on the page
    YES_NO = "yes_no"
    DAYS_OF_WEEK = "days_of_week"
    DATES = "dates"  # one a line
    CODES = "codes"  # of departments, one a line
    TARGETS = "targets"  # code, on time, satisfied; one department a line
    CHOICE = "choice"


@dataclass(frozen=True)
class PolicyField:
    """One field of the page. `name` is the policy's own, but for the two targets, which are one field there."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Group:
    """Fields that stand together; only the first group is open from the start."""

    name: str
    heading: str
    fields: Sequence[PolicyField]


_DAYS, _HOURS, _HOUR_OF_DAY, _PERCENT = mark("days"), mark("hours"), mark("o’clock"), "%"
_ANSWERS, _SURVEYS, _PEOPLE, _INVITATIONS = mark("answers"), mark("surveys"), mark("people"), mark("invitations")


def _number(name: str, label: str, hint: str, unit: str) -> PolicyField:
    return PolicyField(name, Kind.NUMBER, label, hint, unit)


def _share(name: str, label: str, hint: str) -> PolicyField:
    return PolicyField(name, Kind.SHARE, label, hint, _PERCENT)


_MAIN = Group(
    "main",
    mark("Whom we ask, and how often"),
    (
        _number("quarantine_days", mark("Rest between two surveys"), mark("Per person, over all departments."), _DAYS),
        _number(
            "quarter_cap", mark("At most in a quarter"), mark("Per person. Kept even if the rest is shorter."), _SURVEYS
        ),
        _number(
            "delay_hours",
            mark("Wait after completion"),
            mark("The mail leaves on the next working morning after that, if the request is still completed."),
            _HOURS,
        ),
        _number(
            "answers_aimed",
            mark("Answers we want per department"),
            mark("In a quarter. Larger departments ask a random part of their requesters."),
            _ANSWERS,
        ),
        _number("expiry_days", mark("Link works for"), mark("From 1 to 7 whole days after sending."), _DAYS),
    ),
)

_WHOM = Group(
    "whom",
    mark("Who is left out"),
    (
        _number(
            "rest_after_not_now_days",
            mark("Rest after “not now”"),
            mark("For a person who asked to be left alone for a while."),
            _DAYS,
        ),
        _number(
            "history_after_days",
            mark("Too old to ask"),
            mark("A request that we learn of so long after its completion is not asked about."),
            _DAYS,
        ),
        PolicyField(
            "not_surveyed",
            Kind.CODES,
            mark("Departments that nobody is asked about"),
            mark("Their codes, one a line."),
        ),
    ),
)

_WHEN = Group(
    "when",
    mark("Days and hours"),
    (
        PolicyField("working_days", Kind.DAYS_OF_WEEK, mark("Working days"), mark("Mail leaves on these days only.")),
        PolicyField("holidays", Kind.DATES, mark("Holidays"), mark("One a line, as in 2026-12-25. No mail on them.")),
        _number("sending_hour", mark("Mail leaves at"), mark("Where the requester is. From 6 to 18."), _HOUR_OF_DAY),
        _number(
            "late_until_hour",
            mark("At the latest until"),
            mark("Mail that could not leave in time still leaves before this hour."),
            _HOUR_OF_DAY,
        ),
        _number(
            "give_up_after_hours",
            mark("Stop trying to send after"),
            mark("An invitation that no server took by then is withdrawn."),
            _HOURS,
        ),
    ),
)

_REMINDER = Group(
    "reminder",
    mark("Reminder"),
    (
        PolicyField("reminder", Kind.YES_NO, mark("Remind once"), mark("Only who has not answered. Never twice.")),
        _number("reminder_after_hours", mark("Reminder after"), mark("Counted from the invitation."), _HOURS),
        _number(
            "reminder_before_expiry_hours",
            mark("No reminder in the last"),
            mark("Before the link ends, so that there is time left to answer."),
            _HOURS,
        ),
    ),
)

_HOW_MANY = Group(
    "how_many",
    mark("How many answers we count on"),
    (
        _share(
            "response_rate_default",
            mark("Answer rate of a new department"),
            mark("Until it has invitations enough for a rate of its own."),
        ),
        _number(
            "response_rate_enough",
            mark("Enough for a rate of its own"),
            mark("Invitations that arrived before its own rate is believed."),
            _INVITATIONS,
        ),
        _number(
            "response_rate_window_days",
            mark("Period for the rate"),
            mark("Invitations of so many days count. From 28 to 366."),
            _DAYS,
        ),
        _share(
            "response_rate_least",
            mark("Never count on less than"),
            mark("So that one poor quarter does not mean asking everybody."),
        ),
        _share(
            "response_rate_most",
            mark("Never count on more than"),
            mark("So that one good quarter does not mean asking hardly anybody."),
        ),
    ),
)

_SHOWN = Group(
    "shown",
    mark("What may be shown"),
    (
        _number(
            "minimum_group_size",
            mark("Smallest group"),
            mark("No figure of fewer people is shown to anybody. It cannot be set below 5."),
            _PEOPLE,
        ),
        _number(
            "minimum_comment_group",
            mark("Smallest group for comments"),
            mark("Comments are printed only where so many people answered. It cannot be set below 10."),
            _PEOPLE,
        ),
        PolicyField(
            "show_comments_automatically",
            Kind.YES_NO,
            mark("Print comments that HR has not read"),
            mark("Those with a listed sensitive word always wait for HR."),
        ),
        PolicyField("weighting", Kind.CHOICE, mark("Whose vote counts once in the headline")),
    ),
)

_AIMS = Group(
    "aims",
    mark("Targets"),
    (
        _share("targets_on_time", mark("On time"), mark("Share of requests completed within their deadline.")),
        _share(
            "targets_satisfaction", mark("Satisfied"), mark("Share of requesters with one of the two best answers.")
        ),
        PolicyField(
            "department_targets",
            Kind.TARGETS,
            mark("Departments with targets of their own"),
            mark("One a line: code, on time, satisfied. As in: IT 85 75"),
        ),
        PolicyField(
            "first_response_hours",
            Kind.NUMBER_OR_NOTHING,
            mark("First word to the requester within"),
            mark("Leave it empty where there is no such target."),
            _HOURS,
        ),
    ),
)

_POSTING = Group(
    "posting",
    mark("When scorecards leave"),
    (
        PolicyField("posting", Kind.CHOICE, mark("Scorecards leave")),
        _number("posting_after_days", mark("Days after the freeze"), mark("When they leave by themselves."), _DAYS),
    ),
)

GROUPS: Sequence[Group] = (_MAIN, _WHOM, _WHEN, _REMINDER, _HOW_MANY, _SHOWN, _AIMS, _POSTING)
FIELDS: Mapping[str, PolicyField] = {field.name: field for group in GROUPS for field in group.fields}

#: What the choices are called.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "weighting": {
        Weighting.PER_REQUESTER: mark("Each requester’s, however often they asked"),
        Weighting.PER_REQUEST: mark("Each request’s"),
    },
    "posting": {
        Posting.AUTOMATIC: mark("By themselves; HR may stop them"),
        Posting.AFTER_REVIEW: mark("When HR has looked at them"),
    },
    "working_days": {
        Weekday.MONDAY: mark("Monday"),
        Weekday.TUESDAY: mark("Tuesday"),
        Weekday.WEDNESDAY: mark("Wednesday"),
        Weekday.THURSDAY: mark("Thursday"),
        Weekday.FRIDAY: mark("Friday"),
        Weekday.SATURDAY: mark("Saturday"),
        Weekday.SUNDAY: mark("Sunday"),
    },
}
