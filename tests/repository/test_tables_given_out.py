"""Whoever opens a table that we give out in a spreadsheet runs no formula that somebody else wrote."""

from tests.repository.tree import name, python_files

#: Tables that are read again by us, so that each cell stays as it was; docs/imports.md says so.
AS_THEY_WERE = {
    "app/cli/tracker_maps.py": "what `flask trackers map` reads",
    "app/imports/samples.py": "our own words",
}


def test_every_table_that_is_written_disarms_formulas() -> None:
    texts = {name(path): path.read_text(encoding="utf-8") for path in python_files("app")}
    writers = {file for file, text in texts.items() if "csv.writer(" in text or "csv.DictWriter(" in text}

    assert {
        file for file in writers if "foundations.neutral import" not in texts[file] and file not in AS_THEY_WERE
    } == set()
