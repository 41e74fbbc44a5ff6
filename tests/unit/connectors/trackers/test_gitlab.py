"""What GitLab's deliveries mean; the bodies are ours, on its documented members."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.trackers import gitlab
from app.domain.service_requests import EventKind, Requester
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
    assert found.details["actor"] == {"id": "7", "name": "Bob", "email": None}


@pytest.mark.parametrize(
    ("action", "was", "verdict"),
    [
        ("close", RequestState.DONE, Verdict.NOT_COMPLETED),
        ("reopen", None, Verdict.REOPENED),
        ("reopen", RequestState.OPEN, Verdict.NOT_COMPLETED),
        ("open", None, Verdict.COMPLETED),  # imported as closed
        ("update", None, Verdict.NOT_COMPLETED),
        (..., None, Verdict.COMPLETED),
        (..., RequestState.DONE, Verdict.NOT_COMPLETED),
    ],
)
def test_actions_are_judged_by_what_is_stored(action: object, was: RequestState | None, verdict: Verdict) -> None:
    assert _read(was, action=action).verdict is verdict


def test_a_new_open_issue_is_stored_as_open() -> None:
    found = _read(action="open", state="opened", closed_at=None)

    assert (found.verdict, found.events[0].kind, found.why) == (
        Verdict.NOT_COMPLETED,
        EventKind.REOPENED,
        "the request is open",
    )


def test_what_was_moved_away_is_not_delivered() -> None:
    found = _read(moved_to_id=9)

    assert (found.verdict, found.why) == (Verdict.NOT_COMPLETED, "it was closed without being delivered")
    assert found.events[0].resolution is Resolution.NOT_DELIVERED


@pytest.mark.parametrize("kind", ["push", "note", "merge_request", "epic"])
def test_other_events_are_ignored_by_their_name(kind: str) -> None:
    found = _read(kind=kind)

    assert (found.verdict, found.why) == (Verdict.IGNORED, f"{kind} is no event of an issue")


def test_a_system_hook_is_ignored_by_its_name() -> None:
    found = gitlab.read(Hook(body=b'{"event_name": "project_create"}', headers={}, received_at=NOW))

    assert (found.verdict, found.why) == (Verdict.IGNORED, "project_create is no event of an issue")


@pytest.mark.parametrize(
    ("kind", "of_type", "verdict"),
    [
        ("issue", "Incident", Verdict.COMPLETED),
        ("incident", "Incident", Verdict.COMPLETED),
        ("work_item", "Task", Verdict.COMPLETED),
        ("work_item", "Ticket", Verdict.COMPLETED),
        ("work_item", "Key Result", Verdict.IGNORED),
        ("work_item", None, Verdict.COMPLETED),
    ],
)
def test_work_items_that_somebody_asks_for_count(kind: str, of_type: str | None, verdict: Verdict) -> None:
    assert _read(kind=kind, type=of_type).verdict is verdict


def test_the_author_has_a_name_where_the_same_person_set_the_hook_off() -> None:
    assert [_read(author_id=number).events[0].requester for number in (7, 51)] == [
        Requester(key="7", name="Bob"),
        Requester(key="51"),
    ]


API_ISSUE = {"id": 301, "iid": 23, "state": "closed", "title": "Neuer Ausweis", "closed_at": "2026-11-17T09:00:00.000Z"}


def _answered(body: object) -> Conclusion:
    return gitlab.read(Hook(body=json.dumps(body).encode(), headers={}, received_at=NOW))


def test_a_list_of_the_api_tells_every_issue_and_explains_the_one_that_moved() -> None:
    found = _answered([API_ISSUE | {"id": 1, "state": "opened", "closed_at": None}, API_ISSUE])

    assert (found.verdict, [event.external_id for event in found.events]) == (Verdict.COMPLETED, ["301", "1"])


def test_a_merge_request_of_the_api_is_no_issue() -> None:
    assert _answered(API_ISSUE | {"source_branch": "fix"}).verdict is Verdict.IGNORED


@pytest.mark.parametrize("address", ["alice@example.com", "al*****@e*****.c**"])
def test_whoever_wrote_the_mail_asked_unless_the_address_is_hidden(address: str) -> None:
    told = API_ISSUE | {"author": {"id": 2, "name": "Support robot"}, "service_desk_reply_to": address}

    found = _answered(told).events[0].requester

    hidden = Requester(key="2", name="Support robot")
    assert found == (hidden if "*" in address else Requester(email="alice@example.com"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}{",
        b"[]",
        b'{"object_kind": "issue", "object_attributes": {"id": []}}',
        b'{"object_kind": "issue", "object_attributes": []}',
    ],
)
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

    late = signed(NOW - timedelta(minutes=6))
    for headers in ({"x-gitlab-token": secret}, signed(NOW), late):
        gitlab.verify(hook(headers))
    for headers in ({"x-gitlab-token": secret}, signed(NOW)):
        gitlab.judge_age(hook(headers))
    with pytest.raises(WrongSignature):
        gitlab.judge_age(hook(late))  # apart from the signature: a stored delivery is explained whatever its age
    for headers in ({}, {"x-gitlab-token": "ключ"}, signed(NOW) | {"webhook-id": "other"}):
        with pytest.raises(WrongSignature):
            gitlab.verify(hook(headers))
