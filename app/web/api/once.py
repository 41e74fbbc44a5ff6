"""Idempotency-Key: a call that a script repeats under the same name is answered as the first time and done once."""

import json
from collections.abc import Callable
from typing import Any, cast

from flask import Response, current_app, request
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.foundations import clock
from app.foundations.crypto import Keys
from app.foundations.languages import gettext
from app.imports.faults import RowsRefused
from app.models.accounts import IdempotencyKey
from app.models.base import db
from app.models.insertion import insert_missing
from app.web.api.asked_for import refused_by_name
from app.web.api.authentication import caller
from app.web.api.bodies import ItemsRefused, refused
from app.web.frame.problems import Problem

LONGEST_KEY = 255

Answer = dict[str, Any]


def answered_once(act: Callable[[Session], Answer]) -> Response:
    """Run `act` in one transaction and commit; repeated under its Idempotency-Key it returns the first answer.

    The name is claimed in the same transaction, so that of two calls at once the second waits for the first. A call
    that was refused leaves no trace and may be repeated, mended, under the same name.
    """
    name = request.headers.get("Idempotency-Key", "")
    if len(name) > LONGEST_KEY or not name.isprintable():
        raise Problem(400, gettext("Idempotency-Key: at most %(longest)s printable characters", longest=LONGEST_KEY))
    session = db.session()
    try:
        earlier = _claim(session, name) if name else None
        body = earlier if earlier is not None else json.dumps(act(session), ensure_ascii=False)
        if name and earlier is None:
            session.execute(update(IdempotencyKey).where(*_its_row(name)).values(status=200, body=body))
        session.commit()
    except (ItemsRefused, RowsRefused) as refusal:
        session.rollback()
        raise refused(refusal.faults) from refusal
    except IntegrityError as error:
        session.rollback()
        raise Problem(409, gettext("another call wrote the same at the same time; send it again")) from error
    headers = {"Idempotency-Replayed": "true"} if earlier is not None else {}
    return Response(body, 200, headers, content_type="application/json")


def _claim(session: Session, name: str) -> str | None:
    """Claim the name for this call, or return what the first call under it was answered."""
    keys = cast(Keys, current_app.extensions["parity_keys"])
    # Keyed, because the body may be an answer: nobody who reads the table can try guesses of it.
    told = [one.hash("idempotency", request.path, request.get_data(cache=True)) for one in keys.each()]
    row = {
        "api_key_id": caller().key_id,
        "key": name,
        "request_hash": told[0],
        "status": 0,
        "body": "",
        "created_at": clock.now(),
    }
    if insert_missing(session, IdempotencyKey, row):
        return None
    first = session.execute(select(IdempotencyKey.request_hash, IdempotencyKey.body).where(*_its_row(name))).one()
    if first.request_hash not in told:
        sentence = gettext("this Idempotency-Key stood for another call before; choose a new one")
        raise refused_by_name("Idempotency-Key", sentence)
    return str(first.body)


def _its_row(name: str) -> tuple[Any, ...]:
    return IdempotencyKey.api_key_id == caller().key_id, IdempotencyKey.key == name
