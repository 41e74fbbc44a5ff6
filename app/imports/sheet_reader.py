"""The child process that reads a sheet: workbook on standard input, one row a line as JSON on standard output.

A file may end this process (its memory and time are bounded, and the reader may abort), never the one that asked.
"""

import io
import json
import resource
import sys
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

LARGEST_MEMORY = 2 << 30  # bytes of address space; a grid that does not fit ends in a sentence
LONGEST_TIME = 120  # seconds of processor time
UNREADABLE = 3  # the exit status for what is no workbook


def main() -> None:
    """Write `[row number, [[kind, text], ...]]` for every row that is not empty."""
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_AS, LARGEST_MEMORY)
    _bound(resource.RLIMIT_CPU, LONGEST_TIME)
    with io.FileIO(0, closefd=False) as stream:
        stream.seek(0)
        try:
            sheet = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
        except CalamineError:
            sys.exit(UNREADABLE)
    top = (sheet.start or (0, 0))[0]
    for line, row in enumerate(sheet.iter_rows(), top + 1):
        cells = [_cell(cell) for cell in row]
        if any(text.strip() for _, text in cells):
            sys.stdout.write(json.dumps([line, cells]) + "\n")


def _bound(what: int, limit: int) -> None:
    hard = resource.getrlimit(what)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)  # who started us may be bounded itself
    resource.setrlimit(what, (limit, limit))


def _cell(cell: object) -> tuple[str, str]:
    if isinstance(cell, str):
        return "text", cell
    if isinstance(cell, bool):
        return "text", "true" if cell else "false"
    if isinstance(cell, float | int):
        return "number", str(int(cell) if float(cell).is_integer() else cell)  # a workbook knows no whole numbers
    if isinstance(cell, datetime | date):
        return "time", cell.isoformat()
    return "text", str(cell)


if __name__ == "__main__":
    main()
