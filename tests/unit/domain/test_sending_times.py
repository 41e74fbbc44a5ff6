"""Working mornings, reminders and expiries where the requester lives, over clock changes and holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.asking_policy import AskingPolicy
from app.domain.sending_times import (
    completed_until,
    expiry_moment,
    is_in_quarantine,
    is_too_late,
    next_morning,
    planned_moment,
    reminder_moment,
    sending_moment,
)

POLICY = AskingPolicy()
BERLIN = ZoneInfo("Europe/Berlin")
HALF_YEAR = timedelta(days=183)

zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/St_Johns",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Pacific/Kiritimati",
            "America/Sao_Paulo",
            "Asia/Beirut",
            "Africa/Casablanca",
        )
    ]
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
policies = st.builds(
    lambda holidays: replace(POLICY, holidays=frozenset(holidays)),
    st.sets(st.dates(date(2010, 1, 1), date(2038, 1, 1))),
)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def test_what_is_finished_at_five_in_the_morning_is_asked_about_at_nine() -> None:
    assert sending_moment(local(2026, 3, 3, 5), BERLIN, POLICY) == local(2026, 3, 3, 9)


def test_what_is_finished_a_minute_after_five_waits_for_the_next_morning() -> None:
    assert sending_moment(local(2026, 3, 3, 5, 1), BERLIN, POLICY) == local(2026, 3, 4, 9)


def test_what_is_finished_on_friday_waits_for_monday() -> None:
    assert sending_moment(local(2026, 3, 6, 15), BERLIN, POLICY) == local(2026, 3, 9, 9)


def test_it_waits_over_holidays() -> None:
    policy = replace(POLICY, holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))

    assert sending_moment(local(2026, 4, 2, 16), BERLIN, policy) == local(2026, 4, 7, 9)


def test_the_clock_change_keeps_nine_in_the_morning() -> None:
    # Summer time began on Sunday, 29 March 2026 and ended on Sunday, 25 October 2026.
    assert sending_moment(local(2026, 3, 27, 15), BERLIN, POLICY) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert sending_moment(local(2026, 10, 23, 15), BERLIN, POLICY) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_is_not_a_sending_day() -> None:
    # Samoa went from Thursday, 29 December 2011 to Saturday, 31 December.
    apia = ZoneInfo("Pacific/Apia")

    moment = sending_moment(local(2011, 12, 29, 12, zone=apia), apia, POLICY)

    assert moment == local(2012, 1, 2, 9, zone=apia)


@given(completed=moments, zone=zones, policy=policies)
def test_a_sending_moment_is_the_first_working_morning_after_the_delay(
    completed: datetime, zone: ZoneInfo, policy: AskingPolicy
) -> None:
    moment = sending_moment(completed, zone, policy)

    there = moment.astimezone(zone)
    assert (there.hour, there.minute) == (9, 0)
    assert policy.is_working_day(there.date())
    assert moment - completed >= policy.delay
    earliest_day = (completed + policy.delay).astimezone(zone).date()
    skipped = (earliest_day + timedelta(days=n) for n in range((there.date() - earliest_day).days))
    assert all(
        not policy.is_working_day(day)
        or datetime.combine(day, time(9), zone).astimezone(UTC) < completed + policy.delay
        or datetime.combine(day, time(9), zone).astimezone(UTC).astimezone(zone).date() != day
        for day in skipped
    )


@given(first=moments, gap=st.timedeltas(timedelta(0), timedelta(days=30)), zone=zones)
def test_a_later_completion_is_never_asked_about_earlier(first: datetime, gap: timedelta, zone: ZoneInfo) -> None:
    assert sending_moment(first, zone, POLICY) <= sending_moment(first + gap, zone, POLICY)


@given(completed=moments, gap=st.timedeltas(timedelta(0), timedelta(days=14)), zone=zones, policy=policies)
def test_one_comparison_tells_whether_the_sending_moment_has_come(
    completed: datetime, gap: timedelta, zone: ZoneInfo, policy: AskingPolicy
) -> None:
    now = completed + gap

    has_come = completed <= completed_until(now, zone, policy)

    assert has_come == (sending_moment(completed, zone, policy) <= now)


@given(completed=moments, zone=zones, policy=policies)
def test_the_sending_moment_itself_has_come(completed: datetime, zone: ZoneInfo, policy: AskingPolicy) -> None:
    moment = sending_moment(completed, zone, policy)

    assert completed <= completed_until(moment, zone, policy)
    assert completed > completed_until(moment - timedelta(seconds=1), zone, policy)


def test_a_late_run_sends_at_once_within_working_hours() -> None:
    assert planned_moment(local(2026, 3, 4, 16, 59), BERLIN, POLICY) == local(2026, 3, 4, 16, 59)


def test_a_late_run_in_the_evening_plans_the_next_morning() -> None:
    assert planned_moment(local(2026, 3, 4, 17), BERLIN, POLICY) == local(2026, 3, 5, 9)
    assert planned_moment(local(2026, 3, 5, 8, 59), BERLIN, POLICY) == local(2026, 3, 5, 9)
    assert planned_moment(local(2026, 3, 7, 12), BERLIN, POLICY) == local(2026, 3, 9, 9)


@given(now=moments, zone=zones, policy=policies)
def test_a_plan_is_never_in_the_past_and_always_in_working_hours(
    now: datetime, zone: ZoneInfo, policy: AskingPolicy
) -> None:
    plan = planned_moment(now, zone, policy)

    there = plan.astimezone(zone)
    assert plan >= now
    assert policy.is_working_day(there.date())
    assert 9 <= there.hour < 17


def test_an_invitation_expires_at_the_end_of_the_seventh_local_day() -> None:
    assert expiry_moment(local(2026, 3, 25, 9), BERLIN, POLICY) == local(2026, 4, 2)
    assert expiry_moment(local(2026, 3, 25, 9), BERLIN, POLICY) == datetime(2026, 4, 1, 22, tzinfo=UTC)


@given(planned=moments, zone=zones)
def test_an_expiry_is_a_local_midnight_seven_whole_days_later(planned: datetime, zone: ZoneInfo) -> None:
    expiry = expiry_moment(planned, zone, POLICY)

    just_before = (expiry - timedelta(microseconds=1)).astimezone(zone)
    assert just_before.date() - planned.astimezone(zone).date() in {timedelta(days=7), timedelta(days=6)}
    assert timedelta(days=6) < expiry - planned <= timedelta(days=8, hours=1)


def test_the_reminder_goes_on_the_first_morning_after_three_days() -> None:
    sent = local(2026, 3, 2, 9)

    assert reminder_moment(sent, expiry_moment(sent, BERLIN, POLICY), BERLIN, POLICY) == local(2026, 3, 5, 9)


def test_a_reminder_due_on_a_saturday_waits_for_monday() -> None:
    sent = local(2026, 3, 4, 9)

    assert reminder_moment(sent, expiry_moment(sent, BERLIN, POLICY), BERLIN, POLICY) == local(2026, 3, 9, 9)


def test_no_reminder_goes_on_the_last_day() -> None:
    sent = local(2026, 3, 5, 9)
    policy = replace(POLICY, holidays=frozenset({date(2026, 3, day) for day in (9, 10, 11)}))

    assert reminder_moment(sent, expiry_moment(sent, BERLIN, policy), BERLIN, policy) is None


@given(sent=moments, zone=zones, policy=policies)
def test_a_reminder_leaves_three_days_before_and_a_day_after(
    sent: datetime, zone: ZoneInfo, policy: AskingPolicy
) -> None:
    expires = expiry_moment(sent, zone, policy)

    moment = reminder_moment(sent, expires, zone, policy)

    if moment is not None:
        assert moment - sent >= timedelta(hours=72)
        assert expires - moment >= timedelta(hours=24)


def test_quarantine_counts_local_days_whatever_the_clock_did() -> None:
    # From a late 11:00 to a punctual 09:00, over the start of summer time: less than 720 hours, and 30 days.
    first, after_29, after_30 = local(2026, 3, 4, 11), local(2026, 4, 2, 9), local(2026, 4, 3, 9)

    assert is_in_quarantine(first, after_29, BERLIN, POLICY)
    assert not is_in_quarantine(first, after_30, BERLIN, POLICY)
    assert not is_in_quarantine(None, after_29, BERLIN, POLICY)


def test_the_last_sending_day_is_the_requesters_own() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    moment = datetime(2026, 10, 5, 20, tzinfo=UTC)  # already the 6th in Auckland

    assert is_too_late(moment, auckland, date(2026, 10, 5))
    assert not is_too_late(moment, ZoneInfo("UTC"), date(2026, 10, 5))


def test_a_morning_may_be_this_very_moment() -> None:
    assert next_morning(local(2026, 3, 3, 9), BERLIN, POLICY) == local(2026, 3, 3, 9)
