"""Whether the installation can work now: database, migrations, worker, mail; and a few gauges for monitoring."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.states import DeliveryState, InvitationState, MessageState
from app.foundations.languages import gettext
from app.models.deliveries import Delivery
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.policies import RunMark, move_run_mark
from app.models.rollups import DirtyMark
from app.settings import Settings

HEAD = Path(__file__).resolve().parents[2] / "migrations" / "HEAD"
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
    seen = worker_seen_at(session)
    return {
        "database": True,
        "migrations": True,
        "worker": seen is not None and now - seen <= WORKER_SILENT_AFTER,
        "mail": bool(settings.mail.server) and overdue_messages(session, now) == 0,
    }


def gauges(session: Session, *, now: datetime) -> dict[str, float]:
    """Return the figures of /metrics; counts of work, never of answers."""
    seen = worker_seen_at(session)
    open_invitations = Invitation.state.in_([InvitationState.QUEUED, InvitationState.SENT])
    return {
        "parity_messages_waiting": _count(session, Message, Message.state == MessageState.WAITING),
        "parity_messages_failed": _count(session, Message, Message.state == MessageState.FAILED),
        "parity_messages_overdue": overdue_messages(session, now),
        "parity_deliveries_stored": _count(session, Delivery, Delivery.state == DeliveryState.STORED),
        "parity_deliveries_failed": _count(session, Delivery, Delivery.state == DeliveryState.FAILED),
        "parity_invitations_open": _count(session, Invitation, open_invitations),
        "parity_dirty_marks": session.scalar(select(func.count()).select_from(DirtyMark)) or 0,
        "parity_worker_silent_seconds": (now - seen).total_seconds() if seen else -1,
    }


def _count(session: Session, table: type[Message | Delivery | Invitation], condition: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(condition)) or 0  # type: ignore[arg-type]
