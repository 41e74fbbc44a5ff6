"""Carol sends a table: the worker checks it, she reads its faults by line, and then has it imported, once."""

import gzip
import re
from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domain.states import Role
from app.foundations.crypto import Keys
from app.jobs.chores import run_chores
from app.jobs.installation import Installation
from app.models.audit import AuditEntry
from app.models.connections import ImportProfile
from app.models.departments import Department
from app.models.messages import Message
from app.models.service_requests import ServiceRequest
from app.models.uploads import Upload
from app.upkeep.imports import uploads
from app.web.imports.forms import UploadForm
from tests.builders.bad_input import BAD
from tests.builders.issued import staff
from tests.builders.service_requests import connection
from tests.builders.signing_in import Door
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL, HELEN
from tests.servers.databases import Database

LIST = "/admin/imports"
GOOD = b"code,name,parent_code\nOPS,Operations,\nIT,Computers,OPS\n"
COLUMNS = "external_id=Nr\nrequester_email=Wer\nprovider_department=Abt\r\ncreated_at=Von\ncompleted_at=Bis"
FAULTY = b"code,name\nOPS,Operations\nIT,\n"


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    staff(database.session, CAROL.email, Role.ADMIN, now=now)
    connection(database.session, "desk")
    database.session.commit()
    return Door(app, database, now)


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def carol(door: Door) -> FlaskClient:
    return door.signed_in(CAROL.email)


def send(door: Door, client: FlaskClient, content: bytes, name: str = "tree.csv", **told: str) -> TestResponse:
    fields = {"kind": "departments", "rows": "refused", **told}
    return door.post(client, f"{LIST}/new", {**fields, "file": (BytesIO(content), name)})


def work(door: Door) -> int:
    """Let the worker do what waits."""
    settings = door.database.settings
    return run_chores(Installation(settings, Keys.of(settings), door.database.sessions), now=door.moment)


def press(door: Door, client: FlaskClient, act: str, *, number: int = 1) -> TestResponse:
    return door.post(client, f"{LIST}/{number}", {"act": act})


def count(door: Door, table: type) -> int:
    with door.database.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def acts(door: Door) -> list[tuple[str, str]]:
    with door.database.sessions() as session:
        return list(session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id)).tuples())


def test_a_table_is_sent_checked_imported_and_again_changes_nothing(
    app: Flask, database: Database, now: datetime
) -> None:
    door = a_door(app, database, now)
    carol = door.signed_in(CAROL.email)

    sent = send(door, carol, GOOD)
    waiting = carol.get(f"{LIST}/1").text
    work(door)
    checked, written = carol.get(f"{LIST}/1").text, count(door, Department)
    pressed = [press(door, carol, "import").status_code for _ in range(2)]
    work(door)
    imported = carol.get(f"{LIST}/1").text
    press(door, carol, "import")

    assert (sent.status_code, sent.location) == (303, f"{LIST}/1")
    assert "It waits for the worker." in waiting
    assert ("Checked. Nothing is written yet." in checked, written) == (True, 0)
    assert (pressed, "Imported." in imported, count(door, Department)) == ([303, 303], True, 2)
    assert work(door) == 0
    assert acts(door) == [("staff:1", "import.table_sent"), ("staff:1", "import.run")]


def test_faults_stand_by_line_and_the_rest_comes_in_where_asked(door: Door, carol: FlaskClient) -> None:
    send(door, carol, FAULTY)
    work(door)
    shown = carol.get(f"{LIST}/1").text
    file = carol.get(f"{LIST}/1/rejected.csv")
    press(door, carol, "import")
    refused = work(door)
    press(door, carol, "leave_out")
    work(door)
    press(door, carol, "import")
    work(door)

    assert "1 row has faults. Mend it in the file and send it again." in shown
    assert '<th scope="row">3</th>' in shown
    assert "this must not be empty" in shown
    assert file.text == "code,name,fault\nIT,,name: this must not be empty\n"
    assert file.headers["Content-Disposition"] == "attachment; filename=rejected-1.csv"
    assert (refused, count(door, Department)) == (0, 1)
    assert "1 row is left out." in carol.get(f"{LIST}/1").text


def test_a_table_names_no_head_and_moves_nothing_below_one_unseen(door: Door, carol: FlaskClient) -> None:
    with door.database.sessions.begin() as session:
        staff(session, HELEN.email, Role.HR, now=door.moment)
    checked = []
    for number, rows in enumerate((b"OPS,Operations,bob@example.com,\nIT,IT,,\n", b"IT,IT,,OPS\n"), 1):
        send(door, carol, b"code,name,head_email,parent_code\n" + rows)
        work(door)
        checked.append(count(door, Message))
        press(door, carol, "import", number=number)
        work(door)

    with door.database.sessions() as session:
        mails = session.scalars(select(Message).order_by(Message.id)).all()
        told = [(one.recipient, one.params["by"], one.params["lines"]) for one in mails if one.params]
    assert checked == [0, 2]
    assert [(to, by, [(one["who"], *one["departments"]) for one in lines]) for to, by, lines in told] == [
        (to, CAROL.email, [(BOB.email, name)])
        for name in ("Operations (OPS)", "IT (IT)")
        for to in (HELEN.email, BOB.email)
    ]


def test_usual_headings_are_asked_about_and_read_so_at_one_press_in_the_reader_s_language(
    door: Door, carol: FlaskClient
) -> None:
    send(door, carol, GOOD)
    work(door)
    press(door, carol, "import")
    work(door)
    send(door, carol, "E-Mail;Name;Abteilung;Büro\na@example.com;A;IT;3\n".encode(), "people.csv", kind="people")
    work(door)
    english, german = carol.get(f"{LIST}/2").text, carol.get(f"{LIST}/2?lang=de").text
    carol.get(f"{LIST}/2?lang=en")
    press(door, carol, "as_suggested", number=2)
    work(door)
    read = carol.get(f"{LIST}/2").text
    again = carol.get(f"{LIST}/new?like=2").text

    assert re.findall(r'<th scope="row">(.*?)</th><td><code>(.*?)</code></td></tr>', english) == [
        ("E-Mail", "email"),
        ("Name", "name"),
        ("Abteilung", "department_code"),
    ]
    assert "this column is not known; is it email?" in english
    assert "diese Spalte ist nicht bekannt; ist es email?" in german
    assert "Unbekannte Spalten überspringen" in german
    assert "--" not in re.sub(r"<(script|style|!--).*?>|--[a-z-]+:", "", german.partition("<main")[2])
    assert ("is it email?" in read, "this column is not known" in read) == (False, True)
    assert "email=E-Mail\nname=Name\ndepartment_code=Abteilung</textarea>" in again


def test_a_number_is_given_to_one_table_only(door: Door, carol: FlaskClient) -> None:
    send(door, carol, GOOD)
    press(door, carol, "drop")

    assert send(door, carol, GOOD).location == f"{LIST}/2"


def test_each_kind_has_its_columns_and_a_sample_that_comes_in(door: Door, carol: FlaskClient) -> None:
    page = carol.get(f"{LIST}/new").text
    names = re.findall(r'href="/admin/imports/sample/(.*?).csv"', page)
    sample = carol.get(f"{LIST}/sample/departments.csv")
    send(door, carol, sample.data, "departments.csv")
    work(door)

    assert names == ["departments", "people", "requests", "responses", "external", "totals"]
    assert "Code of the department above it; empty at the top" in page
    assert sample.headers["Content-Disposition"] == "attachment; filename=departments.csv"
    assert "3 new, 0 changed, 0 unchanged" in carol.get(f"{LIST}/1").text
    assert carol.get(f"{LIST}/sample/secrets.csv").status_code == 404


def test_a_table_of_another_tool_is_read_as_told_and_the_way_is_kept(door: Door, carol: FlaskClient) -> None:
    table = "Nr;Wer;Abt;Von;Bis\n7;alice@example.com;IT;01.07.2026;02.07.2026\n"
    told = {
        "kind": "requests",
        "slug": "desk",
        "create_departments": "y",
        "columns": COLUMNS,
        "date_format": "%d.%m.%Y",
        "save_profile": "servicedesk",
    }
    send(door, carol, gzip.compress(table.encode()), "export.csv.gz", **told)
    work(door)
    press(door, carol, "import")
    work(door)
    send(door, carol, table.encode(), kind="requests", slug="desk", profile="servicedesk")
    work(door)

    assert (count(door, ServiceRequest), count(door, ImportProfile)) == (1, 1)
    assert "0 new, 0 changed, 1 unchanged" in carol.get(f"{LIST}/2").text


def test_what_cannot_be_understood_is_said_at_its_field(door: Door, carol: FlaskClient) -> None:
    for told, content, sentence in (
        ({}, b"", "The file is empty."),
        ({}, b"\x89PNG\r\n\x1a\n", "This is a file of the kind PNG, not a table; send CSV or XLSX."),
        ({"kind": "requests"}, GOOD, "Choose the tracker or source that these rows come from."),
        ({"kind": "external", "slug": "desk"}, GOOD, "Choose the tracker or source that these rows come from."),
        ({"columns": "code"}, GOOD, "&#39;code&#39;: write it as name=value."),
        ({"date_format": "%d"}, GOOD, "&#39;%d&#39; names no date with a year; write it like %d.%m.%Y %H:%M"),
        ({"time_zone": "Mars"}, GOOD, "&#39;Mars&#39; is not a time zone; write it like Europe/Berlin."),
        ({"encoding": "latin-99"}, GOOD, "Nobody knows this encoding"),
        ({"profile": "nobody's"}, GOOD, "This is none of the choices. Choose one of them."),
        ({"replaced": "2026-Q3"}, GOOD, "Only earlier answers can be replaced. Leave this empty."),
        ({"kind": "secrets"}, GOOD, "This is none of the choices. Choose one of them."),
    ):
        answer = send(door, carol, content, **told)
        assert (answer.status_code, sentence in answer.text) == (422, True), (told, sentence)

    assert (count(door, Upload), acts(door)) == (0, [])


def test_a_file_is_called_as_people_can_read_it(door: Door, carol: FlaskClient) -> None:
    send(door, carol, GOOD, "Daten/Бäume\u202e\x07.csv")

    with door.database.sessions() as session:
        assert session.scalars(select(Upload.name)).all() == ["Бäume.csv"]


def test_a_form_without_a_file_is_refused(door: Door, carol: FlaskClient) -> None:
    answer = door.post(carol, f"{LIST}/new", {"kind": "people", "rows": "refused"})

    assert (answer.status_code, "Choose a file." in answer.text) == (422, True)


def test_bad_input_in_any_field_is_a_page_and_no_failure(door: Door, carol: FlaskClient) -> None:
    names = [name for name in UploadForm()._fields if name != "file"]

    for name in names:
        for kind, typed in BAD.items():
            answer = send(door, carol, GOOD, **{name: typed})
            assert answer.status_code in {303, 422}, (name, kind)
            assert "<script>alert" not in answer.text, (name, kind)
    work(door)

    assert count(door, Department) == 0
    assert "<script>alert" not in "".join(
        carol.get(f"{LIST}/{number}").text for number in range(1, count(door, Upload))
    )


def test_a_file_that_is_too_large_is_refused(door: Door, carol: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 100_000)

    at_once = send(door, carol, b"x" * 200_000)
    by_a_little = send(door, carol, b"x" * 100_001)
    kept = count(door, Upload)
    just_so = send(door, carol, b"x" * 100_000)

    assert [at_once.status_code, by_a_little.status_code, just_so.status_code] == [413, 422, 303]
    assert (kept, count(door, Upload)) == (0, 1)
    assert "The file is larger than 0 MB." in by_a_little.text


def test_a_table_is_thrown_away_and_pressed_twice_nothing_more_happens(door: Door, carol: FlaskClient) -> None:
    send(door, carol, GOOD)
    token = {"act": "drop"}

    dropped = door.post(carol, f"{LIST}/1", token)
    again = door.post(carol, f"{LIST}/1", token, shown=LIST)

    assert (dropped.status_code, again.status_code, count(door, Upload)) == (303, 404, 0)
    assert work(door) == 1  # it finds nothing any more
    assert acts(door)[-1] == ("staff:1", "import.table_dropped")


def test_after_a_day_it_is_not_there(door: Door, carol: FlaskClient) -> None:
    send(door, carol, GOOD)
    door.wait(days=1, seconds=1)
    carol = door.signed_in(CAROL.email)

    assert carol.get(f"{LIST}/1").status_code == 404
    assert "tree.csv" not in carol.get(LIST).text


def test_the_list_costs_the_same_with_any_number_of_tables(door: Door, carol: FlaskClient) -> None:
    costs = []
    for number in (1, 2):
        for _ in range(number):
            send(door, carol, GOOD)
        with counting(door.app) as statements:
            assert carol.get(LIST).text.count("tree.csv</a>") == (1, 3)[number - 1]
        costs.append(len(statements))

    assert costs == [7, 7]
