"""Freezing: what a scorecard says, when it may be frozen, and when a second revision follows."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.decisions import DecisionReason
from app.domain.periods import Calendar, Period
from app.domain.scorecards.digest import is_genuine
from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.releases import PeriodsMoved, fix_period
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardRevision
from app.pipeline import rollups, scorecards
from tests.builders.departments import department, touchpoint
from tests.builders.external_scores import external_total
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
KEYS = Keys(("0123456789abcdef0123456789abcdef",))
Q3 = Period(2026, 3)
JULY = datetime(2026, 7, 8, 10, tzinfo=UTC)
FREEZE = datetime(2026, 10, 15, tzinfo=UTC)


def company(session: Session) -> dict[str, Department]:
    quarter_salt(session, KEYS, str(Q3))
    root = department(session, "ALL", staff_count=200)
    return {"ALL": root} | {code: department(session, code, parent=root) for code in ("IT", "HR", "SALES")}


def answers(
    session: Session, provider: Department, scores: list[int], *, start: int = 0, asks: Department | None = None
) -> None:
    for number, score in enumerate(scores, start=start):
        who = person(session, f"p{number}-{provider.code}@example.com".lower(), works_in=asks)
        completed_request(
            session,
            provider,
            who,
            JULY,
            decision=DecisionReason.INVITED,
            requester_department_id=asks.id if asks else None,
            on_time=True,
        )
        held_response(
            session,
            provider,
            who,
            {"csat_overall": score, "timeliness": min(5, score + 1), "communication": score},
            str(Q3),
            requester_department_id=asks.id if asks else None,
            on_time=True,
        )
    mark_dirty(session, provider.id, str(Q3), CALENDAR.ends_at(Q3))


def freeze(session: Session, now: datetime = FREEZE) -> int:
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    return scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=now)


def document(session: Session, owner: Department, revision: int = 1) -> dict[str, Any]:
    text = session.scalar(
        select(ScorecardRevision.document).where(
            ScorecardRevision.department_id == owner.id, ScorecardRevision.revision == revision
        )
    )
    assert text is not None
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_department_clearly_worse_inside_says_so_with_its_uncertainty(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12 + [3] * 20 + [1] * 8, asks=places["SALES"])
    touchpoint(session, places["IT"], "support")
    external_total(session, "support", "2026-Q3", counts={"1": 2, "2": 4, "3": 14, "4": 60, "5": 120}, n=200)

    freeze(session)

    found = document(session, places["IT"])
    assert is_genuine(found)
    assert found["internal"]["csat_overall"]["top_two_box"] == {
        "estimate": 0.3, "lower": 0.18, "upper": 0.45, "n": 40, "answers": 40, "method": "wilson",
    }  # fmt: skip
    assert found["external"]["csat_overall"]["top_two_box"]["estimate"] == 0.9
    gap = found["gap"]["csat_overall"]
    assert (gap["comparability"], gap["verdict"], gap["flag"]) == ("A", "worse", True)
    assert gap["top_two_box"]["estimate"] == -0.6
    assert gap["cliffs_delta"]["estimate"] < 0
    assert found["sentences"]["finding"]["key"] == "finding_worse"
    assert found["action"]["dimension"] == "communication"
    assert found["sla"]["watermelon"] == "confirmed"
    assert "by_requester_department" not in found  # one department asked: that would be the whole again


def test_nothing_is_frozen_before_the_freeze_date(database: Database) -> None:
    answers(database.session, company(database.session)["IT"], [5] * 12)

    with pytest.raises(scorecards.NotYetFreezable) as caught:
        freeze(database.session, now=datetime(2026, 10, 14, 23, tzinfo=UTC))

    assert caught.value.freezes_at == FREEZE


def test_five_to_nine_people_are_shown_in_tenths_only(database: Database) -> None:
    places = company(database.session)
    answers(database.session, places["IT"], [5] * 7)

    freeze(database.session)

    assert document(database.session, places["IT"])["internal"]["csat_overall"] == {
        "top_two_box": {"estimate": 0.9, "lower": 0.6, "upper": 1.0, "n": 7, "answers": 7, "method": "wilson_coarse"}
    }


def test_fewer_than_five_people_are_absent_everywhere_and_one_more_department_with_them(database: Database) -> None:
    places = company(database.session)
    answers(database.session, places["IT"], [1] * 4)
    answers(database.session, places["HR"], [5] * 12)
    answers(database.session, places["SALES"], [5] * 14)

    freeze(database.session)

    hidden = document(database.session, places["IT"])
    assert hidden["internal"] == {}
    assert hidden["sla"] == {}
    assert "funnel" not in hidden
    assert hidden["suppressed"] == [{"what": "internal", "why": "protects_a_small_group"}]
    assert document(database.session, places["HR"])["internal"] == {}  # or the total would give IT away
    assert "csat_overall" in document(database.session, places["ALL"])["internal"]


def test_another_construct_is_never_subtracted(database: Database) -> None:
    places = company(database.session)
    answers(database.session, places["IT"], [5] * 40)
    touchpoint(database.session, places["IT"], "support")
    external_total(database.session, "support", "2026-Q3", instrument="nps", counts={"9": 90, "3": 30}, n=120)

    freeze(database.session)

    found = document(database.session, places["IT"])
    assert found["gap"] == {"csat_overall": {"comparability": "D", "verdict": "not_comparable"}}
    assert found["external"]["csat_overall"]["top_two_box"]["estimate"] == 0.75


def test_a_second_freeze_changes_nothing_and_a_few_late_answers_neither(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    freeze(session)

    assert freeze(session) == 0
    answers(session, places["IT"], [1] * 3, start=100)
    assert freeze(session) == 0


def test_enough_late_answers_reach_a_second_revision_never_the_first(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    freeze(session)
    first = document(session, places["IT"])

    answers(session, places["IT"], [1] * 6, start=100)
    assert freeze(session, now=datetime(2026, 10, 20, tzinfo=UTC)) == 2

    assert document(session, places["IT"]) == first
    assert document(session, places["IT"], revision=2)["internal"]["csat_overall"]["top_two_box"]["n"] == 18


def test_late_answers_of_few_do_not_follow_from_the_revisions_of_parent_and_child(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 12)
    answers(session, places["HR"], [5] * 12)
    freeze(session)

    answers(session, places["IT"], [1] * 6, start=100)
    answers(session, places["HR"], [1] * 2, start=100)

    assert freeze(session) == 1  # of IT: a revision of ALL minus that of IT would tell of two late people in HR
    assert document(session, places["IT"], revision=2)["internal"]["csat_overall"]["top_two_box"]["n"] == 18


def test_late_answers_of_few_do_not_follow_from_the_values_of_a_cut(database: Database) -> None:
    session, places = database.session, company(database.session)
    for asks in ("SALES", "HR"):
        answers(session, places["IT"], [5] * 12, asks=places[asks], start=0 if asks == "HR" else 20)
    freeze(session)

    answers(session, places["IT"], [1] * 6, start=100, asks=places["SALES"])
    answers(session, places["IT"], [1] * 1, start=200, asks=places["ALL"])

    assert freeze(session) == 0


def test_nothing_is_issued_while_the_settings_move_the_quarters(database: Database) -> None:
    session = database.session
    answers(session, company(session)["IT"], [5] * 12)
    fix_period(session, Calendar(ZoneInfo("Asia/Tokyo")), Q3)

    with pytest.raises(PeriodsMoved, match="Asia/Tokyo"):
        freeze(session)

    assert session.scalar(select(ScorecardRevision.id)) is None


def test_a_quarters_total_counts_once_even_where_its_months_are_told_too(database: Database) -> None:
    places = company(database.session)
    answers(database.session, places["IT"], [5] * 40)
    touchpoint(database.session, places["IT"], "support")
    external_total(database.session, "support", "2026-Q3", positive=60, n=100)
    external_total(database.session, "support", "2026-07", positive=20, n=40)

    freeze(database.session)

    found = document(database.session, places["IT"])["external"]["csat_overall"]["top_two_box"]
    assert (found["estimate"], found["n"]) == (0.6, 100)
