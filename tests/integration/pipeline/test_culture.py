"""HR's document: frozen with the scorecards, from what they show."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.culture.measures import Voices
from app.domain.scorecards.digest import is_genuine
from app.models.culture import find_culture
from app.models.departments import Department
from app.models.rollups import mark_dirty
from app.models.service_requests import ServiceRequest
from app.reports.culture import Top, build_culture
from app.reports.department_scores import Building
from app.reports.department_scores.company import read_company
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, FREEZE, Q3, answers, company, document, freeze
from tests.builders.responses import held_response
from tests.servers.databases import Database


def culture(session: Session, revision: int | None = None) -> dict[str, Any]:
    row = find_culture(session, "2026-Q3", revision)
    assert row is not None
    found: dict[str, Any] = json.loads(row.document)
    assert row.digest == found["digest"]
    return found


def cooperating(session: Session, provider: Department, count: int) -> None:
    """Let people answer who cooperated, thanked and wished for contact or not."""
    for number in range(count):
        who = person(session, f"c{number}-{provider.code}@example.com".lower())
        given = {"csat_overall": 4, "communication": 3 + number % 3, "cooperation": 2 + number % 4}
        held_response(session, provider, who, given, "2026-Q3", has_thanked=number % 2 == 0)
    mark_dirty(session, provider.id, "2026-Q3", CALENDAR.ends_at(Q3))


def test_what_a_department_above_others_does_itself_is_a_row_and_later_revisions_repeat_it(database: Database) -> None:
    session, places = database.session, company(database.session)
    for code, asks, favourable in (("ALL", "SALES", 9), ("ALL", "HR", 12), ("IT", "SALES", 20), ("HR", "IT", 14)):
        answers(session, places[code], [5] * favourable + [1] * 6, asks=places[asks], start=20 * favourable)
    freeze(session)
    first = culture(session)["service_matrix"]

    answers(session, places["ALL"], [1] * 7, asks=places["HR"], start=900)
    freeze(session, FREEZE + timedelta(days=3))

    own_rows = {
        revision: {
            cell["requester"]: (cell["top_two_box"]["estimate"], cell["top_two_box"]["n"], cell["median_hours"])
            for cell in culture(session, revision)["service_matrix"]["cells"]
            if cell["provider"] == "ALL/own"
        }
        for revision in (1, 2)
    }
    assert own_rows[1] == {"SALES": (0.6, 15, 24.5), "HR": (0.67, 18, 24.5)}
    assert own_rows[2] == own_rows[1]
    assert first["providers"] == ["ALL/own", "HR", "IT"]


def test_the_matrix_shows_what_the_scorecards_show(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 20 + [1] * 10, asks=places["SALES"])
    answers(session, places["IT"], [5] * 12, asks=places["HR"], start=100)
    answers(session, places["HR"], [1] * 12, asks=places["IT"])

    freeze(session)

    found = culture(session)
    assert is_genuine(found)
    cells = {(cell["provider"], cell["requester"]): cell["top_two_box"] for cell in found["service_matrix"]["cells"]}
    by = {row["value"]: row["top_two_box"] for row in document(session, places["IT"])["by_requester_department"]}
    whole = document(session, places["HR"])["internal"]["csat_overall"]["top_two_box"]
    assert cells == {("IT", "SALES"): by["SALES"], ("IT", "HR"): by["HR"], ("HR", "IT"): whole}
    assert [cell["median_hours"] for cell in found["service_matrix"]["cells"]] == [24.5] * 3  # a day, in bins of 5 %
    assert found["reciprocity"]["arcs"] == 3
    assert [row["code"] for row in found["departments"]] == [
        "HR",
        "IT",
    ]  # not the whole beside its parts
    assert [(row["a"], row["b"]) for row in found["satisfaction_reciprocity"]] == [("HR", "IT")]


def test_a_cell_of_few_people_is_hidden_here_as_there(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 20, asks=places["SALES"])
    answers(session, places["IT"], [1] * 3, asks=places["HR"], start=100)

    freeze(session)

    matrix = culture(session)["service_matrix"]
    hidden = {row["what"] for row in document(session, places["IT"])["suppressed"]}
    assert {f"by_requester_department:{pair['requester']}" for pair in matrix["hidden"]} == hidden
    assert matrix["cells"] == []


def test_the_measures_are_those_of_the_whole_company(database: Database) -> None:
    session, places = database.session, company(database.session)
    cooperating(session, places["IT"], 40)
    cooperating(session, places["HR"], 20)

    freeze(session)

    found = culture(session)
    assert found["kudos_rate"]["estimate"] == 50.0
    assert (found["kudos_rate"]["n"], found["kudos_rate"]["method"]) == (60, "poisson")
    assert (found["cooperation"]["estimate"], found["cooperation"]["n"]) == (62.5, 60)
    assert "cooperation_index" not in found  # nobody wished to be contacted, so one part is missing
    assert "participation_rate" not in found  # these answers came without invitations
    told = {name: found[name] for name in ("cooperation", "kudos_rate")}
    assert found["trend"] == [{"period": "2026-Q3", **told}]


def test_a_company_of_two_tops_has_figures_of_the_whole(database: Database) -> None:
    session, places = database.session, company(database.session)
    other = department(session, "OTHER", staff_count=50)
    answers(session, places["IT"], [5] * 20, asks=places["SALES"])
    answers(session, other, [1] * 20, asks=places["SALES"])
    answers(session, other, [4] * 12, asks=places["HR"], start=50)
    cooperating(session, places["IT"], 40)
    cooperating(session, other, 30)

    freeze(session)

    found = culture(session)
    assert is_genuine(found)
    assert (found["kudos_rate"]["estimate"], found["kudos_rate"]["answers"]) == (28.7, 122)
    assert {row["requester"]: row["top_two_box"]["n"] for row in found["service_matrix"]["totals"]} == {
        "HR": 12,
        "SALES": 40,
    }
    assert document(session, places["ALL"])["internal"]["csat_overall"]["top_two_box"]["answers"] == 60


def test_the_whole_of_two_tops_is_untold_where_it_would_give_a_small_one_away(database: Database) -> None:
    session, places = database.session, company(database.session)
    other = department(session, "OTHER", staff_count=50)
    cooperating(session, places["IT"], 40)
    cooperating(session, other, 3)

    freeze(session)

    found = culture(session)
    assert "internal" in document(session, places["ALL"])  # a department never goes for the company's sake
    assert "kudos_rate" not in found
    assert found["service_matrix"]["totals"] == []
    assert "measures_no_company" in [sentence["key"] for sentence in found["sentences"]]


def test_the_whole_of_two_tops_moves_only_with_a_minimum_group(database: Database) -> None:
    session, places = database.session, company(database.session)
    other = department(session, "OTHER", staff_count=50)
    answers(session, places["IT"], [5] * 20, asks=places["SALES"])
    answers(session, other, [1] * 20, asks=places["SALES"])
    freeze(session)
    first = culture(session)["service_matrix"]["totals"]

    answers(session, places["IT"], [1] * 2, asks=places["SALES"], start=50)
    answers(session, other, [1] * 10, asks=places["SALES"], start=50)
    freeze(session, now=FREEZE + timedelta(days=1))

    found = culture(session)
    assert found["revision"] == 2
    assert found["service_matrix"]["totals"] == first  # less OTHER's ten it would tell of the two


def test_first_responses_are_held_against_the_target_of_the_policy(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 20, asks=places["SALES"])
    for number, request in enumerate(session.scalars(select(ServiceRequest))):
        request.first_response_at = request.created_at + timedelta(hours=1 if number < 15 else 9)

    freeze(session, policy=AskingPolicy(first_response=timedelta(hours=4)))

    clock = culture(session)["responsiveness"]
    assert (clock["target_hours"], clock["within_target"]["estimate"], clock["within_target"]["n"]) == (4, 0.75, 20)


def test_freezing_again_makes_no_second_revision_unless_something_may_be_told(database: Database) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * 20, asks=places["SALES"])
    freeze(session)

    freeze(session)
    assert culture(session)["revision"] == 1
    answers(session, places["IT"], [1], asks=places["SALES"], start=50)
    freeze(session, now=FREEZE + timedelta(days=1))
    assert culture(session)["revision"] == 1  # one person more would be told apart
    answers(session, places["IT"], [1] * 10, asks=places["SALES"], start=60)
    freeze(session, now=FREEZE + timedelta(days=2))

    assert culture(session)["revision"] == 2
    assert culture(session, 1)["departments"][0]["top_two_box"]["n"] == 20


@pytest.mark.parametrize("people", [12, 120])
def test_building_it_takes_four_statements_for_any_number_of_answers(database: Database, people: int) -> None:
    session, places = database.session, company(database.session)
    answers(session, places["IT"], [5] * people, asks=places["SALES"])
    answers(session, places["HR"], [4] * people, asks=places["IT"])
    freeze(session)
    building = Building(CALENDAR, Q3, AskingPolicy(), (0,), ("parity/1",), FREEZE)
    tree = read_company(session, CALENDAR, Q3, 5)
    cards = {place.id: document(session, place) for code, place in places.items() if code != "SALES"}
    top = Top.of(tree, cards, None)
    told: list[str] = []
    engine = session.get_bind()

    def note(*called: Any) -> None:
        told.append(called[2])

    event.listen(engine, "before_cursor_execute", note)
    found = build_culture(session, building, tree, cards, top=top, voices=Voices(), revision=1)
    event.remove(engine, "before_cursor_execute", note)

    assert len(told) == 4
    assert found["digest"] == culture(session)["digest"]
