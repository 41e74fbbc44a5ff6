"""Databases for the tests, each a copy of one that the migrations built: what runs is what an installation has."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.models.base import make_engine, make_sessions
from app.settings import Settings
from tests.servers import dialects

dialects.register()

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

SECRET_KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Database:
    """One test's own database."""

    kind: str  # "sqlite" or "postgresql"
    url: str
    settings: Settings  # of an installation on this database
    engine: Engine
    sessions: sessionmaker[Session]  # for the session_factory of outbox and jobs, and for concurrency tests
    session: Session


def settings_for(url: str, var: Path) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, var=var)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `head` or down to `revision`, by running the migrations."""
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    engine = make_engine(url)
    with engine.connect() as connection:
        configuration.attributes["connection"] = connection
        step = command.upgrade if revision == "head" else command.downgrade
        step(configuration, revision)
        connection.commit()
    engine.dispose()


def sqlite_template(folder: Path) -> Path:
    """Build the template file. Closing its last connection writes the WAL back, so one file holds everything."""
    path = folder / "template.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    path = folder / "parity.sqlite3"
    shutil.copy(template, path)
    return f"sqlite:///{path}"


def opened(kind: str, url: str, folder: Path) -> Database:
    """Open `url` the way worker and commands do."""
    engine = make_engine(url)
    sessions = make_sessions(engine)
    return Database(kind, url, settings_for(url, folder), engine, sessions, sessions())


def close(database: Database) -> None:
    database.session.close()
    database.engine.dispose()
