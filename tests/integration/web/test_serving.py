"""Static files are cached, and only as many proxies are believed as there are."""

from dataclasses import replace

import pytest
from flask import Flask, request

from app import create_app
from tests.servers.databases import Database


def test_a_static_file_may_be_kept_for_an_hour(sqlite_app: Flask) -> None:
    with sqlite_app.test_client().get("/static/tokens.css") as answer:
        kept = answer.headers["Cache-Control"]

    assert kept == "max-age=3600, public"


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, ("127.0.0.1", "http")), (1, ("198.51.100.7", "https"))],
)
def test_only_our_own_proxy_is_believed(sqlite: Database, proxies: int, seen: tuple[str, str]) -> None:
    app = create_app(replace(sqlite.settings, trusted_proxies=proxies))

    @app.get("/who")
    def who() -> list[str | None]:
        return [request.remote_addr, request.scheme]

    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    answer = app.test_client().get("/who", headers=headers)

    assert tuple(answer.json or ()) == seen
