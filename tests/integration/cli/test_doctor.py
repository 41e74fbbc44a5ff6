"""What `flask doctor` mends when an administrator asks for it, and what commands say until then."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.domain.periods import Period
from app.foundations.crypto import Keys
from app.models.quarter_salts import SALT_BYTES, find_salt
from app.models.releases import fix_period
from app.models.responses import QuarterSalt
from app.settings import Settings
from app.upkeep.audit import log as audit
from app.upkeep.running import readiness
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import CALENDAR, completed_request
from tests.conftest import ALICE
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database

MISFILED = (
    "What is stored was filed with another PARITY_TIME_ZONE or PARITY_FISCAL_YEAR_START: flask doctor"
    " --refile-periods files it anew. Until then nothing is issued."
)


@pytest.fixture
def settings(database: Database) -> Settings:
    """The company corrects its fiscal year: it begins in April."""
    return replace(database.settings, fiscal_year_start=4, time_zone=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def filed(database: Database) -> None:
    """A request filed by the quarters of the calendar year."""
    session = database.session
    completed_request(
        session, department(session, "it"), person(session, ALICE.email), datetime(2026, 5, 4, tzinfo=UTC)
    )
    session.commit()


def test_what_was_filed_otherwise_is_named_and_filed_anew(flask: Flaskly, database: Database, filed: None) -> None:
    before = flask("doctor").output.splitlines()
    asked = flask("invitations", "run")

    refiled = flask("doctor", "--refile-periods")
    again = flask("doctor", "--refile-periods")

    assert MISFILED in before
    assert (asked.exit_code, asked.output) == (1, MISFILED + "\n")
    assert (refiled.exit_code, refiled.output) == (0, "Filed anew: completions 1, customers' scores 0, answers 0.\n")
    assert (again.exit_code, again.output) == (0, "Everything is filed as the settings say; nothing changed.\n")
    assert MISFILED not in flask("doctor").output
    assert flask("invitations", "run").exit_code == 0
    (entry,) = audit.entries(database.session)
    assert (entry.action, entry.subject, entry.details) == (
        "periods.refiled",
        "periods",
        {"time_zone": "Europe/Berlin", "fiscal_year_start": 4, "completions": 1, "scores": 0, "answers": 0},
    )


def test_fixed_quarters_stay_and_the_settings_must_go_back(flask: Flaskly, database: Database, filed: None) -> None:
    fix_period(database.session, CALENDAR, Period(2026, 2))
    database.session.commit()

    refused = flask("doctor", "--refile-periods")

    assert refused.exit_code == 1
    assert refused.output == (
        "Error: An invitation was written or a quarter frozen: quarters do not move any more. Set PARITY_TIME_ZONE and"
        " PARITY_FISCAL_YEAR_START back; flask doctor names the stored ones.\n"
    )
    assert flask("invitations", "run").output == (
        "Quarters were stored with another PARITY_TIME_ZONE or PARITY_FISCAL_YEAR_START: set them back; flask"
        " doctor names them. Until then nothing is issued.\n"
    )


def test_the_worker_does_not_start_on_a_database_that_it_cannot_work_with(flask: Flaskly, database: Database) -> None:
    database.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    database.session.commit()

    refused = flask("work")

    assert (refused.exit_code, refused.output) == (
        1,
        f"The database stands at migration 0000, the program at {readiness.head()}: run flask db upgrade\n",
    )


def test_quarters_of_a_lost_link_key_take_answers_again_when_somebody_says_so(
    flask: Flaskly, database: Database
) -> None:
    elsewhere = Keys(("another secret key of thirty-two characters",), "another link key of thirty-two characters")
    database.session.add(QuarterSalt(period="2026-Q3", salt=elsewhere.seal_salt(b"s" * SALT_BYTES)))
    database.session.commit()
    named = flask("doctor").output

    renewed = flask("doctor", "--renew-salts")
    again = flask("doctor", "--renew-salts")

    database.session.rollback()
    found = find_salt(database.session, Keys.of(database.settings), "2026-Q3")
    assert "The link key does not open the quarter 2026-Q3, so its surveys take no answers" in named
    assert (renewed.exit_code, renewed.output) == (
        0,
        "New secrets: 2026-Q3. Surveys take answers again; earlier answers stay and can no longer be corrected.\n",
    )
    assert again.output == "The link key opens every quarter; nothing changed.\n"
    assert found is not None
    assert found != b"s" * SALT_BYTES
    assert [(entry.action, entry.details) for entry in audit.entries(database.session)] == [
        ("quarter_salts.renewed", {"periods": ["2026-Q3"]})
    ]
