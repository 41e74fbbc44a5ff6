"""The attacker who holds every document of a frozen quarter: no sum of published cells may lead to a small group."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.disclosure import solvable_cells
from app.domain.periods import Calendar, Period
from app.foundations.crypto import Keys
from app.models.departments import Department
from app.models.people import Person
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardRevision
from app.pipeline import rollups, scorecards
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.responses import held_response, quarter_salt
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
KEYS = Keys(("0123456789abcdef0123456789abcdef",))
Q3 = Period(2026, 3)
FREEZE = datetime(2026, 10, 15, tzinfo=UTC)
K = 5
TREE = {"ALL": ("A", "B", "C"), "A": ("A1", "A2", "A3")}
BLOCKS = {"by_request_type": "request_type", "by_on_time": "on_time", "by_reopened": "reopened"}
BLOCKS |= {"by_requester_department": "requester_department"}

PublishedCell = tuple[str, str, str, str]  # department (or CODE/own), cut, value, item


@dataclass(frozen=True)
class Answered:
    """What one response told, as the company knows it and the attacker does not."""

    department: str
    who: str  # empty: consented to contact, so everybody may know them
    values: dict[str, str]  # value per cut
    items: tuple[str, ...]


def a_company(session: Session) -> dict[str, Department]:
    quarter_salt(session, KEYS, str(Q3))
    places = {"ALL": department(session, "ALL", staff_count=200)}
    for parent, codes in TREE.items():
        places |= {code: department(session, code, parent=places[parent]) for code in codes}
    return places


def random_answers(session: Session, places: dict[str, Department], random: np.random.Generator) -> list[Answered]:
    """Few people, unevenly spread: some departments, types and items rest on one or two of them."""
    people = [person(session, f"p{number}@example.com", works_in=places["B"]) for number in range(45)]
    consenting = {who.id for who in people[:4]}
    shares = np.array([20, 9, 3, 12, 5, 1, 4]) / 54
    told = [
        one_answer(session, places, who, str(code), random, has_consented=who.id in consenting)
        for who in people
        for code in random.choice(["A1", "A2", "A3", "B", "C", "ALL", "A"], size=2, p=shares)
    ]
    for place in places.values():
        mark_dirty(session, place.id, str(Q3), CALENDAR.ends_at(Q3))
    return told


def one_answer(
    session: Session,
    places: dict[str, Department],
    who: Person,
    code: str,
    random: np.random.Generator,
    *,
    has_consented: bool,
) -> Answered:
    answers = {"csat_overall": int(random.integers(1, 6))} if random.random() < 0.9 else {}
    answers |= {"timeliness": int(random.integers(1, 6))} if random.random() < 0.7 else {}
    answers |= {str(random.choice(["trust", "effort", "recommend"])): int(random.integers(1, 6))}
    kind = str(random.choice(["hardware", "access", "badge", "visit"], p=[0.5, 0.3, 0.15, 0.05]))
    asks = str(random.choice(["B", "C", "A2"], p=[0.7, 0.25, 0.05]))
    on_time, reopened = bool(random.random() < 0.9), bool(random.random() < 0.2)
    held_response(
        session,
        places[code],
        who,
        answers,
        str(Q3),
        request_type=kind,
        requester_department_id=places[asks].id,
        on_time=on_time,
        was_reopened=reopened,
        has_consented=has_consented,
    )
    words = {True: "yes", False: "no"}
    values = {"request_type": kind, "requester_department": asks}
    values |= {"on_time": words[on_time], "reopened": words[reopened]}
    return Answered(code, "" if has_consented else who.email or "", values, tuple(answers))


def documents(session: Session) -> list[dict[str, Any]]:
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS)
    scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AskingPolicy(), now=FREEZE)
    return [json.loads(text) for text in session.scalars(select(ScorecardRevision.document))]


def shown_cells(found: list[dict[str, Any]]) -> set[PublishedCell]:
    shown = set()
    for document in found:
        code = document["department"]["code"]
        shown |= {(code, "", "", item) for item in document["internal"]}
        for block, cut in BLOCKS.items():
            shown |= {(code, cut, row["value"], "csat_overall") for row in document.get(block, [])}
    return shown


def true_cells(told: list[Answered]) -> dict[PublishedCell, set[str]]:
    """Return who stands behind every cell of the cube, shown or not."""
    cells: defaultdict[PublishedCell, set[str]] = defaultdict(set)
    above = {code: parent for parent, codes in TREE.items() for code in codes}
    for answer in told:
        line = [answer.department]
        while line[-1] in above:
            line.append(above[line[-1]])
        places = [*line, *([f"{answer.department}/own"] if answer.department in TREE else [])]
        for place in places:
            for item in answer.items:
                cells[place, "", "", item] |= {answer.who} - {""}
                if item == "csat_overall":
                    for cut, value in answer.values.items():
                        cells[place, cut, value, item] |= {answer.who} - {""}
    return dict(cells)


def sums_of(cells: dict[PublishedCell, set[str]]) -> list[tuple[PublishedCell, ...]]:
    """Return every sum that answers obey: (total, part, part, ...) over the values of a cut and over the tree."""
    parts: defaultdict[PublishedCell, list[PublishedCell]] = defaultdict(list)
    below = {code: parent for parent, codes in TREE.items() for code in (*codes, f"{parent}/own")}
    for code, cut, value, item in sorted(cells):
        if code in below:
            parts[below[code], cut, value, item].append((code, cut, value, item))
    sums = [(total, *found) for total, found in parts.items()]
    by_cut: defaultdict[tuple[PublishedCell, str], list[PublishedCell]] = defaultdict(list)
    for code, cut, value, item in sorted(cells):
        if cut:
            by_cut[(code, "", "", item), cut].append((code, cut, value, item))
    return sums + [(total, *found) for (total, _), found in by_cut.items()]


@pytest.mark.parametrize("seed", range(3))
def test_no_small_group_follows_from_all_documents_of_a_quarter(database: Database, seed: int) -> None:
    session = database.session
    told = random_answers(session, a_company(session), np.random.default_rng(seed))

    shown = shown_cells(documents(session))

    cells = true_cells(told)
    sums = sums_of(cells)
    solved = solvable_cells(cells.keys() - shown, sums)
    left = {
        total: set().union(*(cells[part] for part in parts if part not in shown))
        for total, *parts in sums
        if total in shown and not shown.issuperset(parts)
    }
    assert [cell for cell in sorted(shown | solved) if len(cells[cell]) < K] == []
    assert {total: len(people) for total, people in left.items() if len(people) < K} == {}


def test_a_value_of_a_cut_needs_the_people_behind_its_headline_not_behind_any_answer(database: Database) -> None:
    session = database.session
    places = a_company(session)
    for number in range(30):
        items = {"csat_overall": 5} if number not in {0, 1, 2, 3, 4} else {"timeliness": 2}
        kind = "visit" if number < 6 else ("badge" if number < 15 else "access")
        who = person(session, f"q{number}@example.com")
        held_response(session, places["B"], who, items, str(Q3), request_type=kind)
    mark_dirty(session, places["B"].id, str(Q3), CALENDAR.ends_at(Q3))

    found = next(one for one in documents(session) if one["department"]["code"] == "B")

    assert [row["value"] for row in found["by_request_type"]] == []
    assert {"what": "by_request_type:visit", "why": "protects_a_small_group"} in found["suppressed"]


def test_ten_people_of_whom_five_are_known_are_shown_as_five(database: Database) -> None:
    session = database.session
    places = a_company(session)
    for number in range(10):
        who = person(session, f"q{number}@example.com")
        score = 1 if number < 5 else 5
        held_response(session, places["B"], who, {"csat_overall": score}, str(Q3), has_consented=number < 5)
    mark_dirty(session, places["B"].id, str(Q3), CALENDAR.ends_at(Q3))

    found = next(one for one in documents(session) if one["department"]["code"] == "B")

    assert found["internal"]["csat_overall"]["top_two_box"]["method"] == "wilson_coarse"
    assert found["internal"]["csat_overall"].keys() == {"top_two_box"}
    assert found["loop"] == {}


def test_counts_of_answers_are_told_only_where_no_single_person_follows_from_parent_and_sibling(
    database: Database,
) -> None:
    session = database.session
    places = a_company(session)
    thankful = {"B": 5, "C": 1, "A1": 7}
    for code, count in {"B": 25, "C": 15, "A1": 20}.items():
        for number in range(count):
            who = person(session, f"{code.lower()}{number}@example.com")
            has_thanked = number < thankful[code]
            held_response(session, places[code], who, {"csat_overall": 5}, str(Q3), has_thanked=has_thanked)
        mark_dirty(session, places[code].id, str(Q3), CALENDAR.ends_at(Q3))

    found = {one["department"]["code"]: one["loop"].get("thanks") for one in documents(session)}

    # ALL 13 = A 7 + B 5 + C 1: told of A and B, the one of C would follow
    assert found == {"ALL": 13, "A": 7, "A1": 7, "B": None, "C": None}
