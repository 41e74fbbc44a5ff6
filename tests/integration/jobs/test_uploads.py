"""A table that came by browser is checked, imported once and forgotten; whatever goes wrong, nothing is half done."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.foundations.languages import said_again
from app.imports.mapping import Mapping
from app.jobs.installation import Installation
from app.jobs.uploads import read_upload
from app.models.audit import AuditEntry
from app.models.departments import Department
from app.models.people import Person
from app.models.service_requests import ServiceRequest
from app.models.uploads import ImportKind, Upload, UploadState
from app.upkeep.privacy import retain
from tests.builders.departments import department
from tests.builders.service_requests import connection
from tests.builders.uploads import upload
from tests.servers.databases import Database

DEPARTMENTS = "code,name,parent_code\nOPS,Operations,\nIT,Computers,OPS\n"
CUT_OFF = gzip.compress(b"email,name,department_code\n" * 99, mtime=0)[:-9]  # names a test: no time of day in it


class Killed(BaseException):
    """What ends a worker in the middle."""


@pytest.fixture
def installation(database: Database) -> Installation:
    return Installation(database.settings, Keys.of(database.settings), database.sessions)


@contextmanager
def killed_at(name: str) -> Iterator[None]:
    """End whoever comes to this event of a session."""

    def kill(*_: object) -> None:
        raise Killed

    event.listen(Session, name, kill)
    try:
        yield
    finally:
        event.remove(Session, name, kill)


def count(database: Database, table: type) -> int:
    with database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def stored(database: Database) -> Upload:
    with database.sessions() as session:
        row = session.scalars(select(Upload)).one()
        assert (row.content is None) is (row.state is UploadState.IMPORTED)
        assert row.rejected is None or row.rejected
        return row


def test_it_is_checked_then_imported_and_once_more_changes_nothing(
    database: Database, installation: Installation, now: datetime
) -> None:
    number = upload(database, DEPARTMENTS, ImportKind.DEPARTMENTS, now=now)

    read_upload(installation, number, dry_run=True, actor="staff:1", now=now)
    checked, departments = stored(database), count(database, Department)
    counts = read_upload(installation, number, dry_run=False, actor="staff:1", now=now)
    again = read_upload(installation, number, dry_run=False, actor="staff:1", now=now)

    assert (checked.state, departments) == (UploadState.CHECKED, 0)
    assert (checked.outcome or {})["words"] == [
        {
            "message": "%(new)s new, %(changed)s changed, %(unchanged)s unchanged",
            "params": {"new": 2, "changed": 0, "unchanged": 0},
        }
    ]
    assert (counts, again) == ({"new": 2, "changed": 0, "unchanged": 0}, {})
    assert (stored(database).state, count(database, Department)) == (UploadState.IMPORTED, 2)
    with database.sessions() as session:
        noted = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject)).tuples().all()
    assert noted == [("staff:1", "import.run", "departments")]


def test_faults_are_told_by_line_and_nothing_is_written(
    database: Database, installation: Installation, now: datetime
) -> None:
    table = "code,name,parent_code\nOPS,Operations,\nIT,,OPS\nFIN,Finance,NOWHERE\n"
    number = upload(database, table, ImportKind.DEPARTMENTS, now=now)

    read_upload(installation, number, dry_run=True, actor="staff:1", now=now)

    with database.sessions() as session:
        row = session.scalars(select(Upload)).one()
        assert row.state is UploadState.FAULTY
        assert row.outcome == {
            "words": [],
            "counts": {},
            "doubts": [],
            "faults": [
                {
                    "line": 3,
                    "column": "name",
                    "sentence": {"message": "this must not be empty", "params": {}},
                    "mend": "",
                    "rows": 1,
                    "lines": [3],
                },
                {
                    "line": 4,
                    "column": "parent_code",
                    "sentence": {"message": "there is no department '%(code)s'", "params": {"code": "NOWHERE"}},
                    "mend": "--create-departments",
                    "rows": 1,
                    "lines": [4],
                },
            ],
            "more": 0,
            "faulty_rows": 2,
            "near": [],
        }
        assert (row.rejected or b"").decode().splitlines() == [
            "code,name,parent_code,fault",
            "IT,,OPS,name: this must not be empty",
            "FIN,Finance,NOWHERE,parent_code: there is no department 'NOWHERE'",
        ]
    assert count(database, Department) == 0


def test_the_rest_comes_in_where_that_was_asked_for(
    database: Database, installation: Installation, now: datetime
) -> None:
    department(database.session, "IT")
    database.session.commit()
    table = "email,name,department_code\nalice@example.com,Alice,IT\nbob,Bob,IT\n"
    number = upload(database, table, ImportKind.PEOPLE, now=now, skip_bad_rows=True)

    counts = read_upload(installation, number, dry_run=False, actor="staff:1", now=now)

    assert counts == {"new": 1, "changed": 0, "unchanged": 0}
    assert ((stored(database).outcome or {})["faulty_rows"], count(database, Person)) == (1, 1)


@pytest.mark.parametrize("moment", ["before_flush", "before_commit"])
def test_a_worker_that_is_killed_leaves_nothing_and_another_one_does_it(
    database: Database, installation: Installation, now: datetime, moment: str
) -> None:
    connection(database.session, "desk")
    database.session.commit()
    table = "external_id,requester_email,provider_department,created_at\nA-1,alice@example.com,IT,2026-07-01\n"
    number = upload(database, table, ImportKind.REQUESTS, now=now, slug="desk", create_departments=True)

    with killed_at(moment), pytest.raises(Killed):
        read_upload(installation, number, dry_run=False, actor="staff:1", now=now)
    left = [count(database, table) for table in (ServiceRequest, Department, AuditEntry)]
    counts = read_upload(installation, number, dry_run=False, actor="staff:1", now=now)

    assert left == [0, 0, 0]
    assert (counts["new"], count(database, ServiceRequest)) == (1, 1)


def test_two_workers_import_it_once(database: Database, installation: Installation, now: datetime) -> None:
    number = upload(database, DEPARTMENTS, ImportKind.DEPARTMENTS, now=now)
    together, found = threading.Barrier(2), list[dict[str, int]]()

    def work() -> None:
        together.wait()
        found.append(read_upload(installation, number, dry_run=False, actor="staff:1", now=now))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(found, key=len) == [{}, {"new": 2, "changed": 0, "unchanged": 0}]
    assert (count(database, Department), count(database, AuditEntry)) == (2, 1)


@pytest.mark.parametrize(
    ("table", "name", "sentence"),
    [
        (b"", "people.csv", "the file is empty; its first line names the columns"),
        (CUT_OFF, "people.csv.gz", "the gzip file is damaged or cut off"),
        (b"PK\x03\x04 no workbook", "people.xlsx", "the workbook cannot be opened; is it an XLSX file?"),
        (
            "email,name,department_code\nж@example.com,Ж,IT\n".encode("cp1251"),
            "people.csv",
            "this line is not written in UTF-8",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    sqlite: Database, now: datetime, table: bytes, name: str, sentence: str
) -> None:
    installation = Installation(sqlite.settings, Keys.of(sqlite.settings), sqlite.sessions)
    number = upload(sqlite, table, ImportKind.PEOPLE, now=now, name=name)

    read_upload(installation, number, dry_run=True, actor="staff:1", now=now)

    row = stored(sqlite)
    assert row.state is UploadState.FAULTY
    assert said_again((row.outcome or {})["faults"][0]["sentence"]) == sentence


def test_a_table_named_like_a_workbook_is_read_as_what_it_is(sqlite: Database, now: datetime) -> None:
    installation = Installation(sqlite.settings, Keys.of(sqlite.settings), sqlite.sessions)
    number = upload(sqlite, DEPARTMENTS, ImportKind.DEPARTMENTS, now=now, name="tree.xlsx")

    counts = read_upload(installation, number, dry_run=True, actor="staff:1", now=now)

    assert counts["new"] == 2


def test_an_option_that_nobody_understands_is_a_fault_of_the_whole(sqlite: Database, now: datetime) -> None:
    installation = Installation(sqlite.settings, Keys.of(sqlite.settings), sqlite.sessions)
    number = upload(sqlite, DEPARTMENTS, ImportKind.DEPARTMENTS, now=now, mapping=Mapping(date_format="%d"))

    read_upload(installation, number, dry_run=True, actor="staff:1", now=now)

    assert [fault["column"] for fault in (stored(sqlite).outcome or {})["faults"]] == ["--date-format"]


def test_after_a_day_it_is_gone(database: Database, installation: Installation, now: datetime) -> None:
    number = upload(database, DEPARTMENTS, ImportKind.DEPARTMENTS, now=now)
    tomorrow = now + timedelta(days=1, seconds=1)

    late = read_upload(installation, number, dry_run=False, actor="staff:1", now=tomorrow)
    with database.sessions.begin() as session:
        forgotten = retain(session, now=tomorrow)["uploads"]

    assert (late, forgotten, count(database, Department), count(database, Upload)) == ({}, 1, 0, 0)
