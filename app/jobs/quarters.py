"""A quarter's life: sums while it runs, freeze, posting and release when their dates have come."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.auditing import WORKER, Act
from app.domain.periods import RELEASE_AFTER, Period
from app.domain.states import PeriodState
from app.jobs.installation import Installation
from app.jobs.progress import running_from
from app.models.base import reading
from app.models.policies import current_policy
from app.models.releases import PeriodRecord, is_released, unwritten
from app.models.responses import ImportedPeriod
from app.models.waiting import let_others_write
from app.pipeline import release, rollups, scorecards
from app.pipeline.release import Released
from app.pipeline.scorecards import pool
from app.upkeep.audit import log as audit

log = logging.getLogger(__name__)

ROLLED_UP_AT_ONCE = 3  # department-quarters in one transaction: whoever saves on a page waits for it
POSTED_AT_ONCE = 3  # scorecards drawn in one transaction: survey answers wait for it at most a few seconds
CHECKPOINT_FOR = timedelta(days=1)  # after a release: how long the write-ahead log is emptied with every sweep


def roll_up(installation: Installation, *, now: datetime) -> int:  # noqa: ARG001  every step takes now
    """Recompute what is marked dirty, a few at a time; return how many department-periods.

    Marks stay until all is done, so that what a killed worker left halfway is done again.
    """
    calendar, keys = installation.calendar, installation.keys
    with reading(), installation.sessions() as session:
        marks = rollups.marked(session)
    places = sorted(marks)
    for first in range(0, len(places), ROLLED_UP_AT_ONCE):
        with installation.sessions.begin() as session:
            rollups.rebuild(session, places[first : first + ROLLED_UP_AT_ONCE], calendar=calendar, keys=keys)
        let_others_write(installation.engine)
    if marks:
        with installation.sessions.begin() as session:
            rollups.settle(session, marks, calendar=calendar, keys=keys)
    return len(marks)


def freeze_due(installation: Installation, *, now: datetime) -> int:
    """Freeze every quarter whose date has come, each in one transaction after its sums; return how many scorecards."""
    frozen, moment = 0, running_from(now)
    with installation.sessions.begin() as session:
        periods = scorecards.due_periods(session, calendar=installation.calendar, now=now)
    for period in periods:
        with installation.sessions.begin() as session:
            rollups.refresh(session, calendar=installation.calendar, keys=installation.keys, period=period)
            count = scorecards.freeze(
                session, period, calendar=installation.calendar, policy=current_policy(session), now=now
            )
            _note_freeze(session, WORKER, period, count, moment())
        frozen += count
    return frozen


def post_due(installation: Installation, *, now: datetime) -> int:
    """Draw and write the scorecard mails of every quarter whose posting moment has come; return how many."""
    moment = running_from(now)
    draw_ahead(installation, now=now)
    posted = 0
    while True:
        with installation.sessions.begin() as session:
            waiting = _unwritten(session)
            count = scorecards.post_due(
                session,
                calendar=installation.calendar,
                policy=current_policy(session),
                languages=installation.settings.languages,
                now=now,
                at_most=POSTED_AT_ONCE,
            )
            for period in sorted(waiting - _unwritten(session)):
                audit.note(session, WORKER, Act.SCORECARDS_SENT, period, {"revision": 1}, now=moment())
        if not count:
            return posted
        posted += count
        let_others_write(installation.engine)


def draw_ahead(
    installation: Installation,
    *,
    now: datetime,
    cores: int | None = None,
    processes: Callable[[int], AbstractContextManager[Executor]] = pool.processes,
) -> int:
    """Draw what is about to be posted in processes of their own, if it is much and there are cores; return how many.

    Nothing is locked while they draw. What is left over, for a process may die for want of memory and a document may
    resist, is drawn with its posting: there it stops no more than itself and those behind it.
    """
    calendar = installation.calendar
    with reading(), installation.sessions() as session:
        wanted = scorecards.undrawn(
            session,
            calendar=calendar,
            policy=current_policy(session),
            languages=installation.settings.languages,
            now=now,
        )
    cores = cores or os.cpu_count() or 1
    if len(wanted) < pool.WORTH_IT or cores < 2:
        return 0
    drawn = 0
    with processes(cores) as executor:
        for lot in pool.lots(wanted):
            with reading(), installation.sessions() as session:
                works = pool.read_works(session, lot, calendar)
            try:
                files = pool.draw_works(executor, works)
            except Exception as error:  # noqa: BLE001  whatever stops drawing ahead, the posting draws or says why not
                log.warning("drawing ahead stopped, the rest is drawn one after the other: %s", error)
                return drawn
            with installation.sessions.begin() as session:
                drawn += pool.store_works(session, works, files)
    return drawn


def _unwritten(session: Session) -> set[str]:
    return set(session.scalars(select(PeriodRecord.period).where(unwritten())))


def release_due(installation: Installation, *, now: datetime) -> int:
    """Make every quarter unlinkable whose release date has come, each in one transaction; return how many."""
    with installation.sessions.begin() as session:
        periods = release.due_periods(session, calendar=installation.calendar, now=now)
        periods += _historical_due(session, installation, now)
        lately = session.scalar(select(PeriodRecord.period).where(PeriodRecord.released_at > now - CHECKPOINT_FOR))
    for period in periods:
        release_period(installation, period, now=now)
    if periods or lately:  # readers may have kept the log busy: what was deleted is folded away until it succeeds
        _checkpoint(installation)
    return len(periods)


def release_period(
    installation: Installation, period: Period, *, now: datetime, force: bool = False, actor: str = WORKER
) -> Released:
    """Release one quarter: late answers reach a last revision first, a historical quarter its only one.

    Raises what freezing and releasing raise; `force` releases a historical quarter before its 14 days are over.
    """
    calendar, keys = installation.calendar, installation.keys
    frozen, moment = 0, running_from(now)
    with installation.sessions.begin() as session:
        policy = current_policy(session)
        is_first = not is_released(session, str(period))
        if is_first:
            rollups.refresh(session, calendar=calendar, keys=keys, period=period)
            frozen = scorecards.freeze(session, period, calendar=calendar, policy=policy, now=now)
        released = release.release(
            session,
            period,
            calendar=calendar,
            keys=keys,
            minimum_group=policy.minimum_group_size,
            now=now,
            force=force,
        )
        _note_freeze(session, actor, period, frozen, moment())
        if is_first:
            audit.note(session, actor, Act.PERIOD_RELEASED, str(period), {"answers_kept": released.kept}, now=moment())
    _checkpoint(installation)
    return released


def _note_freeze(session: Session, actor: str, period: Period, count: int, now: datetime) -> None:
    if count:
        audit.note(session, actor, Act.SCORECARDS_FROZEN, str(period), {"scorecards": count}, now=now)


def _historical_due(session: Session, installation: Installation, now: datetime) -> list[Period]:
    """Return quarters of earlier tools that nobody froze, 14 days after their last import."""
    closed = select(PeriodRecord.period).where(PeriodRecord.state != PeriodState.OPEN)
    names = session.scalars(
        select(ImportedPeriod.period).where(
            ImportedPeriod.last_import_at <= now - RELEASE_AFTER, ImportedPeriod.period.not_in(closed)
        )
    )
    periods = sorted(Period.parse(name) for name in names)
    return [period for period in periods if installation.calendar.releases_at(period) <= now]


def _checkpoint(installation: Installation) -> None:
    if not release.checkpoint(installation.engine):
        log.warning("readers keep SQLite's write-ahead log busy; it is emptied with the next sweep")
