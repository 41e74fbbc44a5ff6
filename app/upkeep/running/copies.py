"""The folder of copies that pages have written: which there are, one more, and none for longer than is safe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.settings import Settings
from app.upkeep.running.backup import backup

FOLDER = "backups"  # below PARITY_VAR
NAME = "parity-%Y-%m-%dT%H%M%S.sqlite3"  # in UTC
KEPT_FOR = timedelta(days=12)  # less than from a quarter's freeze to its release, which a copy would undo


@dataclass(frozen=True)
class Copy:
    """A copy of the database."""

    name: str
    at: datetime
    size: int  # bytes

    @property
    def megabytes(self) -> float:
        """Its size in MB, with one decimal where it is small."""
        size = self.size / 1_000_000
        return round(size, 1) if size < 10 else round(size)


def is_sqlite(settings: Settings) -> bool:
    """True where this program can copy the database itself."""
    return settings.database_url.startswith("sqlite:///")


def folder(settings: Settings) -> Path:
    """Return where copies lie."""
    return settings.var / FOLDER


def copies(settings: Settings) -> list[Copy]:
    """Return the copies that are there, newest first."""
    found = [Copy(path.name, at, path.stat().st_size) for path, at in _found(settings)]
    return sorted(found, key=lambda copy: copy.at, reverse=True)


def write_copy(settings: Settings, *, now: datetime) -> Path:
    """Write one more, readable by its owner only, and forget those that are too old. Raises BackupError."""
    place = folder(settings)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget_old_copies(settings, now=now)
    target = place / now.astimezone(UTC).strftime(NAME)
    backup(settings, target)
    return target


def forget_old_copies(settings: Settings, *, now: datetime) -> int:
    """Delete copies that would outlive the release of the quarter whose answers they hold; return how many."""
    old = [path for path, at in _found(settings) if now - at > KEPT_FOR]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _found(settings: Settings) -> Iterator[tuple[Path, datetime]]:
    """Yield our copies and when each was begun, as its name says; nothing else in the folder is ours."""
    for path in folder(settings).glob("parity-*.sqlite3"):
        try:
            yield path, datetime.strptime(path.name, NAME).replace(tzinfo=UTC)
        except ValueError:
            continue
