"""Files that are small on disk and huge when read are refused by name, in the memory of a small table."""

import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from tests.repository.tree import ROOT

CEILING = 600_000_000  # bytes of address space, interpreter and libraries included
READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from pathlib import Path
from app.imports.faults import TableRefused
from app.imports.reading import source
try:
    with source(Path(sys.argv[1])) as origin, origin.open() as table:
        print(table.header, sum(1 for _ in table.rows))
except TableRefused as refused:
    print(refused)
"""


def read_in_little_memory(path: Path) -> str:
    command = [sys.executable, "-c", READ, str(path), str(CEILING)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return done.stdout.strip() or done.stderr[-500:]


def workbook(path: Path, *far: tuple[int, int]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["code", "name"])
    sheet.write_row(1, 0, ["A", "Sales"])
    for row, column in far:
        sheet.write(row, column, "x")
    book.close()
    return path


def test_a_cell_at_the_far_corner_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "far.xlsx", (1_048_575, 16_383))

    assert read_in_little_memory(path) == (
        "far.xlsx: the sheet reaches as far as XFD1048576 with few cells filled; delete what stands there, or save it"
        " as CSV"
    )


def test_a_cell_a_few_thousand_rows_below_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "near.xlsx", (5_000, 1))

    assert read_in_little_memory(path) == "('code', 'name') 2"


@pytest.mark.parametrize("letter", [b"x", b"\xff"], ids=["text", "bytes of no encoding"])
def test_one_line_of_two_gigabytes_is_named(tmp_path: Path, letter: bytes) -> None:
    path = tmp_path / "long.csv.gz"
    packer = zlib.compressobj(wbits=31)
    with path.open("wb") as file:
        file.write(packer.compress(b"code,name\nA,"))
        for _ in range(2_000):
            file.write(packer.compress(letter * 1_000_000))
        file.write(packer.flush())

    assert path.stat().st_size < 3_000_000
    said = read_in_little_memory(path)
    if letter == b"x":
        assert said == "long.csv.gz:2: this line is longer than 1000000 characters; is this a table?"
    else:
        assert said.startswith("long.csv.gz:2: this line is not written in UTF-8")
