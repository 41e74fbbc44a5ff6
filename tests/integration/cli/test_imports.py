import gzip
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import text

from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

HEADER = "external_id,requester_email,provider_department,created_at,completed_at\n"
GOOD = "A-1,alice@example.com,IT,2026-07-01T09:00,2026-07-02T10:00\n"
TABLES = (
    "departments",
    "department_versions",
    "people",
    "person_versions",
    "service_requests",
    "request_cycles",
    "dirty_marks",
)

MEND = "Mend them in the file and import it again; with --skip-bad-rows the other rows come in."


def counts(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        found = {table: connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one() for table in TABLES}
    return {table: number for table, number in found.items() if number}


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    return tmp_path / "requests.csv"


def test_it_imports_departments_people_and_requests_and_a_second_time_changes_nothing(
    flask: Flaskly, database: Database, tmp_path: Path
) -> None:
    flask.tracker("desk")
    tables = {
        "departments": "code;name;parent_code;touchpoints\nOPS;Operations;;\nIT;Computers;OPS;web=0.5\n",
        "people": "email,name,department_code\nalice@example.com,Alice,OPS\n",
        "requests": HEADER + GOOD + "A-2,alice@example.com,Space,2026-07-01,\n",
    }
    tables["departments"] = tables["departments"].replace("0.5", "1")
    said = []
    for _ in range(2):
        for kind, table in tables.items():
            path = tmp_path / f"{kind}.csv"
            path.write_text(table, encoding="utf-8-sig")
            result = flask("import", kind, path, *(["--tracker", "desk"] if kind == "requests" else []))
            said.append((result.exit_code, result.output.splitlines()[0]))

    assert said == [
        (0, "2 new, 0 changed, 0 unchanged"),
        (0, "1 new, 0 changed, 0 unchanged"),
        (0, "2 new, 0 changed, 0 unchanged"),
        (0, "0 new, 0 changed, 2 unchanged"),
        (0, "0 new, 0 changed, 1 unchanged"),
        (0, "0 new, 0 changed, 2 unchanged"),
    ]
    assert counts(database)["request_cycles"] == 1


def test_it_names_every_fault_writes_nothing_and_ends_with_status_1(
    flask: Flaskly, database: Database, requests: Path
) -> None:
    flask.tracker("desk")
    requests.write_text(
        HEADER + GOOD + "A-2,alice@example.com,IT,2026-07-01,31/02/2026\nA-3,nobody,IT,2026-07-01,\n", encoding="utf-8"
    )

    result = flask("import", "requests", requests, "--tracker", "desk")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "requests.csv:3: completed_at: '31/02/2026' is not a date",
        "requests.csv:4: requester_email: 'nobody' is not an e-mail address",
        f"Nothing was written: 2 faults in 2 rows. {MEND}",
    ]
    assert counts(database) == {}


def test_it_names_what_only_storing_finds_beside_what_cannot_be_read(
    flask: Flaskly, database: Database, tmp_path: Path
) -> None:
    people, departments = tmp_path / "people.csv", tmp_path / "departments.csv"
    people.write_text("email,name,department_code\na@example.com,A,NO\nnobody,B,NO\n", encoding="utf-8")
    tree = "code,name,parent_code,staff_count\nHQ,Company,,many\nIT,IT,HQ,\nDEV,Dev,IT,\nLAW,Law,XX,\n"
    departments.write_text(tree, encoding="utf-8")

    assert flask("import", "people", people).stderr.splitlines()[:-1] == [
        "people.csv:2: department_code: there is no department 'NO'; see --create-departments",
        "people.csv:3: email: 'nobody' is not an e-mail address",
    ]
    assert flask("import", "departments", departments).stderr.splitlines()[:-1] == [
        "departments.csv:2: staff_count: 'many' is not a whole number",
        "departments.csv:5: parent_code: there is no department 'XX'; see --create-departments",
    ]
    assert counts(database) == {}


def test_rejected_rows_come_in_by_the_same_command_once_they_are_mended(flask: Flaskly, requests: Path) -> None:
    flask.tracker("desk")
    bad = "Б-2,alice@example.com,Склад,2026-07-01,31/02/2026"
    requests.write_text(HEADER + GOOD + bad + "\nB-3,short\n", encoding="cp1251")
    command = ("--tracker", "desk", "--encoding", "cp1251", "--skip-bad-rows", "--create-departments")

    flask("import", "requests", requests, *command)
    rejected = requests.with_name("requests.csv.rejected.csv")
    first, second, short = rejected.read_text(encoding="utf-8-sig").splitlines()
    rejected.write_bytes(rejected.read_bytes().replace(b"31/02/2026", b"2026-07-02"))
    again = flask("import", "requests", rejected, *command, "--ignore-unknown")

    assert (first, second) == (f"{HEADER.strip()},fault", f"{bad},completed_at: '31/02/2026' is not a date")
    assert short.startswith('B-3,short,,,,"cells in this row: 2')
    assert again.stdout.splitlines()[:2] == ["1 new, 0 changed, 0 unchanged", "1 completed, 0 reopened"]


def test_rejected_rows_are_parted_as_the_table_was(flask: Flaskly, requests: Path) -> None:
    flask.tracker("desk")
    bad = GOOD.replace("A-1", "B-2").replace("2026-07-02", "31/02/2026")
    requests.write_text((HEADER + GOOD + bad).replace(",", ";"), encoding="utf-8")

    flask("import", "requests", requests, "--tracker", "desk", "--skip-bad-rows", "--create-departments")

    head, row = requests.with_name("requests.csv.rejected.csv").read_text(encoding="utf-8").splitlines()
    assert head == f"{HEADER.strip()},fault".replace(",", ";")
    assert row.startswith(bad.strip().replace(",", ";"))


def test_it_says_which_requests_name_no_department_when_all_names_are_known(flask: Flaskly, requests: Path) -> None:
    flask.tracker("desk")
    requests.write_text(HEADER + GOOD.replace(",IT,", ",,"), encoding="utf-8")

    result = flask("import", "requests", requests, "--tracker", "desk", "--create-departments")

    assert result.stdout.splitlines()[2:] == ["1 request names no provider department"]


def test_it_names_the_departments_it_does_not_know_and_how_to_mend_it(flask: Flaskly, requests: Path) -> None:
    flask.tracker("desk")
    names = ["Desk", "Desk", "Ops", "Post", "Yard"]
    rows = [GOOD.replace(",IT,", f",{name},").replace("A-1", f"C-{at}") for at, name in enumerate(names)]
    requests.write_text(HEADER + "".join(rows), encoding="utf-8")

    result = flask("import", "requests", requests, "--tracker", "desk")

    assert result.stdout.splitlines()[2:] == ["5 requests have no provider department that is known"]
    assert result.stderr.strip() == (
        "provider_department: unknown: “Desk” (2), “Ops” (1), “Post” (1) and 1 more; say what they mean with --value "
        "'provider_department:NAME=CODE', for good with flask trackers map, or make them with --create-departments"
    )


def test_it_leaves_bad_rows_out_on_request_and_keeps_them_in_a_file(
    flask: Flaskly, database: Database, requests: Path
) -> None:
    flask.tracker("desk")
    bad = "A-2,alice@example.com,IT,2026-07-01,31/02/2026"
    requests.write_text(HEADER + GOOD + bad + "\n", encoding="utf-8")

    result = flask("import", "requests", requests, "--tracker", "desk", "--skip-bad-rows")

    rejected = requests.with_name("requests.csv.rejected.csv")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "1 new, 0 changed, 0 unchanged"
    assert rejected.read_text().splitlines()[1] == f"{bad},completed_at: '31/02/2026' is not a date"


def test_a_row_that_contradicts_a_frozen_completion_refuses_the_file_or_is_left_out(
    flask: Flaskly, requests: Path
) -> None:
    flask.tracker("desk")
    requests.write_text(HEADER + GOOD, encoding="utf-8")
    flask("import", "requests", requests, "--tracker", "desk", "--create-departments")
    other = GOOD.replace("IT", "LAW")
    requests.write_text(HEADER + other + GOOD.replace("A-1", "A-2"), encoding="utf-8")
    command = ("import", "requests", requests, "--tracker", "desk", "--create-departments")

    refused = flask(*command)
    left_out = flask(*command, "--skip-bad-rows")

    assert refused.stderr.splitlines()[:-1] == [
        "requests.csv:2: provider_department: frozen since the request was completed (2026-07-02 10:00 UTC)"
    ]
    assert left_out.stdout.splitlines()[0] == "1 new, 0 changed, 0 unchanged"
    assert (
        requests.with_name("requests.csv.rejected.csv")
        .read_text()
        .splitlines()[1]
        .startswith("A-1,alice@example.com,LAW")
    )


@pytest.mark.parametrize("kind", ["departments", "people", "requests"])
def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    flask: Flaskly, database: Database, tmp_path: Path, kind: str
) -> None:
    flask.tracker("desk")
    table = {
        "departments": "code,name\nIT,Computers\n",
        "people": "email,name,department_code\nalice@example.com,Alice,IT\n",
        "requests": HEADER + GOOD,
    }[kind]
    extra = {"departments": [], "people": ["--create-departments"], "requests": ["--tracker", "desk"]}[kind]

    result = flask("import", kind, "-", "--dry-run", *extra, stdin=table.encode())

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == "1 new, 0 changed, 0 unchanged"
    assert result.stdout.splitlines()[-1] == "Nothing was written: this was a dry run."
    assert counts(database) == {}


def test_a_saved_profile_stands_for_its_options(flask: Flaskly, tmp_path: Path) -> None:
    flask.tracker("desk")
    path = tmp_path / "export.csv"
    path.write_bytes("Ключ;Кто;Отдел;Создана\n7;alice@example.com;Склад;01.07.2026\n".encode("cp1251"))
    options = ["--map", "external_id=Ключ", "--map", "requester_email=Кто", "--map", "provider_department=Отдел"]
    options += ["--map", "created_at=Создана", "--date-format", "%d.%m.%Y", "--encoding", "cp1251"]

    without = flask("import", "requests", path, "--tracker", "desk")
    first = flask("import", "requests", path, "--tracker", "desk", *options, "--save-profile", "desk")
    second = flask("import", "requests", path, "--tracker", "desk", "--profile", "desk")

    assert without.stderr.splitlines()[:-1] == [
        "export.csv:1: this line is not written in UTF-8; name the encoding of the file, for example --encoding cp1251"
    ]
    path.write_bytes("Ключ;Кто;Отдел;Создана\n7;alice@example.com;Склад;July\n".encode("cp1251"))
    wrong = flask("import", "requests", path, "--tracker", "desk", "--profile", "desk")

    assert first.stdout.splitlines()[0] == "1 new, 0 changed, 0 unchanged"
    assert second.stdout.splitlines()[0] == "0 new, 0 changed, 1 unchanged"
    assert wrong.stderr.splitlines()[0] == "export.csv:2: Создана: 'July' is not a date"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--tracker", "none"], "there is no 'none'; add it first: flask trackers add SLUG --kind csv"),
        (["--tracker", "desk", "--map", "title"], "--map: 'title': write it as name=value"),
        (["--tracker", "desk", "--profile", "x"], "there is no profile 'x'; --save-profile keeps one"),
        (
            ["--tracker", "desk", "--time-zone", "Moon"],
            "--time-zone: 'Moon' is not a time zone; write it like Europe/Berlin",
        ),
    ],
)
def test_it_says_what_is_wrong_with_the_command(
    flask: Flaskly, requests: Path, words: list[str], sentence: str
) -> None:
    flask.tracker("desk")
    requests.write_text(HEADER + GOOD, encoding="utf-8")

    result = flask("import", "requests", requests, *words)

    assert (result.exit_code, result.stderr.strip()) == (1, sentence)


def test_it_names_a_file_that_is_not_there(flask: Flaskly) -> None:
    result = flask("import", "departments", "nowhere.csv")

    assert (result.exit_code, result.stderr.strip()) == (1, "there is no file nowhere.csv")


def test_forty_bad_rows_among_ten_thousand_are_one_line_and_nothing_written(
    flask: Flaskly, database: Database, requests: Path
) -> None:
    flask.tracker("desk")
    lines = [
        f"R{number},alice@example.com,IT,2026-07-01,{'soon' if number % 250 == 7 else ''}" for number in range(10_000)
    ]
    requests.write_text(HEADER + "\n".join(lines), encoding="utf-8")

    result = flask("import", "requests", requests, "--tracker", "desk")

    assert result.exit_code == 1
    rows = "9, 259, 509, 759, 1009, 1259, 1509, 1759, 2009, 2259, …"
    assert result.stderr.splitlines() == [
        f"requests.csv:9: completed_at: 'soon' is not a date (40 rows: {rows})",
        f"Nothing was written: 40 faults in 40 rows. {MEND}",
    ]
    assert counts(database) == {}


def test_a_workbook_and_a_gzip_file_come_in_like_text(flask: Flaskly, tmp_path: Path) -> None:
    book, packed = tmp_path / "departments.xlsx", tmp_path / "departments.csv.gz"
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["code", "name", "staff_count"])
        sheet.write_row(1, 0, ["IT", "Computers", 20])
    packed.write_bytes(gzip.compress(b"code,name,staff_count\nIT,Computers,20\n"))

    first = flask("import", "departments", book)
    second = flask("import", "departments", packed)

    assert first.stdout == "1 new, 0 changed, 0 unchanged\n"
    assert second.stdout == "0 new, 0 changed, 1 unchanged\n"
