"""Why was I not asked? Every completion's decision can be looked up, in words."""

from datetime import UTC, datetime

import pytest

from app.domain.decisions import DecisionReason
from app.domain.states import RequestState
from app.foundations.languages import speaking
from app.pipeline.invitations import invite_due
from app.reports.decisions import CycleDecision, RequestDecisions, find_decision, reason_in_words
from tests.builders.asking import KEYS, asking
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.conftest import ALICE
from tests.servers.databases import Database

MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_waiting_request_says_until_when(database: Database) -> None:
    completed_request(
        database.session, department(database.session, "IT"), person(database.session, ALICE.email), MONDAY
    )

    found = find_decision(database.session, "desk", "R-1", asking=asking(), now=MONDAY)

    assert found == RequestDecisions(
        tracker="desk",
        external_id="R-1",
        title="A new badge",
        state=RequestState.DONE,
        cycles=(
            CycleDecision(
                number=1,
                completed_at=MONDAY,
                department_code="IT",
                reason=DecisionReason.WAITING,
                decided_at=None,
                waits_until=TUESDAY_NINE,
                planned_at=None,
                sent_at=None,
            ),
        ),
    )


def test_an_invited_request_says_when_it_was_planned(database: Database) -> None:
    completed_request(
        database.session, department(database.session, "IT"), person(database.session, ALICE.email), MONDAY
    )
    invite_due(database.session, asking(), KEYS, now=TUESDAY_NINE)

    found = find_decision(database.session, "desk", "R-1", asking=asking(), now=TUESDAY_NINE)

    assert found is not None
    assert found.latest is not None
    assert (found.latest.reason, found.latest.decided_at, found.latest.planned_at) == (
        DecisionReason.INVITED,
        TUESDAY_NINE,
        TUESDAY_NINE,
    )


def test_an_unknown_request_has_no_decision(database: Database) -> None:
    assert find_decision(database.session, "desk", "R-404", asking=asking(), now=MONDAY) is None


@pytest.mark.parametrize("language", ["en", "ru", "pl", "de", "es"])
def test_every_reason_has_words_of_its_own(language: str) -> None:
    with speaking(language):
        words = [reason_in_words(reason) for reason in DecisionReason]

    assert len(set(words)) == len(DecisionReason)
    assert all(word.endswith(".") for word in words)
