"""Copy an SQLite installation, and bring a copy back. PostgreSQL has its own tools; docs/operations.md names them.

A copy holds the held answers but not the links between answers and invitations, and the salts of the quarters stay
sealed with the link key, which no copy holds: after a restore without that key no old answer can be connected with
its author.
"""

import os
import secrets
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from app.foundations.crypto import Keys, UnreadableSecret
from app.foundations.languages import gettext
from app.models.quarter_salts import SALT_BYTES
from app.settings import Settings

BUSY_SECONDS = 30
LEFT_OUT = ("response_links", "sign_in_links", "staff_sessions")  # bridges and open doors


class BackupError(RuntimeError):
    """The copy cannot be made or brought back; the message says why and what to do."""


def database_file(settings: Settings) -> Path:
    """Return the file of an SQLite installation. Raises BackupError for PostgreSQL, naming the command."""
    if not settings.database_url.startswith("sqlite:///"):
        raise BackupError(
            gettext("This installation uses PostgreSQL: copy it with pg_dump --exclude-table-data=response_links")
        )
    return Path(settings.database_url.removeprefix("sqlite:///"))


def backup(settings: Settings, target: Path) -> None:
    """Write a consistent copy to `target`, readable by its owner only, while the installation runs."""
    source = database_file(settings)
    if not source.is_file():
        raise BackupError(gettext("There is no database at %(path)s yet: run flask db upgrade", path=source))
    if target.exists():
        raise BackupError(gettext("%(path)s exists; name a new file", path=target))
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".parity-") as folder:
            whole, clean = Path(folder) / "whole", Path(folder) / "clean"
            _run(source, "VACUUM INTO ?", str(whole))
            with closing(_opened(whole)) as connection:
                connection.execute("PRAGMA secure_delete=ON")  # what is left out is overwritten, not only unlisted
                for table in LEFT_OUT:
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608  a constant of this module
            _run(whole, "VACUUM INTO ?", str(clean))
            _check(clean)
            clean.chmod(0o600)
            os.link(clean, target)  # fails rather than replaces, should the name have been taken meanwhile
    except (OSError, sqlite3.Error) as error:
        raise BackupError(gettext("%(path)s could not be written: %(error)s", path=target, error=error)) from error


def restore(settings: Settings, source: Path) -> Path | None:
    """Replace the installation's database by the copy; return where the replaced one was kept, if there was one."""
    target = database_file(settings)
    try:
        _check(source)
        kept = None
        if target.is_file() and target.stat().st_size:
            kept = target.with_name(f"{target.name}.before-restore")
            kept.unlink(missing_ok=True)
            backup(settings, kept)
        target.parent.mkdir(parents=True, exist_ok=True)
        # SQLite's own copying takes the locks: a web process that is still open reads one state or the other.
        with closing(_opened(source, read_only=True)) as old, closing(_opened(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=WAL")
            _renew_salts(new, Keys.of(settings))
    except (OSError, sqlite3.Error) as error:
        raise BackupError(gettext("%(path)s could not be restored: %(error)s", path=source, error=error)) from error
    return kept


def _renew_salts(connection: sqlite3.Connection, keys: Keys) -> None:
    """Give running quarters new salts where our link key does not open theirs, or surveys could take no answer."""
    for period, sealed in connection.execute("SELECT period, salt FROM quarter_salts").fetchall():
        try:
            keys.unseal_salt(sealed)
        except UnreadableSecret:
            fresh = keys.seal_salt(secrets.token_bytes(SALT_BYTES))
            connection.execute("UPDATE quarter_salts SET salt = ? WHERE period = ?", (fresh, period))


def _check(path: Path) -> None:
    """Raise BackupError unless `path` is a whole database of Parity."""
    if not path.is_file():
        raise BackupError(gettext("%(path)s does not exist", path=path))
    try:
        with closing(_opened(path, read_only=True)) as connection:
            is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            is_ours = connection.execute("SELECT version_num FROM alembic_version").fetchone() is not None
    except sqlite3.Error:
        is_whole = is_ours = False
    if not (is_whole and is_ours):
        raise BackupError(gettext("%(path)s is no backup of Parity, or is damaged", path=path))


def _opened(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


def _run(path: Path, statement: str, *values: str) -> None:
    with closing(_opened(path)) as connection:
        connection.execute(statement, values)
