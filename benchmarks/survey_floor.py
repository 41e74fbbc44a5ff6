"""The floor of the survey: a bare Flask program that does what no program can leave out, and nothing more.

One indexed SELECT and a compiled template for the page; one transaction with the rows that an answer is, by raw sqlite3
or psycopg. gunicorn serves it as `benchmarks.survey_floor:program()`; benchmarks/survey.py drives it.
"""

import os
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, render_template, request
from jinja2 import DictLoader

DATABASE = "FLOOR_DATABASE_URL"  # the environment variable that says where the tables are

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Survey</title>
<link rel="stylesheet" href="/static/survey.css"></head><body><main><h1>{{ title }}</h1><form method="post">
{% for item in items %}<fieldset><legend>{{ item }}</legend>{% for label in labels %}
<label><input type="radio" name="{{ item }}" value="{{ loop.index }}">{{ label }}</label>{% endfor %}</fieldset>
{% endfor %}<textarea name="comment"></textarea><button>Send answer</button></form></main></body></html>"""
ITEMS = ("csat_overall", "timeliness", "result_quality", "communication")
LABELS = ("Very poor", "Poor", "Fair", "Good", "Very good")
THANKS = "Your answer is in"

_TABLES = (
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


def prepare(url: str, count: int) -> list[str]:
    """Make the tables with `count` invitations and return their tokens."""
    connection, mark = connect(url)
    for statement in _TABLES:
        connection.execute(statement.replace("{blob}", "BYTEA" if mark == "%s" else "BLOB"))
    tokens = [secrets.token_urlsafe(33) for _ in range(count)]
    rows = [(token, "A new badge", "sent") for token in tokens]
    connection.cursor().executemany(f"INSERT INTO invitation VALUES ({mark}, {mark}, {mark})", rows)
    connection.commit()
    connection.close()
    return tokens


def stored(url: str) -> int:
    """Return how many responses there are."""
    connection, _ = connect(url)
    count = int(connection.execute("SELECT count(*) FROM response").fetchone()[0])
    connection.close()
    return count


def program() -> Flask:
    """Return the program on the database that the environment names."""
    app = Flask("floor")
    app.jinja_loader = DictLoader({"page.html": PAGE})
    connection, mark = connect(os.environ[DATABASE])
    reader, _ = connect(os.environ[DATABASE])
    if mark == "%s":
        reader.autocommit = True  # one SELECT needs no BEGIN round it; sqlite3 leaves it out by itself

    def q(statement: str) -> str:
        return statement.replace("?", mark)

    read, claim = (
        q("SELECT title FROM invitation WHERE token = ?"),
        q("UPDATE invitation SET state = 'answered' WHERE token = ? AND state = 'sent'"),
    )
    add_response, add_answers, add_link, add_marks = (
        q(f"INSERT INTO response VALUES ({', '.join('?' * 10)})"),
        q(f"INSERT INTO answer VALUES {', '.join(['(?, ?, ?)'] * len(ITEMS))}"),
        q("INSERT INTO link VALUES (?, ?)"),
        q("INSERT INTO mark VALUES (?, ?), (?, ?)"),
    )

    @app.get("/s/<token>")
    def show(token: str) -> str:
        title = reader.execute(read, (token,)).fetchone()[0]
        return render_template("page.html", title=title, items=ITEMS, labels=LABELS)

    @app.post("/s/<token>")
    def take(token: str) -> str:
        row: Sequence[Any] = connection.execute(read, (token,)).fetchone()
        key = secrets.token_bytes(16)
        answers = [value for item in ITEMS for value in (key, item, int(request.form[item]))]
        connection.execute(claim, (token,))
        response = (key, 1, "2026-Q4", key, "access", "2026-11", "en", "parity/1", "accepted", request.form["comment"])
        connection.execute(add_response, response)
        connection.execute(add_answers, answers)
        connection.execute(add_link, (token, key))
        connection.execute(add_marks, (1, "2026-Q4", 2, "2026-Q4"))
        connection.execute("UPDATE page_time SET count = count + 1 WHERE bin = 1")
        connection.commit()
        return f"{THANKS}: {row[0]}"

    return app


def connect(url: str) -> tuple[Any, str]:
    """Return a connection and how its statements mark a value; SQLite as Parity has it, WAL and NORMAL."""
    if not url.startswith("sqlite"):
        return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")), "%s"
    connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection, "?"
