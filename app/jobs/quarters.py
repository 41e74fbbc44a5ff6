"""Sums while a quarter runs, and its freeze when its date has come."""

from datetime import datetime

from sqlalchemy import Engine

from app.jobs.installation import Installation
from app.models.policies import current_policy
from app.pipeline import release, rollups, scorecards


def roll_up(installation: Installation, *, now: datetime) -> int:  # noqa: ARG001  every step takes now
    """Recompute what is marked dirty; return how many department-periods."""
    with installation.sessions.begin() as session:
        return rollups.refresh(session, calendar=installation.calendar, keys=installation.keys)


def freeze_due(installation: Installation, *, now: datetime) -> int:
    """Freeze every quarter whose date has come, each in one transaction after its sums; return how many scorecards."""
    frozen = 0
    with installation.sessions.begin() as session:
        periods = scorecards.due_periods(session, calendar=installation.calendar, now=now)
    for period in periods:
        with installation.sessions.begin() as session:
            rollups.refresh(session, calendar=installation.calendar, keys=installation.keys, period=period)
            frozen += scorecards.freeze(
                session, period, calendar=installation.calendar, policy=current_policy(session), now=now
            )
    return frozen


def post_due(installation: Installation, *, now: datetime) -> int:
    """Draw and write the scorecard mails of every quarter whose posting moment has come; return how many."""
    with installation.sessions.begin() as session:
        return scorecards.post_due(
            session,
            calendar=installation.calendar,
            policy=current_policy(session),
            languages=installation.settings.languages,
            now=now,
        )


def release_due(installation: Installation, *, now: datetime) -> int:
    """Make every quarter unlinkable whose release date has come, each in one transaction; return how many."""
    with installation.sessions.begin() as session:
        periods = release.due_periods(session, calendar=installation.calendar, now=now)
    for period in periods:
        with installation.sessions.begin() as session:
            release.release(
                session,
                period,
                calendar=installation.calendar,
                keys=installation.keys,
                minimum_group=current_policy(session).minimum_group_size,
                now=now,
            )
        with installation.sessions() as session:
            bind = session.get_bind()
            assert isinstance(bind, Engine)
            release.checkpoint(bind)
    return len(periods)
