"""The first sheet of a workbook, read in a child process: where the reader aborts, the worker lives on."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from app.foundations.languages import gettext
from app.imports.faults import Fault, TableRefused
from app.imports.sheet_reader import UNREADABLE
from app.imports.workbooks import LARGEST_UNPACKED, PIECE, check_workbook, too_large, unreadable

READER = Path(__file__).with_name("sheet_reader.py")
LONGEST_ROW = 64_000_000  # bytes of JSON

Cells = list[tuple[str, str]]


def sheet_rows(name: str, stream: BinaryIO) -> Iterator[tuple[int, Cells]]:
    """Yield the rows that are not empty with their numbers, each cell with its kind; raise TableRefused."""
    with tempfile.TemporaryFile(buffering=0) as file:
        _copy(name, stream, file)
        check_workbook(name, cast("BinaryIO", file))
        yield from _read(name, file)


def _copy(name: str, stream: BinaryIO, file: IO[bytes]) -> None:
    """Put the workbook where the child can seek in it; a gzip file unpacks to no more than a workbook may."""
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > LARGEST_UNPACKED:
            raise too_large(name)
        file.write(piece)


def _read(name: str, file: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    command = [sys.executable, "-P", str(READER)]  # -P: our modules beside it hide none of the library
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - our own script
        output = cast("IO[bytes]", child.stdout)
        is_whole = False
        try:
            while (row := output.readline(LONGEST_ROW)).endswith(b"\n"):
                line, cells = json.loads(row)
                yield line, cells
            is_whole = not row
        finally:
            if not is_whole:  # nobody reads on: the child need not either
                child.kill()
    if child.returncode == UNREADABLE:
        raise unreadable(name)
    if child.returncode:
        sentence = gettext("the workbook cannot be read in the memory and time that a table needs; save it as CSV")
        raise TableRefused(Fault(name, 0, "", sentence))
