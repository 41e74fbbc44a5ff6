"""`flask themes import`: a file that is no codebook is refused in sentences that a terminal holds."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

THEME = {"code": "food", "names": {"en": "Food"}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 100_000, "lists and objects are nested too deeply."),
        (" " * 1_000_001, "is too large: a codebook has at most 1000000 characters."),
        ('{"themes": [], "themes": []}', "is not JSON: an object holds 'themes' twice"),
        (
            json.dumps({"themes": [{"code": "x" * 5000, "names": {"en": "Food"}}]}),
            f"themes[0].code: '{'x' * 79}… is no",
        ),
        (
            json.dumps({"themes": [{"code": "food", "names": {"en": "\ud800"}}]}),
            "themes[0].names.en: '\\ud800' is no name",
        ),
        (json.dumps({"themes": [{**THEME, "\x1b[2J" * 99: 1}]}), "themes[0].[2J[2J"),
        (json.dumps({"themes": [{**THEME, "stems": {"en": ["x"] * 30}}]}), "and 10 faults more"),
    ],
)
def test_a_file_that_is_no_codebook_is_refused_in_short_sentences(
    flask: Flaskly, database: Database, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "codebook.json"
    path.write_text(text)

    result = flask("themes", "import", path)

    assert (result.exit_code, sentence in result.stderr) == (1, True), result.stderr
    assert max(len(line) for line in result.stderr.splitlines()) < 400 + len(str(path))
    assert flask("themes", "show").output.startswith("version 0\n")


def test_a_file_of_windows_notepad_is_read(flask: Flaskly, database: Database, tmp_path: Path) -> None:
    path = tmp_path / "codebook.json"
    path.write_text(json.dumps({"themes": [THEME]}), encoding="utf-8-sig")

    assert flask("themes", "import", path, "--reason", "\udcff").output == "version 1 is in force\n"
