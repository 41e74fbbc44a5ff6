"""doctor, staff, privacy, backup and restore as an administrator types them."""

import json
from pathlib import Path

from flask import Flask

from tests.conftest import ALICE, CAROL, MALLORY


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


def test_staff_gets_a_role_and_a_way_in(app: Flask) -> None:
    added = run(app, "staff", "add", CAROL.email, "--role", "admin")
    status, link = run(app, "staff", "sign-in-link", CAROL.email)

    assert added == (0, "carol@example.com has the role admin.\n")
    assert status == 0
    assert link.startswith("http://127.0.0.1:8000/sign-in/")


def test_a_stranger_gets_no_way_in(app: Flask) -> None:
    status, said = run(app, "staff", "sign-in-link", MALLORY.email)

    assert status == 1
    assert said == "Error: mallory@example.com has no role here: flask staff add mallory@example.com --role …\n"


def test_doctor_exits_1_and_says_why(app: Flask) -> None:
    status, said = run(app, "doctor")

    assert status == 1
    assert said.splitlines()[0] == "No worker has run yet: start flask work"


def test_privacy_commands_answer_in_words(app: Flask) -> None:
    assert run(app, "privacy", "export", ALICE.email) == (1, "Error: Nobody is known as alice@example.com.\n")
    assert run(app, "privacy", "erase", ALICE.email) == (
        0,
        "Nobody is known as alice@example.com; the address will get no mail.\n",
    )
    assert run(app, "privacy", "retain")[0] == 0


def test_a_copy_is_written_and_comes_back(sqlite_app: Flask, tmp_path: Path) -> None:
    run(sqlite_app, "staff", "add", CAROL.email, "--role", "admin")
    copy = tmp_path / "copy"

    written = run(sqlite_app, "backup", str(copy))
    restored = run(sqlite_app, "restore", str(copy))

    assert written == (0, f"Written: {copy}\n")
    assert restored[0] == 0
    assert run(sqlite_app, "staff", "sign-in-link", CAROL.email)[0] == 0


def test_a_copy_that_is_none_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text(json.dumps({}))

    status, said = run(sqlite_app, "restore", str(tmp_path / "copy"))

    assert status == 1
    assert said == f"Error: {tmp_path / 'copy'} is no backup of Parity, or is damaged\n"
