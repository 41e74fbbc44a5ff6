import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook

from app.connectors import standard_webhooks
from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature, explained
from app.connectors.trackers import signed
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequestState, Resolution

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


def _signed(body: bytes, *, at: datetime = NOON, secret: str = SECRET, **changed: Any) -> Hook:
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body.decode()),
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.pop("headers", {}).items()}
    values: dict[str, Any] = {
        "secrets": (SECRET,),
        "received_at": NOON,
        "time_zone": ZoneInfo("Europe/Warsaw"),
    } | changed
    return Hook(body=body, headers=headers, **values)


def _read(**body: Any) -> Conclusion:
    return signed.read(_signed(json.dumps({"event": "completed", "external_id": "R-1"} | body).encode()))


def _event(**body: Any) -> TrackerEvent:
    (event,) = _read(**body).events
    return event


def test_it_accepts_the_published_vector() -> None:
    hook = Hook(
        body=b'{"test": 2432232314}',
        headers={
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        secrets=(SECRET,),
        received_at=NOON,
    )

    standard_webhooks.verify(hook)


def test_it_accepts_what_a_standard_webhooks_library_signs() -> None:
    hook = _signed("{“ü”}".encode())

    standard_webhooks.verify(hook)
    standard_webhooks.judge_age(hook)


def test_it_accepts_the_previous_secret_while_a_rotation_runs() -> None:
    new = standard_webhooks.make_secret()

    standard_webhooks.verify(_signed(b"{}", secrets=(new, SECRET)))


def test_it_accepts_one_valid_signature_among_others() -> None:
    good = _signed(b"{}").headers["webhook-signature"]

    standard_webhooks.verify(_signed(b"{}", headers={"webhook_signature": f"v1a,xx v1,AAAA v1,?? nonsense  {good}"}))


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook_signature": ""},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook_signature": "v1,подпись"},
        {"webhook_signature": "no comma"},
        {"webhook_signature": "v2," + base64.b64encode(b"x" * 32).decode()},
        {"webhook_id": ""},
        {"webhook_id": "msg_2"},
        {"webhook_id": "м"},
        {"webhook_timestamp": ""},
        {"webhook_timestamp": "1783339201"},
    ],
)
def test_it_refuses_a_missing_wrong_or_garbled_signature(headers: dict[str, str]) -> None:
    with pytest.raises(WrongSignature):
        standard_webhooks.verify(_signed(b"{}", headers=headers))


def test_it_refuses_a_changed_body() -> None:
    hook = Hook(body=b"{ }", headers=_signed(b"{}").headers, secrets=(SECRET,), received_at=NOON)

    with pytest.raises(WrongSignature):
        standard_webhooks.verify(hook)


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_",), ("not base64 at all!",)])
def test_an_empty_or_broken_secret_refuses_everything(secrets: tuple[str, ...]) -> None:
    with pytest.raises(WrongSignature):
        standard_webhooks.verify(_signed(b"{}", secrets=secrets))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_it_refuses_what_was_signed_more_than_five_minutes_away(minutes: int) -> None:
    with pytest.raises(WrongSignature):
        standard_webhooks.judge_age(_signed(b"{}", at=NOON + timedelta(minutes=minutes)))


@pytest.mark.parametrize("stamp", ["soon", "1e9", "-5", "٣", "9" * 12])
def test_it_refuses_a_timestamp_that_is_none(stamp: str) -> None:
    with pytest.raises(WrongSignature):
        standard_webhooks.judge_age(_signed(b"{}", headers={"webhook_timestamp": stamp}))


def test_it_reads_every_documented_field() -> None:
    event = _event(
        external_key="DESK-1",
        title="New laptop",
        url="https://desk.example.com/1",
        request_type="Hardware",
        status="Done",
        requester={"email": "Alice@Example.com", "name": "Alice", "id": 7},
        requester_department="SALES",
        department={"component": "Printers", "project": "Desk"},
        resolution="not_delivered",
        created_at="2026-07-01T09:00:00",
        due_at="2026-07-07T00:00:00Z",
        completed_at="2026-07-06T11:00:00+02:00",
        on_time=True,
        reopened_count=1,
    )

    assert event == TrackerEvent(
        external_id="R-1",
        kind=EventKind.COMPLETED,
        occurred_at=datetime(2026, 7, 6, 9, tzinfo=UTC),
        given=event.given,
        event_id="msg_1",
        external_key="DESK-1",
        title="New laptop",
        url="https://desk.example.com/1",
        request_type="Hardware",
        status="Done",
        requester=Requester(email="alice@example.com", key="7", name="Alice"),
        requester_department="SALES",
        department={"component": "Printers", "project": "Desk"},
        resolution=Resolution.NOT_DELIVERED,
        created_at=datetime(2026, 7, 1, 7, tzinfo=UTC),
        due_at=datetime(2026, 7, 7, tzinfo=UTC),
        completed_at=datetime(2026, 7, 6, 9, tzinfo=UTC),
        on_time=True,
        reopened_count=1,
    )


def test_what_is_absent_is_not_given_and_what_is_null_or_empty_is() -> None:
    assert _event(title=None, url="", department="IT").given == {"title", "url", "department"}


def test_a_requester_may_be_an_address_or_a_key_alone() -> None:
    assert [_event(requester=value).requester for value in ("a@example.com", "u-7", 7, None)] == [
        Requester(email="a@example.com"),
        Requester(key="u-7"),
        Requester(key="7"),
        None,
    ]


def test_an_event_without_a_moment_happened_when_it_was_signed() -> None:
    assert _event(event="reopened").occurred_at == NOON


def test_it_says_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(UnreadableBody) as refused:
        _read(
            external_id="",
            requester={"email": "no address"},
            created_at="2026-07-06T00:00:00Z",
            completed_at="2026-07-05T00:00:00Z",
            due_at="31/02/2026",
            title="x" * 1001,
        )

    assert str(refused.value).split("; ") == [
        "external_id: this must not be empty",
        "title: the text has 1001 characters",
        "at most 1000 are kept",
        "due_at: '31/02/2026' is not an ISO 8601 time",
        "requester.email: 'no address' is not an e-mail address",
        "completed_at: it was completed before it was created (created_at)",
    ]


def test_what_is_kept_of_a_refusal_names_fields_and_faults_and_quotes_no_value() -> None:
    with pytest.raises(UnreadableBody) as refused:
        _read(
            event="Ines",
            external_id=["Ines"],
            title="x\u0000",
            url="Ines",
            on_time="Ines",
            reopened_count="Ines",
            completed_at="Ines",
            due_at="1600-01-01",
            department=True,
            requester={"email": "Ines Varga <ines@example.com"},
        )

    assert refused.value.kept.split("; ") == [
        "event: '…' is none of completed, reopened, updated, deleted",
        "external_id: '…' is not text",
        "title: the text holds the character U+0000, which nobody can read",
        "take it out",
        "due_at: '…' lies too far from today",
        "completed_at: '…' is not an ISO 8601 time",
        "reopened_count: '…' is not a whole number from 0 up",
        "on_time: '…' is neither true nor false",
        "department: '…' is not text",
        "requester.email: '…' is not an e-mail address",
        "url: '…' is not a web address (https://…)",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b'{"event": "completed",}',
        b"a=1&b=2",
        b"[]",
        b"[" * 100_000,
        b'{"external_id": NaN}',
        b'{"external_id": ' + b"9" * 5000 + b"}",
    ],
)
def test_it_refuses_a_body_that_is_no_json_object(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        signed.read(Hook(body=body, headers={}, received_at=NOON))


@pytest.mark.parametrize(
    "body",
    [
        {"event": "finished"},
        {"event": 5},
        {"external_id": "a\0b"},
        {"external_id": "\ud800"},
        {"external_id": ["R-1"]},
        {"external_id": "  "},
        {"completed_at": 1783339200},
        {"completed_at": "0001-01-01T00:00:00+14:00"},
        {"completed_at": "9999-12-31T23:59:59-14:00"},
        {"requester": ["alice@example.com"]},
        {"requester": "alice@"},
        {"department": ["IT"]},
        {"on_time": "perhaps"},
        {"reopened_count": -1},
        {"reopened_count": 1.5},
        {"reopened_count": 10**30},
        {"url": "javascript:alert(1)"},
        {"resolution": "gone"},
    ],
)
def test_it_refuses_values_that_do_not_fit(body: dict[str, Any]) -> None:
    with pytest.raises(UnreadableBody):
        _read(**body)


@pytest.mark.parametrize(
    ("event", "was", "verdict"),
    [
        ("completed", None, Verdict.COMPLETED),
        ("completed", RequestState.OPEN, Verdict.COMPLETED),
        ("completed", RequestState.DONE, Verdict.NOT_COMPLETED),
        ("reopened", RequestState.DONE, Verdict.REOPENED),
        ("reopened", RequestState.OPEN, Verdict.NOT_COMPLETED),
        ("deleted", RequestState.DONE, Verdict.DELETED),
        ("updated", RequestState.DONE, Verdict.NOT_COMPLETED),
    ],
)
def test_the_verdict_minds_the_stored_state(event: str, was: RequestState | None, verdict: Verdict) -> None:
    body = json.dumps({"event": event, "external_id": "R-1"}).encode()

    assert signed.read(_signed(body, was=was)).verdict is verdict


@pytest.mark.parametrize(
    ("resolution", "why"),
    [
        ("not_delivered", "it was closed without being delivered"),
        ("automatic", "it was closed automatically: nobody is asked"),
    ],
)
def test_what_nobody_is_asked_about_is_explained_as_no_completion(resolution: str, why: str) -> None:
    found = _read(event="completed", resolution=resolution)

    assert (found.verdict, found.why) == (Verdict.NOT_COMPLETED, why)
    assert (found.events[0].kind, found.events[0].resolution) == (EventKind.COMPLETED, resolution)


def test_blanks_alone_are_nothing() -> None:
    event = _event(title=" \t", requester="  ", department={"component": " ", "project": "Service desk"})

    assert (event.title, event.requester, dict(event.department)) == (None, None, {"project": "Service desk"})


def test_it_explains_with_times_in_utc_and_null_for_what_is_not_told() -> None:
    document = explained(_read(completed_at="2026-07-06T11:00:00+02:00", requester="u-7"), "not_checked")

    assert {name: value for name, value in document.items() if value not in (None, [])} == {
        "verdict": "completed",
        "why": "the sender says that the request was completed",
        "external_id": "R-1",
        "requester": {"id": "u-7", "name": None, "email": None},
        "completed_at": "2026-07-06T09:00:00Z",
        "event_id": "msg_1",
        "event_type": "completed",
        "event_at": "2026-07-06T09:00:00Z",
        "signature": "not_checked",
    }
