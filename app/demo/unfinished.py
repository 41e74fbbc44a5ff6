"""A database file that is filled beside its place and takes it when complete: what is interrupted leaves no trace."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

SIDE_FILES = ("-wal", "-shm")


class NotAFile(ValueError):
    """The database is no SQLite file, so nothing can be made beside it."""


@contextmanager
def beside(database_url: str) -> Iterator[str]:
    """Give the address of a copy; at the end of the block it replaces the database, unless the block raises.

    Nobody else may use the database meanwhile. A copy that an interrupted run left is thrown away. Raises NotAFile.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise NotAFile(url.render_as_string(hide_password=True))
    final = Path(url.database)
    copy = final.with_name(f"{final.name}.loading")
    _remove(copy, "", *SIDE_FILES)
    with closing(sqlite3.connect(final)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    yield f"sqlite:///{copy}"
    with closing(sqlite3.connect(copy)) as filled:
        filled.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    _remove(final, *SIDE_FILES)
    copy.replace(final)


def _remove(path: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        Path(f"{path}{suffix}").unlink(missing_ok=True)
