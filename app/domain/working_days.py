"""Working days of the company: counted backwards, and how long somebody has waited in them."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.asking_policy import AskingPolicy

PROMISED = 2  # working days within which the department gets in touch; invitations and pages say so


@dataclass(frozen=True)
class Wait:
    """How long somebody has waited for a word, in whole working days of the company."""

    days: int

    @property
    def over(self) -> int:
        """How many days longer than promised; 0 while the promise holds."""
        return max(self.days - PROMISED, 0)


def waited(since: datetime, until: datetime, zone: ZoneInfo, policy: AskingPolicy) -> Wait:
    """Return the working days after the day on which somebody asked, today included."""
    asked, today = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = (asked + timedelta(days=number) for number in range(1, (today - asked).days + 1))
    return Wait(sum(policy.is_working_day(day) for day in days))


def working_days_before(moment: datetime, days: int, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return the midnight in `zone` with which the last `days` whole working days before `moment` begin."""
    day = moment.astimezone(zone).date()
    while days:
        day -= timedelta(days=1)
        days -= policy.is_working_day(day)
    return datetime.combine(day, time(), zone).astimezone(UTC)
