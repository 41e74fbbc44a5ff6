"""Trying a policy tells how far it is while it may only read."""

from datetime import datetime

import pytest

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_to_json
from app.domain.states import ChoreKind, ChoreState
from app.foundations.crypto import Keys
from app.jobs import policy_chores
from app.jobs.chores import run_chores
from app.jobs.installation import Installation
from app.models.chores import Chore
from app.upkeep.running import chores
from tests.builders.asked_quarter import asked_quarter
from tests.servers.databases import Database


def test_a_trial_of_many_requests_tells_how_far_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    work = Installation(database.settings, Keys.of(database.settings), database.sessions)
    asked_quarter(database.session, requests=40)
    database.session.commit()
    asked_in = datetime(2026, 4, 2, 9, tzinfo=now.tzinfo)
    monkeypatch.setattr(policy_chores, "REPORTED_EVERY", 1)
    with database.sessions.begin() as session:
        params = {"version": 0, "rules": policy_to_json(AskingPolicy())}
        number = chores.ask(session, ChoreKind.TRY_POLICY, "policy", params, by="staff:1", language="en", now=asked_in)

    run_chores(work, now=asked_in)

    with database.sessions() as session:
        done = session.get_one(Chore, number)
        assert (done.state, done.error) == (ChoreState.DONE, None)
        assert done.result is not None
        assert done.done == done.total == 2 * done.result["requests"] > 0
