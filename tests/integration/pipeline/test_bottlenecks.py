"""Work by type of request and the feeling of those on time, from the database to the frozen document."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.models.departments import Department
from app.models.rollups import mark_dirty
from app.models.service_requests import ServiceRequest
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, Q3, answers, company, document, freeze
from tests.builders.responses import held_response
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

DONE = datetime(2026, 7, 8, 10, tzinfo=UTC)


def rated(session: Session, provider: Department, count: int, *, rate_time: int, **known: Any) -> None:
    """Let so many people answer; the first ones rate the time it took, too."""
    for number in range(count):
        who = person(session, f"{known['on_time']}{known['request_type']}{number}-{provider.code}@example.com".lower())
        items: dict[str, int | None] = {"csat_overall": 4, "timeliness": 2 if number < rate_time else None}
        held_response(session, provider, who, items, str(Q3), **known)
        cycle = completed_request(
            session,
            provider,
            who,
            DONE,
            request_type=known["request_type"],
            on_time=known["on_time"],
        )
        request = session.get_one(ServiceRequest, cycle.request_id)
        request.request_type = known["request_type"]
        request.created_at = DONE - timedelta(hours=30 if known["request_type"] == "access" else 90)
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))


def test_types_are_told_with_the_time_that_theirs_took(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 12, rate_time=12, on_time=True, request_type="access")
    rated(session, places["IT"], 8, rate_time=8, on_time=False, request_type="repair")

    freeze(session)

    found = document(session, places["IT"])["operations"]
    types = {row["value"]: row for row in found["by_request_type"]}
    assert sorted(types) == ["access", "repair"]
    assert 29 < types["access"]["resolution_time"]["median"] < 31
    assert 87 < types["repair"]["resolution_time"]["median"] < 93
    assert (found["completions"], found["arrivals_per_completion"]) == (20, 1.0)


def test_a_time_is_that_of_the_requests_of_all_departments_that_asked(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12, asks=places["HR"])  # took a day each
    answers(session, places["IT"], [5] * 12, start=12, asks=places["SALES"])
    rated(session, places["IT"], 15, rate_time=15, on_time=True, request_type="access")  # took 30 hours

    freeze(session)

    found = document(session, places["IT"])["operations"]
    assert found["completions"] == 39
    assert 23 < found["resolution_time"]["median"] < 25
    assert 29 < found["resolution_time"]["p85"] < 31


def test_the_feeling_of_those_on_time_is_told_with_their_number(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 12, rate_time=12, on_time=True, request_type="access")
    rated(session, places["IT"], 8, rate_time=8, on_time=False, request_type="repair")

    freeze(session)

    found = document(session, places["IT"])["sla"]["late_feeling"]
    assert (found["estimate"], found["n"], found["answers"]) == (1.0, 12, 12)


def test_it_is_not_told_where_few_of_the_late_ones_rated_the_time(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 12, rate_time=12, on_time=True, request_type="access")
    rated(session, places["IT"], 8, rate_time=2, on_time=False, request_type="repair")

    freeze(session)

    # The ratings of the time of 14 people minus those of 12 would be two people's.
    found = document(session, places["IT"])
    assert [row["value"] for row in found["by_on_time"]] == ["no", "yes"]
    assert "late_feeling" not in found["sla"]


def test_a_later_revision_leaves_it_out_where_it_is_another(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 12, rate_time=12, on_time=True, request_type="access")
    rated(session, places["IT"], 8, rate_time=8, on_time=False, request_type="repair")
    freeze(session)

    rated(session, places["IT"], 7, rate_time=1, on_time=True, request_type="visit")
    rated(session, places["IT"], 7, rate_time=6, on_time=False, request_type="visit")
    freeze(session)

    assert "late_feeling" in document(session, places["IT"])["sla"]
    assert "late_feeling" not in document(session, places["IT"], revision=2)["sla"]
