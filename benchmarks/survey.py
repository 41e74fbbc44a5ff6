"""One flow: GET the survey, POST four ratings and a comment of 40 characters, check the thanks.

Parity against a bare Flask program (benchmarks/survey_floor.py): gunicorn serves both with two sync workers, each on a
database of its own; one client on loopback drives them in turns, so that what else the machine does slows both.
Compared is the processor time of the workers a flow, in the median of the turns.
Run alone: `python -m benchmarks.survey [FLOWS]`.
"""

import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from sqlalchemy import text

from app.domain.periods import Calendar
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.base import make_engine, make_sessions
from app.models.quarter_salts import ensure_salt
from app.settings import Settings
from app.web.survey import page_nonce
from benchmarks import survey_floor
from benchmarks.serving import Served, serving
from tests.builders import surveys
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.servers import postgresql
from tests.servers.databases import migrate

FLOWS = 1500
WARM_UP = 200  # flows until every worker has its templates, statements and connections
TURN = 50  # flows of one program before the other's turn
READING_TIME = timedelta(seconds=25)
COMMENT = "Quick and friendly, thank you very much."
RATINGS = dict.fromkeys(survey_floor.ITEMS, "4")

Flow = Callable[[int], None]
Program = tuple[Served, Flow]


@contextmanager
def parity(url: str, folder: Path, count: int) -> Iterator[Program]:
    """Serve the application as it is installed; afterwards every answer must be stored and must count."""
    migrate(url)
    settings = Settings(secret_key=secrets.token_urlsafe(32), database_url=url, var=folder)
    keys = Keys.of(settings)
    invited = _invite(settings, keys, count)
    environment = {"DATABASE_URL": url, "SECRET_KEY": settings.secret_key, "VAR": str(folder)}
    named = {f"PARITY_{name}": value for name, value in environment.items()}
    with serving("wsgi:app", named, "/healthz") as served:

        def flow(number: int) -> None:
            path = f"/s/{keys.token('survey', invited[number])}"
            assert 'name="nonce"' in served.ask("GET", path)
            # The client signs a page that was opened a while ago: a person reads, a benchmark does not want to wait.
            nonce = page_nonce.issue(keys, invited[number], now=clock.now() - READING_TIME)
            fields = RATINGS | {"comment": COMMENT, "nonce": nonce, "lang": "en", "script": "1", "trusted": "1"}
            assert survey_floor.THANKS in served.ask("POST", path, urlencode(fields))

        yield served, flow
    engine = make_engine(url)
    with engine.connect() as connection:
        counted = "SELECT count(*) FROM held_responses WHERE state = 'accepted'"
        assert connection.execute(text(counted)).scalar_one() == count
    engine.dispose()


def _invite(settings: Settings, keys: Keys, count: int) -> list[bytes]:
    """Ask `count` people about a request that was completed today; return the invitations' public ids."""
    now = clock.now()
    engine = make_engine(settings.database_url)
    with make_sessions(engine).begin() as session:
        by = surveys.provider(session)
        ensure_salt(session, keys, str(Calendar(settings.time_zone).period_of(now)))
        cycles = (completed_request(session, by, person(session, f"p{n}@example.com"), now) for n in range(count))
        public_ids = [invitation(session, cycle, sent_at=now).public_id for cycle in cycles]
    engine.dispose()
    return public_ids


@contextmanager
def floor(url: str, count: int) -> Iterator[Program]:
    """Serve the bare program; afterwards every answer must be stored."""
    tokens = survey_floor.prepare(url, count)
    with serving("benchmarks.survey_floor:program()", {survey_floor.DATABASE: url}, "/") as served:

        def flow(number: int) -> None:
            path = f"/s/{tokens[number]}"
            assert "<fieldset>" in served.ask("GET", path)
            assert survey_floor.THANKS in served.ask("POST", path, urlencode(RATINGS | {"comment": COMMENT}))

        yield served, flow
    assert survey_floor.stored(url) == count


def in_turns(flows: int, *programs: Program) -> list[float]:
    """Return the median of each program's turns, in milliseconds of its workers' processor time a flow."""
    turns: list[list[float]] = [[] for _ in programs]
    for first in range(0, WARM_UP + flows, TURN):
        numbers = range(first, min(first + TURN, WARM_UP + flows))
        for (served, flow), spent in zip(programs, turns, strict=True):
            began = served.processor_ms()
            for number in numbers:
                flow(number)
            spent.append((served.processor_ms() - began) / len(numbers))
    return [median(spent[WARM_UP // TURN :]) for spent in turns]


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, tuple[str, str]]]:
    """Give a database for Parity and one for the floor, of each kind."""
    with postgresql.running() as server:
        names = [f"bench_{secrets.token_hex(4)}" for _ in range(2)]
        for name in names:
            server.create(name)
        parity_file, floor_file = (f"sqlite:///{folder / name}.sqlite3" for name in ("parity", "floor"))
        yield {"SQLite": (parity_file, floor_file), "PostgreSQL": (server.url(names[0]), server.url(names[1]))}
        for name in names:
            server.drop(name)


def main(flows: int = FLOWS) -> list[tuple[str, float, float, float]]:
    """Measure both databases; return and print (database, floor ms, Parity ms, ratio)."""
    found = []
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as kinds:
        for kind, (ours_url, bare_url) in kinds.items():
            count = WARM_UP + flows
            with floor(bare_url, count) as bare_program, parity(ours_url, Path(name), count) as our_program:
                bare, ours = in_turns(flows, bare_program, our_program)
            found.append((kind, bare, ours, ours / bare))
    for kind, bare, ours, ratio in found:
        goal, least = (2.5, 4) if kind == "SQLite" else (2, 3)
        print(
            f"survey GET + POST, {kind}: {ours:.2f} ms of the workers' processor time a flow, bare Flask {bare:.2f} ms,"
            f" ratio {ratio:.2f} (goal {goal:g}, least {least:g})"
        )
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FLOWS)
