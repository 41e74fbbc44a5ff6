"""Whether a workbook can be opened in reasonable memory: a reader lays a sheet out as a full grid of cells."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from app.foundations.languages import gettext
from app.imports.faults import Fault, TableRefused

SMALL_GRID = 1_000_000  # cells that are laid out whatever is in them: some 30 MB
LARGEST_GRID = 20_000_000
THINNEST = 50  # cells of the grid for one that is filled; beyond that one of them stands far away by mistake
LARGEST_UNPACKED = 500_000_000  # bytes of one part of the file
PIECE = 1 << 20
OVERLAP = 4096  # bytes kept, so that a cell at the end of a piece is seen whole
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FILLED = re.compile(
    rb"<(?:\w+:)?c\s[^>]{0,200}?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]{0,200}>\s{0,50}<(?:\w+:)?(?:v|is|f)\b"
)


def check_workbook(name: str, stream: BinaryIO) -> None:
    """Raise TableRefused for an XLSX whose cells lie too far apart or that unpacks to too much; memory stays flat."""
    if stream.read(2) == b"PK":
        try:
            with zipfile.ZipFile(stream) as archive:
                for part in archive.infolist():
                    _check_part(name, archive, part)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            sentence = gettext("the workbook cannot be opened; is it an XLSX file?")
            raise TableRefused(Fault(name, 0, "", sentence)) from error
    stream.seek(0)


def _check_part(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > LARGEST_UNPACKED:
        sentence = gettext(
            "the workbook unpacks to more than %(megabytes)s MB; save it as CSV",
            megabytes=LARGEST_UNPACKED // 1_000_000,
        )
        raise TableRefused(Fault(name, 0, "", sentence))
    if SHEET.fullmatch(part.filename) is None:
        return
    filled, rows, columns, far = 0, 0, 0, ""
    with archive.open(part) as sheet:
        for letters, digits in _filled_cells(sheet):
            filled += 1
            row, column = int(digits), _column(letters)
            if row > rows or column > columns:
                far = (letters + digits).decode()
            rows, columns = max(rows, row), max(columns, column)
    grid = rows * columns
    if grid > LARGEST_GRID or (grid > SMALL_GRID and grid > THINNEST * filled):
        sentence = gettext(
            "the sheet reaches as far as %(cell)s with few cells filled; delete what stands there, or save it as CSV",
            cell=far,
        )
        raise TableRefused(Fault(name, 0, "", sentence))


def _filled_cells(sheet: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    rest = b""
    while piece := sheet.read(PIECE):
        text = rest + piece
        end = 0
        for match in _FILLED.finditer(text):
            yield match[1], match[2]
            end = match.end()
        rest = text[max(end, len(text) - OVERLAP) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
