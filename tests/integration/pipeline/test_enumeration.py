"""Small companies, enumerated: every figure of every document of two quarters, and no group of fewer than five follows.

Between the quarters a department moves; late answers make second revisions. Each figure counts as an exact sum.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.domain.scorecards.cuts import own_rows
from app.models.departments import Department, DepartmentVersion
from app.models.rollups import mark_dirty
from app.models.scorecards import ScorecardRevision
from tests.builders.attacks import Figure, small_groups_that_follow
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.quarters import CALENDAR, KEYS, freeze
from tests.builders.responses import held_response, quarter_salt
from tests.servers.databases import Database

Q2, Q3 = Period(2026, 2), Period(2026, 3)
JULY_FIRST = datetime(2026, 7, 1, tzinfo=UTC)
K = 5
PEOPLE = 45
BLOCKS = {
    "by_request_type": "request_type",
    "by_on_time": "on_time",
    "by_reopened": "reopened",
    "by_requester_department": "requester_department",
    "trend_months": "month",
}
ASPECTS = ("timeliness", "result_quality", "communication")
Line = tuple[str, ...]  # a department and those above it, nearest first


@dataclass(frozen=True)
class Given:
    """One response as the company knows it."""

    number: int
    line: Line
    revision: int  # the first that may tell of it
    who: str
    has_consented: bool
    has_thanked: bool
    values: dict[str, str]  # per cut
    items: dict[str, int | None]

    def is_in(self, measure: str, cut: str, value: str) -> bool:
        """Tell whether the response counts in a measure and a value of a cut."""
        return (not cut or self.values.get(cut) == value) and self._counts_in(measure)

    def _counts_in(self, measure: str) -> bool:
        kind, _, item = measure.partition(":")
        if kind == "answers":
            return self.items.get(item) is not None
        if kind == "not_applicable":
            return item in self.items and self.items[item] is None
        counted = {
            "low_ratings": (self.items.get("csat_overall") or 5) <= 2,
            "consented": self.has_consented,
            "thanks": self.has_thanked,
            "responses": True,
            "complete": all(self.items.get(name) for name in ("csat_overall", *ASPECTS)),
        }
        return counted[kind]


@dataclass
class World:
    """A company of random shape, with what it was told in one quarter."""

    session: Session
    random: np.random.Generator
    places: dict[str, Department] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    told: dict[Period, list[Given]] = field(default_factory=lambda: defaultdict(list))

    def founded(self) -> "World":
        """Make one to three roots, departments below them and some below these."""
        for root in range(int(self.random.integers(1, 4))):
            self._department(f"R{root}", None)
            for child in range(int(self.random.integers(0, 4))):
                self._department(f"R{root}{child}", f"R{root}")
                for leaf in range(int(self.random.choice([0, 0, 2, 3]))):
                    self._department(f"R{root}{child}{leaf}", f"R{root}{child}")
        for period in (Q2, Q3):
            quarter_salt(self.session, KEYS, str(period))
        return self

    def _department(self, code: str, parent: str | None) -> None:
        above = self.places[parent] if parent else None
        self.places[code] = department(self.session, code, parent=above)
        if parent:
            self.parents[code] = parent

    def line(self, code: str) -> Line:
        """Return a department and those above it."""
        found = [code]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return tuple(found)

    def reorganised(self) -> None:
        """Put one department below another one that is not below it."""
        movable = sorted(self.parents)
        if not movable:
            return
        moved = str(self.random.choice(movable))
        targets = [code for code in sorted(self.places) if moved not in self.line(code)]
        above = str(self.random.choice(targets))
        row = self.places[moved]
        current = DepartmentVersion.department_id == row.id
        self.session.execute(update(DepartmentVersion).where(current).values(valid_to=JULY_FIRST))
        self.session.add(
            DepartmentVersion(
                department_id=row.id,
                parent_id=self.places[above].id,
                valid_from=JULY_FIRST,
                name=moved,
                staff_count=20,
            )
        )
        self.session.flush()
        self.parents[moved] = above

    def answered(self, period: Period, count: int, revision: int = 1) -> None:
        """Let people answer, unevenly over departments and kinds of requests."""
        codes = sorted(self.places)
        shares = self.random.dirichlet(np.full(len(codes), 0.8))
        for code in self.random.choice(codes, size=count, p=shares):
            self._answer(period, str(code), revision)
        for place in self.places.values():
            mark_dirty(self.session, place.id, str(period), CALENDAR.ends_at(period))

    def _answer(self, period: Period, code: str, revision: int) -> None:
        random, number = self.random, int(self.random.integers(PEOPLE))
        works_in = sorted(self.places)[number % min(4, len(self.places))]
        values = {
            "request_type": str(random.choice(["access", "repair", "visit"], p=[0.6, 0.3, 0.1])),
            "on_time": str(random.choice(["yes", "no"], p=[0.85, 0.15])),
            "reopened": str(random.choice(["yes", "no"], p=[0.15, 0.85])),
            "requester_department": works_in,
            "month": f"2026-{period.quarter * 3 - int(random.integers(3)):02d}",
        }
        items: dict[str, int | None] = {
            str(random.choice(["trust", "effort", "recommend"])): int(random.integers(1, 6))
        }
        items |= {"csat_overall": int(random.integers(1, 6))} if random.random() < 0.9 else {}
        items |= {"timeliness": int(random.integers(1, 6)) if random.random() < 0.8 else None}
        items |= self._further_aspects(items) if self.rates_aspects else {}
        has_consented, has_thanked = number < 3, bool(random.random() < 0.15)
        held_response(
            self.session,
            self.places[code],
            self._person(number),
            items,
            str(period),
            request_type=values["request_type"],
            requester_department_id=self.places[works_in].id,
            on_time=values["on_time"] == "yes",
            was_reopened=values["reopened"] == "yes",
            month=values["month"],
            has_consented=has_consented,
            has_thanked=has_thanked,
        )
        who = "" if has_consented else str(number)
        told = self.told[period]
        given = (self.line(code), revision, who, has_consented, has_thanked, values, items)
        told.append(Given(len(told), *given))

    def _further_aspects(self, items: dict[str, int | None]) -> dict[str, int | None]:
        """Return aspects of which one follows the overall rating, so that there are drivers to tell."""
        overall = items.get("csat_overall")
        if overall is None or self.aside.random() < 0.1:
            return {}
        return {"result_quality": int(self.aside.integers(1, 6)), "communication": overall}

    def _person(self, number: int) -> Any:
        if number not in self._people:
            self._people[number] = person(self.session, f"p{number}@example.com")
        return self._people[number]

    aside: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))
    rates_aspects: bool = False
    _people: dict[int, Any] = field(default_factory=dict)


def published(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield measure, cut and value of every figure that a document tells."""
    for item, block in document["internal"].items():
        yield f"answers:{item}", "", ""
        if "not_applicable" in block:
            yield f"not_applicable:{item}", "", ""
    for block_name, cut in BLOCKS.items():
        for row in own_rows(document, block_name):
            yield "answers:csat_overall", cut, row["value"]
    for name in ("low_ratings", "consented", "thanks"):
        if name in document["loop"]:
            yield name, "", ""
    if document["sla"].get("on_time"):
        yield "responses", "on_time", "yes"
        yield "responses", "on_time", "no"  # n - on time


def driver_figures(document: dict[str, Any], told: list[Given]) -> Iterator[tuple[str, Figure]]:
    """Yield the complete answers that a document counts behind its drivers: the department's or the company's."""
    for row in document["drivers"]:
        of_company, revision = row["model"] == "company", 1  # later revisions repeat those of the first
        counted = [given for given in told if given.revision <= revision and given.is_in("complete", "", "")]
        code = document["department"]["code"]
        behind = frozenset(given.number for given in counted if of_company or code in given.line)
        assert len(behind) == row["importance"]["answers"]
        yield "complete", behind


def figures_of(world: World, period: Period) -> dict[str, set[Figure]]:
    """Return, per measure, the answers behind every figure of every revision of a quarter."""
    found: dict[str, set[Figure]] = defaultdict(set)
    rows = world.session.scalars(select(ScorecardRevision).where(ScorecardRevision.period == str(period)))
    for row in rows:
        document = json.loads(row.document)
        code, revision = document["department"]["code"], document["revision"]
        for measure, cut, value in published(document):
            found[measure].add(
                frozenset(
                    given.number
                    for given in world.told[period]
                    if code in given.line and given.revision <= revision and given.is_in(measure, cut, value)
                )
            )
        for measure, behind in driver_figures(document, world.told[period]):
            found[measure].add(behind)
    return {measure: sets - {frozenset()} for measure, sets in found.items()}


def cells_of(told: list[Given], measure: str) -> set[Figure]:
    """Return every cell of the cube, shown or not: departments and own parts, cuts, and what each revision added."""
    cells: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for given in told:
        if given.is_in(measure, "", ""):
            for place in (*given.line, f"{given.line[0]}/own"):
                for cut, value in (("", ""), *given.values.items()):
                    for revision in ("", str(given.revision)):
                        cells[place, cut, value, revision].add(given.number)
    return {frozenset(found) for found in cells.values()}


def followed(world: World, period: Period) -> list[tuple[str, str, list[Any]]]:
    """Return the groups of too few that follow from all documents of a quarter, described for a failing test."""
    told = world.told[period]
    found = []
    for measure, figures in figures_of(world, period).items():
        is_counted = not measure.startswith("answers:")  # counts are judged by answers, figures by people
        people = {given.number: str(given.number) if is_counted else given.who for given in told}
        for group in small_groups_that_follow(figures, people, K, cells_of(told, measure)):
            behind = [(told[n].line[0], told[n].revision, told[n].who, told[n].values) for n in sorted(group)]
            found.append((str(period), measure, behind))
    return found


# Seeds 4, 5 and 9 once found counts told anew in revision 2, the n of the share on time, a consenting person in a gain.
@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5, 9])
def test_no_group_of_fewer_than_five_follows_from_all_figures_of_a_company(sqlite: Database, seed: int) -> None:
    assert followed_in_two_quarters(sqlite, seed) == []


def test_no_group_of_fewer_than_five_follows_on_either_database(database: Database) -> None:
    assert followed_in_two_quarters(database, 10) == []


@pytest.mark.parametrize("seed", [12, 15])
def test_no_number_of_complete_answers_follows_from_the_drivers_of_a_company(sqlite: Database, seed: int) -> None:
    world = World(sqlite.session, np.random.default_rng(seed), rates_aspects=True).founded()
    lived_through_two_quarters(world)

    assert "complete" in figures_of(world, Q3)
    assert [*followed(world, Q2), *followed(world, Q3)] == []


def test_the_attacker_finds_what_one_more_figure_gives_away(sqlite: Database) -> None:
    world = World(sqlite.session, np.random.default_rng(0)).founded()
    lived_through_two_quarters(world)
    told = world.told[Q2]
    measure = "answers:csat_overall"
    whole = max(figures_of(world, Q2)[measure], key=len)
    all_but_two = whole - set(sorted(given.number for given in told if given.number in whole and given.who)[:2])

    found = small_groups_that_follow([whole, all_but_two], {given.number: given.who for given in told}, K)

    assert found == [whole - all_but_two]


def followed_in_two_quarters(database: Database, seed: int) -> list[Any]:
    world = World(database.session, np.random.default_rng(seed)).founded()
    lived_through_two_quarters(world)
    return [*followed(world, Q2), *followed(world, Q3)]


def lived_through_two_quarters(world: World) -> None:
    """Freeze a quarter, reorganise, freeze the next, let late answers come in and freeze again."""
    world.answered(Q2, 70)
    freeze(world.session, CALENDAR.freezes_at(Q2), period=Q2)
    world.reorganised()
    world.answered(Q3, 90)
    freeze(world.session, CALENDAR.freezes_at(Q3))
    world.answered(Q3, 25, revision=2)
    freeze(world.session, CALENDAR.freezes_at(Q3))
