"""A body that is too large is read to its end once, and never without end."""

from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.test import Client

from app.web.frame.bodies import DRAINED, draining, raw_body

MEGABYTE = 1024 * 1024


class Endless:
    """A body of any length: counts what is read of it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "nobody asks for all of an endless body"
        self.given += size
        return b"x" * size


def _post(*, told: int | None, is_ended: bool) -> tuple[int, int]:
    """Post an endless body behind a server that ends it by itself, or not; return the status and what was read."""
    app, body = Flask(__name__), Endless()

    @app.post("/")
    def take() -> tuple[str, int]:
        raw_body(MEGABYTE)
        return "", 202

    environ: dict[str, Any] = {"wsgi.input": body, "wsgi.input_terminated": is_ended}
    length = {} if told is None else {"content_length": told}
    answer = Client(draining(app), Response).post("/", environ_overrides=environ, **length)
    return answer.status_code, body.given


@pytest.mark.parametrize("is_ended", [True, False])
@pytest.mark.parametrize("told", [2 * MEGABYTE, 10 * DRAINED])
def test_what_its_length_tells_to_be_too_much_is_drained_once(told: int, is_ended: bool) -> None:
    status, read = _post(told=told, is_ended=is_ended)

    assert (status, read) == (413, DRAINED if is_ended else min(told, DRAINED))


def test_a_body_in_chunks_is_drained_once_behind_what_was_taken_of_it() -> None:
    status, read = _post(told=None, is_ended=True)

    assert (status, read - DRAINED) == (413, MEGABYTE + 1)
