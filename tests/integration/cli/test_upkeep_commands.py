"""doctor, staff, privacy, backup and restore as an administrator types them."""

import json
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.models.messages import Message
from app.models.service_requests import ServiceRequest
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import form_token
from tests.conftest import ALICE, CAROL, MALLORY
from tests.servers.databases import Database


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


def test_when_nobody_can_sign_in_the_glass_is_broken_and_the_other_administrators_hear_of_it(
    app: Flask, database: Database
) -> None:
    for email, role in ((CAROL.email, "admin"), (MALLORY.email, "hr")):
        run(app, "staff", "add", email, "--role", role)

    result = app.test_cli_runner().invoke(args=["staff", "sign-in-link", MALLORY.email.upper(), "--break-glass"])

    assert (result.exit_code, result.stderr) == (0, "1 administrator is told by mail.\n")
    path = "/" + result.stdout.strip().split("/", 3)[3]
    client = app.test_client()
    client.post(path, data={"csrf_token": form_token(client.get(path))})
    assert client.get("/admin/staff").status_code == 200
    with database.sessions() as session:
        mails = session.scalars(select(Message)).all()
    assert [(mail.name, mail.recipient, (mail.params or {})["who"]) for mail in mails] == [
        ("break_glass", CAROL.email, MALLORY.email)
    ]


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


def test_who_was_erased_since_the_copy_is_erased_again(
    sqlite: Database, sqlite_app: Flask, tmp_path: Path, now: datetime
) -> None:
    asked = completed_request(
        sqlite.session, department(sqlite.session, "it"), person(sqlite.session, ALICE.email), now
    )
    sqlite.session.commit()
    run(sqlite_app, "backup", str(tmp_path / "copy"))
    run(sqlite_app, "privacy", "erase", ALICE.email)

    status, said = run(sqlite_app, "restore", str(tmp_path / "copy"))

    assert (status, said.splitlines()[0]) == (0, "1 person who was erased since the copy was erased again")
    assert run(sqlite_app, "privacy", "export", ALICE.email)[0] == 1
    sqlite.session.expire_all()
    assert sqlite.session.get_one(ServiceRequest, asked.request_id).title is None


def test_a_copy_that_is_none_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text(json.dumps({}))

    status, said = run(sqlite_app, "restore", str(tmp_path / "copy"))

    assert status == 1
    assert said == f"Error: {tmp_path / 'copy'} is no backup of Parity, or is damaged\n"
