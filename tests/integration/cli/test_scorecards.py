"""`flask scorecards`: show in its forms, and build again when customers' scores come late."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update

from app.domain.periods import Calendar
from app.domain.states import MessageState
from app.models.messages import Message
from app.models.scorecards import ScorecardPosting
from app.reports.sentences import render
from tests.builders.departments import department
from tests.builders.issued import issue
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("language", "finding"),
    [
        ("en", "Colleagues are less satisfied with IT Support than customers are: 66% against 92%."),
        ("es", "Colegas"),
    ],
)
def test_the_page_as_a_file_needs_nothing_beside_it(
    app: Flask, database: Database, now: datetime, tmp_path: Path, language: str, finding: str
) -> None:
    issue(database.session, department(database.session, "IT"), posted=now, calendar=CALENDAR)
    database.session.commit()
    file = tmp_path / "scorecard.html"

    result = app.test_cli_runner().invoke(
        args=["scorecards", "show", "2026-Q3", "IT", "--language", language, "--html", str(file)]
    )

    page = file.read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert f'<html lang="{language}">' in page
    assert finding in page
    assert [word for word in ("<link", 'href="/', "src=", "<form") if word in page] == []


def test_the_words_are_in_the_language_that_was_asked_for(app: Flask, database: Database, now: datetime) -> None:
    row = issue(database.session, department(database.session, "IT"), posted=now, calendar=CALENDAR)
    finding = render(json.loads(row.document)["sentences"]["finding"], "es", CALENDAR)
    database.session.commit()

    result = app.test_cli_runner().invoke(args=["scorecards", "show", "2026-Q3", "IT", "--language", "es"])

    assert (result.exit_code, result.output.splitlines()[0]) == (0, finding)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--language", "xx"),
            "Error: Invalid value for --language: xx is none of this installation's languages (en, ru, pl, de, es)",
        ),
        (("--pdf", "nowhere/it.pdf"), "Error: Invalid value for '--pdf': there is no folder nowhere"),
    ],
)
@pytest.mark.parametrize("command", [("scorecards", "show", "2026-Q3", "IT"), ("culture", "show", "2026-Q3")])
def test_an_unknown_language_and_a_missing_folder_are_named(
    flask: Flaskly, command: tuple[str, ...], words: tuple[str, ...], sentence: str
) -> None:
    result = flask(*command, *words)

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, sentence)


def test_a_file_that_cannot_be_written_is_named(flask: Flaskly, database: Database, now: datetime) -> None:
    issue(database.session, department(database.session, "IT"), posted=now, calendar=CALENDAR)
    database.session.commit()

    result = flask("scorecards", "show", "2026-Q3", "IT", "--html", "/proc/it.html")

    assert (result.exit_code, result.stderr) == (
        1,
        "Error: /proc/it.html cannot be written: No such file or directory\n",
    )


def test_the_list_names_last_revisions_with_their_posting_and_finding(
    flask: Flaskly, database: Database, now: datetime
) -> None:
    session = database.session
    it, payroll = department(session, "IT"), department(session, "PAY")
    first, _ = (issue(session, it, revision=revision, posted=now, calendar=CALENDAR) for revision in (1, 2))
    of_payroll = issue(session, payroll, name="Payroll", posted=now, calendar=CALENDAR)
    for row in (first, of_payroll):
        session.add(ScorecardPosting(scorecard_id=row.id, recipient="bob@example.com", posted_at=now))
    session.commit()

    listed = flask("scorecards", "list", "2026-Q3")

    day = now.date().isoformat()
    finding = "Colleagues are less satisfied with IT Support than customers are: 66% against 92%."
    assert [line.split(maxsplit=3) for line in listed.output.splitlines()] == [
        ["code", "revision", "posted", "department  finding"],
        ["IT", "2", "no", f"IT Support  {finding}"],
        ["PAY", "1", day, "Payroll     " + finding.replace("IT Support", "Payroll")],
    ]


def test_what_is_not_there_is_refused_with_what_is(flask: Flaskly, database: Database, now: datetime) -> None:
    issue(database.session, department(database.session, "IT"), posted=now, calendar=CALENDAR)
    issue(database.session, department(database.session, "PAY"), posted=now, calendar=CALENDAR)
    database.session.commit()

    said = [
        flask("scorecards", *words).stderr
        for words in (
            ("show", "2026-Q3", "it"),
            ("show", "2026-Q3", "IT", "--revision", "7"),
            ("show", "2024-Q3", "IT"),
            ("show", "2999-Q1", "IT"),
            ("list", "2024-Q3"),
        )
    ]

    assert said == [
        "Error: There is no scorecard of it for 2026-Q3. There are scorecards of: IT, PAY.\n",
        "Error: There is no revision 7 of IT for 2026-Q3; the last one is 1.\n",
        "Error: There are no scorecards for 2024-Q3. Frozen quarters: 2026-Q3.\n",
        (
            "Error: There are no scorecards for 2999-Q1."
            " 2999-Q1 can be frozen from 2999-04-15 on: until then answers may come.\n"
        ),
        "Error: There are no scorecards for 2024-Q3. Frozen quarters: 2026-Q3.\n",
    ]


def test_customers_scores_that_come_after_the_release_make_a_second_revision(flask: Flaskly, tmp_path: Path) -> None:
    departments, answers, scores = (tmp_path / f"{name}.csv" for name in ("departments", "answers", "scores"))
    departments.write_text("code,name,staff_count,touchpoints\nIT,Computers,40,shop=1\n")
    rows = [f"R{n},IT,p{n},2024-02-05T10:00:00Z,{2 if n % 2 else 5}" for n in range(40)]
    answers.write_text("response_id,provider_department,requester,completed_at,csat_overall\n" + "\n".join(rows))
    scores.write_text("touchpoint,dimension,instrument,period,counts\nshop,overall,csat5,2024-Q1,1=5;4=45;5=150\n")
    flask("import", "departments", departments)
    flask("sources", "add", "old", "--kind", "csv")
    flask("import", "responses", answers, "--source", "old")

    built = flask("scorecards", "build", "2024-Q1")
    released = flask("privacy", "release", "2024-Q1")
    unchanged = flask("scorecards", "build", "2024-Q1")
    flask("import", "external", scores, "--source", "old")
    revised = flask("scorecards", "build", "2024-Q1")
    shown = flask("scorecards", "show", "2024-Q1", "IT", "--json")
    verified = flask("rollups", "verify")

    assert built.output.splitlines()[0] == "2024-Q1: 1 scorecard frozen", built.output
    assert released.exit_code == 0, released.output
    assert unchanged.output.splitlines()[0] == "2024-Q1: nothing new to freeze."
    assert revised.output.splitlines()[0] == "2024-Q1: 1 scorecard frozen", revised.output
    document = json.loads(shown.stdout)
    assert (document["revision"], document["gap"]["csat_overall"]["verdict"]) == (2, "worse")
    assert document["gap"]["csat_overall"]["top_two_box"]["estimate"] == -0.48  # 0.5 - 0.975, half away from zero
    assert verified.exit_code == 0, verified.output


def test_hr_stops_a_posting_and_lets_it_go_on(flask: Flaskly, database: Database) -> None:
    issue(
        database.session,
        department(database.session, "IT", head_email="bob@example.com"),
        posted=None,
        calendar=CALENDAR,
    )
    database.session.commit()
    flask("scorecards", "send", "2026-Q3")

    stopped, again = flask("scorecards", "stop", "2026-Q3"), flask("scorecards", "stop", "2026-Q3")
    refused = flask("scorecards", "send", "2026-Q3")
    resumed, not_stopped = flask("scorecards", "resume", "2026-Q3"), flask("scorecards", "resume", "2026-Q3")
    sent = flask("scorecards", "send", "2026-Q3")
    log = flask("audit", "list", "--json")

    assert stopped.output == "The posting of 2026-Q3 is stopped.\n1 mail was taken back.\n"
    assert again.output == "The posting of 2026-Q3 is stopped.\n0 mails were taken back.\n"
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: The posting of 2026-Q3 is stopped; flask scorecards resume 2026-Q3 lets it go on.\n",
    )
    assert resumed.output == "The posting of 2026-Q3 goes on: the worker writes what is due.\n"
    assert not_stopped.output == "The posting of 2026-Q3 was not stopped.\n"
    assert sent.output == "1 mail is in the outbox.\n"
    acts = [json.loads(line)["action"] for line in log.output.splitlines()]
    assert acts == ["scorecards.sent", "scorecards.posting_stopped", "scorecards.posting_resumed", "scorecards.sent"]


def test_a_stop_says_what_left_and_what_is_sent_by_hand_only(flask: Flaskly, database: Database) -> None:
    place = department(database.session, "IT", head_email="bob@example.com")
    for revision in (1, 2):
        issue(database.session, place, revision=revision, posted=None, calendar=CALENDAR)
    database.session.commit()
    flask("scorecards", "send", "2026-Q3")
    database.session.execute(update(Message).values(state=MessageState.SENT))
    database.session.commit()
    flask("scorecards", "send", "2026-Q3", "--revision", "2")

    stopped = flask("scorecards", "stop", "2026-Q3")

    assert stopped.output.splitlines()[1:] == [
        "1 mail was taken back.",
        "1 mail had been sent already and cannot be taken back.",
        (
            "After flask scorecards resume 2026-Q3, revision 2 needs its own call again:"
            " flask scorecards send 2026-Q3 --revision 2"
        ),
    ]


@pytest.mark.parametrize("command", ["stop", "resume"])
def test_a_quarter_of_which_nothing_is_known_is_named(flask: Flaskly, command: str) -> None:
    result = flask("scorecards", command, "2031-Q1")

    assert (result.exit_code, result.stderr) == (1, "Error: There is nothing to post for 2031-Q1 yet.\n")
