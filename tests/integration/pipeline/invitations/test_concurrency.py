"""Two machines run at the same moment, and trackers reopen meanwhile: nobody is asked twice, nothing is lost."""

import multiprocessing
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from app.domain.decisions import DecisionReason
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.service_requests import RequestCycle
from app.pipeline.invitations import pass_once
from tests.builders.asking import KEYS, asking
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.integration.pipeline.invitations import one_run
from tests.servers.databases import Database

# The application is read once, then every process is a fork of one that has read it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([one_run.__name__])
MONDAY = datetime(2026, 3, 2, 14, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


def fill(database: Database, people: int, each: int) -> None:
    desk = department(database.session, "IT")
    for number in range(people):
        who = person(database.session, f"p{number}@example.com")
        for hour in range(each):
            completed_request(database.session, desk, who, MONDAY - timedelta(hours=hour))
    database.session.commit()


def test_two_processes_at_once_invite_each_person_once(database: Database) -> None:
    fill(database, people=60, each=3)
    together, told = PROCESSES.Barrier(3), PROCESSES.SimpleQueue()
    runs = [PROCESSES.Process(target=one_run.run, args=(database.url, together, told)) for _ in range(3)]

    for run in runs:
        run.start()
    for run in runs:
        run.join(timeout=120)

    assert [run.exitcode for run in runs] == [0, 0, 0]
    invited = sorted(told.get() for _ in runs)
    assert invited == [0, 0, 60]
    per_person = select(func.count()).select_from(Invitation).group_by(Invitation.person_id)
    assert set(database.session.scalars(per_person)) == {1}
    assert len(database.session.scalars(select(Message.id)).all()) == 60
    decided = Counter(database.session.scalars(select(RequestCycle.decision)))
    assert decided == {DecisionReason.INVITED: 60, DecisionReason.ANOTHER_CHOSEN: 120}


@pytest.mark.parametrize("people", [2, 40])
def test_statements_do_not_grow_with_the_requests(database: Database, people: int) -> None:
    fill(database, people=people, each=3)
    statements: list[str] = []
    pass_once(database.session, asking(), KEYS, now=TUESDAY_NINE - timedelta(hours=1))
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    pass_once(database.session, asking(), KEYS, now=TUESDAY_NINE)

    assert len(statements) == STATEMENTS


STATEMENTS = 38  # four of them before the first quarter is fixed: do the settings move what is filed?
