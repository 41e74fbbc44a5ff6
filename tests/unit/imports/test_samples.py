from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from app.imports.faults import TableRefused
from app.imports.headings import near_column
from app.imports.mapping import Mapping
from app.imports.people import PEOPLE
from app.imports.reading import source
from app.imports.rows import Refusal, TableReader
from app.imports.samples import SAMPLES, example, sample


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_comes_in_and_has_an_example_of_every_column(name: str, delimiter: str) -> None:
    kind, told = SAMPLES[name]

    with source(BytesIO(sample(name, delimiter)), name="a.csv") as origin, origin.open() as table:
        rows = list(TableReader(kind, table, Mapping(), time_zone=ZoneInfo("UTC")).rows())

    assert [row for row in rows if isinstance(row, Refusal)] == []
    assert len(rows) == len(told)
    assert [column for column in kind.column_names() if not example(name, column)] == []


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("E-Mail", "email"),
        ("NAME", "name"),
        ("Abteilung", "department_code"),
        ("departmant_code", "department_code"),
        ("Time Zone", "time_zone"),
        ("Shoe size", ""),
    ],
)
def test_a_usual_heading_is_near_one_of_our_columns(theirs: str, ours: str) -> None:
    assert near_column(theirs, PEOPLE.column_names()) == ours


def test_a_column_that_is_taken_already_is_not_near() -> None:
    assert near_column("Mail", ["name"]) == ""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_kind(content: bytes, kind: str) -> None:
    with source(BytesIO(content), name="a.csv") as origin, pytest.raises(TableRefused) as refused, origin.open():
        pass

    assert str(refused.value) == f"a.csv: this is a file of the kind {kind}, not a table; send CSV or XLSX"
