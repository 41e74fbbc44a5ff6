"""When invitations and reminders go out: on a working morning where the requester lives, over clock changes too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.asking_policy import AskingPolicy

ONE_DAY = timedelta(days=1)


def sending_moment(completed_at: datetime, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return the first sending hour of a working day in `zone` at least the policy's delay after completion."""
    return next_morning(completed_at + policy.delay, zone, policy)


def next_morning(earliest: datetime, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return the first sending hour of a working day in `zone` that is not before `earliest`."""
    day = earliest.astimezone(zone).date()
    while True:
        if policy.is_working_day(day):
            moment = _at(day, policy.sending_hour, zone)
            # A zone that jumped over the date line has no such day; the moment then falls on the next one.
            if moment >= earliest and moment.astimezone(zone).date() == day:
                return moment
        day += ONE_DAY


def completed_until(now: datetime, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return the latest completion whose sending moment has come by `now`, for one comparison instead of one a row.

    `sending_moment(completed_at, …) <= now` exactly if `completed_at <= completed_until(now, …)`.
    """
    day = now.astimezone(zone).date()
    while True:
        moment = _at(day, policy.sending_hour, zone)
        if moment <= now and policy.is_working_day(day) and moment.astimezone(zone).date() == day:
            return moment - policy.delay
        day -= ONE_DAY


def planned_moment(now: datetime, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return when a run at `now` may send what is due: at once in working hours, else on the next working morning."""
    local = now.astimezone(zone)
    working = policy.is_working_day(local.date()) and policy.sending_hour <= local.hour < policy.late_until_hour
    return now if working else next_morning(now, zone, policy)


def expiry_moment(planned_at: datetime, zone: ZoneInfo, policy: AskingPolicy) -> datetime:
    """Return the end of the last local day on which the answer is taken, counted from the planned sending day."""
    return _at(planned_at.astimezone(zone).date() + policy.expiry + ONE_DAY, 0, zone)


def reminder_moment(sent_at: datetime, expires_at: datetime, zone: ZoneInfo, policy: AskingPolicy) -> datetime | None:
    """Return when the one reminder goes, or None when too little time would be left before the expiry."""
    moment = next_morning(sent_at + policy.reminder_after, zone, policy)
    return moment if moment <= expires_at - policy.reminder_before_expiry else None


def local_days_between(earlier: datetime, later: datetime, zone: ZoneInfo) -> int:
    """Return the days from one local date to another: a late 11:00 and a punctual 09:00 are whole days apart."""
    return (later.astimezone(zone).date() - earlier.astimezone(zone).date()).days


def is_in_quarantine(
    last_planned_at: datetime | None, planned_at: datetime, zone: ZoneInfo, policy: AskingPolicy
) -> bool:
    """True while fewer days than the quarantine lie between two planned sendings to a person."""
    if last_planned_at is None:
        return False
    return local_days_between(last_planned_at, planned_at, zone) < policy.quarantine.days


def is_too_late(planned_at: datetime, zone: ZoneInfo, last_sending_on: date) -> bool:
    """True when the planned sending day, where the requester lives, lies after the quarter's last one."""
    return planned_at.astimezone(zone).date() > last_sending_on


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
