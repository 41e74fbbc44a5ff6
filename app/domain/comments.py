"""Under which department a comment is read, and which comments a scorecard prints.

A comment is never told apart by its place to fewer people than a comment group: departments are gathered from below
until what no department below tells holds one. `docs/decisions` says why a comment stands on one scorecard only.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.departments import DepartmentTree

MOST_SHOWN = 3  # comments of a scorecard
LONGEST_SHOWN = 600  # characters: what is longer tells its author by style and story, and nobody reads it


@dataclass(frozen=True)
class Candidate:
    """A comment that may be printed: its id, where it is read, its author in the quarter's clusters, and its words."""

    id: bytes
    department: int
    author: bytes
    text: str


def comment_groups(
    tree: DepartmentTree, people: Mapping[int, Collection[bytes]], least: int, reporting: Collection[int]
) -> dict[int, int]:
    """Return the department under which comments of each department are read; departments in no group are absent.

    `people` are the requesters of each department alone who did not consent to contact, `reporting` the departments
    that have something to tell of their own. A department is a group where at least `least` people answered it and
    those departments below that are in no group yet; otherwise all of these wait for the department above.
    """
    found: dict[int, int] = {}
    for root in tree.roots:
        _gather(tree, people, least, reporting, root, found)
    return found


def _gather(
    tree: DepartmentTree,
    people: Mapping[int, Collection[bytes]],
    least: int,
    reporting: Collection[int],
    here: int,
    found: dict[int, int],
) -> set[int]:
    """Return the departments at and below `here` that are in no group."""
    waiting = {here}
    for child in tree.children(here):
        waiting |= _gather(tree, people, least, reporting, child, found)
    crowd = {who for department in waiting for who in people.get(department, ())}
    if here not in reporting or len(crowd) < least:
        return waiting
    found.update(dict.fromkeys(waiting, here))
    return set()


def chosen_comments(
    tree: DepartmentTree,
    candidates: Iterable[Candidate],
    told: Mapping[int, Sequence[bytes]],
    *,
    reporting: Collection[int],
    seed: int,
) -> dict[int, list[bytes]]:
    """Return the ids that each reporting department prints, sorted; departments below choose first.

    `told` are the ids that the quarter's last revisions print: they stay. No comment stands on two scorecards, all
    scorecards together print one of each author, and none prints two that say the same. The order in which they are
    taken follows from the seed alone.
    """
    waiting = sorted(candidates, key=lambda one: one.id)
    order = np.random.default_rng(seed).permutation(len(waiting))
    free = {waiting[place].id: waiting[place] for place in order}
    known = {one.id: one for one in waiting}
    before = [free.pop(id_) for ids in told.values() for id_ in ids if id_ in known]
    authors, found = {one.author for one in before}, {}
    for department in sorted(reporting, key=lambda id_: (-sum(1 for _ in tree.ancestors(id_)), id_)):
        chosen = list(told.get(department, ()))
        texts = {known[id_].text.casefold() for id_ in chosen if id_ in known}
        for one in _of_department(free, tree.subtree(department), authors, texts, MOST_SHOWN - len(chosen)):
            chosen.append(one.id)
            authors.add(one.author)
            del free[one.id]
        found[department] = sorted(chosen)
    return found


def _of_department(
    free: Mapping[bytes, Candidate],
    below: Collection[int],
    authors: Collection[bytes],
    texts: Collection[str],
    at_most: int,
) -> list[Candidate]:
    """Return the first comments of a department's groups: one of each further author, and no words that stand there."""
    authors, texts = set(authors), set(texts)
    found: list[Candidate] = []
    for one in free.values():
        is_new = one.author not in authors and one.text.casefold() not in texts
        if len(found) < at_most and one.department in below and is_new:
            found.append(one)
            authors.add(one.author)
            texts.add(one.text.casefold())
    return found
