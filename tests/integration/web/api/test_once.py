"""What is kept of a call that a script named tells nobody what was in it."""

import hashlib
import json
from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.domain.api_scopes import OF_NOBODY
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.accounts import IdempotencyKey
from app.upkeep.programs.keys import add_api_key
from tests.servers.databases import Database

PATH, BODY = "/api/v1/departments", json.dumps({"code": "A", "name": "Archive"})


def post(app: Flask, key: str) -> tuple[int, str | None]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "call 1"}
    answer = app.test_client().post(PATH, data=BODY, headers=headers)
    return answer.status_code, answer.headers.get("Idempotency-Replayed")


def test_the_body_cannot_be_guessed_from_the_stored_hash(database: Database, app: Flask) -> None:
    key = add_api_key(database.session, "script", OF_NOBODY, now=clock.now())
    database.session.commit()

    first = post(app, key)

    stored = database.session.scalars(select(IdempotencyKey.request_hash)).one()
    assert first == (200, None)
    assert stored == Keys.of(database.settings).hash("idempotency", PATH, BODY)
    assert stored != hashlib.sha256(f"{PATH}\0{BODY}".encode()).digest()


def test_a_call_is_known_after_a_change_of_the_secret_key(sqlite: Database, sqlite_app: Flask) -> None:
    key = add_api_key(sqlite.session, "script", OF_NOBODY, now=clock.now())
    sqlite.session.commit()
    post(sqlite_app, key)
    old = sqlite.settings.secret_key

    changed = create_app(replace(sqlite.settings, secret_key="n" * 32, secret_key_fallbacks=(old,)))

    assert post(changed, key) == (200, "true")
