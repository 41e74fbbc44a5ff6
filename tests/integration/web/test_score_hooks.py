"""A customer's score by hook: stored once, corrected by a later telling, refused where its scale has no such point."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.states import ConnectionSide, DeliveryState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.models.deliveries import Delivery
from app.models.external_scores import ExternalResponse
from app.upkeep.connections.adding import Credentials, add_connection
from tests.servers.databases import Database

API_KEY = "private-key"


@pytest.fixture
def source(database: Database) -> Credentials:
    """Delighted as the source `voices`."""
    credentials = add_connection(
        database.session,
        Keys.of(database.settings),
        slug="voices",
        side=ConnectionSide.SCORES,
        kind="delighted",
        settings={"touchpoint": "portal", "instrument": "csat5", "api_key": API_KEY},
        base_url="http://127.0.0.1:8000",
        now=clock.now(),
    )
    database.session.commit()
    return credentials


def _send(client: FlaskClient, source: Credentials, key: str = API_KEY, **changed: Any) -> int:
    told = {"id": "5001", "score": 4, "comment": None, "created_at": 1_794_900_000, "updated_at": 1_794_900_000}
    body = json.dumps({"event_type": "survey_response.updated", "event_data": {**told, **changed}}).encode()
    signature = "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Delighted-Webhook-Signature": signature}
    return client.post(f"/hooks/voices/{source.hook_key}", data=body, headers=headers).status_code


def _process(database: Database) -> list[tuple[Any, ...]]:
    database.session.rollback()
    process_deliveries(Installation(database.settings, Keys.of(database.settings), database.sessions), now=clock.now())
    database.session.rollback()
    rows = select(ExternalResponse.response_id, ExternalResponse.score, ExternalResponse.comment)
    return [tuple(row) for row in database.session.execute(rows)]


def test_the_newest_telling_of_a_response_stands_in_whatever_order_they_come(
    database: Database, client: FlaskClient, source: Credentials
) -> None:
    later: dict[str, Any] = {"comment": "schnell", "score": 5, "updated_at": 1_794_900_060}

    answers = [_send(client, source, **later), _send(client, source), _send(client, source, **later)]

    assert answers == [202, 202, 202]
    assert _process(database) == [("5001", 5, "schnell")]


def test_a_point_that_the_instrument_does_not_have_is_refused_with_a_sentence(
    database: Database, client: FlaskClient, source: Credentials
) -> None:
    assert _send(client, source, score=9) == 202
    assert _process(database) == []

    delivery = database.session.scalars(select(Delivery)).one()
    assert delivery.state is DeliveryState.FAILED
    assert delivery.error == "5001: score: 9 lies outside csat5, which runs from 1 to 5"


def test_another_key_signs_nothing(client: FlaskClient, source: Credentials) -> None:
    assert _send(client, source, key="another") == 401
