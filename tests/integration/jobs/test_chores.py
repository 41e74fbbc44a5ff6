"""Chores: asked for by pages, claimed by one worker, done beside the sweep, ended with a sentence."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.states import ChoreKind, ChoreState, ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext
from app.jobs import chores as working
from app.jobs.chores import CHORES, call_for_chores, run_chores
from app.jobs.hints import only_enqueued, storage_of
from app.jobs.installation import Installation
from app.jobs.progress import Progress
from app.jobs.queue import build_queue
from app.models.chores import Chore
from app.settings import Settings
from app.upkeep.connections.adding import add_connection
from app.upkeep.privacy.retention import retain
from app.upkeep.running import chores
from app.upkeep.running.chore_words import told
from app.upkeep.running.chores import LEASE, MOST_ATTEMPTS, ChoreRefused
from tests.builders.chores import trying
from tests.builders.thin_tool import THIN, know
from tests.servers.databases import Database
from tests.servers.vendor import Reply, Vendor

KIND = ChoreKind.CHECK_CONNECTION


@pytest.fixture
def settings(database: Database) -> Settings:
    return replace(database.settings, private_hosts=("127.0.0.1",))


@pytest.fixture
def installation(database: Database, settings: Settings) -> Installation:
    return Installation(settings, Keys.of(settings), database.sessions)


def ask(database: Database, now: datetime, *, slug: str = "desk", language: str = "en") -> int:
    with database.sessions.begin() as session:
        return trying(session, now, slug=slug, language=language)


def stored(database: Database, number: int) -> Chore:
    with database.sessions() as session:
        return session.get_one(Chore, number)


def working_with(monkeypatch: pytest.MonkeyPatch, work: working.Work) -> None:
    monkeypatch.setattr(working, "CHORES", {KIND: work})


def test_the_credentials_of_a_connection_are_tried_by_the_worker(
    database: Database, installation: Installation, vendor: Vendor, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    know(monkeypatch, THIN)
    vendor.answer("GET", "/me", Reply({"name": "Robot"}), Reply(status=401))
    add_connection(
        database.session,
        installation.keys,
        slug="desk",
        side=ConnectionSide.TRACKER,
        kind="thin",
        settings={"url": vendor.url, "api_key": "s3cret", "secret": "shared"},
        base_url="http://parity.test",
        now=now,
    )
    database.session.commit()

    good = ask(database, now)
    assert run_chores(installation, now=now) == 1
    bad = ask(database, now)
    assert run_chores(installation, now=now) == 1

    ended = [stored(database, number) for number in (good, bad)]
    assert [chore.state for chore in ended] == [ChoreState.DONE, ChoreState.FAILED]
    assert "Robot" in told(ended[0]).sentence
    assert ended[1].error
    assert all(chore.finished_at is not None and chore.lease is None for chore in ended)


def test_the_same_asked_twice_before_it_begins_is_one_chore(database: Database, now: datetime) -> None:
    numbers = [ask(database, now), ask(database, now), ask(database, now, slug="other")]

    assert numbers[0] == numbers[1] != numbers[2]


def test_one_that_fails_stops_no_other_and_says_why_in_the_language_of_whoever_asked(
    database: Database,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    expected_errors: list[str],
    now: datetime,
) -> None:
    def work(_ours: Installation, chore: Chore, _progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        if chore.params["slug"] == "broken":
            raise RuntimeError("a bug")
        if chore.params["slug"] == "refused":
            raise ChoreRefused(gettext("the hook is dead"))
        return {}

    working_with(monkeypatch, work)
    expected_errors.append("chore")
    numbers = [
        ask(database, now, slug="broken"),
        ask(database, now, slug="refused", language="de"),
        ask(database, now, slug="fine", language="ru"),
    ]

    assert run_chores(installation, now=now) == 3

    ended = [stored(database, number) for number in numbers]
    assert [chore.state.value for chore in ended] == ["failed", "failed", "done"]
    assert ended[0].error == "an unexpected fault (RuntimeError); the log has it"
    assert ended[1].error == "der Hook ist tot"


def test_a_kind_of_a_newer_page_is_ended_with_a_sentence(
    database: Database, installation: Installation, now: datetime
) -> None:
    with database.sessions.begin() as session:
        session.add(Chore(kind="of_tomorrow", subject="x", params={}, asked_by="staff:1", language="en", asked_at=now))

    run_chores(installation, now=now)

    chore = stored(database, 1)
    assert (chore.state, told(chore).title) == (ChoreState.FAILED, "of_tomorrow")
    assert "of another version than the page" in told(chore).sentence


def test_a_chore_is_claimed_once_and_again_when_its_worker_vanished(database: Database, now: datetime) -> None:
    number = ask(database, now)
    taken = []
    for moment in (now, now, now + LEASE):
        with database.sessions.begin() as session:
            taken.append(chores.claim(session, now=moment))

    first, none, again = taken
    assert first is not None
    assert again is not None
    assert (first.id, none, again.id, again.attempts) == (number, None, number, 2)
    with database.sessions.begin() as session:
        assert chores.finish(session, first, {}, now=now) is False
        assert chores.finish(session, again, {"said": "Good."}, now=now) is True


def test_progress_is_told_and_keeps_the_chore(
    database: Database, installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    seen = []

    def work(_ours: Installation, chore: Chore, progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        seen.append(told(stored(database, chore.id)).sentence)
        for done, total in ((1, None), (40, 312)):
            progress(done, total)
            seen.append(told(stored(database, chore.id)).sentence)
        return {"said": "312 told"}

    working_with(monkeypatch, work)
    number = ask(database, now)
    seen.append(told(stored(database, number)).sentence)

    run_chores(installation, now=now)

    seen.append(told(stored(database, number)).sentence)
    assert seen == [
        "It waits for the worker. If that lasts longer than a minute, the worker does not run.",
        "Under way.",
        "Under way: 1 so far.",
        "Under way: 40 of 312.",
        "312 told",
    ]


def test_a_chore_that_tells_nothing_for_longer_than_its_lease_stays_its_workers(
    database: Database, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In real time, with a lease of half a second; the other worker looks as often as it can."""
    monkeypatch.setattr(chores, "LEASE", timedelta(seconds=0.5))
    taken = []

    def work(_ours: Installation, _chore: Chore, _progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        until = clock.now() + timedelta(seconds=1.5)
        while clock.now() < until:
            with database.sessions.begin() as session:
                taken.append(chores.claim(session, now=clock.now()))
            time.sleep(0.05)
        return {"said": "done"}

    working_with(monkeypatch, work)
    number = ask(database, clock.now())

    assert run_chores(installation, now=clock.now()) == 1

    chore = stored(database, number)
    assert set(taken) == {None}
    assert (chore.state, chore.attempts, told(chore).sentence) == (ChoreState.DONE, 1, "done")
    assert "chore-" not in " ".join(thread.name for thread in threading.enumerate())


def test_short_ones_pass_and_what_asks_for_years_comes_last(database: Database, now: datetime) -> None:
    asked = (ChoreKind.BACKFILL, ChoreKind.RUN_IMPORT, ChoreKind.TRY_POLICY, ChoreKind.CHECK_CONNECTION)
    with database.sessions.begin() as session:
        for kind in asked:
            chores.ask(session, kind, "x", by="staff:1", language="en", now=now)

    with database.sessions.begin() as session:
        short = [chores.claim(session, now=now, kinds=chores.SHORT) for _ in range(2)]
        rest = [chores.claim(session, now=now) for _ in range(4)]

    assert [chore and chore.kind for chore in short] == ["check_connection", None]
    assert [chore and chore.kind for chore in rest] == ["run_import", "try_policy", "backfill", None]


def test_a_connection_is_tried_while_a_long_chore_goes_on(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """Two threads of one worker follow a hint each, as the consumer's do."""
    is_busy, may_end = threading.Event(), threading.Event()

    def long(_ours: Installation, _chore: Chore, _progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        is_busy.set()
        assert may_end.wait(60)
        return {}

    def short(_ours: Installation, _chore: Chore, _progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        return {}

    monkeypatch.setattr(working, "CHORES", {ChoreKind.BACKFILL: long, KIND: short})
    with sqlite.sessions.begin() as session:
        backfill = chores.ask(session, ChoreKind.BACKFILL, "x", by="staff:1", language="en", now=now)
    queue = build_queue(sqlite.settings)
    follow_a_hint = queue._registry.string_to_task(f"{only_enqueued.__module__}.run_chores")
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(follow_a_hint().execute)
        assert is_busy.wait(60)
        checked = ask(sqlite, now)

        follow_a_hint().execute()

        states = [stored(sqlite, number).state for number in (backfill, checked)]
        may_end.set()
        first.result(60)
    queue.storage.close()
    assert states == [ChoreState.RUNNING, ChoreState.DONE]
    assert stored(sqlite, backfill).state is ChoreState.DONE


def test_who_lost_a_chore_to_another_worker_leaves_its_end_to_that_one(
    database: Database, installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def work(_ours: Installation, _chore: Chore, progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        with database.sessions.begin() as session:
            assert chores.claim(session, now=now + LEASE + timedelta(seconds=1)) is not None
        progress(1)
        raise AssertionError("went on")

    working_with(monkeypatch, work)
    number = ask(database, now)

    run_chores(installation, now=now)

    assert (stored(database, number).state, stored(database, number).attempts) == (ChoreState.RUNNING, 2)


def test_a_chore_that_its_workers_do_not_survive_is_given_up(
    database: Database, installation: Installation, now: datetime
) -> None:
    number = ask(database, now)
    for attempt in range(MOST_ATTEMPTS):
        with database.sessions.begin() as session:
            assert chores.claim(session, now=now + attempt * LEASE) is not None

    assert run_chores(installation, now=now + MOST_ATTEMPTS * LEASE) == 0

    assert told(stored(database, number)).sentence == "The worker was stopped in the middle of it, 3 times."


def test_the_sweep_only_calls_for_what_waits(database: Database, installation: Installation, now: datetime) -> None:
    queue = storage_of(installation.settings)
    before = call_for_chores(installation, now=now), queue.pending_count()

    number = ask(database, now)

    assert before == (0, 0)
    assert (call_for_chores(installation, now=now), queue.pending_count()) == (1, 1)
    assert stored(database, number).state is ChoreState.WAITING
    queue.storage.close()


def test_what_has_ended_is_forgotten_after_thirty_days(
    database: Database, installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def work(_ours: Installation, _chore: Chore, _progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
        return {}

    working_with(monkeypatch, work)
    ask(database, now)
    run_chores(installation, now=now)
    waiting = ask(database, now)

    with database.sessions.begin() as session:
        deleted = [retain(session, now=now + timedelta(days=days))["chores"] for days in (29, 31)]

    assert deleted == [0, 1]
    assert stored(database, waiting).state is ChoreState.WAITING


def test_every_kind_has_its_work() -> None:
    assert set(CHORES) == set(ChoreKind)
