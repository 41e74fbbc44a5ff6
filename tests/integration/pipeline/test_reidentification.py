"""Who gave which answer? The attacker holds the whole identity side, the keys, and the database after the release."""

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.crypto import requester_cluster_id
from app.models.departments import Department
from app.models.people import Person
from app.models.releases import SealedCell
from app.models.responses import HeldAnswer, HeldResponse, QuarterSalt, ReleasedResponse
from app.models.rollups import mark_dirty
from app.models.service_requests import RequestCycle
from app.pipeline import release
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, KEYS, Q3, company, freeze
from tests.builders.responses import held_response
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

K = 5
JULY = datetime(2026, 7, 8, 10, tzinfo=UTC)
RELEASE = datetime(2026, 10, 29, tzinfo=UTC)
ITEMS = ("csat_overall", "timeliness", "result_quality", "communication")

Ratings = tuple[int | None, ...]


@dataclass(frozen=True)
class Stored:
    """An answer as it stands in the database; `cluster` until the release only."""

    department: int
    ratings: Ratings
    cluster: bytes | None


def quarter(session: Session, places: Mapping[str, Department]) -> dict[tuple[int, Ratings], int]:
    """Let people answer unequally often, never twice with the same ratings, and return who gave which."""
    truth: dict[tuple[int, Ratings], int] = {}
    number = 0
    for code, people in (("IT", 14), ("HR", 9), ("SALES", 6)):
        for place in range(people):
            who = person(session, f"p{place}-{code}@example.com".lower())
            for _ in range(1 + (place % 3) * 2 if place else 7):
                ratings = tuple(1 + number // 5**digit % 5 for digit in range(4))
                number += 1
                completed_request(session, places[code], who, JULY)
                held_response(session, places[code], who, dict(zip(ITEMS, ratings, strict=True)), str(Q3))
                truth[places[code].id, ratings] = who.id
        mark_dirty(session, places[code].id, str(Q3), CALENDAR.ends_at(Q3))
    return truth


def stored(session: Session) -> list[Stored]:
    """Return every answer in the database, held or released, in the order in which it stands there."""
    values: defaultdict[bytes, dict[str, int | None]] = defaultdict(dict)
    for row in session.scalars(select(HeldAnswer)):
        values[row.response_id][row.item] = row.value
    held = [
        Stored(row.department_id, tuple(values[row.id].get(item) for item in ITEMS), row.requester_cluster_id)
        for row in session.scalars(select(HeldResponse))
    ]
    released = [
        Stored(row.department_id, tuple(getattr(row, item) for item in ITEMS), None)
        for row in session.scalars(select(ReleasedResponse))
    ]
    return held + released


def guesses(session: Session, answers: list[Stored]) -> list[int]:
    """Guess who gave each answer: by the quarter's salt where it still is, else by who asked there most often."""
    asked: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for department, who in session.execute(select(RequestCycle.provider_department_id, RequestCycle.requester_id)):
        asked[department or 0][who or 0] += 1
    sealed = session.scalar(select(QuarterSalt.salt).where(QuarterSalt.period == str(Q3)))
    everybody = session.scalars(select(Person.id)).all()
    salt = None if sealed is None else KEYS.unseal_salt(sealed)
    clusters = {} if salt is None else {requester_cluster_id(salt, who): who for who in everybody}
    return [
        clusters[answer.cluster] if answer.cluster in clusters else asked[answer.department].most_common(1)[0][0]
        for answer in answers
    ]


def test_before_the_release_the_attacker_finds_everybody(database: Database) -> None:
    session = database.session
    truth = quarter(session, company(session))

    answers = stored(session)
    found = guesses(session, answers)

    assert [truth[answer.department, answer.ratings] for answer in answers] == found


def test_after_it_no_guess_is_better_than_one_in_the_minimum_group(database: Database) -> None:
    session = database.session
    truth = quarter(session, company(session))
    freeze(session)
    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=K, now=RELEASE)

    answers = stored(session)
    found = guesses(session, answers)

    rows, right = Counter(answer.department for answer in answers), Counter[int]()
    owners: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for answer, guess in zip(answers, found, strict=True):
        owner = truth[answer.department, answer.ratings]
        owners[answer.department][owner] += 1
        right[answer.department] += owner == guess
    largest = {department: max(own.values()) / rows[department] for department, own in owners.items()}
    success = {department: right[department] / rows[department] for department in rows}
    mean = sum(right.values()) / len(answers)
    most, bound = max(success.values()), max(largest.values())
    sys.stdout.write(
        f"\nre-identified: mean {mean:.3f}, most {most:.3f}; largest share {bound:.3f}, bound {1 / K:.3f}\n"
    )
    assert all(success[department] <= largest[department] for department in rows)
    assert bound <= 1 / K
    assert len(answers) < len(truth)  # surplus rows of frequent requesters are gone


def test_rows_stand_in_an_order_that_tells_nothing(sqlite: Database) -> None:
    session = sqlite.session
    truth = quarter(session, company(session))
    arrival = {key: place for place, key in enumerate(truth)}
    freeze(session)
    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=K, now=RELEASE)

    ids = [row.id for row in session.scalars(select(ReleasedResponse))]
    places = [arrival[answer.department, answer.ratings] for answer in stored(session)]

    assert ids == sorted(ids)  # random ids are the order of the table
    assert places != sorted(places)


def test_a_sealed_cell_rests_on_the_minimum_group(database: Database) -> None:
    session = database.session
    quarter(session, company(session))
    freeze(session)
    release.release(session, Q3, calendar=CALENDAR, keys=KEYS, minimum_group=K, now=RELEASE)

    people = [cell.figures["top_two_box"]["n"] for cell in session.scalars(select(SealedCell))]

    assert people
    assert min(people) >= K
