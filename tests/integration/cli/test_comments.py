"""`flask comments` and `flask themes`: HR at the command line; every act is noted, nobody is named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.codebook import DEFAULT, codebook_to_json
from app.foundations import clock
from app.models.audit import AuditEntry
from app.models.base import db
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.quarters import KEYS, Q3
from tests.builders.responses import held_response, quarter_salt
from tests.integration.cli.conftest import Flaskly

CLOSED, OPEN = datetime(2026, 10, 12, 23, tzinfo=UTC), datetime(2026, 10, 14, tzinfo=UTC)


def commented(app: Flask) -> None:
    """Let ten people answer, the first with a comment."""
    with app.app_context():
        session = db.session()
        quarter_salt(session, KEYS, str(Q3))
        it = department(session, "IT", staff_count=30)
        for number in range(10):
            text = "We waited long, Ines" if number == 0 else None
            who = person(session, f"p{number}@example.com", name="Ines Varga")
            held_response(session, it, who, {"csat_overall": 3}, str(Q3), comment=text)
        session.commit()


def acts(app: Flask) -> list[tuple[str, object]]:
    with app.app_context():
        rows = db.session.execute(select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id))
        return [(action, details) for action, details in rows]


def test_hr_reads_codes_and_clears_comments(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    commented(sqlite_app)
    flask = Flaskly(sqlite_app)
    monkeypatch.setattr(clock, "now", lambda: OPEN)

    listed = flask("comments", "list", Q3, "--json")
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
    assert flask("comments", "confirm", id_[:8]).output == "1 comment is coded.\n"
    assert flask("comments", "code", id_, "--none", "--second").output == "Noted.\n"
    assert flask("comments", "show", id_).output == "1 comment may be shown.\n"
    printed = flask("comments", "list", Q3, "--department", "IT").output
    assert printed == f"IT\n  {id_[:8]}  may be shown  read with care  themes: waiting\n    We waited long, [name]\n"
    assert "waiting" not in flask("comments", "list", Q3, "--second").output
    assert flask("comments", "hide", id_).output == "1 comment is hidden.\n"
    assert flask("comments", "list", Q3, "--waiting").output == "No comment of 2026-Q3 can be read.\n"
    assert flask("comments", "agreement", Q3).output == "Error: Both coders did 1 comments; kappa needs 50.\n"

    noted = [(action, details) for action, details in acts(sqlite_app) if action != "comments.read"]
    assert noted == [
        ("comment.coded", {"coder": "first", "proposed": True}),
        ("comment.coded", {"coder": "second", "themes": []}),
        ("comment.shown", {}),
        ("comment.hidden", {"scorecards": 0}),
    ]
    assert ("comments.read", {"department": "IT"}) in acts(sqlite_app)


def test_what_cannot_be_done_is_said_with_why(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    commented(sqlite_app)
    flask = Flaskly(sqlite_app)
    monkeypatch.setattr(clock, "now", lambda: CLOSED)
    early = flask("comments", "list", Q3)
    monkeypatch.setattr(clock, "now", lambda: OPEN)
    id_ = json.loads(flask("comments", "list", Q3, "--json").output)[0]["id"]

    assert (early.exit_code, "2026-10-13" in early.output) == (1, True)
    assert "it has waiting, no_news" in flask("comments", "code", id_, "weather").output
    assert flask("comments", "code", id_).exit_code == 2
    assert flask("comments", "list", Q3, "--department", "TI").output == "Error: There is no department TI.\n"
    assert "six signs" in flask("comments", "show", id_[:5]).output


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
