import os
import pty
import subprocess
import sys
from pathlib import Path

from benchmarks.imports import SECRET, in_own_process, write_table

LARGEST_MEMORY = 300  # MB, for 100,000 requests


def test_a_hundred_thousand_requests_come_in_with_bounded_memory(tmp_path: Path) -> None:
    table = tmp_path / "requests.csv"
    write_table(table, 100_000)
    database = f"sqlite:///{tmp_path / 'parity.sqlite3'}"
    in_own_process("prepare", database)

    measured = in_own_process("import", database, str(table))

    assert measured["megabytes"] < LARGEST_MEMORY


def test_a_terminal_sees_how_much_is_read_and_a_pipe_nothing_extra(tmp_path: Path) -> None:
    table = tmp_path / "requests.csv"
    write_table(table, 3000)
    database = f"sqlite:///{tmp_path / 'parity.sqlite3'}"
    in_own_process("prepare", database)
    settings = {"PARITY_SECRET_KEY": SECRET, "PARITY_DATABASE_URL": database}
    command = [sys.executable, "-m", "flask", "import", "requests", str(table), "--tracker", "desk", "--dry-run"]
    terminal, its_other_end = pty.openpty()

    piped = subprocess.run(command, env=os.environ | settings, capture_output=True, check=True)
    subprocess.run(command, env=os.environ | settings, stdout=subprocess.PIPE, stderr=its_other_end, check=True)

    # What is unknown, and no progress.
    assert [line.partition(":")[0] for line in piped.stderr.decode().splitlines()] == ["provider_department"]
    assert b"requests.csv" in os.read(terminal, 10_000)
    os.close(terminal)
    os.close(its_other_end)
