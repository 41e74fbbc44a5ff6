"""One flow: GET the survey, POST an answer. Processor time through the whole application against a bare Flask program.

The floor does what no program can leave out: one indexed SELECT and a compiled template for the page, and one
transaction with the same rows (raw sqlite3 or psycopg, prepared by hand). Both are called as WSGI programs in this
process, so that no client is measured, in turns, so that what else the machine does slows both.
Run alone: `python -m benchmarks.survey [FLOWS]`.
"""

import io
import re
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask, render_template, request
from jinja2 import DictLoader
from sqlalchemy import text

from app import create_app
from app.foundations.crypto import Keys
from app.models.base import db, make_engine, make_sessions
from app.models.quarter_salts import ensure_salt
from app.settings import Settings
from tests.builders import surveys
from tests.builders.invitations import invitation
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.servers import postgresql
from tests.servers.databases import migrate

FLOWS = 1500
WARM_UP = 100
TURN = 50  # flows of one before the other's turn
SECRET = "0123456789abcdef0123456789abcdef"
COMMENT = "Quick and friendly, thank you very much."  # 40 characters
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)

FLOOR_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Survey</title>
<link rel="stylesheet" href="/static/survey.css"></head><body><main><h1>{{ title }}</h1><form method="post">
{% for item in items %}<fieldset><legend>{{ item }}</legend>{% for label in labels %}
<label><input type="radio" name="{{ item }}" value="{{ loop.index }}">{{ label }}</label>{% endfor %}</fieldset>
{% endfor %}<textarea name="comment"></textarea><button>Send answer</button></form></main></body></html>"""
ITEMS = ("csat_overall", "timeliness", "result_quality", "communication", "trust")
LABELS = ("Very poor", "Poor", "Fair", "Good", "Very good")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Any]
Flow = Callable[[int], None]


def call(app: Wsgi, method: str, path: str, body: bytes = b"") -> str:
    """Call a WSGI program once and return what it says; raises AssertionError unless it answers 200."""
    status: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answer = app(environ, lambda line, _headers, _info=None: status.append(line))
    said = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    assert status[0].startswith("200"), (status, said[:500])
    return said.decode()


@contextmanager
def parity(url: str, folder: Path, flows: int) -> Iterator[Flow]:
    """Yield a flow through the whole application; afterwards every answer must be stored."""
    migrate(url)
    settings = Settings(secret_key=SECRET, database_url=url, var=folder)
    tokens = _invite(url, Keys.of(settings), flows + WARM_UP)
    app = create_app(settings)
    clock = [NOW]
    app.extensions["parity_clock"] = lambda: clock[0]
    nonce = re.compile(r'name="nonce" value="([^"]+)"')

    def flow(number: int) -> None:
        path = f"/s/{tokens[number]}"
        found = nonce.search(call(app, "GET", path))
        assert found
        clock[0] += timedelta(seconds=5)
        fields = dict.fromkeys(ITEMS, "4") | {"nonce": found[1], "lang": "en", "script": "1", "trusted": "1"}
        assert "Your answer is in" in call(app, "POST", path, urlencode(fields | {"comment": COMMENT}).encode())

    yield flow
    with app.app_context():
        stored = db.session.execute(text("SELECT count(*) FROM held_responses")).scalar_one()
        db.engine.dispose()
    assert stored == flows + WARM_UP, stored


def _invite(url: str, keys: Keys, count: int) -> list[str]:
    engine = make_engine(url)
    with make_sessions(engine).begin() as session:
        by = surveys.provider(session)
        ensure_salt(session, keys, "2026-Q4")
        tokens = []
        for number in range(count):
            who = person(session, f"person{number}@example.com")
            row = invitation(session, completed_request(session, by, who, NOW), sent_at=NOW)
            tokens.append(keys.token("survey", row.public_id))
    engine.dispose()
    return tokens


@contextmanager
def floor(connect: Callable[[], Any], mark: str, flows: int) -> Iterator[Flow]:
    """Yield a flow through a bare Flask program."""
    app = Flask("floor")
    app.jinja_loader = DictLoader({"page.html": FLOOR_PAGE})
    connection = connect()
    for statement in _FLOOR_TABLES:
        connection.execute(statement)
    tokens = [secrets.token_urlsafe(33) for _ in range(flows + WARM_UP)]
    rows = [(token, "A new badge", "sent") for token in tokens]
    connection.cursor().executemany(f"INSERT INTO invitation VALUES ({mark}, {mark}, {mark})", rows)
    connection.commit()

    def q(statement: str) -> str:
        return statement.replace("?", mark)

    @app.get("/s/<token>")
    def show(token: str) -> str:
        title = connection.execute(q("SELECT title FROM invitation WHERE token = ?"), (token,)).fetchone()[0]
        connection.commit()
        return render_template("page.html", title=title, items=ITEMS, labels=LABELS)

    @app.post("/s/<token>")
    def take(token: str) -> str:
        row = connection.execute(q("SELECT title FROM invitation WHERE token = ?"), (token,)).fetchone()
        key = secrets.token_bytes(16)
        values = [(key, item, int(request.form[item])) for item in ITEMS]
        connection.execute(q("UPDATE invitation SET state = 'answered' WHERE token = ? AND state = 'sent'"), (token,))
        response = (key, 1, "2026-Q4", key, "access", "2026-11", "en", "parity/1", "accepted", request.form["comment"])
        connection.execute(q(f"INSERT INTO response VALUES ({', '.join('?' * 10)})"), response)
        connection.cursor().executemany(q("INSERT INTO answer VALUES (?, ?, ?)"), values)
        connection.execute(q("INSERT INTO link VALUES (?, ?)"), (token, key))
        connection.execute(q("INSERT INTO mark VALUES (?, ?), (?, ?)"), (1, "2026-Q4", 2, "2026-Q4"))
        connection.execute("UPDATE page_time SET count = count + 1 WHERE bin = 1")
        connection.commit()
        return f"Your answer is in: {row[0]}"

    def flow(number: int) -> None:
        path = f"/s/{tokens[number]}"
        call(app, "GET", path)
        call(app, "POST", path, urlencode(dict.fromkeys(ITEMS, "4") | {"comment": COMMENT}).encode())

    yield flow
    connection.close()


_FLOOR_TABLES = (
    "CREATE TABLE invitation (token TEXT PRIMARY KEY, title TEXT, state TEXT)",
    (
        "CREATE TABLE response (id {blob} PRIMARY KEY, department INTEGER, period TEXT, cluster {blob}, kind TEXT,"
        " month TEXT, language TEXT, version TEXT, state TEXT, comment TEXT)"
    ),
    "CREATE TABLE answer (response {blob}, item TEXT, value INTEGER, PRIMARY KEY (response, item))",
    "CREATE TABLE link (token TEXT PRIMARY KEY, response {blob})",
    "CREATE TABLE mark (department INTEGER, period TEXT)",
    "CREATE TABLE page_time (bin INTEGER PRIMARY KEY, count INTEGER)",
    "INSERT INTO page_time VALUES (1, 0)",
)


def in_turns(flows: int, *programs: Flow) -> list[float]:
    """Return milliseconds of processor time a flow of each program."""
    used = [0.0 for _ in programs]
    for first in (*range(0, WARM_UP, TURN), *range(WARM_UP, WARM_UP + flows, TURN)):
        for place, flow in enumerate(programs):
            began = time.process_time()
            for number in range(first, min(first + TURN, WARM_UP + flows)):
                flow(number)
            used[place] += (time.process_time() - began) if first >= WARM_UP else 0.0
    return [seconds * 1000 / flows for seconds in used]


class _SqliteFloor:
    """The floor's connection: WAL and synchronous NORMAL, as the application has them."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            self.connection.execute(f"PRAGMA {pragma}")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        return self.connection.execute(statement.replace("{blob}", "BLOB"), values)


class _PostgresqlFloor:
    """The floor's connection to PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        return self.connection.execute(statement.replace("{blob}", "BYTEA"), values or None)


@contextmanager
def _databases(folder: Path) -> Iterator[Iterator[tuple[str, str, Callable[[], Any], str]]]:
    with postgresql.running() as server:
        names = [f"bench_{secrets.token_hex(4)}" for _ in range(2)]
        for name in names:
            server.create(name)
        yield iter(
            (
                (
                    "SQLite",
                    f"sqlite:///{folder / 'parity.sqlite3'}",
                    lambda: _SqliteFloor(folder / "floor.sqlite3"),
                    "?",
                ),
                ("PostgreSQL", server.url(names[0]), lambda: _PostgresqlFloor(server.url(names[1])), "%s"),
            )
        )
        for name in names:
            server.drop(name)


def main(flows: int = FLOWS) -> list[tuple[str, float, float, float]]:
    """Measure both databases; return and print (database, floor ms, Parity ms, ratio)."""
    found = []
    with tempfile.TemporaryDirectory() as name, _databases(Path(name)) as databases:
        for kind, url, connect, mark in databases:
            with floor(connect, mark, flows) as bare_flow, parity(url, Path(name), flows) as our_flow:
                bare, ours = in_turns(flows, bare_flow, our_flow)
            found.append((kind, bare, ours, ours / bare))
    for kind, bare, ours, ratio in found:
        goal, least = (2.5, 4) if kind == "SQLite" else (2, 3)
        print(
            f"survey GET + POST, {kind}: {ours:.2f} ms processor time a flow, bare Flask {bare:.2f} ms,"
            f" ratio {ratio:.2f} (goal {goal:g}, least {least:g})"
        )
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FLOWS)
