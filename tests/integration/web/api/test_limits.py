"""A key that calls too often is told when to go on, in a problem document; strangers are counted by address."""

import time

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.api_scopes import OF_NOBODY
from app.foundations import clock
from app.upkeep.programs.keys import add_api_key
from app.web.api import limits
from app.web.api.limits import Limits
from tests.builders.departments import department
from tests.servers.databases import Database


@pytest.fixture
def key(sqlite: Database) -> str:
    department(sqlite.session, "IT")
    made = add_api_key(sqlite.session, "script", OF_NOBODY, now=clock.now())
    sqlite.session.commit()
    return made


def get(app: Flask, key: str, path: str = "departments") -> TestResponse:
    return app.test_client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})


def test_each_answer_says_what_is_left_of_the_minute(sqlite_app: Flask, key: str) -> None:
    first, second = get(sqlite_app, key), get(sqlite_app, key)

    assert [answer.headers["RateLimit-Limit"] for answer in (first, second)] == ["600", "600"]
    assert [answer.headers["RateLimit-Remaining"] for answer in (first, second)] == ["599", "598"]
    assert 1 <= int(first.headers["RateLimit-Reset"]) <= 60


def test_the_call_too_many_is_refused_with_the_time_to_go_on(
    sqlite_app: Flask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CALLS", 2)

    answers = [get(sqlite_app, key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.get_json()["detail"].startswith("at most 2 such calls a minute; go on in ")
    assert refused.headers["RateLimit-Remaining"] == "0"


def test_lists_are_counted_apart_from_single_objects(
    sqlite_app: Flask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LISTS", 1)
    client, headers = sqlite_app.test_client(), {"Authorization": f"Bearer {key}"}
    one = {"code": "HR", "name": "People"}

    answers = [client.post("/api/v1/departments", json=body, headers=headers) for body in ([one], one, one, [one])]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


def test_whoever_tries_keys_is_stopped_by_address_and_keys_go_on(
    sqlite_app: Flask, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "STRANGERS", 2)

    tried = [get(sqlite_app, f"parity_{number}").status_code for number in range(3)]
    elsewhere = sqlite_app.test_client().get("/api/v1/departments", environ_base={"REMOTE_ADDR": "192.0.2.7"})

    assert (tried, elsewhere.status_code, get(sqlite_app, key).status_code) == ([401, 401, 429], 401, 200)


def test_processes_count_together_in_redis(redis_url: str) -> None:
    one, other = Limits(redis_url), Limits(redis_url)
    who = f"key:{time.monotonic_ns()}"

    taken = [limits_.take(who, 2)[0] for limits_ in (one, other, one)]

    assert taken == [True, True, False]


def test_a_redis_that_is_away_closes_nothing() -> None:
    away = Limits("redis://127.0.0.1:1/0")

    assert [away.take("key:1", 1)[0] for _ in range(2)] == [True, False]
