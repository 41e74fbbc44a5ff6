"""Numbers that no row can have are refused where they are typed, not by the database's driver."""

from pathlib import Path

import pytest

from app import create_app
from app.settings import Settings

TOO_LARGE = str(2**31)


@pytest.mark.parametrize(
    "words",
    [
        ("scorecards", "show", "2026-Q3", "IT", "--revision", TOO_LARGE),
        ("scorecards", "send", "2026-Q3", "--revision", "0"),
        ("culture", "show", "2026-Q3", "--revision", TOO_LARGE),
        ("follow-ups", "done", TOO_LARGE),
        ("policy", "show", "--version", TOO_LARGE),
        ("themes", "show", "--version", TOO_LARGE),
    ],
)
def test_it_is_refused_with_the_range(tmp_path: Path, words: tuple[str, ...]) -> None:
    settings = Settings(secret_key="k" * 32, database_url=f"sqlite:///{tmp_path / 'parity.sqlite3'}", var=tmp_path)
    done = create_app(settings).test_cli_runner().invoke(args=list(words))

    assert (done.exit_code, "is not in the range" in done.output) == (2, True), done.output
