"""`flask comments` and `flask themes`: HR at the command line; every act is noted, nobody is named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.domain.codebook import DEFAULT, codebook_to_json
from app.domain.states import Role
from app.foundations import clock
from app.models.accounts import Staff
from app.models.audit import AuditEntry
from app.models.base import db
from app.upkeep.audit import log as audit
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.quarters import KEYS, Q3
from tests.builders.responses import held_response, quarter_salt
from tests.integration.cli.conftest import Flaskly

HR, AUDITOR = "helga@example.com", "axel@example.com"
SHOWN = "1 comment may be shown. A scorecard prints at most three, so it may not be among them.\n"
CLOSED, OPEN = datetime(2026, 10, 12, 23, tzinfo=UTC), datetime(2026, 10, 14, tzinfo=UTC)


def commented(app: Flask, comment: str = "We waited long, Ines") -> None:
    """Let ten people answer, the first with a comment."""
    with app.app_context():
        session = db.session()
        quarter_salt(session, KEYS, str(Q3))
        it = department(session, "IT", staff_count=30)
        for number in range(10):
            text = comment if number == 0 else None
            who = person(session, f"p{number}@example.com", name="Ines Varga")
            held_response(session, it, who, {"csat_overall": 3}, str(Q3), comment=text)
        for role, name in ((Role.HR, HR), (Role.AUDITOR, AUDITOR)):
            session.add(Staff(email=name, role=role, created_at=OPEN))
        session.commit()


def as_hr(app: Flask) -> Callable[..., Result]:
    """Run `flask comments …` as HR."""
    return lambda *words: Flaskly(app)("comments", *words, "--as", HR)


def acts(app: Flask) -> list[tuple[str, object]]:
    with app.app_context():
        rows = db.session.execute(select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id))
        return [(action, details) for action, details in rows]


def test_hr_reads_codes_and_clears_comments(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    commented(sqlite_app)
    comments = as_hr(sqlite_app)
    monkeypatch.setattr(clock, "now", lambda: OPEN)

    listed = comments("list", Q3, "--json")
    found = json.loads(listed.output)[0]
    id_ = found.pop("id")
    assert found == {
        "department": "IT",
        "text": "We waited long, [name]",
        "state": "waiting",
        "is_flagged": True,
        "proposed": ["waiting"],
        "codes": None,
        "second_codes": None,
    }
    assert comments("confirm", id_[:8]).output == "1 comment is coded.\n"
    assert comments("code", id_, "--none", "--second").output == "Noted.\n"
    assert comments("show", id_).output == SHOWN
    printed = comments("list", Q3, "--department", "IT").output
    assert printed == f"IT\n  {id_[:8]}  may be shown  read with care  themes: waiting\n    We waited long, [name]\n"
    assert "waiting" not in comments("list", Q3, "--second").output
    assert comments("hide", id_).output == "1 comment is hidden.\n"
    assert comments("list", Q3, "--waiting").output == "No comment of 2026-Q3 can be read.\n"
    assert (
        Flaskly(sqlite_app)("comments", "agreement", Q3).output
        == "Error: Both coders did 1 comments; kappa needs 50.\n"
    )

    noted = [(action, details) for action, details in acts(sqlite_app) if action != "comments.read"]
    assert noted == [
        ("comment.coded", {"coder": "first", "proposed": True, "comments": 1}),
        ("comment.coded", {"coder": "second", "comments": 1}),
        ("comment.shown", {"comments": 1}),
        ("comment.hidden", {"comments": 1}),
    ]
    with sqlite_app.app_context():
        who_and_what = db.session.execute(select(AuditEntry.actor, AuditEntry.subject).distinct()).tuples().all()
        assert who_and_what == [(audit.by_staff(db.session(), HR), str(Q3))]
    assert ("comments.read", {"department": "IT"}) in acts(sqlite_app)


def test_what_cannot_be_done_is_said_with_why(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    commented(sqlite_app)
    comments = as_hr(sqlite_app)
    monkeypatch.setattr(clock, "now", lambda: CLOSED)
    early = comments("list", Q3)
    monkeypatch.setattr(clock, "now", lambda: OPEN)
    id_ = json.loads(comments("list", Q3, "--json").output)[0]["id"]

    assert (early.exit_code, "from 2026-10-13 00:00 on" in early.output) == (1, True)
    assert "it has waiting, no_news" in comments("code", id_, "weather").output
    assert comments("code", id_).exit_code == 2
    assert comments("list", Q3, "--department", "TI").output == "Error: There is no department TI.\n"
    assert "six signs" in comments("show", id_[:5]).output


def test_only_hr_reads_and_decides(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    commented(sqlite_app)
    monkeypatch.setattr(clock, "now", lambda: OPEN)
    flask = Flaskly(sqlite_app)

    for words in (
        ("list", Q3),
        ("show", "abcdef"),
        ("hide", "abcdef"),
        ("code", "abcdef", "--none"),
        ("confirm", "ab"),
    ):
        assert flask("comments", *words).exit_code == 2
        unknown = flask("comments", *words, "--as", "nobody@example.com")
        other = flask("comments", *words, "--as", AUDITOR)
        assert unknown.output == "Error: nobody on the staff has the address “nobody@example.com”\n"
        assert other.output == f"Error: comments are for human resources; “{AUDITOR}” has the role: auditor\n"

    assert acts(sqlite_app) == []


def test_what_is_too_long_or_without_a_proposal_is_refused_with_a_way_on(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    commented(sqlite_app, "x" * 601)
    comments = as_hr(sqlite_app)
    monkeypatch.setattr(clock, "now", lambda: OPEN)
    id_ = json.loads(comments("list", Q3, "--json").output)[0]["id"]

    assert f"Comment {id_[:8]} is longer than 600 characters" in comments("show", id_).output
    assert f"proposes nothing for comment {id_[:8]}" in comments("confirm", id_).output
    assert json.loads(comments("list", Q3, "--json").output)[0]["codes"] is None


def test_a_codebook_is_published_once_and_its_faults_are_named(sqlite_app: Flask, tmp_path: Path) -> None:
    flask, path = Flaskly(sqlite_app), tmp_path / "codebook.json"
    built_in = json.loads(flask("themes", "show", "--json").output)
    path.write_text(json.dumps({"themes": [{"code": "food", "names": {"en": "Food"}, "stems": {"en": ["soup"]}}]}))

    assert built_in == codebook_to_json(DEFAULT)
    assert flask("themes", "import", path, "--reason", "canteen").output == "version 1 is in force\n"
    assert flask("themes", "import", path).output == "This is version 1 already; nothing changed.\n"
    assert flask("themes", "show").output.split() == ["version", "1", "code", "theme", "stems", "food", "Food", "soup"]
    assert flask("themes", "show", "--version", 0).exit_code == 0
    assert flask("themes", "show", "--version", 7).output == "Error: There is no version 7.\n"

    path.write_text('{"themes": []}')
    refused = flask("themes", "import", path)
    assert (refused.exit_code, refused.output) == (1, f"Error: {path}: themes: name at least one theme\n")
    path.write_text("{")
    assert flask("themes", "import", path).exit_code == 1
    assert acts(sqlite_app) == [("codebook.published", {"version": 1})]
