"""Doing what pages asked for, one chore after the other, beside the sweep and never within it: it may take an hour.

Short ones have a line of their own, so that who tries a connection does not wait for the end of a backfill.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.domain.states import ChoreKind
from app.foundations.http import Trouble
from app.foundations.languages import gettext, speaking
from app.jobs.connection_chores import ask_for_the_past, check_connection, register_with_tool
from app.jobs.hints import Hints
from app.jobs.import_chores import run_import
from app.jobs.installation import Installation
from app.jobs.policy_chores import try_policy_on_quarter
from app.jobs.progress import LostChore, Progress, held, running_from
from app.jobs.upkeep_chores import run_retention, write_backup
from app.models.base import reading
from app.models.chores import Chore
from app.upkeep.running import chores
from app.upkeep.running.chores import ChoreRefused

log = logging.getLogger(__name__)


class Work(Protocol):
    """One kind of chore: returns what came of it, or raises Trouble or ChoreRefused with a sentence for people.

    Safe to run twice, since a worker may vanish. It commits for itself and notes its act, as of `chore.asked_by`.
    """

    def __call__(
        self, installation: Installation, chore: Chore, progress: Progress, /, *, now: datetime
    ) -> Mapping[str, Any]:
        """Do it, and say now and then how far it is."""


#: A new kind is a member of ChoreKind and a line here; no migration.
CHORES: Mapping[ChoreKind, Work] = MappingProxyType(
    {
        ChoreKind.CHECK_CONNECTION: check_connection,
        ChoreKind.REGISTER_HOOK: register_with_tool,
        ChoreKind.BACKFILL: ask_for_the_past,
        ChoreKind.RUN_IMPORT: run_import,
        ChoreKind.TRY_POLICY: try_policy_on_quarter,
        ChoreKind.RUN_RETENTION: run_retention,
        ChoreKind.WRITE_BACKUP: write_backup,
    }
)


def call_for_chores(installation: Installation, *, now: datetime) -> int:
    """Hint at chores that wait or have lost their worker, and return how many: the sweep itself does none."""
    with reading(), installation.sessions() as session:
        count = chores.count_due(session, now=now)
    if count:
        Hints(installation.settings).send("run_chores")
    return count


def run_chores(installation: Installation, *, now: datetime) -> int:
    """Do what was asked for until nothing waits; return how many chores that were. One that fails stops no other."""
    return _run(installation, None, now)


def run_short_chores(installation: Installation, *, now: datetime) -> int:
    """Do the short ones of them, while `run_chores` may be busy with a long one; return how many."""
    return _run(installation, chores.SHORT, now)


def _run(installation: Installation, kinds: Collection[ChoreKind] | None, now: datetime) -> int:
    moment, count = running_from(now), 0
    while chore := _take(installation, kinds, moment()):
        _do(installation, chore, moment)
        count += 1
    return count


def _take(installation: Installation, kinds: Collection[ChoreKind] | None, now: datetime) -> Chore | None:
    with installation.sessions.begin() as session:
        chores.give_up(session, now=now)
        return chores.claim(session, now=now, kinds=kinds)


def _do(installation: Installation, chore: Chore, moment: Callable[[], datetime]) -> None:
    try:
        with held(installation, chore, moment), speaking(chore.language):
            result, error = _outcome(installation, chore, Progress(installation, chore, moment), moment())
        with installation.sessions.begin() as session:
            _end(session, chore, result, error, moment())
    except LostChore as lost:
        log.warning("another worker has taken over %s", lost)


def _outcome(
    installation: Installation, chore: Chore, progress: Progress, now: datetime
) -> tuple[Mapping[str, Any], str]:
    """Do the work; return what came of it and an empty text, or nothing and why it did not work. Raises LostChore."""
    try:
        return _work_of(chore)(installation, chore, progress, now=now), ""
    except LostChore:
        raise
    except (Trouble, ChoreRefused) as refused:
        return {}, str(refused)
    except Exception as fault:
        log.exception("chore %d (%s) failed", chore.id, chore.kind)
        return {}, gettext("an unexpected fault (%(fault)s); the log has it", fault=type(fault).__name__)


def _end(session: Session, chore: Chore, result: Mapping[str, Any], error: str, now: datetime) -> None:
    if not (chores.fail(session, chore, error, now=now) if error else chores.finish(session, chore, result, now=now)):
        raise LostChore(f"chore {chore.id} ({chore.kind})")


def _work_of(chore: Chore) -> Work:
    work = {kind.value: work for kind, work in CHORES.items()}.get(chore.kind)
    if work is None:
        raise ChoreRefused(gettext("The worker does not know how to do this: it is of another version than the page."))
    return work
