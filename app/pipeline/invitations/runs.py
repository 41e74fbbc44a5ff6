"""The mark of the last run: runs go forward in time, and one after the other."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.insertion import insert_missing
from app.models.run_marks import RunMark


class RunEarlierThanLast(ValueError):
    """A run was asked for a moment before the last one; `last` is that one's."""

    def __init__(self, now: datetime, last: datetime) -> None:
        super().__init__(f"{now.isoformat()} is before the last run, which was for {last.isoformat()}")
        self.now, self.last = now, last


def claim_run(session: Session, name: str, *, now: datetime) -> None:
    """Move the mark to `now` and hold it until the transaction ends. Raises RunEarlierThanLast.

    The row is locked by the update, so a second run, here or on another machine, waits and then sees what was decided.
    """
    insert_missing(session, RunMark, {"name": name, "at": now})
    forward = update(RunMark).where(RunMark.name == name, RunMark.at <= now).values(at=now)
    if session.connection().execute(forward).rowcount == 0:
        raise RunEarlierThanLast(now, session.execute(select(RunMark.at).where(RunMark.name == name)).scalar_one())
