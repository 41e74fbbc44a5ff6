"""Freezing: what a scorecard says, when it may be frozen, and when a second revision follows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.domain.periods import Calendar
from app.domain.scorecards.digest import is_genuine
from app.models.policies import PolicyVersion
from app.models.releases import PeriodsMoved, fix_period
from app.models.scorecards import ScorecardRevision
from app.pipeline import scorecards
from tests.builders.departments import touchpoint
from tests.builders.external_scores import external_total
from tests.builders.quarters import FREEZE, Q3, answers, company, document, freeze
from tests.servers.databases import Database


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


def test_it_names_every_policy_that_was_in_force_and_the_one_it_was_made_with(database: Database) -> None:
    session, places = database.session, company(database.session)
    moments = {1: (2026, 1, 9), 2: (2026, 5, 1), 3: (2026, 8, 1), 4: (2026, 10, 3), 5: (2026, 10, 5)}
    for version, day in moments.items():
        at = datetime(*day, tzinfo=UTC)
        session.add(PolicyVersion(version=version, rules={}, author="Carol", reason="test", created_at=at))
    answers(session, places["IT"], [5] * 12)

    freeze(session)

    assert document(session, places["IT"])["method"]["policy_versions"] == [2, 3, 5]


def test_a_quarters_total_counts_once_even_where_its_months_are_told_too(database: Database) -> None:
    places = company(database.session)
    answers(database.session, places["IT"], [5] * 40)
    touchpoint(database.session, places["IT"], "support")
    external_total(database.session, "support", "2026-Q3", positive=60, n=100)
    external_total(database.session, "support", "2026-07", positive=20, n=40)

    freeze(database.session)

    found = document(database.session, places["IT"])["external"]["csat_overall"]["top_two_box"]
    assert (found["estimate"], found["n"]) == (0.6, 100)
