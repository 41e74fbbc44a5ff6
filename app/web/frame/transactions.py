"""What begins and ends with every request: its language, and its transaction.

GET and HEAD cannot write in theirs; the others take turns at SQLite's one writer.
"""

from contextlib import AbstractContextManager

from flask import Flask, g, request
from sqlalchemy import Connection

from app.foundations.languages import SOURCE_LANGUAGE, speak
from app.models.base import db, reading
from app.models.waiting import taking_turns

READS = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask) -> None:
    """Open the transactions of GET and HEAD read-only, let others take turns, and end what a request opened."""
    app.before_request(_begin)
    app.teardown_request(_end)


def connection() -> Connection:
    """Return the request's connection, for pages that need no ORM: a session of it costs more than their statements."""
    found: Connection | None = g.get("connection")
    if found is None:
        found = g.connection = db.engine.connect()
    return found


def _begin() -> None:
    speak(SOURCE_LANGUAGE)  # a thread must not go on in the last visitor's language; pages choose theirs after this
    _go_on(reading() if request.method in READS else taking_turns())


def read_on() -> None:
    """Give up the transaction of a request that could not write, and let it go on like GET."""
    _end(None)
    _go_on(reading())


def be_patient() -> None:
    """Let a request that nobody would send again wait for the writer as long as the worker does."""
    _end(None)


def _go_on(manner: AbstractContextManager[None]) -> None:
    g.manner = manner
    manner.__enter__()


def _end(_error: BaseException | None) -> None:
    if opened := g.pop("connection", None):
        opened.close()
    if manner := g.pop("manner", None):
        manner.__exit__(None, None, None)
