import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.connectors.hooks import Conclusion, Hook, Verdict, WrongSignature, explained
from app.connectors.trackers import trello
from app.connectors.trackers.trello import reading
from app.domain.service_requests import EventKind, Requester
from app.domain.states import RequesterKind, RequestState

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
CARD = "6a4b70c00000000000000001"
MADE = datetime.fromtimestamp(0x6A4B70C0, tz=UTC)
DOING, DONE, ARCHIVED_DONE = "list-doing", "list-done", "list-done-2025"
LISTS = {"done_list_ids": [DONE, ARCHIVED_DONE]}
URL = "https://parity.example.com/hooks/desk/key"


def _action(kind: str = "updateCard", card: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    return {
        "id": "6a4b70c0000000000000000a",
        "idMemberCreator": "worker",
        "type": kind,
        "date": "2026-07-06T11:30:00.250Z",
        "memberCreator": {"id": "worker", "fullName": "Walter 🛠", "username": "walter"},
        "data": {
            "board": {"id": "board", "name": "Service desk"},
            "card": {"id": CARD, "name": "Принтер", "shortLink": "Yd9ScoJS", **(card or {})},
            **data,
        },
    }


def _moved(before: str, after: str) -> dict[str, Any]:
    here, there = {"id": before, "name": before}, {"id": after, "name": after}
    return _action(card={"idList": after}, old={"idList": before}, listBefore=here, listAfter=there)


def _changed(**values: Any) -> dict[str, Any]:
    """A change of one key, in a list that is not done unless told otherwise."""
    where = values.pop("where", DOING)
    old = {name: (not value if isinstance(value, bool) else None) for name, value in values.items()}
    return _action(card=values, old=old, list={"id": where, "name": where})


def _card(**values: Any) -> dict[str, Any]:
    return {
        "id": CARD,
        "name": "Toner",
        "idBoard": "board",
        "idList": DOING,
        "dueComplete": False,
        "closed": False,
        "shortLink": "Yd9ScoJS",
        "dateLastActivity": "2026-07-06T11:45:00Z",
    } | values


def _hook(body: object, *, fetched: object = None, was: RequestState | None = None, **settings: Any) -> Hook:
    return Hook(
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={},
        settings=LISTS | settings,
        received_at=NOON,
        fetched=None if fetched is None else json.dumps(fetched).encode(),
        was=was,
    )


def _read(action: dict[str, Any], **options: Any) -> Conclusion:
    return reading.read(_hook({"model": {"id": "board"}, "action": action}, **options))


def _kind(found: Conclusion) -> EventKind:
    (event,) = found.events
    return event.kind


def _sign(body: bytes, secret: str = "s3cret", url: str = URL) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body + url.encode(), hashlib.sha1)).decode()


def _signed(body: bytes, signature: str, secrets: tuple[str, ...] = ("s3cret",), url: object = URL) -> Hook:
    headers = {"x-trello-webhook": signature}
    settings = {"callback_url": url} if url is not None else {}
    return Hook(body=body, headers=headers, secrets=secrets, settings=settings, received_at=NOON)


def test_the_signature_covers_body_and_address_as_registered() -> None:
    # printf '{"a":1}https://example.com/h' | openssl dgst -sha1 -hmac key -binary | base64
    reading.verify(_signed(b'{"a":1}', "gDpZHEjsIDIQo0yYMN3W78aUIpM=", ("key",), "https://example.com/h"))


def test_any_of_two_secrets_is_honoured_while_they_are_changed() -> None:
    reading.verify(_signed(b"{}", _sign(b"{}"), ("new", "s3cret")))


@pytest.mark.parametrize(
    ("signature", "secrets", "url"),
    [
        (_sign(b"{}"), (), URL),
        (_sign(b"{}", ""), ("",), URL),
        (_sign(b"{ }"), ("s3cret",), URL),
        (_sign(b"{}", url=URL + "/"), ("s3cret",), URL),
        (_sign(b"{}"), ("s3cret",), None),
        (_sign(b"{}"), ("s3cret",), ["a"]),
        ("", ("s3cret",), URL),
        ("подпись", ("s3cret",), URL),
        ("\udcff", ("s3cret",), URL),
    ],
)
def test_everything_else_is_refused(signature: str, secrets: tuple[str, ...], url: object) -> None:
    with pytest.raises(WrongSignature):
        reading.verify(_signed(b"{}", signature, secrets, url))


def test_a_delivery_is_named_by_its_action_else_by_its_bytes() -> None:
    named = trello.CONNECTOR.delivery_key
    assert named is not None

    assert named(_hook({"action": _action()})) == "6a4b70c0000000000000000a"
    assert named(_hook(b"{}")) == hashlib.sha256(b"{}").hexdigest()
    assert named(_hook({"action": {"id": ["x"]}})) == named(_hook({"action": {"id": ["x"]}}))


@pytest.mark.parametrize(
    ("before", "after", "was", "verdict"),
    [
        (DOING, DONE, None, Verdict.COMPLETED),
        (DOING, DONE, RequestState.OPEN, Verdict.COMPLETED),
        (DOING, DONE, RequestState.DONE, Verdict.NOT_COMPLETED),
        (DONE, DOING, None, Verdict.REOPENED),
        (DONE, DOING, RequestState.DONE, Verdict.REOPENED),
        (DONE, DOING, RequestState.OPEN, Verdict.NOT_COMPLETED),
        (DONE, ARCHIVED_DONE, RequestState.DONE, Verdict.NOT_COMPLETED),
        ("list-todo", DOING, None, Verdict.NOT_COMPLETED),
        ("list-todo", DOING, RequestState.DONE, Verdict.REOPENED),
    ],
)
def test_a_move_between_lists(before: str, after: str, was: RequestState | None, verdict: Verdict) -> None:
    assert _read(_moved(before, after), was=was).verdict is verdict


def test_a_move_from_one_done_list_to_another_tells_no_state() -> None:
    assert _kind(_read(_moved(DONE, ARCHIVED_DONE))) is EventKind.UPDATED


@pytest.mark.parametrize(
    ("mode", "action", "verdict"),
    [
        ("due_complete", _changed(dueComplete=True), Verdict.COMPLETED),
        ("due_complete", _changed(dueComplete=False), Verdict.REOPENED),
        ("due_complete", _moved(DOING, DONE), Verdict.NOT_COMPLETED),
        ("archive", _changed(closed=True), Verdict.COMPLETED),
        ("archive", _changed(closed=False), Verdict.REOPENED),
        ("list", _changed(closed=True), Verdict.NOT_COMPLETED),
        ("list", _changed(dueComplete=True), Verdict.NOT_COMPLETED),
        ("list,archive", _changed(closed=True), Verdict.COMPLETED),
        (["list", "archive"], _changed(closed=True, where=DONE), Verdict.NOT_COMPLETED),
        (["list", "archive"], _changed(closed=False, where=DONE), Verdict.NOT_COMPLETED),
        (["list", "due_complete"], _changed(dueComplete=False, where=DONE), Verdict.NOT_COMPLETED),
        (["list", "due_complete"], _moved(DOING, DONE), Verdict.COMPLETED),
        ("finished", _moved(DOING, DONE), Verdict.NOT_COMPLETED),
    ],
)
def test_completion_is_a_setting(mode: object, action: dict[str, Any], verdict: Verdict) -> None:
    assert _read(action, mode=mode).verdict is verdict


def test_without_done_lists_nothing_is_done() -> None:
    assert _read(_moved(DOING, DONE), done_list_ids=[]).verdict is Verdict.NOT_COMPLETED


def test_what_one_action_leaves_in_doubt_is_asked_for() -> None:
    found = _read(_moved(DONE, DOING), mode=["list", "due_complete"])

    assert (found.verdict, found.fetch, _kind(found)) == (Verdict.FETCH, (CARD,), EventKind.UPDATED)


@pytest.mark.parametrize(
    ("card", "verdict", "kind"),
    [
        (_card(dueComplete=True), Verdict.NOT_COMPLETED, EventKind.COMPLETED),
        (_card(), Verdict.REOPENED, EventKind.REOPENED),
    ],
)
def test_the_card_decides_what_was_in_doubt(card: dict[str, Any], verdict: Verdict, kind: EventKind) -> None:
    modes = ["list", "due_complete"]

    found = _read(_moved(DONE, DOING), fetched=card, mode=modes, was=RequestState.DONE)

    assert (found.verdict, _kind(found)) == (verdict, kind)


@pytest.mark.parametrize("kind", ["createCard", "copyCard", "emailCard", "convertToCardFromCheckItem"])
def test_who_makes_a_card_asked_for_it_and_a_card_may_be_born_done(kind: str) -> None:
    (event,) = _read(_action(kind, list={"id": DONE, "name": "Done"})).events

    assert (event.kind, event.completed_at) == (EventKind.COMPLETED, event.occurred_at)
    assert (event.requester, event.requester_kind) == (Requester(key="worker", name="Walter 🛠"), RequesterKind.PERSON)


def test_a_card_is_born_open_in_any_other_list() -> None:
    found = _read(_action("createCard", list={"id": DOING, "name": "Doing"}))

    assert (found.verdict, _kind(found)) == (Verdict.NOT_COMPLETED, EventKind.REOPENED)


def test_a_card_from_another_board_was_asked_for_there() -> None:
    (event,) = _read(_action("moveCardToBoard", list={"id": DONE, "name": "Done"})).events

    assert (event.kind, event.requester) == (EventKind.COMPLETED, None)


def test_who_finishes_a_card_did_not_ask_for_it() -> None:
    (event,) = _read(_moved(DOING, DONE)).events

    assert event.requester is None


def test_a_program_that_makes_cards_is_a_bot() -> None:
    (event,) = _read(_action("createCard", list={"id": DOING}), bot_ids="worker, other").events

    assert event.requester_kind is RequesterKind.BOT


@pytest.mark.parametrize("kind", ["deleteCard", "moveCardFromBoard"])
def test_a_card_that_leaves_is_deleted(kind: str) -> None:
    found = _read(_action(kind))

    assert (found.verdict, _kind(found)) == (Verdict.DELETED, EventKind.DELETED)


@pytest.mark.parametrize(
    "action",
    [
        _changed(name="other"),
        _changed(pos=5),
        _changed(due="2026-07-10T10:00:00Z"),
        _changed(idLabels=["x"]),  # the twin of addLabelToCard
        _action("addLabelToCard", label={"id": "x"}),
        _action("updateCheckItemStateOnCard", checkItem={"state": "complete"}),
        _action("commentCard"),
        _action(old={}),
        _action(),
    ],
)
def test_other_changes_of_a_card_are_no_completion(action: dict[str, Any]) -> None:
    found = _read(action, mode=["list", "archive", "due_complete"])

    assert (found.verdict, _kind(found)) == (Verdict.NOT_COMPLETED, EventKind.UPDATED)


@pytest.mark.parametrize("kind", ["updateList", "updateBoard", "addMemberToBoard", "moveListFromBoard"])
def test_what_concerns_no_card_is_ignored(kind: str) -> None:
    action = _action(kind)
    del action["data"]["card"]

    found = _read(action)

    assert (found.verdict, found.events) == (Verdict.IGNORED, ())


def test_a_due_moment_is_given_where_it_changes_and_cleared_where_it_goes() -> None:
    (set_to,) = _read(_changed(due="2026-07-10T10:00:00Z")).events
    (cleared,) = _read(_changed(due=None)).events
    (other,) = _read(_changed(pos=1)).events

    assert set_to.due_at == datetime(2026, 7, 10, 10, tzinfo=UTC)
    assert ("due_at" in cleared.given, cleared.due_at) == (True, None)
    assert "due_at" not in other.given


def test_it_explains_an_action() -> None:
    document = explained(_read(_moved(DOING, DONE)), "not_checked")

    assert {name: value for name, value in document.items() if value not in (None, [])} == {
        "verdict": "completed",
        "why": "the card became done by the rule of this connection",
        "external_id": CARD,
        "external_key": "Yd9ScoJS",
        "title": "Принтер",
        "url": "https://trello.com/c/Yd9ScoJS",
        "department": {"board_id": "board", "board_name": "Service desk", "list_name": DONE},
        "created_at": MADE.isoformat().replace("+00:00", "Z"),
        "completed_at": "2026-07-06T11:30:00.250000Z",
        "actor": {"id": "worker", "name": "Walter 🛠", "email": None},
        "event_id": "6a4b70c0000000000000000a",
        "event_type": "updateCard",
        "event_at": "2026-07-06T11:30:00.250000Z",
        "status": DONE,
        "signature": "not_checked",
    }


@pytest.mark.parametrize(
    ("changed", "settings", "why"),
    [
        ({"closed": True}, {}, "this counts only where the setting mode names it: archive"),
        ({"dueComplete": True}, {"mode": "archive"}, "this counts only where the setting mode names it: due_complete"),
        ({"name": "Toner"}, {}, "this change of a card is no completion"),
    ],
)
def test_a_completion_by_another_rule_is_explained_by_the_rule(
    changed: dict[str, Any], settings: dict[str, Any], why: str
) -> None:
    found = _read(_changed(**changed), **settings)

    assert (found.verdict, found.why, found.events[0].kind) == (Verdict.NOT_COMPLETED, why, EventKind.UPDATED)


def test_a_connection_without_done_lists_says_so_and_opens_nothing() -> None:
    found = _read(_moved(DONE, DOING), was=RequestState.DONE, done_list_ids=[])

    assert (found.verdict, found.why, found.events[0].kind) == (
        Verdict.NOT_COMPLETED,
        "no list is done: the setting done_list_ids names none",
        EventKind.UPDATED,
    )


def test_the_mode_may_be_written_in_any_case() -> None:
    assert _read(_changed(closed=True), mode="Archive").verdict is Verdict.COMPLETED
