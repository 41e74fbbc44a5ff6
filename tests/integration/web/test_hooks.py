import hashlib
import http.client
import json
import logging
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.pool import QueuePool
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from app.domain.states import ConnectionSide, DeliveryState
from app.foundations import clock
from app.foundations.crypto import Keys
from app.jobs.deliveries import process_deliveries
from app.jobs.installation import Installation
from app.models.base import db, reading
from app.models.connections import Connection
from app.models.deliveries import REFUSED, Delivery
from app.models.service_requests import RequestCycle, ServiceRequest
from app.pipeline.intake.refusals import AN_HOUR
from app.upkeep.connections.adding import Credentials, add_connection, find_locked, forget_previous_secret, renew_secret
from app.upkeep.connections.removal import remove_connection
from app.web.hooks import LARGEST_BODY, LARGEST_TOLD
from tests.builders.statements import counting
from tests.servers.databases import Database

COMPLETED = {"event": "completed", "external_id": "R-1", "completed_at": "2026-07-06T09:00:00Z"}


@pytest.fixture
def tracker(database: Database) -> Credentials:
    """A signed tracker `desk`."""
    return _tracker(database)


def _tracker(database: Database) -> Credentials:
    credentials = add_connection(
        database.session,
        Keys.of(database.settings),
        slug="desk",
        side=ConnectionSide.TRACKER,
        kind="signed",
        settings={},
        base_url="http://127.0.0.1:8000",
        now=clock.now(),
    )
    database.session.commit()
    return credentials


def _headers(secret: str | None, body: bytes, message: str = "msg_1", at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    signature = Webhook(secret or "").sign(message, at, body.decode("utf-8"))
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
        "authorization": "Bearer not to be kept",
    }


def _send(client: FlaskClient, tracker: Credentials, body: object = COMPLETED, **options: Any) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = _headers(tracker.secret, data, **options.pop("signed", {})) | options.pop("headers", {})
    return client.post(f"/hooks/desk/{tracker.hook_key}", data=data, headers=headers)


def _process(database: Database) -> int:
    database.session.rollback()
    installation = Installation(database.settings, Keys.of(database.settings), database.sessions)
    return process_deliveries(installation, now=clock.now())


def _refused(database: Database) -> list[tuple[str | None, dict[str, Any] | None]]:
    with reading(), database.sessions() as session:
        found = session.scalars(select(Delivery).where(REFUSED).order_by(Delivery.id)).all()
    assert all((row.body, row.headers, row.next_attempt_at) == (b"", {}, None) for row in found)
    return [(row.error, row.conclusion) for row in found]


def _stored(database: Database) -> list[tuple[str, bytes, DeliveryState]]:
    database.session.rollback()
    found = database.session.scalars(select(Delivery).where(~REFUSED).order_by(Delivery.id))
    return [(delivery.delivery_key, delivery.body, delivery.state) for delivery in found]


def test_an_acknowledgement_takes_two_statements(app: Flask, client: FlaskClient, tracker: Credentials) -> None:
    _send(client, tracker)

    with counting(app) as statements:
        answer = _send(client, tracker, signed={"message": "msg_2"})

    assert answer.status_code == 202
    assert [statement.split(None, 1)[0] for statement in statements] == ["SELECT", "INSERT"]


def test_a_signed_delivery_is_stored_and_becomes_a_completed_request(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    body = json.dumps(COMPLETED | {"requester": {"email": "alice@example.com"}, "title": "Ноутбук"}).encode()

    answer = _send(client, tracker, body)
    done = _process(database)

    cycle = database.session.scalars(select(RequestCycle)).one()
    delivery = database.session.scalars(select(Delivery)).one()
    assert (answer.status_code, done, cycle.completed_at) == (202, 1, datetime(2026, 7, 6, 9, tzinfo=UTC))
    assert delivery.conclusion == {
        "verdict": "completed",
        "why": "the sender says that the request was completed",
        "requests": [cycle.request_id],
    }
    assert sorted(delivery.headers) == ["content-type", "user-agent", "webhook-id", "webhook-timestamp"]
    assert database.session.scalars(select(Connection.last_event_at)).one() == delivery.received_at


def test_a_repeated_delivery_is_taken_and_changes_nothing(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    first = _send(client, tracker)
    _process(database)

    again = _send(client, tracker)
    done = _process(database)

    assert (first.status_code, again.status_code, done) == (202, 202, 0)
    assert (first.json, again.json) == ({"status": "stored"}, {"status": "seen before"})
    assert len(_stored(database)) == 1


def test_the_same_delivery_a_hundred_times_at_once_is_stored_once(
    database: Database, app: Flask, tracker: Credentials
) -> None:
    def send(_: int) -> int:
        # Where ten wait for SQLite's writer for longer than a moment, some are told to come again; trackers do.
        while (answer := _send(app.test_client(), tracker)).status_code == 503:
            assert "Retry-After" in answer.headers
        return answer.status_code

    with ThreadPoolExecutor(10) as senders:
        codes = set(senders.map(send, range(100)))

    assert (codes, len(_stored(database))) == ({202}, 1)


def test_a_wrong_missing_or_garbled_signature_is_401(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    changed = [
        {"webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,пароль".encode().decode("latin-1")},
        {"webhook-signature": "nonsense"},
        {"webhook-id": "another"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "tomorrow"},
    ]

    answers = [_send(client, tracker, headers=one) for one in changed]

    told = [(answer.status_code, answer.content_type) for answer in answers]
    assert told == [(401, "application/problem+json")] * len(changed)
    assert _stored(database) == []


def test_an_old_signature_is_401(database: Database, client: FlaskClient, tracker: Credentials) -> None:
    answer = _send(client, tracker, signed={"at": datetime.now(UTC) - timedelta(minutes=6)})

    assert (answer.status_code, _stored(database)) == (401, [])


def test_a_signed_but_unreadable_body_is_400(database: Database, client: FlaskClient, tracker: Credentials) -> None:
    bodies = [
        b"",
        b"no json",
        b'{"event": "completed", "external_id": "R-1",}',
        b"event=completed&external_id=R-1",
        b'{"event": "completed"}',
        b'{"event": "completed", "external_id": "a\\u0000b"}',
        b'{"event": "completed", "external_id": "\\ud800"}',
        b"[" * 50_000,
    ]

    answers = [_send(client, tracker, body) for body in bodies]

    assert [answer.status_code for answer in answers] == [400] * len(bodies)
    assert [answer for answer in answers if answer.json is None or not answer.json["detail"]] == []
    assert _stored(database) == []


def test_a_form_is_read_raw_and_refused_by_its_signature_first(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    answer = client.post(f"/hooks/desk/{tracker.hook_key}", data={"external_id": "R-1"})

    assert answer.status_code == 401


def test_the_sentence_names_every_field_that_is_wrong(client: FlaskClient, tracker: Credentials) -> None:
    answer = _send(client, tracker, {"event": "done", "requester": "bob@", "completed_at": "soon"})

    assert answer.json == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "event: 'done' is none of completed, reopened, updated, deleted; "
        "external_id: this must not be empty; "
        "completed_at: 'soon' is not an ISO 8601 time; requester: 'bob@' is not an e-mail address",
    }


def test_what_is_refused_leaves_its_reason_and_size_and_nothing_that_it_said(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    body = b'{"event": "completed"}'
    digest = hashlib.sha256(body).hexdigest()

    _send(client, tracker, body, headers={"webhook-signature": "nonsense"})
    _send(client, tracker, body)
    _send(client, tracker, b"x" * (LARGEST_BODY + 1))

    assert _refused(database) == [
        (
            "no signature of this delivery was made with the secret of this connection",
            {"status": 401, "bytes": 22, "sha256": digest},
        ),
        ("external_id: this must not be empty", {"status": 400, "bytes": 22, "sha256": digest}),
        ("at most 5 MB are taken", {"status": 413, "bytes": LARGEST_BODY + 1}),
    ]


def test_a_header_that_claims_any_number_of_bytes_breaks_no_page(
    app: Flask, database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    told = {"CONTENT_LENGTH": "9" * 40}

    answer = client.post(f"/hooks/desk/{tracker.hook_key}", data=b"", environ_overrides=told)

    assert (answer.status_code, _refused(database)) == (
        413,
        [("at most 5 MB are taken", {"status": 413, "bytes": LARGEST_TOLD})],
    )


def test_what_is_kept_of_a_refusal_holds_nothing_for_erasure_to_find(sqlite: Database, sqlite_app: Flask) -> None:
    words = "Ines Varga, Accounting, on sick leave since Monday, in the annex on the second floor <ines@example.com>"
    body = COMPLETED | {"requester": {"email": words}}

    answer = _send(sqlite_app.test_client(), _tracker(sqlite), body)

    said = f"requester.email: '{words[:80]}' is not an e-mail address"
    assert (answer.json or {})["detail"] == said
    assert [why for why, _ in _refused(sqlite)] == ["requester.email: '…' is not an e-mail address"]


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_sender_who_is_still_writing_when_its_tracker_goes_is_told_404(
    database: Database, client: FlaskClient, tracker: Credentials, is_signed: bool
) -> None:
    class Slow(BytesIO):
        def readinto(self, buffer: Any, /) -> int:
            with database.sessions.begin() as session:
                if found := find_locked(session, "desk", lock=True):
                    remove_connection(session, found, now=clock.now())
            return super().readinto(buffer)

    body = json.dumps(COMPLETED).encode()
    headers = _headers(tracker.secret if is_signed else "b3RoZXI=", body)
    answer = client.post(
        f"/hooks/desk/{tracker.hook_key}", input_stream=Slow(body), content_length=len(body), headers=headers
    )

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_flood_of_refused_deliveries_fills_no_table_and_soon_writes_nothing(
    app: Flask, database: Database, client: FlaskClient, tracker: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 7, 6, 12, 10, tzinfo=UTC)
    address = f"/hooks/desk/{tracker.hook_key}"
    monkeypatch.setattr(clock, "now", lambda: noon)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: app.test_client().post(address, data=b"{}").status_code, range(AN_HOUR)))

    with counting(app) as statements:
        answers += [client.post(address, data=b"{}").status_code for _ in range(3)]
    within_the_hour = len(_refused(database))
    monkeypatch.setattr(clock, "now", lambda: noon + timedelta(hours=1))
    client.post(address, data=b"{}")

    assert answers == [401] * (AN_HOUR + 3)
    assert [statement.split(None, 1)[0] for statement in statements] == ["SELECT", "SELECT"] * 3
    assert (within_the_hour, len(_refused(database))) == (AN_HOUR, AN_HOUR + 1)


@pytest.mark.parametrize("address", ["desk/wrong", "other/{key}", "desk/%00", "%00/{key}", "%F0%9F/{key}"])
def test_an_unknown_slug_or_key_is_404_before_anything_else(
    client: FlaskClient, tracker: Credentials, address: str
) -> None:
    answer = client.post(f"/hooks/{address.format(key=tracker.hook_key)}", data=b"x" * 6_000_000)

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_connection_that_is_switched_off_is_404(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    database.session.scalars(select(Connection)).one().is_active = False
    database.session.commit()

    assert _send(client, tracker).status_code == 404


def test_25_megabytes_are_413_before_the_signature_is_looked_at(live: str, tracker: Credentials) -> None:
    call = urllib.request.Request(f"{live}/hooks/desk/{tracker.hook_key}", data=b"x" * 25_000_000, method="POST")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(call)

    assert (refused.value.code, json.load(refused.value)["detail"]) == (413, "at most 5 MB are taken")


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 401), (LARGEST_BODY + 1, 413), (25_000_000, 413)])
def test_a_body_in_chunks_is_measured_too_and_never_cut(
    live: str, tracker: Credentials, size: int, status: int
) -> None:
    line = http.client.HTTPConnection(urlsplit(live).netloc)
    pieces = (b"x" * min(60_000, size - sent) for sent in range(0, size, 60_000))

    line.request("POST", f"/hooks/desk/{tracker.hook_key}", body=pieces, encode_chunked=True)
    answer = line.getresponse()
    line.close()

    assert answer.status == status


def test_other_methods_are_405_and_name_the_one_allowed(client: FlaskClient, tracker: Credentials) -> None:
    answer = client.get(f"/hooks/desk/{tracker.hook_key}")

    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]


def test_both_secrets_are_honoured_until_the_old_one_is_forgotten(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    renewed = Credentials(tracker.hook_key, renew_secret(database.session, Keys.of(database.settings), "desk"))
    database.session.commit()
    both = [_send(client, which, signed={"message": f"m{n}"}).status_code for n, which in enumerate((tracker, renewed))]

    forget_previous_secret(database.session, "desk")
    database.session.commit()
    after = [_send(client, which).status_code for which in (tracker, renewed)]

    assert (both, after) == ([202, 202], [401, 202])


def test_a_stored_body_that_cannot_be_recorded_is_kept_as_failed_and_the_next_one_is_processed(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    _send(client, tracker)
    _send(client, tracker, COMPLETED | {"external_id": "R-2"}, signed={"message": "msg_2"})
    session = database.session
    session.scalars(select(Delivery).order_by(Delivery.id)).first().body = b"spoilt"  # type: ignore[union-attr]
    session.commit()

    _process(database)

    assert [state for _, _, state in _stored(database)] == [DeliveryState.FAILED, DeliveryState.PROCESSED]
    assert session.scalars(select(ServiceRequest.external_id)).all() == ["R-2"]


def test_workers_at_once_process_each_delivery_once(
    database: Database, client: FlaskClient, tracker: Credentials
) -> None:
    for number in range(12):
        _send(client, tracker, COMPLETED | {"external_id": f"R-{number}"}, signed={"message": f"m{number}"})
    installation = Installation(database.settings, Keys.of(database.settings), database.sessions)

    with ThreadPoolExecutor(4) as workers:
        done = sum(workers.map(lambda _: process_deliveries(installation, now=clock.now()), range(4)))

    assert (done, len(database.session.scalars(select(RequestCycle)).all())) == (12, 12)


def test_where_no_connection_to_the_database_is_left_the_sender_is_asked_to_come_again(
    database: Database, app: Flask, client: FlaskClient, tracker: Credentials
) -> None:
    with app.app_context():
        engine = db.engine
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    pool._timeout = 0.1
    with ExitStack() as held:
        for _ in range(15):  # as many as the pool has
            held.enter_context(engine.connect())
        refused = _send(client, tracker)
    taken = _send(client, tracker)

    assert (refused.status_code, refused.headers["Retry-After"], taken.status_code) == (503, "10", 202)


def test_no_log_line_holds_the_key(client: FlaskClient, tracker: Credentials, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        _send(client, tracker)
        _send(client, tracker, headers={"webhook-signature": "v1,x"})

    assert [record for record in caplog.messages if str(tracker.hook_key) in record] == []
