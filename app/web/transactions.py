"""GET and HEAD cannot write: their transactions are opened read-only, on SQLite without the writer's lock."""

from contextlib import ExitStack

from flask import Flask, g, request

from app.models.base import reading


def register(app: Flask) -> None:
    """Open the transactions of GET and HEAD read-only."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    g.reading = ExitStack()
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        g.reading.enter_context(reading())


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("reading", None)
    if stack is not None:
        stack.close()
