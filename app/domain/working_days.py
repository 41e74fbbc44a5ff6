"""Working days of the company, counted backwards."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.asking_policy import AskingPolicy


def working_days_before(moment: datetime, days: int, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return the midnight in `zone` with which the last `days` whole working days before `moment` begin."""
    day = moment.astimezone(zone).date()
    while days:
        day -= timedelta(days=1)
        days -= policy.is_working_day(day)
    return datetime.combine(day, time(), zone).astimezone(UTC)
