"""Small companies, enumerated: every figure of every document of two quarters, and no group of fewer than five follows.

Scorecards and HR's documents are read together. Between the quarters a department moves; late answers make second
revisions. Each figure counts as an exact sum.
"""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from app.domain.periods import Period
from tests.builders.attacks import Figure, small_groups_that_follow
from tests.builders.told import figures_of
from tests.builders.worlds import COMPANY, Q2, Q3, World
from tests.servers.databases import Database

K = 5
#: What some of the companies tell for certain, lest the attack finds nothing for want of figures.
TELLING = {
    4: {"answers:cooperation", "contacted", "requests:open", "requests:delivered", "requests:answered"},
    12: {"complete"},
    15: {"complete"},
}


def cells_of(world: World, period: Period, measure: str) -> set[Figure]:
    """Return every cell of the cube, shown or not: departments and own parts, cuts, and what each revision added."""
    cells: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    kind, _, theme = measure.partition(":")
    parts = ("asked", f"named:{theme}", f"silent:{theme}") if kind == "theme" else (measure,)
    for part in parts:
        for one in (each for each in world.of_measure(period, measure) if each.is_in(part, "", "")):
            for place in (*one.line, f"{one.line[0]}/own", COMPANY):
                for cut, value in (("", ""), *one.values.items()):
                    for revision in ("", str(one.revision)):
                        cells[part, place, cut, value, revision].add(one.number)
    return {frozenset(found) for found in cells.values()}


def followed(world: World, period: Period) -> list[tuple[str, str, list[Any]]]:
    """Return the groups of too few that follow from all documents of a quarter, described for a failing test."""
    found = []
    for measure, figures in figures_of(world, period).items():
        all_of_it = world.of_measure(period, measure)
        is_counted = not measure.startswith(("answers:", "theme:"))  # counts are judged by answers, figures by people
        people = {one.number: str(one.number) if is_counted else one.who for one in all_of_it}
        for group in small_groups_that_follow(figures, people, K, cells_of(world, period, measure)):
            behind = [(all_of_it[n].line[0], all_of_it[n].revision, all_of_it[n].who) for n in sorted(group)]
            found.append((str(period), measure, behind))
    return found


# Seeds 4, 5 and 9 once found counts told anew in revision 2, the n of the share on time, a consenting person in a gain;
# seed 12 the few requests of departments without answers. 12, 16 and 17 tell of the company above several departments,
# 12 and 15 of drivers.
@pytest.mark.parametrize("seed", [0, 4, 5, 9, 12, 15, 17])
def test_no_group_of_fewer_than_five_follows_from_all_figures_of_a_company(sqlite: Database, seed: int) -> None:
    world = lived_through(sqlite, seed)

    assert TELLING.get(seed, set()) <= {measure for measure, figures in figures_of(world, Q3).items() if figures}
    assert [*followed(world, Q2), *followed(world, Q3)] == []


def test_no_group_of_fewer_than_five_follows_on_either_database(database: Database) -> None:
    world = lived_through(database, 16)

    assert [*followed(world, Q2), *followed(world, Q3)] == []


def test_the_attacker_finds_what_one_more_figure_gives_away(sqlite: Database) -> None:
    world = World(sqlite.session, np.random.default_rng(0)).founded().lived_through(Q2, 70)
    told = world.told[Q2]
    measure = "answers:csat_overall"
    whole = max(figures_of(world, Q2)[measure], key=len)
    all_but_two = whole - set(sorted(given.number for given in told if given.number in whole and given.who)[:2])

    found = small_groups_that_follow([whole, all_but_two], {given.number: given.who for given in told}, K)

    assert found == [whole - all_but_two]


def lived_through(database: Database, seed: int) -> World:
    return (
        World(database.session, np.random.default_rng(seed), rates_aspects=True).founded().lived_through_two_quarters()
    )
