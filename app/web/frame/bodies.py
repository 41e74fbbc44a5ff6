"""Raw bodies of programs: read up to a size, and dropped beyond it, so that the sender sees why."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import request

from app.foundations.languages import gettext
from app.web.frame.problems import Problem

DRAINED = 64 * 1024 * 1024  # of a body too large, read and dropped so that the sender sees our answer
ENDS = "wsgi.input_terminated"  # the server's promise that the stream ends with the body

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def raw_body(largest: int) -> bytes:
    """Return the raw body, or raise Problem 413 by its size before anything looks at it."""
    # A body in chunks has no length, and the stream of one with a limit just ends there: one byte more tells.
    request.max_content_length = largest + 1
    told = request.content_length or 0
    body = request.get_data(cache=True) if told <= largest else b""
    if max(told, len(body)) > largest:
        if not request.environ.get(ENDS):  # else it is drained after the answer
            _drain(request.environ["wsgi.input"], min(told or DRAINED, DRAINED))
        raise Problem(413, gettext("at most %(megabytes)s MB are taken", megabytes=largest // 1024 // 1024))
    return body


def draining(application: Application) -> Application:
    """Read and drop what the application left of a body, for servers that say where it ends.

    A server that closes a connection with unread bytes resets it, and the sender never sees the answer.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        response = application(environ, start_response)
        if environ.get(ENDS):
            _drain(environ["wsgi.input"], DRAINED)
        return response

    return answer


def _drain(stream: Any, waiting: int) -> None:
    while waiting > 0 and (piece := stream.read(min(waiting, 65_536))):
        waiting -= len(piece)
