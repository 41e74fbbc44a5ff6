"""What begins and ends with every request: its language, and its transaction, which GET and HEAD cannot write in."""

from flask import Flask, g, request
from sqlalchemy import Connection

from app.foundations.languages import SOURCE_LANGUAGE, speak
from app.models.base import db, reading

READS = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask) -> None:
    """Open the transactions of GET and HEAD read-only, and end what a request opened."""
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
    if request.method in READS:
        reads = g.reading = reading()
        reads.__enter__()


def _end(_error: BaseException | None) -> None:
    if opened := g.pop("connection", None):
        opened.close()
    if reads := g.pop("reading", None):
        reads.__exit__(None, None, None)
