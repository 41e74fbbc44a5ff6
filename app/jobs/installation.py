"""What a job works with: settings, keys and sessions of one installation. Built once per process."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.domain.periods import Calendar
from app.foundations.crypto import Keys
from app.models.base import make_engine, make_sessions
from app.settings import Settings


@dataclass(frozen=True)
class Installation:
    """Settings, keys and a factory of sessions; every step makes, and commits, its own session."""

    settings: Settings
    keys: Keys
    sessions: sessionmaker[Session]

    @classmethod
    def of(cls, settings: Settings) -> "Installation":
        """Return the installation that `settings` describe, on an engine of its own."""
        return cls(settings, Keys.of(settings), make_sessions(make_engine(settings.database_url)))

    @property
    def engine(self) -> Engine:
        """What the sessions are bound to."""
        bind = self.sessions.kw["bind"]
        assert isinstance(bind, Engine)
        return bind

    @property
    def calendar(self) -> Calendar:
        """Where the installation's quarters begin."""
        return Calendar(self.settings.time_zone, self.settings.fiscal_year_start)
