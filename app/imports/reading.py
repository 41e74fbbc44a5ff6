"""Opens a table as rows of text: CSV in any common encoding, gzip, XLSX, or standard input.

Rows are streamed and carry the line of the file where they begin. What the columns mean is not known here.
"""

import codecs
import csv
import gzip
import io
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from app.foundations.languages import gettext
from app.imports.faults import Fault, TableRefused
from app.imports.file_kinds import LOOKED_AT, no_table
from app.imports.sheets import sheet_rows

GZIP = b"\x1f\x8b"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX, and what Excel wrote before 2007
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DELIMITERS = ",;\t"
DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error)
LONGEST_LINE = 1_000_000  # characters; more is no line of a table
PIECE = 1 << 20  # bytes read at a time where only the encoding is looked at
SPOOLED_IN_MEMORY = 4_000_000  # bytes of standard input kept in memory; more goes to a temporary file


_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')  # spreadsheets write it above the header, for themselves


class TypedTime(str):
    """A time that a workbook stores as a time: ISO text for which no `--date-format` is needed."""

    __slots__ = ()


class TypedNumber(str):
    """A number of a workbook; where a time is asked for it counts days, as spreadsheets do."""

    __slots__ = ()


KINDS: dict[str, type[str]] = {"text": str, "number": TypedNumber, "time": TypedTime}  # of a cell of a workbook


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, each with its line; a row has as many cells as the header."""

    name: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from; it can be opened more than once."""

    name: str
    stream: BinaryIO
    encoding: str | None = None

    @contextmanager
    def open(self) -> Iterator[Table]:
        """Yield the table from its beginning; raise TableRefused where it cannot be read."""
        self.stream.seek(0)
        yield _table(self, _unzipped(self.stream))

    def is_marked(self) -> bool:
        """True when the text says by a mark, or the person by `--encoding`, how it is written."""
        self.stream.seek(0)
        start = _unzipped(self.stream).read(4)
        return self.encoding is not None or start.startswith(tuple(BYTE_ORDER_MARKS))

    def delimiter(self) -> str:
        """Return what parts the cells of the text; a comma for a workbook."""
        self.stream.seek(0)
        stream = _unzipped(self.stream)
        start = stream.read(4)
        if start in WORKBOOKS:
            return ","
        stream.seek(0)
        text = io.TextIOWrapper(stream, encoding=_encoding(self, start), newline="")
        try:
            return _delimiter(text, self.name)[0]
        finally:
            text.detach()  # the source may be opened again

    def size(self) -> int:
        """Return the length of the file in bytes, as stored."""
        here = self.stream.tell()
        end = self.stream.seek(0, io.SEEK_END)
        self.stream.seek(here)
        return end

    def position(self) -> int:
        """Return how many bytes of the file are read."""
        return self.stream.tell()


@contextmanager
def source(file: Path | BinaryIO, *, name: str | None = None, encoding: str | None = None) -> Iterator[Source]:
    """Yield a path or a stream (standard input, an upload) as a source that can be read twice."""
    if encoding is not None:
        _check_encoding(encoding, name or str(file))
    if isinstance(file, Path):
        with file.open("rb") as stream:
            yield Source(name or file.name, stream, encoding)
        return
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED_IN_MEMORY) as spool:
        shutil.copyfileobj(file, spool)
        yield Source(name or "-", cast("BinaryIO", spool), encoding)


def _check_encoding(encoding: str, name: str) -> None:
    try:
        "a".encode(encoding)
    except LookupError as error:
        sentence = gettext("there is no encoding '%(name)s'; try cp1250, cp1251, cp1252 or utf-8", name=encoding)
        raise TableRefused(Fault(name, 0, "--encoding", sentence)) from error


def _unzipped(stream: BinaryIO) -> BinaryIO:
    start = stream.read(2)
    stream.seek(0)
    return cast("BinaryIO", gzip.open(stream)) if start == GZIP else stream


def _table(origin: Source, stream: BinaryIO) -> Table:
    start = _reading(origin.name, stream.read, LOOKED_AT)
    stream.seek(0)
    if sentence := no_table(start):
        raise TableRefused(Fault(origin.name, 0, "", sentence))
    numbered = _sheet_rows(origin.name, stream) if start.startswith(WORKBOOKS) else _csv_rows(origin, stream, start)
    head = next(numbered, None)
    if head is None:
        raise TableRefused(Fault(origin.name, 0, "", gettext("the file is empty; its first line names the columns")))
    header = tuple(cell.strip() for cell in head[1])
    while header and not header[-1]:  # spreadsheets export empty columns at the right
        header = header[:-1]
    return Table(origin.name, header, numbered)


def _reading(name: str, read: object, size: int) -> bytes:
    try:
        return cast("bytes", read(size))  # type: ignore[operator]
    except DAMAGED as error:
        raise TableRefused(_damaged(name)) from error


def _damaged(name: str, line: int = 0) -> Fault:
    return Fault(name, line, "", gettext("the gzip file is damaged or cut off"))


def _csv_rows(origin: Source, stream: BinaryIO, start: bytes) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(origin, start)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    line = 1
    try:
        delimiter, skipped = _delimiter(text, origin.name)
        reader = csv.reader(_lines(text, origin.name, skipped), delimiter=delimiter, strict=True)
        line += skipped
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = reader.line_num + skipped + 1
    except UnicodeError as error:
        raise TableRefused(_undecoded(origin, encoding)) from error
    except csv.Error as error:
        sentence = gettext("the text cannot be split into columns here; is a quotation mark left open?")
        raise TableRefused(Fault(origin.name, line, "", sentence)) from error
    except DAMAGED as error:
        raise TableRefused(_damaged(origin.name, line)) from error
    finally:
        if not text.closed:
            text.detach()  # the source may be opened again


def _lines(text: io.TextIOWrapper, name: str, skipped: int = 0) -> Iterator[str]:
    """Yield lines without ever holding more than the longest one that a table may have."""
    number = skipped
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            sentence = gettext(
                "this line is longer than %(longest)s characters; is this a table?", longest=LONGEST_LINE
            )
            raise TableRefused(Fault(name, number, "", sentence))
        yield line


def _encoding(origin: Source, start: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return encoding
    if len(start) > 1 and (start[0] == 0) != (start[1] == 0):  # a header begins with a letter: two bytes, one empty
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return origin.encoding or "utf-8"


def _undecoded(origin: Source, encoding: str) -> Fault:
    """Find the first line that is not in this encoding; of a damaged file say that it is damaged."""
    line = 1
    origin.stream.seek(0)
    try:
        if not encoding.startswith("utf-16"):
            line = _first_undecoded(_unzipped(origin.stream), encoding)
    except DAMAGED:
        return _damaged(origin.name)
    sentence = gettext("this line is not written in %(encoding)s", encoding=encoding.upper().removesuffix("-SIG"))
    return Fault(origin.name, line, "", sentence, "--encoding")


def _first_undecoded(stream: BinaryIO, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    while piece := stream.readline(PIECE):  # a line may be of any length
        try:
            decoder.decode(piece)
        except UnicodeError:
            return line
        line += piece.endswith(b"\n")
    return line


def _delimiter(text: io.TextIOWrapper, name: str) -> tuple[str, int]:
    """Return what parts the cells, and how many lines before the header are passed."""
    first = next(_lines(text, name), "")
    named = _SEPARATOR_LINE.fullmatch(first)
    if named:
        return named[1], 1
    text.seek(0)
    unquoted = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=unquoted.count), 0


def _sheet_rows(name: str, stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    try:
        for line, cells in sheet_rows(name, stream):
            yield line, [KINDS[kind](text) for kind, text in cells]
    except DAMAGED as error:
        raise TableRefused(_damaged(name)) from error
