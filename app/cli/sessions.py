"""What every command needs: the installation's settings and keys, and one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy.orm import Session, sessionmaker

from app.foundations.crypto import Keys
from app.models.base import db, make_sessions, reading
from app.settings import Settings


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
