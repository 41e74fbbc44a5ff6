from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

ANSWERS = (
    "response_id;provider_department;requester;completed_at;overall;comment\n"
    "1;IT;alice@example.com;2026-05-04T09:00;5;thanks\n"
    "2;IT;u-7;2026-05-05;2;\n"
    "3;IT;u-8;2026-07-06;;\n"
)


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())


@pytest.fixture
def answers(tmp_path: Path, flask: Flaskly) -> Path:
    """A file of an earlier tool `forms` with one bad row, and the department IT."""
    flask("sources", "add", "forms", "--kind", "csv")
    (tmp_path / "departments.csv").write_text("code,name\nIT,Computers\n")
    flask("import", "departments", tmp_path / "departments.csv")
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS)
    return path


def test_a_bad_row_keeps_all_answers_out_unless_it_may_be_left_out(
    flask: Flaskly, database: Database, answers: Path
) -> None:
    refused = flask("import", "responses", answers, "--source", "forms")
    none = count(database, "held_responses")
    taken = flask("import", "responses", answers, "--source", "forms", "--skip-bad-rows")
    again = flask("import", "responses", answers, "--source", "forms", "--skip-bad-rows")

    assert (refused.exit_code, refused.stderr.splitlines()[0], none) == (1, "answers.csv:4: no item is answered", 0)
    assert (taken.exit_code, taken.stdout) == (0, "2 new, 0 seen before\n")
    assert again.stdout == "0 new, 2 seen before\n"
    assert count(database, "held_responses") == 2
    assert Path(f"{answers}.rejected.csv").read_text().splitlines()[1] == "3;IT;u-8;2026-07-06;;;no item is answered"


def test_a_dry_run_writes_no_answer(flask: Flaskly, database: Database, answers: Path) -> None:
    done = flask("import", "responses", answers, "--source", "forms", "--skip-bad-rows", "--dry-run")

    assert done.stdout == "2 new, 0 seen before\nNothing was written: this was a dry run.\n"
    assert count(database, "held_responses") + count(database, "seen_responses") == 0


def test_a_quarter_is_replaced_as_a_whole(flask: Flaskly, database: Database, answers: Path) -> None:
    flask("import", "responses", answers, "--source", "forms", "--skip-bad-rows")
    answers.write_text(ANSWERS.replace(";5;", ";4;").replace("2;IT", "5;IT").replace("3;IT;u-8;2026-07-06;;\n", ""))

    done = flask("import", "responses", answers, "--source", "forms", "--replace", "--period", "2026-Q2")

    assert done.stdout == "2 new, 0 seen before\n2 answers were replaced\n"
    assert count(database, "held_responses") == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--source", "nowhere"], "there is no 'nowhere'; add it first: flask sources add SLUG --kind csv\n"),
        (["--source", "forms", "--replace"], "--replace and --period belong together: --replace --period 2026-Q3\n"),
        (
            ["--source", "forms", "--replace", "--period", "May"],
            "'May' is not a period; write 2026-Q3\n",
        ),
    ],
)
def test_it_says_in_a_sentence_what_is_wrong_with_the_options(
    flask: Flaskly, answers: Path, options: list[str], sentence: str
) -> None:
    done = flask("import", "responses", answers, *options)

    assert (done.exit_code, done.stderr) == (1, sentence)


def test_scores_of_an_unknown_instrument_are_refused_with_the_command_that_adds_it(
    flask: Flaskly, tmp_path: Path
) -> None:
    flask("sources", "add", "shop", "--kind", "csv")
    path = tmp_path / "scores.csv"
    path.write_text("response_id,touchpoint,dimension,instrument,score,answered_at\n1,web,overall,stars,4,2026-05-04\n")

    refused = flask("import", "external", path, "--source", "shop")
    flask("instruments", "add", "stars", "--points", "1..5", "--construct", "satisfaction")
    taken = flask("import", "external", path, "--source", "shop")

    place, _, sentence = refused.stderr.splitlines()[0].partition(" instrument: ")
    assert (refused.exit_code, place) == (1, "scores.csv:2:")
    assert sentence == "'stars' is not known; add it: flask instruments add NAME --points 1..5 --construct …"
    assert taken.stdout == "1 new, 0 changed, 0 unchanged\n"


def test_a_file_with_periods_holds_totals(flask: Flaskly, database: Database, tmp_path: Path) -> None:
    flask("sources", "add", "shop", "--kind", "csv")
    path = tmp_path / "totals.csv"
    path.write_text("touchpoint,dimension,instrument,period,positive,n\nweb,overall,csat5,2026-Q2,80,100\n")

    done = flask("import", "external", path, "--source", "shop")

    assert done.stdout == "1 new, 0 changed, 0 unchanged\n"
    assert (count(database, "external_totals"), count(database, "external_responses")) == (1, 0)


def test_an_instrument_is_registered_once_and_never_changed(flask: Flaskly) -> None:
    add = ("instruments", "add", "fft", "--construct", "satisfaction", "--labels", "1=Very good,5=Very poor")
    said = [
        flask(*add, "--points", "1..5", "--reverse"),
        flask(*add, "--points", "1..5", "--reverse"),
        flask(*add, "--points", "1..5"),
        flask(*add, "--points", "1..3"),
        flask(*add, "--points", "five"),
        flask("instruments", "add", "csat5", "--points", "1..5", "--construct", "satisfaction"),
    ]

    assert [(done.exit_code, done.output.splitlines()[-1]) for done in said] == [
        (0, "added fft"),
        (0, "fft stands already"),
        (1, "Error: 'fft' stands already with another definition: a changed question is a new name"),
        (1, "Error: these labels name no point: 5"),
        (2, "Error: --points 'five': write it as 1..5"),
        (1, "Error: 'csat5' is a built-in instrument; choose another name"),
    ]
    assert "fft\tsatisfaction\t1..5, 1 is best" in flask("instruments", "list").output.splitlines()


def test_how_and_when_a_question_is_asked_belongs_to_it_and_notes_may_be_told_anew(flask: Flaskly) -> None:
    add = ("instruments", "add", "phone5", "--construct", "satisfaction", "--points", "1..5", "--mode", "phone")
    said = [
        flask(*add, "--moment", "later", "--notes", "asked by an agency"),
        flask(*add, "--moment", "later", "--notes", "asked by another agency"),
        flask(*add, "--moment", "completion"),
        flask(*add, "--moment", "at once"),
    ]

    assert [(done.exit_code, done.output.splitlines()[-1]) for done in said] == [
        (0, "added phone5"),
        (0, "phone5 stands already"),
        (1, "Error: 'phone5' stands already with another definition: a changed question is a new name"),
        (2, "Error: Invalid value for '--moment': 'at once' is not one of 'completion', 'later', 'regular'."),
    ]
    listed = flask("instruments", "list").output.splitlines()
    assert "phone5\tsatisfaction\t1..5, 5 is best\tphone\tlater\tasked by another agency" in listed
