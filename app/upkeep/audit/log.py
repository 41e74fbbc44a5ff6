"""The audit log: one entry for each act of staff, operators and scripts, in the transaction of the act.

Entries form a chain (app/domain/auditing.py): changing, removing or inserting one later breaks every digest after it.
Removing the newest ones breaks none; for that the newest digest is noted elsewhere (docs/operations.md).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, true
from sqlalchemy.orm import Session

from app.domain.auditing import BEGINNING, WORKER, Act, Entry, Link, Walked, digest_of, moment_of, walk
from app.domain.states import ConnectionSide
from app.foundations.crypto import Keys
from app.models.accounts import ApiKey, Staff
from app.models.audit import AuditEntry
from app.models.connections import Connection
from app.models.turns import take_turn
from app.reports.called import called

ONE_AT_A_TIME = 0x7061_7269_7479  # PostgreSQL's number of the lock: "parity"
HASH_DIGITS = 16
READ_AT_ONCE = 500  # entries, of a log that may hold six years


@dataclass(frozen=True)
class Wanted:
    """Which entries somebody asked for; None asks for all."""

    acts: Collection[Act] | None = None
    whom: Collection[str] | None = None  # as entries name them: by or about these
    since: datetime | None = None
    until: datetime | None = None  # before this moment


def note(
    session: Session, actor: str, act: Act, subject: str, details: Mapping[str, Any] | None = None, *, now: datetime
) -> None:
    """Note an act of this transaction, as its last statement: the log waits for one writer at a time.

    Subject and details name no person; `person_subject`, `by_staff` and `by_api_key` say how to mean one.
    """
    take_turn(session, ONE_AT_A_TIME)
    newest = select(AuditEntry.digest, AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1)
    previous, noted_at = session.execute(newest).tuples().first() or (BEGINNING, None)
    at = moment_of(now, noted_at)
    entry = Entry(at, actor, act.value, subject, dict(details or {}))
    session.add(
        AuditEntry(
            at=at,
            actor=actor,
            action=act.value,
            subject=subject,
            details=entry.details,
            previous_digest=previous,
            digest=digest_of(entry, previous),
        )
    )
    session.flush()


def person_subject(keys: Keys, email: str) -> str:
    """Return how an entry means a person: by a keyed hash, which says nothing to somebody without our secret key."""
    return f"person:{keys.hash('audit', email.strip().lower()).hex()[:HASH_DIGITS]}"


def person_subjects(keys: Keys, email: str) -> list[str]:
    """Return how entries may mean a person: by the present secret key and by earlier ones that are still known."""
    return [person_subject(Keys((secret,)), email) for secret in keys.secrets]


def by_staff(session: Session, email: str) -> str:
    """Return the actor for somebody signed in. Raises LookupError for an address without an account."""
    number = session.scalar(select(func.min(Staff.id)).where(Staff.email == email))
    if number is None:
        raise LookupError(email)
    return f"staff:{number}"


def by_api_key(number: int) -> str:
    """Return the actor for a script's key."""
    return f"api-key:{number}"


def connection_subject(connection: Connection) -> str:
    """Return how an entry means a tracker or a source."""
    side = "tracker" if connection.side is ConnectionSide.TRACKER else "source"
    return f"{side}:{connection.slug}"


def names(session: Session) -> dict[str, str]:
    """Return what people call the accounts and keys that entries name by number."""
    staff = {f"staff:{id_}": email for id_, email in session.execute(select(Staff.id, Staff.email)).tuples()}
    keys = {by_api_key(id_): name for id_, name in session.execute(select(ApiKey.id, ApiKey.name)).tuples()}
    return staff | keys


def called_names(session: Session, now: datetime) -> dict[str, str]:
    """Return the same by the names of people, where an address is not the point."""
    addresses = names(session)
    words = called(session, set(addresses.values()), now)
    return {subject: words.get(address, address) for subject, address in addresses.items()}


def entries(
    session: Session, *, since: datetime | None = None, subjects: list[str] | None = None, last: int | None = None
) -> list[AuditEntry]:
    """Return entries in their order: from a moment on, about some subjects, the last so many of these."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if subjects is not None:
        query = query.where(AuditEntry.subject.in_(subjects))
    return list(reversed(session.scalars(query.limit(last)).all()))


def page_of(
    session: Session, wanted: Wanted, *, before: int | None = None, count: int | None = None
) -> list[AuditEntry]:
    """Return the entries that are wanted, the newest first: from before a number on, so many at most."""
    query = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc())
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query.limit(count)))


def count_of(session: Session, wanted: Wanted) -> tuple[int, int]:
    """Return how many entries are wanted, and the number of the newest of them; 0 where there is none."""
    asked = select(func.count(), func.coalesce(func.max(AuditEntry.id), 0)).where(*_conditions(wanted))
    return session.execute(asked).tuples().one()


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.acts is not None:
        yield AuditEntry.action.in_([act.value for act in wanted.acts])
    if wanted.whom is not None:
        yield AuditEntry.subject.in_(wanted.whom) | AuditEntry.actor.in_(wanted.whom)
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until


def find(session: Session, number: int) -> AuditEntry | None:
    """Return an entry, or None."""
    return session.get(AuditEntry, number)


def all_names_of(session: Session, keys: Keys, email: str) -> list[str]:
    """Return everything under which entries may mean an address: the person's hashes, and its accounts."""
    rows = session.scalars(select(Staff.id).where(Staff.email == email.strip().lower()))
    return [*person_subjects(keys, email), *(f"staff:{number}" for number in rows)]


def newest_digest(session: Session) -> str:
    """Return the digest of the newest entry."""
    return session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or BEGINNING


def knows(session: Session, digest: str) -> bool:
    """Tell whether an entry with this digest stands in the log."""
    return session.scalar(select(AuditEntry.id).where(AuditEntry.digest == digest)) is not None


def check(session: Session) -> Walked:
    """Walk the chain from its beginning: two statements, however long it is."""
    return walk(_links(session), _shortened_to(session))


def shorten(session: Session, *, before: datetime, now: datetime) -> int:
    """Delete the entries before a moment, from the oldest on, and note where the log begins now; return how many."""
    kept = session.scalar(select(func.min(AuditEntry.id)).where(AuditEntry.at >= before))
    is_old = AuditEntry.id < kept if kept is not None else true()
    old = select(func.count(), func.max(AuditEntry.id)).where(is_old)
    count, newest = session.execute(old).tuples().one()
    if not count:
        return 0
    digest = session.get_one(AuditEntry, newest).digest
    note(session, WORKER, Act.LOG_SHORTENED, "audit", {"entries": count, "digest": digest}, now=now)
    session.execute(delete(AuditEntry).where(AuditEntry.id <= newest).execution_options(synchronize_session=False))
    return count


def _shortened_to(session: Session) -> str:
    newest = select(AuditEntry.details).where(AuditEntry.action == Act.LOG_SHORTENED.value)
    details = session.scalar(newest.order_by(AuditEntry.id.desc()).limit(1))
    return str(details["digest"]) if details else BEGINNING


def _links(session: Session) -> Iterator[Link]:
    columns = (AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.subject, AuditEntry.details)
    rows = session.execute(
        select(AuditEntry.id, *columns, AuditEntry.previous_digest, AuditEntry.digest).order_by(AuditEntry.id)
    )
    for number, at, actor, action, subject, details, previous, digest in rows.yield_per(READ_AT_ONCE).tuples():
        yield Link(number, Entry(at, actor, action, subject, details), previous, digest)
