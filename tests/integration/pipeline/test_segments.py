"""Segments of requesters: new or returning, key or others, the same in every department, and never on an answer."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.departments import Department
from app.models.people import Person, RequesterTag
from app.models.rollups import CellCount, DirtyMark, mark_dirty
from app.pipeline import release, rollups
from app.upkeep.organisation.requester_tags import key_requesters, tag_requester
from app.upkeep.privacy import erase, export
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, FREEZE, KEYS, Q3, company, document, freeze
from tests.builders.responses import held_response
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

IN_JULY, IN_MAY = datetime(2026, 7, 8, 10, tzinfo=UTC), datetime(2026, 5, 8, 10, tzinfo=UTC)


def served(session: Session, provider: Department, count: int, score: int, *, start: int = 0) -> list[Person]:
    """Let so many people ask in the third quarter and answer."""
    people = [
        person(session, f"s{number}-{provider.code}@example.com".lower()) for number in range(start, start + count)
    ]
    for who in people:
        completed_request(session, provider, who, IN_JULY)
        held_response(session, provider, who, {"csat_overall": score}, str(Q3))
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))
    return people


def shares(session: Session, owner: Department, block: str) -> dict[str, tuple[float, int]]:
    """Return share and people by value of a block of the frozen document."""
    rows = document(session, owner).get(block, [])
    return {row["value"]: (row["top_two_box"]["estimate"], row["top_two_box"]["n"]) for row in rows}


def test_who_asked_any_department_in_the_year_before_is_told_apart(database: Database) -> None:
    session, places = database.session, company(database.session)
    for who in served(session, places["IT"], 12, 5):
        completed_request(session, places["HR"], who, IN_MAY)  # another department, another quarter
    served(session, places["IT"], 10, 1, start=12)

    freeze(session)

    assert shares(session, places["IT"], "by_requester_history") == {"first_time": (0.0, 10), "returning": (1.0, 12)}


def test_what_was_learned_after_the_quarter_began_moves_nobody(database: Database) -> None:
    session, places = database.session, company(database.session)
    people = served(session, places["IT"], 24, 5)
    for who in people[:12]:
        completed_request(session, places["IT"], who, IN_MAY)
    for who in people[12:]:
        completed_request(session, places["IT"], who, IN_MAY, learned_at=IN_JULY)

    freeze(session)

    assert shares(session, places["IT"], "by_requester_history") == {"first_time": (1.0, 12), "returning": (1.0, 12)}


def test_without_anything_known_of_the_year_before_nobody_is_called_new(database: Database) -> None:
    session, places = database.session, company(database.session)
    served(session, places["IT"], 24, 5)

    freeze(session)

    assert "by_requester_history" not in document(session, places["IT"])


def test_key_requesters_are_told_apart_from_all_others(database: Database) -> None:
    session, places = database.session, company(database.session)
    for who in served(session, places["IT"], 10, 1):
        assert who.email is not None
        tag_requester(session, who.email, is_key=True, calendar=CALENDAR, now=IN_JULY)
    served(session, places["IT"], 15, 5, start=10)

    freeze(session)

    assert shares(session, places["IT"], "by_requester_tag") == {"key": (0.0, 10), "other": (1.0, 15)}


def test_four_key_requesters_hide_the_cut(database: Database) -> None:
    session, places = database.session, company(database.session)
    for who in served(session, places["IT"], 4, 1):
        assert who.email is not None
        tag_requester(session, who.email, is_key=True, calendar=CALENDAR, now=IN_JULY)
    served(session, places["IT"], 20, 5, start=4)

    freeze(session)

    assert shares(session, places["IT"], "by_requester_tag") == {}
    hidden = [entry["what"] for entry in document(session, places["IT"])["suppressed"]]
    assert {"by_requester_tag:key", "by_requester_tag:other"} <= set(hidden)


def test_a_tag_given_or_taken_after_the_freeze_date_changes_nothing_of_the_quarter(database: Database) -> None:
    session, places = database.session, company(database.session)
    people = served(session, places["IT"], 24, 5)
    for who in people[:12]:
        session.add(RequesterTag(person_id=who.id, since=IN_JULY, until=FREEZE + timedelta(hours=1)))
    for who in people[12:]:
        session.add(RequesterTag(person_id=who.id, since=FREEZE))
    session.flush()

    freeze(session, FREEZE + timedelta(days=1))

    assert shares(session, places["IT"], "by_requester_tag") == {"key": (1.0, 12), "other": (1.0, 12)}


def test_tagging_counts_open_quarters_anew_and_twice_changes_nothing(database: Database) -> None:
    session, places = database.session, company(database.session)
    served(session, places["IT"], 6, 5)
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)

    first = tag_requester(session, "S0-IT@example.com", is_key=True, calendar=CALENDAR, now=IN_JULY)
    marked = set(session.scalars(select(DirtyMark.department_id)))
    again = tag_requester(session, "s0-it@example.com", is_key=True, calendar=CALENDAR, now=IN_JULY)

    assert (first, again) == (True, False)
    assert marked == {place.id for place in places.values()}
    assert key_requesters(session) == ["s0-it@example.com"]
    assert tag_requester(session, "s0-it@example.com", is_key=False, calendar=CALENDAR, now=FREEZE) is True
    assert key_requesters(session) == []
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    assert rollups.verify(session, calendar=CALENDAR, keys=KEYS) == []


def test_the_release_leaves_no_trace_of_segments_but_what_was_shown(database: Database) -> None:
    session, places = database.session, company(database.session)
    for who in served(session, places["IT"], 10, 1):
        session.add(RequesterTag(person_id=who.id, since=IN_MAY))
    served(session, places["IT"], 15, 5, start=10)
    session.flush()
    freeze(session)

    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=5, now=CALENDAR.releases_at(Q3))

    assert session.scalars(select(CellCount).where(CellCount.cut == "requester_tag")).all() == []
    assert shares(session, places["IT"], "by_requester_tag") == {"key": (0.0, 10), "other": (1.0, 15)}


def test_an_erased_person_leaves_no_tag(database: Database) -> None:
    session, places = database.session, company(database.session)
    served(session, places["IT"], 6, 5)
    tag_requester(session, "s0-it@example.com", is_key=True, calendar=CALENDAR, now=IN_JULY)

    known = export(session, KEYS, "s0-it@example.com")
    erase(session, KEYS, CALENDAR, "s0-it@example.com", now=FREEZE)

    assert known is not None
    assert known["key_requester"] == [{"since": "2026-07-08T10:00:00+00:00", "until": None}]
    assert session.scalars(select(RequesterTag)).all() == []
