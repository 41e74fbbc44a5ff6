"""Whether the installation can work now: database, migrations, worker, mail."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.clocks import CLOCKS_DIFFER
from app.domain.states import MessageState
from app.foundations.languages import gettext
from app.models.messages import Message
from app.models.run_marks import RunMark, move_run_mark
from app.settings import Settings

HEAD = Path(__file__).resolve().parents[3] / "migrations" / "HEAD"
WORKER = "worker"
WORKER_SILENT_AFTER = timedelta(minutes=5)  # it beats every minute; a long freeze may hold one back
MAIL_STUCK_AFTER = timedelta(hours=1)


def beat(session: Session, now: datetime) -> None:
    """Note that a worker is alive."""
    move_run_mark(session, WORKER, now)


def head() -> str:
    """Return the number of the newest migration, for example `0001`."""
    return HEAD.read_text(encoding="utf-8").strip().split("_")[0]


def current_migration(session: Session) -> str | None:
    """Return the migration that the database stands at; None for one that was never migrated."""
    try:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        session.rollback()
        return None
    return None if found is None else str(found)


def trouble_with_database(session: Session) -> str | None:
    """Say that the database cannot be reached or lacks migrations, and how to mend it; None when it can be used."""
    try:
        session.execute(text("SELECT 1"))
    except DBAPIError as error:
        return gettext("The database cannot be reached: %(error)s", error=error.orig)
    current, newest = current_migration(session), head()
    if current == newest:
        return None
    return gettext(
        "The database stands at migration %(current)s, the program at %(head)s: run flask db upgrade",
        current=current or gettext("none"),
        head=newest,
    )


def worker_seen_at(session: Session) -> datetime | None:
    """Return when a worker last swept."""
    return session.scalar(select(RunMark.at).where(RunMark.name == WORKER))


def worker_is_seen(session: Session, now: datetime) -> bool:
    """Say whether a worker swept lately; a moment far ahead, which a wrong clock wrote, proves nothing."""
    seen = worker_seen_at(session)
    return seen is not None and now - WORKER_SILENT_AFTER <= seen <= now + CLOCKS_DIFFER


def overdue_messages(session: Session, now: datetime) -> int:
    """Return how many mails should have left more than an hour ago."""
    waiting = Message.state.in_([MessageState.WAITING, MessageState.SENDING])
    overdue = select(func.count()).where(waiting, Message.due_at < now - MAIL_STUCK_AFTER)
    return session.scalar(overdue.select_from(Message)) or 0


def check(session: Session, settings: Settings, *, now: datetime) -> dict[str, bool]:
    """Say for database, migrations, worker and mail whether each can be used."""
    try:
        session.execute(text("SELECT 1"))
    except DBAPIError:
        return {"database": False, "migrations": False, "worker": False, "mail": False}
    if current_migration(session) != head():
        return {"database": True, "migrations": False, "worker": False, "mail": False}
    return {
        "database": True,
        "migrations": True,
        "worker": worker_is_seen(session, now),
        "mail": bool(settings.mail.server) and overdue_messages(session, now) == 0,
    }
