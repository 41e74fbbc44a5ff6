"""What GitHub's deliveries mean; the bodies are ours, on its documented members."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, WrongSignature
from app.connectors.trackers import github
from app.domain.service_requests import EventKind
from app.domain.states import RequesterKind, RequestState, Resolution

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
ISSUE: dict[str, Any] = {
    "id": 9001,
    "number": 12,
    "title": "Принтер 🖨 не печатает",
    "html_url": "https://github.com/acme/site/issues/12",
    "state": "closed",
    "state_reason": "completed",
    "created_at": "2026-11-10T08:00:00Z",
    "updated_at": "2026-11-17T09:00:05Z",
    "closed_at": "2026-11-17T09:00:00Z",
    "user": {"login": "alice", "type": "User"},
    "labels": [{"name": "infra"}],
}


def _read(action: str, was: RequestState | None = None, **changed: Any) -> Conclusion:
    body = {"action": action, "issue": ISSUE | changed, "repository": {"full_name": "acme/site"}}
    headers = {"x-github-event": "issues", "x-github-delivery": "d-1"}
    return github.read(Hook(body=json.dumps(body).encode(), headers=headers, received_at=NOW, was=was))


def test_a_closed_issue_is_a_completed_request() -> None:
    found = _read("closed")

    event = found.events[0]
    assert (found.verdict, event.kind, event.external_id) == (Verdict.COMPLETED, EventKind.COMPLETED, "9001")
    assert (event.external_key, event.title) == ("acme/site#12", "Принтер 🖨 не печатает")
    assert event.completed_at == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert (event.requester and event.requester.key, event.requester and event.requester.email) == ("alice", None)
    assert dict(event.department) == {"label1": "infra", "repository": "acme/site"}


@pytest.mark.parametrize(
    ("action", "was", "verdict"),
    [
        ("closed", RequestState.DONE, Verdict.NOT_COMPLETED),
        ("reopened", None, Verdict.REOPENED),
        ("reopened", RequestState.DONE, Verdict.REOPENED),
        ("reopened", RequestState.OPEN, Verdict.NOT_COMPLETED),
        ("opened", None, Verdict.COMPLETED),  # imported as closed
        ("edited", None, Verdict.NOT_COMPLETED),
        ("deleted", None, Verdict.DELETED),
        ("transferred", None, Verdict.DELETED),
    ],
)
def test_actions_are_judged_by_what_is_stored(action: str, was: RequestState | None, verdict: Verdict) -> None:
    assert _read(action, was).verdict is verdict


@pytest.mark.parametrize("reason", ["not_planned", "duplicate"])
def test_what_was_closed_without_a_delivery_is_not_delivered(reason: str) -> None:
    found = _read("closed", state_reason=reason)

    assert (found.verdict, found.why) == (Verdict.NOT_COMPLETED, "it was closed without being delivered")
    assert found.events[0].resolution is Resolution.NOT_DELIVERED


def test_a_bot_is_no_person() -> None:
    assert (
        _read("closed", user={"login": "dependabot[bot]", "type": "Bot"}).events[0].requester_kind is RequesterKind.BOT
    )


def test_pull_requests_and_other_events_are_ignored() -> None:
    hook = Hook(
        body=b'{"action": "created", "issue": {}}', headers={"x-github-event": "issue_comment"}, received_at=NOW
    )

    assert _read("closed", pull_request={}).verdict is Verdict.IGNORED
    assert (github.read(hook).verdict, github.read(hook).why) == (
        Verdict.IGNORED,
        "issue_comment is no event of an issue",
    )


def test_a_new_open_issue_is_stored_as_open() -> None:
    found = _read("opened", state="open", state_reason=None, closed_at=None)

    assert (found.verdict, found.events[0].kind, found.why) == (
        Verdict.NOT_COMPLETED,
        EventKind.REOPENED,
        "the request is open",
    )


@pytest.mark.parametrize(
    "told",
    [
        ISSUE | {"head": {}, "base": {}},
        ISSUE | {"open_issues": 3},
        {"action": "created", "comment": {}, "issue": ISSUE},
        {"action": "closed", "pull_request": ISSUE},
        {"action": "closed", "milestone": ISSUE},
        {},
    ],
)
def test_a_body_without_its_headers_counts_only_where_it_is_about_an_issue(told: dict[str, Any]) -> None:
    found = github.read(Hook(body=json.dumps(told).encode(), headers={}, received_at=NOW))

    assert (found.verdict, found.events) == (Verdict.IGNORED, ())


def test_a_list_of_the_api_tells_every_issue_and_explains_the_one_that_moved() -> None:
    body = json.dumps([ISSUE | {"id": 1, "state": "open"}, ISSUE]).encode()

    found = github.read(Hook(body=body, headers={}, received_at=NOW))

    assert (found.verdict, [event.external_id for event in found.events]) == (Verdict.COMPLETED, ["9001", "1"])


def test_a_ping_is_ignored() -> None:
    hook = Hook(body=b'{"zen": "Keep it simple."}', headers={"x-github-event": "ping"}, received_at=NOW)

    assert github.read(hook).verdict is Verdict.IGNORED


def test_a_form_holds_the_same() -> None:
    payload = {"payload": json.dumps({"action": "closed", "issue": ISSUE})}

    for fields in (payload, {"first": "1", **payload}):
        hook = Hook(body=urlencode(fields).encode(), headers={}, received_at=NOW)
        assert github.read(hook).verdict is Verdict.COMPLETED


def test_an_issue_of_the_api_is_judged_by_its_state() -> None:
    def read(was: RequestState | None, state: str) -> Verdict:
        body = json.dumps(ISSUE | {"state": state}).encode()
        return github.read(Hook(body=body, headers={}, received_at=NOW, was=was)).verdict

    assert [read(None, "closed"), read(RequestState.DONE, "open"), read(None, "open")] == [
        Verdict.COMPLETED,
        Verdict.REOPENED,
        Verdict.NOT_COMPLETED,
    ]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"action": "closed",}', b'{"action": "closed", "issue": {"id": null}}', b"{}"]
)
def test_what_is_no_event_says_so(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        github.read(Hook(body=body, headers={"x-github-event": "issues"}, received_at=NOW))


def test_it_checks_the_signature_of_the_raw_body() -> None:
    # GitHub's published example.
    good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    secret = ("It's a Secret to Everybody",)
    github.verify(Hook(body=b"Hello, World!", headers={"x-hub-signature-256": good}, secrets=secret, received_at=NOW))

    for offered in (f" {good} ", good.replace("sha256", "SHA256"), "sha256=" + good[7:].upper()):
        hook = Hook(body=b"Hello, World!", headers={"x-hub-signature-256": offered}, secrets=secret, received_at=NOW)
        github.verify(hook)
    for offered in ("", good[7:], good.replace("sha256", "sha1"), "sha256=ключ"):
        hook = Hook(body=b"Hello, World!", headers={"x-hub-signature-256": offered}, secrets=secret, received_at=NOW)
        with pytest.raises(WrongSignature):
            github.verify(hook)
