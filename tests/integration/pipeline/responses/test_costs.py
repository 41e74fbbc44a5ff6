"""How many statements a page and an answer cost, whatever is stored; and many submissions at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.domain.instruments import Item
from app.domain.machines import Submission
from app.models.invitations import Invitation
from app.models.response_links import ResponseLink
from app.models.responses import HeldAnswer, HeldResponse, PageTime
from app.pipeline import responses
from app.pipeline.responses import Answers
from app.pipeline.responses.opening import answers_of
from tests.builders.service_requests import CALENDAR
from tests.integration.pipeline.responses.conftest import A_MACHINE, A_PERSON, KEYS, Alice, rated
from tests.servers.databases import Database

FULL = Answers(
    values={Item.CSAT_OVERALL: 1, Item.TIMELINESS: 2, Item.RESULT_QUALITY: None, Item.COMMUNICATION: 3, Item.TRUST: 4},
    comment="x" * 2000,
    wants_contact=True,
)
LATER = timedelta(minutes=5)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SET", "PRAGMA")):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_opening_costs_one_statement_and_two_where_an_answer_is_shown(alice: Alice, database: Database) -> None:
    with counted(database) as unanswered:
        alice.opens()
    alice.answers(FULL)
    with counted(database) as answered:
        stored = alice.opens(after=LATER).stored
        assert stored is not None
        answers_of(alice.session.connection(), stored)

    assert (len(unanswered), len(answered)) == (1, 2)


@pytest.mark.parametrize("before", ["nothing", "held back", "accepted"])
def test_answering_costs_eight_statements_at_most(alice: Alice, database: Database, before: str) -> None:
    if before != "nothing":
        alice.answers(FULL, A_MACHINE if before == "held back" else A_PERSON)

    with counted(database) as statements:
        alice.answers(FULL, after=LATER)

    first = 2 if database.kind == "postgresql" else 8  # a first answer is stored whole there, in one trip
    assert len(statements) == {"nothing": first, "held back": 8, "accepted": 7}[before]


def test_twenty_submissions_at_once_leave_one_answer(alice: Alice, database: Database) -> None:
    def send(rating: int) -> None:
        with database.engine.connect() as connection:
            opened = responses.open(connection, KEYS, CALENDAR, alice.token, now=alice.now)
            responses.submit(connection, KEYS, CALENDAR, opened, rated(rating), A_PERSON, now=alice.now)
            connection.commit()

    alice.session.close()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, [4] * 20))

    with database.sessions() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (HeldResponse, ResponseLink)]
        answers = session.execute(select(HeldAnswer.item, HeldAnswer.value)).tuples().all()
        times = session.scalars(select(PageTime.count)).all()
    assert (counts, answers, times) == ([1, 1], [("csat_overall", 4)], [1])


def test_a_machine_and_a_person_at_once_leave_the_persons_answer(alice: Alice, database: Database) -> None:
    def send(submission: Submission) -> None:
        with database.engine.connect() as connection:
            opened = responses.open(connection, KEYS, CALENDAR, alice.token, now=alice.now)
            responses.submit(connection, KEYS, CALENDAR, opened, rated(4), submission, now=alice.now)
            connection.commit()

    alice.session.close()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, [A_MACHINE, A_PERSON] * 8))

    with database.sessions() as session:
        assert session.scalars(select(HeldResponse.state)).all() == ["accepted"]
        assert session.scalars(select(Invitation.state)).all() == ["answered"]
