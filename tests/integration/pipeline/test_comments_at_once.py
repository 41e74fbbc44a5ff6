"""Comments where two work at once: HR decides while a quarter is frozen, two open it, two publish a codebook."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from app.domain.states import CommentState
from app.models.codebooks import find_codebook
from app.pipeline import rollups, scorecards
from app.upkeep.policy.versions import set_policy
from app.upkeep.quarters import comment_review as review
from app.upkeep.quarters.codebooks import publish_codebook
from tests.builders.quarters import CALENDAR, FREEZE, KEYS, Q3, company, document
from tests.integration.pipeline.test_comments import AUTOMATIC, OPENS, commented, opened
from tests.servers.databases import Database

T = TypeVar("T")
WAITS = 0.3  # seconds after which whoever has not come through is taken to wait


def by_itself(database: Database, work: Callable[[Session], T]) -> T:
    """Do `work` in a transaction of its own, as the worker and every command do."""
    with database.sessions.begin() as session:
        return work(session)


def summed(session: Session) -> None:
    rollups.refresh(session, calendar=CALENDAR, keys=KEYS, period=Q3)


def frozen(session: Session) -> int:
    summed(session)
    return scorecards.freeze(session, Q3, calendar=CALENDAR, policy=AUTOMATIC, now=FREEZE)


def all_at_once(database: Database, *works: Callable[[Session], T]) -> list[T]:
    """Let all begin at the same moment, and return what each came to."""
    barrier = Barrier(len(works))

    def run(work: Callable[[Session], T]) -> T:
        barrier.wait()
        return by_itself(database, work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def waits(future: Future[T]) -> Future[T]:
    with pytest.raises(TimeoutError):
        future.result(timeout=WAITS)
    return future


def test_who_hides_or_codes_while_the_freeze_runs_waits_for_it(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], "waited long", *[None] * 9)
    opened(session)
    [found] = review.read_comments(session, Q3)
    session.commit()

    with ThreadPoolExecutor(2) as pool:
        summed(session)
        hiding = pool.submit(by_itself, database, lambda other: review.hide_comment(other, found.id))
        coding = pool.submit(
            by_itself, database, lambda other: review.code_comment(other, found.id, ["waiting"], calendar=CALENDAR)
        )
        waits(hiding)
        waits(coding)
        frozen(session)
        session.commit()
        late = coding.exception()

    assert hiding.result() == (found.id, 1)
    assert isinstance(late, review.CodingClosed)
    session.expire_all()
    assert document(session, places["IT"])["comments"] == [{"id": found.id}]
    assert [(one.state, one.codes) for one in review.read_comments(session, Q3)] == [(CommentState.HIDDEN, None)]


def test_the_freeze_waits_for_codes_under_way_and_counts_them(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], *["waited long"] * 22)
    opened(session)
    summed(session)
    session.commit()

    with ThreadPoolExecutor(1) as pool:
        for found in review.read_comments(session, Q3):
            review.confirm_comment(session, found.id, calendar=CALENDAR)
        freezing = waits(pool.submit(by_itself, database, frozen))
        session.commit()

    assert freezing.result() > 0
    rows = [row for row in document(session, places["IT"])["themes"] if row["source"] == "comments"]
    assert [(row["theme"], row["answers"]) for row in rows] == [("waiting", 22)]


def test_two_who_open_a_quarter_at_once_open_it_once(database: Database) -> None:
    session, places = database.session, company(database.session)
    commented(session, places["IT"], *(f"comment {number}" for number in range(12)))
    session.commit()

    counts = all_at_once(database, *[lambda other: opened(other, OPENS)] * 3)

    assert sorted(counts) == [0, 0, 12]
    assert len(review.read_comments(session, Q3)) == 12


def test_two_who_publish_at_once_get_two_versions(database: Database) -> None:
    def codebook(name: str) -> Callable[[Session], int]:
        themes = {"themes": [{"code": "food", "names": {"en": name}}]}
        return lambda session: publish_codebook(session, themes, author="hr", reason="", now=OPENS)

    def policy(group: int) -> Callable[[Session], int]:
        return lambda session: set_policy(session, {"minimum_comment_group": group}, author="a", reason="", now=OPENS)

    codebooks = all_at_once(database, codebook("Food"), codebook("Lunch"), codebook("Food"))
    policies = all_at_once(database, policy(11), policy(12), policy(13))

    assert set(codebooks) >= {1, 2}
    assert find_codebook(database.session)[0] == max(codebooks)
    assert sorted(policies) == [1, 2, 3]
