"""Whether a workbook can be opened in reasonable memory: a reader lays a sheet out as a full grid of cells.

A real XML parser reads the parts, piece by piece. What another reader sees otherwise is held by app/imports/sheets.py.
"""

import re
import zipfile
import zlib
from array import array
from typing import IO, BinaryIO, NoReturn
from xml.parsers import expat

from app.foundations.languages import gettext
from app.imports.faults import Fault, TableRefused

SMALL_GRID = 1_000_000  # cells that are laid out whatever is in them: some 30 MB
LARGEST_GRID = 20_000_000
THINNEST = 50  # cells of the grid for one that is filled; beyond that one of them stands far away by mistake
LARGEST_UNPACKED = 500_000_000  # bytes of all parts of the file
SMALL_UNPACKED = 20_000_000  # bytes that are unpacked however tightly they were packed
TIGHTEST = 200  # bytes for a packed one; tables are packed 10 to 50 times, bombs a thousand times
LARGEST_TEXT = 200_000_000  # bytes of the texts of a sheet, each counted wherever it stands
OF_A_TEXT = 64  # bytes of memory that a text takes beside its letters
LONGEST_TOKEN = 8_000_000  # bytes between two marks of XML; a parser keeps them
PIECE = 1 << 18
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.IGNORECASE)
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_INDEX = re.compile(r"[0-9]{1,9}")
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError),
    expat.ExpatError,
)


def check_workbook(name: str, stream: BinaryIO) -> None:
    """Raise TableRefused for an XLSX whose cells lie too far apart or that unpacks to too much; memory stays flat."""
    stream.seek(0)
    if stream.read(2) == b"PK":
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_archive(name, archive)
        except _UNREADABLE as error:
            raise unreadable(name) from error
    stream.seek(0)


def unreadable(name: str) -> TableRefused:
    """Return what is said of a file that is no workbook."""
    return TableRefused(Fault(name, 0, "", gettext("the workbook cannot be opened; is it an XLSX file?")))


def too_large(name: str) -> TableRefused:
    """Return what is said of a file that unpacks to more than any table."""
    megabytes = LARGEST_UNPACKED // 1_000_000
    sentence = gettext("the workbook unpacks to more than %(megabytes)s MB; save it as CSV", megabytes=megabytes)
    return TableRefused(Fault(name, 0, "", sentence))


def _check_archive(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > LARGEST_UNPACKED:
        raise too_large(name)
    if unpacked > SMALL_UNPACKED and unpacked > TIGHTEST * packed:
        sentence = gettext("the workbook is packed far more tightly than a table can be; save it as CSV")
        raise TableRefused(Fault(name, 0, "", sentence))
    texts = array("L")
    for part in sorted(parts, key=lambda one: "sharedstrings" not in one.filename.lower()):  # cells point at them
        if part.filename.lower().endswith(".xml"):
            with archive.open(part) as content:
                _Part(name, texts).read(content)


class _Part:
    """One part of a workbook as it passes: how far its cells reach, and how much text they and the shared list hold."""

    def __init__(self, name: str, texts: "array[int]") -> None:
        self.name = name
        self.texts = texts  # bytes of each shared text
        self.row, self.column, self.filled, self.rows, self.columns = 0, 0, 0, 0, 0
        self.far = ""
        self.weight = 0
        self.is_shared, self.is_counted, self.index = False, False, ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._starts = {"row": self._start_row, "c": self._start_cell, "si": self._start_shared}
        self._starts |= dict.fromkeys(("v", "is", "f"), self._start_value)

    def read(self, content: IO[bytes]) -> None:
        """Parse the part; raise TableRefused or an error of the parser."""
        fed = 0
        while piece := content.read(PIECE):
            self.parser.Parse(piece)
            fed += len(piece)
            if fed - self.parser.CurrentByteIndex > LONGEST_TOKEN:
                raise unreadable(self.name)
        self.parser.Parse(b"", True)

    def _doctype(self, *_: object) -> NoReturn:
        raise unreadable(self.name)  # no workbook declares entities

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        start = self._starts.get(tag.rpartition(":")[2])
        if start is not None:
            start(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        told = attributes.get("r")
        if told is not None and _ROW.fullmatch(told) is None:
            self._refuse_cell(told)
        self.row = self.row + 1 if told is None else int(told)
        self.column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.is_shared = attributes.get("t") == "s"
        self.is_counted = False
        told = attributes.get("r")
        if told is None:
            self.column += 1
            return
        match = _REFERENCE.fullmatch(told)
        if match is None:
            self._refuse_cell(told)
        self.row, self.column = int(match[2]), _column(match[1].upper())

    def _start_value(self, _: dict[str, str]) -> None:
        self.index = ""
        if self.is_counted or not self.column:
            return
        self.is_counted = True
        self.filled += 1
        if self.row > self.rows or self.column > self.columns:
            self.far = f"{_letters(self.column)}{self.row}"
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
            self._check_grid_of_all()

    def _start_shared(self, _: dict[str, str]) -> None:
        self.texts.append(0)
        self._weigh(OF_A_TEXT)

    def _text(self, text: str) -> None:
        size = len(text.encode())
        if self.is_shared:
            self.index = (self.index + text)[:20]
        elif self.texts and not self.column:
            self.texts[-1] += size
        self._weigh(size)

    def _end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local == "v" and self.is_shared and _INDEX.fullmatch(self.index.strip()):
            number = int(self.index)
            self._weigh(self.texts[number] if number < len(self.texts) else 0)
        elif local == "sheetData":
            self._check_grid()

    def _weigh(self, size: int) -> None:
        self.weight += size
        if self.weight > LARGEST_TEXT:
            sentence = gettext(
                "the cells hold more than %(megabytes)s MB of text; save the sheet as CSV",
                megabytes=LARGEST_TEXT // 1_000_000,
            )
            raise TableRefused(Fault(self.name, 0, "", sentence))

    def _check_grid_of_all(self) -> None:
        if self.rows * self.columns > LARGEST_GRID:
            self._check_grid()

    def _check_grid(self) -> None:
        grid = self.rows * self.columns
        if grid > LARGEST_GRID or (grid > SMALL_GRID and grid > THINNEST * self.filled):
            sentence = gettext(
                "the sheet reaches as far as %(cell)s with few cells filled; delete what stands there, "
                "or save it as CSV",
                cell=self.far,
            )
            raise TableRefused(Fault(self.name, 0, "", sentence))

    def _refuse_cell(self, told: str) -> NoReturn:
        sentence = gettext("the sheet names a cell '%(cell)s', which no sheet has; save it as CSV", cell=told[:40])
        raise TableRefused(Fault(self.name, 0, "", sentence))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
