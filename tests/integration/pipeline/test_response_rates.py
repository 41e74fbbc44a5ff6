"""Who answered, from invitations to the frozen document: by type, by segment, and never of few."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.domain.decisions import DecisionReason
from app.domain.states import InvitationState
from app.models.base import SINCE_EVER
from app.models.departments import Department
from app.models.people import RequesterTag
from app.models.rollups import mark_dirty
from app.pipeline import rollups
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, KEYS, Q3, company, document, freeze
from tests.builders.responses import held_response
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

DONE = datetime(2026, 7, 8, 10, tzinfo=UTC)


def asked(session: Session, provider: Department, kind: str, *, delivered: int, answered: int, is_key: bool) -> None:
    """Let so many people ask once and be asked, and the first of them answer."""
    for number in range(delivered):
        who = person(session, f"{kind}{number}@example.com")
        if is_key:
            session.add(RequesterTag(person_id=who.id, since=SINCE_EVER))
        cycle = completed_request(
            session, provider, who, DONE, decision=DecisionReason.INVITED, request_type=kind, on_time=True
        )
        has_answered = number < answered
        state = InvitationState.ANSWERED if has_answered else InvitationState.EXPIRED
        invitation(session, cycle, sent_at=DONE, state=state)
        if has_answered:
            held_response(session, provider, who, {"csat_overall": 4}, str(Q3), request_type=kind, on_time=True)
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))


def test_rates_are_told_by_type_and_segment_and_the_evident_difference_in_a_sentence(database: Database) -> None:
    session, places = database.session, company(database.session)
    asked(session, places["IT"], "access", delivered=40, answered=32, is_key=True)
    asked(session, places["IT"], "repair", delivered=40, answered=12, is_key=False)
    asked(session, places["IT"], "visit", delivered=40, answered=38, is_key=False)
    asked(session, places["IT"], "order", delivered=40, answered=20, is_key=False)

    freeze(session)

    found = document(session, places["IT"])
    rates = {(row["cut"], row["value"]): row["response_rate"] for row in found["funnel"]["response_by"]}
    # of visits only two people did not answer: they stay out, and with them the smallest of the others
    assert {place: (rate["estimate"], rate["answers"], rate["n"]) for place, rate in rates.items()} == {
        ("request_type", "order"): (0.5, 20, 40),
        ("request_type", "repair"): (0.3, 12, 40),
        ("requester_tag", "key"): (0.8, 32, 40),
        ("requester_tag", "other"): (0.58, 70, 120),
    }
    params = found["sentences"]["response_by"]["params"]
    assert (params["most"], params["least"]) == (
        {"cut": "requester_tag", "value": "key"},
        {"cut": "requester_tag", "value": "other"},
    )
    assert rollups.verify(session, calendar=CALENDAR, keys=KEYS) == []


def test_a_quarter_without_invitations_tells_no_rates(sqlite: Database) -> None:
    session, places = sqlite.session, company(sqlite.session)
    for number in range(12):
        who = person(session, f"p{number}@example.com")
        held_response(session, places["IT"], who, {"csat_overall": 4}, str(Q3), request_type="access")
    mark_dirty(session, places["IT"].id, str(Q3), CALENDAR.ends_at(Q3))

    freeze(session)

    assert "funnel" not in document(session, places["IT"])
