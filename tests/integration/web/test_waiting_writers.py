"""While something holds SQLite's writer, the few that wait for it leave the threads of a web process to the pages."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select, text

from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.responses import HeldResponse
from app.models.waiting import PLACES, WaitingRoom
from tests.builders import surveys
from tests.builders.people import person
from tests.repository.tree import ROOT
from tests.servers.databases import Database
from tests.servers.processes import free_port

THREADS = 4  # as in deploy/parity-web.service
ANSWERS = 12
AT_ONCE_SECONDS = 2.0  # on a busy machine; without places to wait in it is the writer's ten seconds
PATIENCE_SECONDS = 60.0


@dataclass
class Site:
    """One web process with its threads, and a link for each of many requesters."""

    address: str
    links: list[str]

    def get(self, link: str) -> requests.Response:
        return requests.get(self.address + link, timeout=PATIENCE_SECONDS)

    def answer(self, link: str, nonce: str) -> requests.Response:
        form = {"nonce": nonce, "lang": "en", "csat_overall": "4", "comment": f"typed by {link}"}
        return requests.post(self.address + link, data=form, timeout=PATIENCE_SECONDS)

    def nonce(self, link: str) -> str:
        found = re.search(r'name="nonce" value="([^"]+)"', self.get(link).text)
        assert found
        return found[1]


@pytest.fixture
def site(sqlite: Database) -> Iterator[Site]:
    keys, provider = Keys.of(sqlite.settings), surveys.provider(sqlite.session)
    now = clock.now()
    tokens = [
        surveys.survey(sqlite.session, keys, provider, person(sqlite.session, f"p{n}@example.com"), now=now)[1]
        for n in range(ANSWERS)
    ]
    sqlite.session.close()
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PARITY_SECRET_KEY": sqlite.settings.secret_key,
        "PARITY_DATABASE_URL": sqlite.settings.database_url,
        "PARITY_VAR": str(sqlite.settings.var),
    }
    command = [str(Path(sys.executable).parent / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with subprocess.Popen(
        [*command, "--worker-class", "gthread", "--threads", str(THREADS), "wsgi:app"], cwd=ROOT, env=environment
    ) as server:
        site = Site(f"http://127.0.0.1:{port}", [f"/s/{token}" for token in tokens])
        wait_for(site.address)
        yield site
        server.terminate()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            requests.get(f"{address}/healthz", timeout=PATIENCE_SECONDS).raise_for_status()
        except requests.ConnectionError:
            assert time.monotonic() < deadline, "gunicorn did not start"
            time.sleep(0.1)
        else:
            return


def test_pages_answer_at_once_while_answers_wait_and_none_is_lost(sqlite: Database, site: Site) -> None:
    nonces = {link: site.nonce(link) for link in site.links}
    time.sleep(2.1)  # a person takes longer than a mail program

    with ThreadPoolExecutor(ANSWERS) as pool, sqlite.engine.connect() as holder:
        holder.execute(text("SELECT 1"))  # our engine begins with the writer's lock
        sent: dict[str, Future[requests.Response]] = {
            link: pool.submit(site.answer, link, nonce) for link, nonce in nonces.items()
        }
        time.sleep(1)
        began = time.monotonic()
        page = site.get(site.links[0])
        took = time.monotonic() - began
        waiting = [link for link, answer in sent.items() if not answer.done()]
        holder.rollback()
        answers = {link: answer.result() for link, answer in sent.items()}

    refused = {link: answer for link, answer in answers.items() if answer.status_code == 503}
    assert (page.status_code, took < AT_ONCE_SECONDS) == (200, True)
    assert Counter(answer.status_code for answer in answers.values()) == {200: PLACES, 503: ANSWERS - PLACES}
    assert set(answers) - set(refused) == set(waiting)
    for link, answer in refused.items():
        assert answer.headers["Retry-After"] == "5"
        assert f"typed by {link}</textarea>" in answer.text
        assert re.findall(r'name="csat_overall" value="(\d)"[^>]* checked', answer.text) == ["4"]
        assert site.answer(link, nonces[link]).status_code == 200
    assert sqlite.session.scalar(select(func.count()).select_from(HeldResponse)) == ANSWERS


def test_a_room_has_so_many_places_and_no_more() -> None:
    room = WaitingRoom(2)

    first, second, third = room.enter(), room.enter(), room.enter()
    was_full = room.is_full
    room.leave()

    assert (first, second, third, was_full) == (True, True, False, True)
    assert (room.is_full, room.enter()) == (False, True)
