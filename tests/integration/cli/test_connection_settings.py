"""Settings that would silently do nothing are refused when they are given; what is left to do is said."""

import json
from pathlib import Path

import pytest
from flask import Flask

from app.models.connections import Connection
from app.models.departments import TouchpointWeight
from tests.builders.departments import department
from tests.builders.service_requests import connection
from tests.servers.databases import Database

SOURCE = ("sources", "add", "voices", "--kind", "formbricks", "--setting", "touchpoint=portal")
CSAT = ("--setting", "instrument=csat5")
PORTAL = (
    "No department counts the touchpoint portal: its scores are kept and stand on no scorecard until flask import"
    " departments names it in the column touchpoints."
)


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """What a setting means does not depend on the database."""
    return sqlite_app


def _run(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (("instrument=csat9",), "instrument: 'csat9' is not known; add it: flask instruments add NAME --points 1..5"),
        (('instrument=["csat5"]',), "instrument: '['csat5']' is not known"),
        (("instrument=csat5", "dimension=speed"), "the setting dimension says 'speed', which is no item"),
        (("instrument=csat5", 'questions={"q": {"instrument": "x"}}'), "questions: 'q': 'x' is not known; add it:"),
        (("instrument=csat5", 'questions={"q": {"item": "x"}}'), "questions: 'q' may have touchpoint, instrument and"),
        (
            ("instrument=csat5", 'surveys={"s": "nps"}'),
            "surveys: 's' may have touchpoint, instrument and dimension, not",
        ),
        (("instrument=csat5", 'surveys={"s": {"dimension": 5}}'), "surveys: 's': the setting dimension says '5'"),
        (("instrument=csat5", 'questions={"q": {}'), "questions must be a JSON object (the questions that count:"),
        (("instrument=csat5", "values=[1]"), "values must be a JSON object (which answers are which points:"),
        (("instrument=csat5", "unsigned=perhaps"), "unsigned: 'perhaps' is neither true nor false"),
    ],
)
def test_a_source_that_could_record_nothing_is_refused(app: Flask, settings: tuple[str, ...], complaint: str) -> None:
    code, printed = _run(app, *SOURCE, *(word for one in settings for word in ("--setting", one)))

    assert (code, printed.startswith(f"Error: {complaint}")) == (1, True), printed
    assert _run(app, "sources", "list") == (0, "")


@pytest.mark.parametrize(("written", "stored"), [("True", True), ("yes", True), ("1", True), ("false", False)])
def test_true_and_false_may_be_written_as_people_write_them(
    app: Flask, sqlite: Database, written: str, stored: bool
) -> None:
    _run(app, *SOURCE, *CSAT, "--setting", f"unsigned={written}")

    assert sqlite.session.query(Connection).one().settings["unsigned"] is stored


def test_a_secret_is_not_sent_to_another_server_than_it_was_entered_for(app: Flask) -> None:
    settings = ("token=glpat-abc", "project=it/desk", "base_url=https://git.example.com")
    added = _run(app, "trackers", "add", "desk", "--kind", "gitlab", *(f"--setting={one}" for one in settings))

    same = _run(app, "trackers", "set", "desk", "--setting", "base_url=https://git.example.com/")
    other = _run(app, "trackers", "set", "desk", "--setting", "base_url=https://mallory.example")
    both = ("--setting", "base_url=https://git2.example.com", "--setting", "token=glpat-def")

    assert added[1].startswith("added desk"), added  # though no GitLab answers there
    assert same[0] == 0, same
    assert (other[0], "This is another server. Enter token anew with it" in other[1]) == (1, True), other
    assert _run(app, "trackers", "set", "desk", *both)[0] == 0


def test_half_a_sign_is_no_setting(app: Flask) -> None:
    done = _run(
        app,
        "trackers",
        "add",
        "desk",
        "--kind",
        "gitlab",
        "--setting",
        "project=it/desk",
        "--setting",
        'departments={"a": "\\ud800"}',
    )

    assert (done[0], "departments: a sign in it is incomplete; write it anew" in done[1]) == (1, True), done


def test_a_touchpoint_that_no_department_counts_is_named(app: Flask, sqlite: Database) -> None:
    surveys = 'surveys={"s": {"touchpoint": "desk"}}'
    row = department(sqlite.session, "IT")
    weight = {"department_id": row.id, "from_period": "2026-Q4", "touchpoint": "desk", "weight": 1.0}
    sqlite.session.add(TouchpointWeight(**weight))
    sqlite.session.commit()

    _, printed = _run(app, *SOURCE, *CSAT, "--setting", surveys)

    assert printed.splitlines()[0] == PORTAL


def test_what_is_left_to_do_at_the_tool_is_said_where_its_hook_is_made_by_hand(app: Flask) -> None:
    enter = "Enter this address in the tool: docs/connectors/formbricks.md says where."
    secret = (
        "Until the secret that the tool shows there is set here, every event is refused: flask trackers set voices"
        " --secret-file secret=FILE"
    )

    _, printed = _run(app, *SOURCE, *CSAT)
    _, generic = _run(app, "trackers", "add", "desk", "--kind", "signed")

    assert printed.splitlines()[-2:] == [enter, secret]
    assert generic.splitlines()[-1] == "Enter this address in the tool: docs/connectors.md says where."


def test_a_delivery_is_explained_as_a_connection_is_set(app: Flask, sqlite: Database, tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    data = {"id": "r1", "finished": True, "data": {"fast": 4, "kind": 2}}
    body.write_text(json.dumps({"event": "responseFinished", "data": data}))
    _run(app, *SOURCE, *CSAT, "--setting", 'questions={"kind": {}}')
    connection(sqlite.session, "files")
    sqlite.session.commit()
    call = ("trackers", "explain", "formbricks", "--json", "--body", str(body))

    said = [
        json.loads(_run(app, *call, *more)[1])
        for more in ((), ("--connection", "voices"), ("--connection", "voices", "--setting", 'questions={"fast": {}}'))
    ]

    assert [one["verdict"] for one in said] == ["score_list", "score", "score"]
    assert [one["score"] for one in said] == [None, 2, 4]
    assert _run(app, *call, "--connection", "files") == (1, "Error: files is of the kind csv\n")
    assert _run(app, *call, "--connection", "other") == (1, "Error: there is no tracker or source 'other'\n")
    assert _run(app, *call, "--setting", "unsigned=perhaps")[0] == 2
