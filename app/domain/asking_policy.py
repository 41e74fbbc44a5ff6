"""The asking policy: everything an administrator may set about whom we ask, when, and what we aim at.

Data, not environment: a new version is a new value. Limits that protect people are bounds here and cannot be set away.
Reading and checking its JSON is app/domain/asking_policy_json.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType


class Weekday(StrEnum):
    """The days of a working week, by name, in the order of `date.weekday()`."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Weighting(StrEnum):
    """Whose vote counts once in the headline: each requester's, or each request's."""

    PER_REQUESTER = "per_requester"
    PER_REQUEST = "per_request"


class Posting(StrEnum):
    """How frozen scorecards leave: by themselves some days after the freeze, or when HR has looked."""

    AUTOMATIC = "automatic"
    AFTER_REVIEW = "after_review"


@dataclass(frozen=True, slots=True)
class Targets:
    """What a department aims at, as shares: on time (S*) and favourable answers (Y*)."""

    on_time: float = 0.90
    satisfaction: float = 0.80


_WORKING_WEEK = frozenset(list(Weekday)[:5])
_WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPolicy:
    """One version of the policy. The defaults are the company's until an administrator writes another version."""

    # When
    working_days: frozenset[Weekday] = _WORKING_WEEK
    holidays: frozenset[date] = frozenset()
    sending_hour: int = 9  # local to the requester
    late_until_hour: int = 17  # a late run still sends before this hour
    delay: timedelta = timedelta(hours=4)  # from completion to sending, at least
    expiry: timedelta = timedelta(days=7)  # whole local days after the planned sending day
    give_up_after: timedelta = timedelta(hours=48)  # a message not accepted by then is withdrawn
    reminder: bool = True  # one, only to the silent
    reminder_after: timedelta = timedelta(hours=72)
    reminder_before_expiry: timedelta = timedelta(hours=24)

    # Whom
    history_after: timedelta = timedelta(days=7)
    quarantine: timedelta = timedelta(days=30)  # from planned sending, over all departments
    rest_after_not_now: timedelta = timedelta(days=90)
    quarter_cap: int = 3
    not_surveyed: frozenset[str] = frozenset()  # codes of departments that nobody is asked about

    # How many
    answers_aimed: int = 100  # per department and quarter: about 8 points of margin
    response_rate_default: float = 0.20
    response_rate_least: float = 0.10
    response_rate_most: float = 0.60
    response_rate_enough: int = 30  # delivered invitations before an own rate is believed
    response_rate_window: timedelta = timedelta(days=91)

    # What may be shown, and what is aimed at
    minimum_group_size: int = 5
    minimum_comment_group: int = 10
    show_comments_automatically: bool = False
    weighting: Weighting = Weighting.PER_REQUESTER
    targets: Targets = Targets()
    department_targets: Mapping[str, Targets] = field(default_factory=lambda: MappingProxyType({}))
    first_response: timedelta | None = None  # how soon a requester should hear something; None: no target
    posting: Posting = Posting.AUTOMATIC
    posting_after: timedelta = timedelta(days=3)  # after the freeze day

    def is_working_day(self, day: date) -> bool:
        """True when mail may go out on `day`."""
        return _WEEKDAYS[day.weekday()] in self.working_days and day not in self.holidays

    def targets_of(self, code: str) -> Targets:
        """Return the department's own targets, or the company's."""
        return self.department_targets.get(code, self.targets)
