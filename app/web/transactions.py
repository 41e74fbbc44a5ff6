"""What begins and ends with every request: its language, and its transaction, which GET and HEAD cannot write in."""

from contextlib import ExitStack

from flask import Flask, g, request

from app.foundations.languages import SOURCE_LANGUAGE, speak
from app.models.base import reading


def register(app: Flask) -> None:
    """Open the transactions of GET and HEAD read-only."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    speak(SOURCE_LANGUAGE)  # a thread must not go on in the last visitor's language; pages choose theirs after this
    g.reading = ExitStack()
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        g.reading.enter_context(reading())


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("reading", None)
    if stack is not None:
        stack.close()
