"""What GitLab's deliveries mean; the bodies are ours, on its documented members."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.trackers import gitlab
from app.domain.states import RequestState, Resolution

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
TOLD: dict[str, Any] = {
    "id": 301,
    "iid": 23,
    "title": "Neuer Ausweis",
    "state": "closed",
    "action": "close",
    "author_id": 51,
    "created_at": "2026-11-10 08:00:00 UTC",
    "updated_at": "2026-11-17T09:00:05Z",
    "closed_at": "2026-11-17 09:00:00 UTC",
    "due_date": "2026-11-18",
    "url": "https://gitlab.example.com/acme/site/-/issues/23",
}


def _read(was: RequestState | None = None, kind: str = "issue", **changed: Any) -> Conclusion:
    body = {
        "object_kind": kind,
        "user": {"id": 7, "name": "Bob", "email": "[REDACTED]"},
        "project": {"path_with_namespace": "acme/site"},
        "labels": [{"title": "Badges"}],
        "object_attributes": {name: value for name, value in (TOLD | changed).items() if value is not ...},
    }
    zone = ZoneInfo("Europe/Berlin")
    return gitlab.read(Hook(body=json.dumps(body).encode(), headers={}, time_zone=zone, received_at=NOW, was=was))


def test_a_closed_issue_is_a_completed_request() -> None:
    found = _read()

    event = found.events[0]
    assert (found.verdict, event.external_id, event.external_key) == (Verdict.COMPLETED, "301", "acme/site#23")
    assert event.created_at == datetime(2026, 11, 10, 8, tzinfo=UTC)
    assert event.completed_at == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert event.due_at == datetime(2026, 11, 18, 22, 59, 59, tzinfo=UTC)
    assert (event.requester and event.requester.key, event.requester and event.requester.email) == ("51", None)
    assert dict(event.department) == {"label1": "Badges", "project": "acme/site"}
    assert found.details["actor"] == {"id": "7", "name": "Bob"}


@pytest.mark.parametrize(
    ("action", "was", "verdict"),
    [
        ("close", RequestState.DONE, Verdict.NOT_COMPLETED),
        ("reopen", None, Verdict.REOPENED),
        ("reopen", RequestState.OPEN, Verdict.NOT_COMPLETED),
        ("open", None, Verdict.NOT_COMPLETED),
        ("update", None, Verdict.NOT_COMPLETED),
        (..., None, Verdict.NOT_COMPLETED),
    ],
)
def test_actions_are_judged_by_what_is_stored(action: object, was: RequestState | None, verdict: Verdict) -> None:
    assert _read(was, action=action).verdict is verdict


def test_what_was_moved_away_is_not_delivered() -> None:
    assert _read(moved_to_id=9).events[0].resolution is Resolution.NOT_DELIVERED


def test_other_events_are_ignored() -> None:
    assert _read(kind="push").verdict is Verdict.IGNORED


@pytest.mark.parametrize("body", [b"", b"{}{", b'{"object_kind": "issue", "object_attributes": {"id": []}}'])
def test_what_is_no_event_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        gitlab.read(Hook(body=body, headers={}, received_at=NOW))


def test_it_takes_the_token_or_a_standard_signature_not_an_old_one() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    def hook(headers: dict[str, str]) -> Hook:
        return Hook(body=b"{}", headers=headers, secrets=(secret,), received_at=NOW)

    def signed(at: datetime) -> dict[str, str]:
        signature = Webhook(secret).sign("m", at, "{}")
        return {"webhook-id": "m", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}

    gitlab.verify(hook({"x-gitlab-token": secret}))
    gitlab.verify(hook(signed(NOW)))
    for headers in ({}, {"x-gitlab-token": "ключ"}, signed(NOW - timedelta(minutes=6))):
        with pytest.raises(WrongSignature):
            gitlab.verify(hook(headers))
