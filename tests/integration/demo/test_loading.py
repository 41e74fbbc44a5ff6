"""The sample company: the same date gives the same documents, and what is interrupted leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from app.demo.mailbox import list_mails
from app.demo.staff import entrances
from app.demo.unfinished import NotAFile, beside
from app.domain.states import Role
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.base import db
from app.models.departments import Department
from app.models.messages import Message
from app.models.scorecards import ScorecardRevision
from app.models.service_requests import ServiceRequest
from app.pipeline import scorecards
from app.reports.asking_facts import current_asking
from tests.builders.signing_in import Door, form_token
from tests.integration.demo.conftest import load
from tests.servers import databases
from tests.servers.databases import Database

NOW = datetime(2026, 7, 21, 12, tzinfo=UTC)
OpenDatabase = Callable[[str], Database]


@pytest.fixture
def fresh(sqlite_template: Path, tmp_path: Path) -> OpenDatabase:
    """Make an empty installation in a folder of its own."""

    def make(name: str) -> Database:
        folder = tmp_path / name
        folder.mkdir()
        return databases.opened("sqlite", databases.sqlite_copy(sqlite_template, folder), folder)

    return make


def _digests(database: Database) -> list[tuple[str, str, int, str]]:
    query = (
        select(Department.code, ScorecardRevision.period, ScorecardRevision.revision, ScorecardRevision.digest)
        .join(Department, Department.id == ScorecardRevision.department_id)
        .order_by(Department.code, ScorecardRevision.period, ScorecardRevision.revision)
    )
    with database.sessions() as session:
        return list(session.execute(query).tuples())


def test_the_same_date_gives_the_same_documents(halden: Database, fresh: OpenDatabase) -> None:
    other = fresh("other")

    loaded = load(other)

    assert (loaded.people, loaded.scorecards) == (1600, len(_digests(other)))
    assert loaded.scorecards >= 10
    assert _digests(halden) == _digests(other)
    mails = list_mails(halden.settings.var / "mails")
    assert mails == list_mails(other.settings.var / "mails")
    _staff_has_ways_in(other)
    app = create_app(other.settings)
    hr = Door(app, other, NOW).signed_in("helga.lindner@halden.example")
    paths = [f"/scorecards/{period}/{code}?revision={number}" for code, period, number, _ in _digests(other)]
    assert {path: hr.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    _hr_sends_the_last_quarter(other, hr)
    with app.app_context():
        db.engine.dispose()
    databases.close(other)


def _staff_has_ways_in(database: Database) -> None:
    links = Links(base_url="http://127.0.0.1:8000", keys=Keys.of(database.settings))
    with database.sessions.begin() as session:
        ways = entrances(session, links, now=NOW)
    assert [way.role for way in ways] == [Role.HEAD, Role.HR, Role.ADMIN, Role.AUDITOR]
    assert len({way.address for way in ways}) == 4
    assert all(way.address.startswith("http://127.0.0.1:8000/sign-in/") for way in ways)


def _hr_sends_the_last_quarter(database: Database, hr: FlaskClient) -> None:
    waiting = hr.get("/close", follow_redirects=True)
    pressed = hr.post("/close/2026-Q2", data={"csrf_token": form_token(waiting), "act": "approve"})

    assert (waiting.request.path, pressed.status_code) == ("/close/2026-Q2", 303)
    with database.sessions.begin() as session:
        asking = current_asking(session, database.settings, Keys.of(database.settings))
        scorecards.post_due(
            session,
            calendar=asking.calendar,
            policy=asking.policy,
            languages=asking.languages,
            now=NOW,
            draw=lambda _session, _row, _language: None,
        )
        readers = set(session.scalars(select(Message.recipient).where(Message.name == "scorecard")))
    assert "helga.lindner@halden.example" in readers  # the company has no head, so HR gets it


def test_an_interrupted_load_leaves_the_database_empty(fresh: OpenDatabase) -> None:
    database = fresh("one")

    with pytest.raises(KeyboardInterrupt):
        load(database, stop_after=9)

    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(ServiceRequest)) == 0
    databases.close(database)


def test_what_an_interrupted_run_left_is_thrown_away(tmp_path: Path, sqlite_template: Path) -> None:
    address = databases.sqlite_copy(sqlite_template, tmp_path)
    (tmp_path / "parity.sqlite3.loading").write_bytes(b"half")
    (tmp_path / "parity.sqlite3.loading-wal").write_bytes(b"a half")

    with beside(address):
        pass

    assert sorted(path.name for path in tmp_path.iterdir()) == ["parity.sqlite3"]
    assert (tmp_path / "parity.sqlite3").read_bytes().startswith(b"SQLite format 3")


def test_only_a_file_can_be_filled_beside_its_place() -> None:
    with (
        pytest.raises(NotAFile, match=r"postgresql\+psycopg://parity:\*\*\*@db/parity"),
        beside("postgresql+psycopg://parity:secret@db/parity"),
    ):
        pass
