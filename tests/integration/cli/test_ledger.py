"""`flask privacy ledger`: what was told and hidden, as a table and as JSON."""

import json

from sqlalchemy import delete

from app.models.releases import Disclosure
from tests.builders.quarters import answers, company, freeze
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database


def test_the_table_says_per_document_how_much_was_told_and_hidden(database: Database, flask: Flaskly) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    answers(session, places["HR"], [5] * 3)
    answers(session, places["SALES"], [4] * 11)
    freeze(session)
    session.execute(delete(Disclosure))  # frozen before there was a ledger
    session.commit()

    lines = flask("privacy", "ledger", "2026-Q3").output.splitlines()
    rows = json.loads(flask("privacy", "ledger", "2026-Q3", "--json").output)
    figures = flask("privacy", "ledger", "2026-Q3", "--department", "ALL").output.splitlines()

    assert lines[0].split() == ["document", "revision", "told", "hidden", "fewest", "people"]
    assert [line.split()[0] for line in lines[1:]] == ["ALL", "HR", "IT", "SALES", "HR's"]
    told, hidden = (
        sum(row["department"] == "ALL" and row["hidden"] is is_hidden for row in rows) for is_hidden in (False, True)
    )
    assert lines[1].split() == ["ALL", "1", str(told), str(hidden), "26"]
    assert {"document": "scorecard", "department": "HR", "revision": 1, "figure": "internal", "hidden": True,
            "people": None, "printed": None} in rows  # fmt: skip
    assert len(figures) == 1 + told + hidden
    assert any(line.split()[:3] == ["1", "internal.csat_overall.top_two_box", "26"] for line in figures)


def test_a_quarter_of_which_nothing_is_frozen_has_no_ledger(database: Database, flask: Flaskly) -> None:
    result = flask("privacy", "ledger", "2026-Q3")

    assert result.exit_code == 1
    assert result.output == "Error: Nothing of 2026-Q3 is frozen.\n"
    assert database.kind
