"""Workbooks made by hand to make a reader run out of memory: each ends in a sentence, and the process lives."""

import io
import zipfile

import pytest

from app.imports.faults import TableRefused
from app.imports.reading import source

PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
FAR = HEADER + '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>'
SPACED_OUT = (
    "x.xlsx: the sheet reaches as far as XFD1048576 with few cells filled; delete what stands there, or save it as CSV"
)
NO_WORKBOOK = "x.xlsx: the workbook cannot be opened; is it an XLSX file?"
TIGHT = "x.xlsx: the workbook is packed far more tightly than a table can be; save it as CSV"
MUCH_TEXT = "x.xlsx: the cells hold more than 200 MB of text; save the sheet as CSV"


def book(rows: str, *, shared: str = "", sheet: str = "sheet1.xml", doctype: str = "") -> io.BytesIO:
    """Return a workbook with these rows, with no more in it than a reader asks for."""
    links = {"o": ("officeDocument", "xl/workbook.xml"), "w": ("worksheet", f"worksheets/{sheet}")}
    links["s"] = ("sharedStrings", "sharedStrings.xml")

    def related(*keys: str) -> str:
        each = (f'<Relationship Id="{k}" Type="{OFFICE}/{links[k][0]}" Target="{links[k][1]}"/>' for k in keys)
        return f'<Relationships xmlns="{PACKAGE}relationships">{"".join(each)}</Relationships>'

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}content-types"/>')
        archive.writestr("_rels/.rels", related("o"))
        sheets = '<sheets><sheet name="a" sheetId="1" r:id="w"/></sheets>'
        archive.writestr("xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{OFFICE}">{sheets}</workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", related("w", "s"))
        whole = f"{doctype}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
        archive.writestr(f"xl/worksheets/{sheet}", whole)
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{shared}</sst>")
    file.seek(0)
    return file


def read(file: io.BytesIO) -> list[list[str]]:
    with source(file, name="x.xlsx") as origin, origin.open() as table:
        return [list(table.header), *(cells for _, cells in table.rows)]


def test_a_workbook_of_the_fewest_parts_is_read_with_its_shared_texts() -> None:
    rows = HEADER + '<row r="2"><c r="A2" t="s"><v>1</v></c></row><row><c><v>7</v></c></row>'

    assert read(book(rows, shared="<si><t>no</t></si><si><t>IT</t></si>")) == [["code"], ["IT"], ["7"]]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (book(FAR), SPACED_OUT),
        (book(FAR.replace("<c r", "<x:c\n\tr").replace("</c>", "</x:c>")), SPACED_OUT),
        (book(FAR.replace("XFD", "xfd")), SPACED_OUT),
        (book(HEADER + '<row r="1048576"><c r="XFD&#49;048576"><v>1</v></c></row>'), SPACED_OUT),
        (
            book(HEADER + '<row r="2"><c r="ZZZZZZ1"><v>1</v></c></row>'),
            "x.xlsx: the sheet names a cell 'ZZZZZZ1', which no sheet has; save it as CSV",
        ),
        (
            book('<row r="-1"><c><v>1</v></c></row>'),
            "x.xlsx: the sheet names a cell '-1', which no sheet has; save it as CSV",
        ),
        (book(HEADER, doctype='<!DOCTYPE worksheet [<!ENTITY a "b">]>'), NO_WORKBOOK),
        (book(f'<row r="1"><c r="A1" s="{"1" * 9_000_000}"><v>1</v></c></row>'), NO_WORKBOOK),
        (book(HEADER, shared="<si><t>a</t></si>" * 1_200_000), TIGHT),
        (
            book(HEADER + '<row><c t="s"><v>0</v></c></row>' * 7_000, shared=f"<si><t>{'a' * 30_000}</t></si>"),
            MUCH_TEXT,
        ),
    ],
    ids=[
        *("spaces", "a prefix", "small letters", "character reference", "no column", "no row", "entities"),
        *("one endless mark", "many shared texts", "one text many times"),
    ],
)
def test_a_workbook_made_to_fill_the_memory_is_refused_with_a_sentence(file: io.BytesIO, sentence: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read(file)

    assert str(refused.value) == sentence


def test_a_sheet_that_makes_the_reader_abort_ends_in_a_sentence() -> None:
    hidden = book(FAR, sheet="sheet1.dat")  # no part that we look into, yet one that the reader is sent to

    with pytest.raises(TableRefused) as refused:
        read(hidden)

    sentence = "x.xlsx: the workbook cannot be read in the memory and time that a table needs; save it as CSV"
    assert str(refused.value) == sentence
