"""`flask follow-ups` knows cases by number and never a name."""

import pytest

from app.domain.states import FollowUpState
from app.foundations import clock
from app.models.follow_ups import FollowUp
from app.upkeep.audit import log as audit
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.integration.cli.conftest import Flaskly
from tests.servers.databases import Database


@pytest.fixture
def case(database: Database) -> FollowUp:
    session, now = database.session, clock.now()
    cycle = completed_request(session, department(session, "IT"), person(session, "ines@example.com", name="Ines"), now)
    invited = invitation(session, cycle, sent_at=now)
    told = {"invitation_id": invited.id, "person_id": invited.person_id, "department_id": invited.department_id}
    row = FollowUp(**told, period="2026-Q3", created_at=now)
    session.add(row)
    session.commit()
    return row


def test_open_cases_are_listed_without_names(flask: Flaskly, case: FollowUp) -> None:
    assert flask("follow-ups", "list").output.splitlines() == [
        "number  department  quarter  since       state",
        f"     1  IT          2026-Q3  {case.created_at.date()}  waiting",
    ]


def test_a_case_that_is_done_leaves_the_list_and_is_noted(flask: Flaskly, database: Database, case: FollowUp) -> None:
    said = flask("follow-ups", "done", 1).output

    assert said == "Case 1 is done.\n"
    assert flask("follow-ups", "list").output == "Nobody waits to be contacted.\n"
    database.session.expire_all()
    assert (case.state, case.contacted_at is not None) == (FollowUpState.DONE, True)
    assert [entry.subject for entry in audit.entries(database.session)] == ["follow-up:1"]


def test_an_unknown_number_is_named(flask: Flaskly, database: Database) -> None:
    refused = flask("follow-ups", "done", 7)

    assert refused.exit_code == 1
    assert "No case has the number 7: flask follow-ups list shows which there are." in refused.output
