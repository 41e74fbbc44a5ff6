"""The examples of `docs/imports.md`, typed as they stand there."""

import re
import shlex
from pathlib import Path

import pytest

from app import create_app
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\n(flask .*?)```", PAGE, re.DOTALL)


def commands(example: str, data: Path, folder: Path) -> list[list[str]]:
    """Return the words of each command; files that it writes go to `folder`."""
    lines = example.replace("\\\n", " ").replace("DATA/", f"{data}/").strip().splitlines()
    typed = [shlex.split(line)[1:] for line in lines if line.strip()]
    return [[str(folder / word) if word == "undated.csv" else word for word in words] for words in typed]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split()[3])
def test_it_takes_every_example_as_it_is_printed(sqlite: Database, shared: Path, tmp_path: Path, example: str) -> None:
    flask = Flaskly(create_app(sqlite.settings))
    for needed in re.findall(r"--source (\w+)", example):
        flask("sources", "add", needed, "--kind", "csv")  # an earlier example adds it; twice is refused

    for words in commands(example, shared / "data", tmp_path):
        if words[:2] != ["sources", "add"]:
            assert (words, flask(*words).exit_code) == (words, 0)
