"""One line a request, with the route instead of the path: survey tokens, hook keys and sign-in links are secrets."""

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("parity.access")


def register(app: Flask) -> None:
    """Write `METHOD route status milliseconds` after every request, and silence what the development server logs."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app.before_request(_begin)
    app.after_request(_write)


def _begin() -> None:
    g.began = time.perf_counter()


def _write(response: Response) -> Response:
    if not log.isEnabledFor(logging.INFO):
        return response
    route = request.url_rule.rule if request.url_rule else "(no such route)"
    milliseconds = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
    log.info("%s %s %d %.1f ms", request.method, route, response.status_code, milliseconds)
    return response
