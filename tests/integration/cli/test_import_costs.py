from pathlib import Path

from benchmarks.imports import in_own_process, write_table

LARGEST_MEMORY = 300  # MB, for 100,000 requests


def test_a_hundred_thousand_requests_come_in_with_bounded_memory(tmp_path: Path) -> None:
    table = tmp_path / "requests.csv"
    write_table(table, 100_000)
    database = f"sqlite:///{tmp_path / 'parity.sqlite3'}"
    in_own_process("prepare", database)

    measured = in_own_process("import", database, str(table))

    assert measured["megabytes"] < LARGEST_MEMORY
