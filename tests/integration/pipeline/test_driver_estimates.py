"""Drivers of a frozen quarter: whose model a department is told, for how long, and what the release leaves."""

import json
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.statistics import key_driver_importance
from app.models.departments import Department
from app.models.responses import HeldAnswer
from app.models.rollups import DriverEstimate, mark_dirty
from app.models.scorecards import ScorecardRevision
from app.pipeline import release, scorecards
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, FREEZE, KEYS, Q3, company, document, freeze
from tests.builders.responses import held_response
from tests.servers.databases import Database


def rated(session: Session, provider: Department, count: int, *, start: int = 0, seed: int = 5) -> None:
    """Let so many people answer, each with an overall rating that follows communication."""
    random = np.random.default_rng(seed + start)
    for number in range(start, start + count):
        timeliness, result, communication = (int(value) for value in random.integers(1, 6, size=3))
        overall = min(5, max(1, communication + int(random.integers(-1, 2))))
        items = {
            "csat_overall": overall, "timeliness": timeliness, "result_quality": result, "communication": communication,
        }  # fmt: skip
        who = person(session, f"d{number}-{provider.code}@example.com".lower())
        held_response(session, provider, who, items, str(Q3))
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))


def models(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return dimension, model and answers of the rows of a document."""
    return [(row["dimension"], row["model"], row["importance"]["answers"]) for row in found["drivers"]]


def test_a_department_has_its_own_model_from_fifty_complete_answers_and_else_the_companys(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 70)
    rated(session, places["HR"], 30)
    rated(session, places["SALES"], 7)

    freeze(session)

    own, company_wide = document(session, places["IT"])["drivers"], document(session, places["HR"])["drivers"]
    assert (own[0]["dimension"], own[0]["model"], own[0]["importance"]["answers"]) == (
        "communication", "department", 70,
    )  # fmt: skip
    assert (company_wide[0]["dimension"], company_wide[0]["model"], company_wide[0]["importance"]["answers"]) == (
        "communication", "company", 107,
    )  # fmt: skip
    assert document(session, places["SALES"])["drivers"] == []  # seven people: tenths and words only


def test_a_model_is_not_told_where_its_number_would_give_away_that_of_few_answers_beside_it(
    database: Database,
) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 60)
    rated(session, places["HR"], 55)
    incomplete(session, places["SALES"], complete=2, others=12)

    freeze(session)

    # 117 complete answers in the company, 60 and 55 in two of three departments: two in the third would follow.
    assert {row["model"] for row in document(session, places["ALL"])["drivers"]} == {"department"}
    assert {row["model"] for row in document(session, places["IT"])["drivers"]} == {"department"}
    assert {row["model"] for row in document(session, places["HR"])["drivers"]} == {"company"}


def incomplete(session: Session, provider: Department, *, complete: int, others: int) -> None:
    """Let some answer everything, and others all but one of the three aspects."""
    rated(session, provider, complete)
    for number in range(others):
        who = person(session, f"i{number}-{provider.code}@example.com".lower())
        items: dict[str, int | None] = {"csat_overall": 4, "timeliness": 4, "result_quality": 4, "communication": 4}
        items[("timeliness", "result_quality", "communication")[number % 3]] = None
        held_response(session, provider, who, items, str(Q3))
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))


def test_the_split_is_the_one_of_the_correlations_of_the_answers(sqlite: Database) -> None:
    session, places = sqlite.session, company(sqlite.session)
    rated(session, places["IT"], 60)
    items = ["csat_overall", "timeliness", "result_quality", "communication"]
    query = select(HeldAnswer.response_id, HeldAnswer.item, HeldAnswer.value)
    given: dict[bytes, dict[str, int | None]] = {}
    for response_id, item, value in session.execute(query):
        given.setdefault(bytes(response_id), {})[item] = value
    columns = [[values[item] for values in given.values()] for item in items]

    expected = key_driver_importance(np.corrcoef(np.array(columns, dtype=float)).tolist(), 0, items[1:])
    freeze(session)

    found = session.get_one(DriverEstimate, (places["IT"].id, str(Q3), False))
    assert found.importance is not None
    assert found.r_squared == pytest.approx(expected.r_squared)
    assert [found.importance[item][0] for item in items[1:]] == pytest.approx(expected.importance)


def test_the_companys_answers_are_told_to_nobody_below_both_limits(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 30)

    freeze(session)

    assert document(session, places["IT"])["drivers"] == []


def test_nobody_fits_a_model_to_people_who_may_be_known(database: Database) -> None:
    session, places = database.session, company(database.session)
    asking = [person(session, f"known{number}@example.com") for number in range(12)]
    for number in range(60):
        items = {"csat_overall": 1 + number % 5, "timeliness": 3, "result_quality": 3, "communication": 1 + number % 5}
        held_response(session, places["IT"], asking[number % 12], items, str(Q3), has_consented=number % 12 > 5)
    mark_dirty(session, places["IT"].id, str(Q3), CALENDAR.ends_at(Q3))

    freeze(session)

    row = session.get_one(DriverEstimate, (places["IT"].id, str(Q3), False))
    assert (row.answers, row.importance) == (60, None)


def test_a_later_revision_repeats_the_drivers_of_the_first_one(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 60)
    freeze(session)
    first = document(session, places["IT"])["drivers"]

    rated(session, places["IT"], 40, start=60)
    freeze(session)

    second = document(session, places["IT"], revision=2)
    assert second["internal"]["csat_overall"]["top_two_box"]["answers"] == 100
    assert second["drivers"] == first


def test_a_scorecard_rebuilt_from_what_is_stored_has_the_same_digest(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 60)
    rated(session, places["HR"], 20)
    freeze(session)
    frozen = {
        row.department_id: json.loads(row.document)["digest"] for row in session.scalars(select(ScorecardRevision))
    }

    again = scorecards.preview(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=FREEZE)

    assert sorted(found["digest"] for found in again) == sorted(frozen.values())


def test_the_release_keeps_the_models_that_were_shown_and_no_others(database: Database) -> None:
    session, places = database.session, company(database.session)
    rated(session, places["IT"], 60)
    freeze(session)
    told = document(session, places["IT"])["drivers"]

    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=5, now=CALENDAR.releases_at(Q3))

    assert told != []
    assert document(session, places["IT"])["drivers"] == told
    assert session.scalars(select(DriverEstimate)).all() == []
