import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.imports import SECRET, in_own_process, write_table
from tests.builders.service_requests import connection
from tests.servers.databases import Database

LARGEST_GROWTH = 1.5  # KB of memory a request: what 100,000 of them may need over an empty table, 150 MB


@pytest.fixture
def desk(sqlite: Database) -> str:
    """The address of a database with the tracker whose tables come in."""
    connection(sqlite.session, "desk")
    sqlite.session.commit()
    return sqlite.url


def test_many_requests_come_in_with_bounded_memory(desk: str, tmp_path: Path) -> None:
    measured = []
    for rows in (1_000, 25_000):
        table = tmp_path / f"{rows}.csv"
        write_table(table, rows)
        measured.append(in_own_process("import", desk, str(table))["megabytes"])

    few, many = measured

    assert (many - few) * 1024 / 24_000 < LARGEST_GROWTH


def test_a_terminal_sees_how_much_is_read_and_a_pipe_nothing_extra(desk: str, tmp_path: Path) -> None:
    table = tmp_path / "requests.csv"
    write_table(table, 3000)
    settings = {"PARITY_SECRET_KEY": SECRET, "PARITY_DATABASE_URL": desk}
    command = [sys.executable, "-m", "flask", "import", "requests", str(table), "--tracker", "desk", "--dry-run"]
    terminal, its_other_end = pty.openpty()

    piped = subprocess.run(command, env=os.environ | settings, capture_output=True, check=True)
    subprocess.run(command, env=os.environ | settings, stdout=subprocess.PIPE, stderr=its_other_end, check=True)

    # What is unknown, and no progress.
    assert [line.partition(":")[0] for line in piped.stderr.decode().splitlines()] == ["provider_department"]
    assert b"requests.csv" in os.read(terminal, 10_000)
    os.close(terminal)
    os.close(its_other_end)
