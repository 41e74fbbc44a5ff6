"""What every command needs: the installation's settings and keys, one transaction, and a note of what it did."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy.orm import Session, sessionmaker

from app.domain.auditing import COMMAND_LINE, Act
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.base import db, make_sessions, reading
from app.settings import Settings
from app.upkeep.audit import log as audit


def settings() -> Settings:
    """Return the settings of the installation that the command runs on."""
    found: Settings = current_app.extensions["parity_settings"]
    return found


def keys() -> Keys:
    """Return the keys of the installation that the command runs on."""
    found: Keys = current_app.extensions["parity_keys"]
    return found


def session_factory() -> sessionmaker[Session]:
    """Return a factory of sessions on the installation's database."""
    return make_sessions(db.engine)


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a session; commit at the end of the block, roll everything back when it raises."""
    with session_factory()() as session, session.begin():
        yield session


@contextmanager
def reading_transaction() -> Iterator[Session]:
    """Give a session that can only read, for commands that print."""
    with reading(), session_factory()() as session, session.begin():
        yield session


def noted(session: Session, act: Act, subject: str, **details: object) -> None:
    """Note in the audit log what this command did, as the last statement of its transaction; name no person."""
    noted_by(session, COMMAND_LINE, act, subject, **details)


def noted_by(session: Session, actor: str, act: Act, subject: str, **details: object) -> None:
    """Note the same of somebody for whom the command was run."""
    audit.note(session, actor, act, subject, details, now=clock.now())
