"""`flask held-back` shows patterns and counts, and decides about all answers of one pattern."""

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.states import ResponseState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.responses import HeldResponse
from app.pipeline.responses import HeldBackPattern
from app.upkeep.audit import log as audit
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import CALENDAR
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

SCANNER = HeldBackPattern(("no_trusted_input", "too_fast"), "mx.example.com ESMTP")
UNKNOWN_SYSTEM = HeldBackPattern(("too_fast",), "")


@pytest.fixture
def held(database: Database) -> None:
    """Three answers of a scanner and one of a quick colleague, in the running quarter."""
    session = database.session
    provider, period = department(session, "it"), str(CALENDAR.period_of(clock.now()))
    quarter_salt(session, Keys.of(database.settings), period)
    for number, pattern in enumerate([SCANNER, SCANNER, SCANNER, UNKNOWN_SYSTEM]):
        told: dict[str, Any] = {"signals": list(pattern.signals), "mail_system": pattern.mail_system or None}
        who = person(session, f"requester{number}@example.com")
        held_response(session, provider, who, {"csat_overall": 1}, period, state=ResponseState.HELD_BACK, signals=told)
    session.commit()


def _states(database: Database) -> list[str]:
    database.session.rollback()
    database.session.expire_all()
    return sorted(database.session.scalars(select(HeldResponse.state)))


def test_patterns_are_listed_with_counts_and_what_their_signals_mean(flask: Flaskly, held: None) -> None:
    assert flask("held-back", "list").output.splitlines() == [
        "pattern   answers  signals                    mail system",
        f"{SCANNER.name}        3  no_trusted_input,too_fast  mx.example.com ESMTP",
        f"{UNKNOWN_SYSTEM.name}        1  too_fast                   –",
        "",
        "too_fast          the page was open for less than two seconds",
        "no_trusted_input  our script ran and saw no key, pointer or touch",
    ]


def test_a_pattern_is_released_another_dropped_and_both_are_noted(
    flask: Flaskly, database: Database, held: None
) -> None:
    said = [flask("held-back", "drop", SCANNER.name).output, flask("held-back", "release", UNKNOWN_SYSTEM.name).output]

    assert said == ["3 answers will never count.\n", "1 answer counts now.\n"]
    assert _states(database) == ["accepted", "dropped", "dropped", "dropped"]
    assert flask("held-back", "list").output == "No answer is held back.\n"
    assert [(entry.action, entry.subject, entry.details) for entry in audit.entries(database.session)] == [
        (
            "held_back.dropped",
            f"pattern:{SCANNER.name}",
            {"signals": ["no_trusted_input", "too_fast"], "mail_system": "mx.example.com ESMTP", "answers": 3},
        ),
        (
            "held_back.released",
            f"pattern:{UNKNOWN_SYSTEM.name}",
            {"signals": ["too_fast"], "mail_system": "", "answers": 1},
        ),
    ]


def test_a_pattern_that_nothing_has_is_refused(flask: Flaskly, database: Database, held: None) -> None:
    refused = flask("held-back", "drop", "0badcafe")

    assert (refused.exit_code, refused.output) == (
        1,
        "Error: No held-back answer has the pattern “0badcafe”: flask held-back list names those there are.\n",
    )
    assert _states(database) == ["held_back"] * 4
    assert audit.entries(database.session) == []
