"""Two machines run at the same moment, and trackers reopen meanwhile: nobody is asked twice, nothing is lost."""

import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from tests.servers.databases import Database

ROOT = Path(__file__).resolve().parents[4]
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
    when = str(time.time() + 4)
    command = [sys.executable, "-m", "tests.integration.pipeline.invitations.one_run", database.url, when]

    runs = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    invited = sorted(int(run.communicate(timeout=60)[0]) for run in runs)

    assert [run.returncode for run in runs] == [0, 0, 0]
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
