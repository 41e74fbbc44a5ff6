"""Copy an SQLite installation, and bring a copy back. PostgreSQL has its own tools; docs/operations.md names them.

A copy holds the held answers but not the links between answers and invitations, and the salts of the quarters stay
sealed with the link key, which no copy holds: after a restore without that key no old answer can be connected with
its author.
"""

import os
import secrets
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

from app.foundations.crypto import Keys, UnreadableSecret
from app.foundations.languages import gettext
from app.models.people import address_hash
from app.models.quarter_salts import SALT_BYTES
from app.settings import Settings
from app.upkeep.running import readiness

BUSY_SECONDS = 30
UNFINISHED = ".parity-backup-"  # what the folder of a copy in the making is called, beside the copy
LEFT_BEHIND = timedelta(days=1)
CARRIED_OVER = (
    """
    INSERT INTO suppressions (address_hash, reason, created_at)
    SELECT address_hash, reason, created_at FROM replaced.suppressions WHERE true
    ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason WHERE excluded.reason = 'erased'
    """,
    """
    DELETE FROM opt_outs WHERE person_id IN (
        SELECT people.id FROM people JOIN replaced.people AS known ON known.email = people.email
    )
    """,
    """
    INSERT INTO opt_outs (person_id, until, created_at)
    SELECT people.id, wish.until, wish.created_at
    FROM replaced.opt_outs AS wish
    JOIN replaced.people AS known ON known.id = wish.person_id
    JOIN people ON people.email = known.email
    """,
)
#: Bridges, open doors, and what is on its way.
LEFT_OUT = ("response_links", "sign_in_links", "kept_forms", "staff_sessions", "sign_in_attempts", "uploads")


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
        _forget_left_behind(target.parent)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=UNFINISHED) as folder:
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


def _forget_left_behind(folder: Path) -> None:
    """Delete what copies that were killed left here: it may hold the links that no copy may have."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND.total_seconds():
            shutil.rmtree(left)


@dataclass(frozen=True)
class Restored:
    """What a restore did beside copying."""

    kept: Path | None  # the replaced database
    erased_before: tuple[str, ...]  # addresses of people who were erased after the copy was made, and are there again


def restore(settings: Settings, source: Path) -> Restored:
    """Replace the installation's database by the copy, but for what people have asked for since.

    Whom we must not write to is carried over from the replaced database: who was erased, complained or bounced, and who
    does not want to be asked. Raises BackupError.
    """
    target, keys = database_file(settings), Keys.of(settings)
    try:
        _check(source)
        kept = None
        if target.is_file() and target.stat().st_size:
            kept = _free_name(target)
            backup(settings, kept)
        target.parent.mkdir(parents=True, exist_ok=True)
        # SQLite's own copying takes the locks: a web process that is still open reads one state or the other.
        with closing(_opened(source, read_only=True)) as old, closing(_opened(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=WAL")
            _renew_salts(new, keys)
            if kept is not None:
                _carry_over(new, kept)
            erased = _erased_before(new, keys)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(gettext("%(path)s could not be restored: %(error)s", path=source, error=error)) from error
    return Restored(kept, erased)


def _free_name(target: Path) -> Path:
    """Return a name beside the database that no earlier restore took: what that one kept may be what is wanted."""
    names = (f"{target.name}.before-restore{f'-{number}' if number > 1 else ''}" for number in count(1))
    return next(path for path in map(target.with_name, names) if not path.exists())


def _carry_over(connection: sqlite3.Connection, replaced: Path) -> None:
    """Let the replaced database decide whom we must not write to; people are known by their address."""
    connection.execute("ATTACH DATABASE ? AS replaced", (str(replaced),))
    connection.execute("BEGIN IMMEDIATE")
    for statement in CARRIED_OVER:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("DETACH DATABASE replaced")


def _erased_before(connection: sqlite3.Connection, keys: Keys) -> tuple[str, ...]:
    erased = {found for (found,) in connection.execute("SELECT address_hash FROM suppressions WHERE reason = 'erased'")}
    addresses = connection.execute("SELECT email FROM people WHERE email IS NOT NULL ORDER BY email")
    return tuple(email for (email,) in addresses if erased and address_hash(keys, email) in erased)


def _renew_salts(connection: sqlite3.Connection, keys: Keys) -> None:
    """Give running quarters new salts where our link key does not open theirs, or surveys could take no answer."""
    for period, sealed in connection.execute("SELECT period, salt FROM quarter_salts").fetchall():
        try:
            keys.unseal_salt(sealed)
        except UnreadableSecret:
            fresh = keys.seal_salt(secrets.token_bytes(SALT_BYTES))
            connection.execute("UPDATE quarter_salts SET salt = ? WHERE period = ?", (fresh, period))


def _check(path: Path) -> None:
    """Raise BackupError unless `path` is a whole database of Parity, of this version or an older one."""
    if not path.is_file():
        raise BackupError(gettext("%(path)s does not exist", path=path))
    try:
        with closing(_opened(path, read_only=True)) as connection:
            is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        is_whole, found = False, None
    if not is_whole or found is None:
        raise BackupError(gettext("%(path)s is no backup of Parity, or is damaged", path=path))
    if found[0] > readiness.head():  # four digits each
        sentence = gettext("%(path)s was written by a newer Parity (migration %(number)s)", path=path, number=found[0])
        raise BackupError(sentence)


def _opened(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


def _run(path: Path, statement: str, *values: str) -> None:
    with closing(_opened(path)) as connection:
        connection.execute(statement, values)
