"""Cards and lists as Trello's API answers them, and any bytes at all."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.hooks import Conclusion, Hook, UnreadableBody, Verdict, explained
from app.connectors.trackers import trello
from app.connectors.trackers.trello import reading
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.domain.states import RequesterKind, RequestState
from tests.builders.any_json import ANY_JSON, mutated

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)
CARD, OTHER = "6a4b70c00000000000000001", "6a4b70c00000000000000002"
DOING, DONE = "list-doing", "list-done"


def _action(at: str, kind: str, card: str = CARD, by: str = "worker", **data: Any) -> dict[str, Any]:
    return {
        "id": f"a{at}",
        "type": kind,
        "date": f"2026-07-06T{at}:00.0Z",
        "idMemberCreator": by,
        "memberCreator": {"id": by, "fullName": by.title(), "username": f"{by}_1"},
        "data": {"card": {"id": card, "name": "Toner"}, "board": {"id": "board", "name": "Desk"}, **data},
    }


def _made(at: str = "08:00", **options: Any) -> dict[str, Any]:
    return _action(at, "createCard", by="alice", list={"id": DOING, "name": "Doing"}, **options)


def _moved(at: str, before: str, after: str, **options: Any) -> dict[str, Any]:
    return _action(
        at, "updateCard", old={"idList": before}, listBefore={"id": before}, listAfter={"id": after}, **options
    )


def _card(**values: Any) -> dict[str, Any]:
    return {
        "id": CARD,
        "name": "Toner",
        "desc": "Third floor\nE-mail: bob@example.com",
        "idBoard": "board",
        "idList": DONE,
        "due": "2026-07-07T10:00:00.000Z",
        "start": "2026-07-05T10:00:00.000Z",
        "dueComplete": False,
        "closed": False,
        "dateLastActivity": "2026-07-06T11:00:00.000Z",
        "labels": [{"name": "urgent"}, {"name": "Printers"}],
        "shortLink": "Yd9ScoJS",
        "customFieldItems": [
            {"idCustomField": "f-mail", "value": {"text": "Carol@example.com"}, "idValue": None},
            {"idCustomField": "f-team", "value": None, "idValue": "option-it"},
        ],
        "members": [{"id": "worker", "fullName": "Walter"}],
        "list": {"id": DONE, "name": "Done"},
        "board": {"id": "board", "name": "Desk"},
        "actions": [_moved("10:30", DOING, DONE), _moved("09:30", DONE, DOING), _moved("09:00", DOING, DONE), _made()],
    } | values


def _read(body: object, *, fetched: object = None, was: RequestState | None = None, **settings: Any) -> Conclusion:
    hook = Hook(
        body=b"" if body is None else json.dumps(body).encode(),
        headers={},
        settings={"done_list_ids": [DONE]} | settings,
        received_at=NOON,
        fetched=None if fetched is None else json.dumps(fetched).encode(),
        was=was,
    )
    return reading.read(hook)


def _event(found: Conclusion) -> TrackerEvent:
    (event,) = found.events
    return event


@pytest.mark.parametrize(
    ("where", "was", "verdict", "kind"),
    [
        (DONE, None, Verdict.COMPLETED, EventKind.COMPLETED),
        (DONE, RequestState.DONE, Verdict.NOT_COMPLETED, EventKind.COMPLETED),
        (DOING, None, Verdict.NOT_COMPLETED, EventKind.REOPENED),
        (DOING, RequestState.DONE, Verdict.REOPENED, EventKind.REOPENED),
    ],
)
def test_a_card_tells_its_state(where: str, was: RequestState | None, verdict: Verdict, kind: EventKind) -> None:
    found = _read(_card(idList=where), was=was)

    assert (found.verdict, _event(found).kind) == (verdict, kind)


def test_a_card_was_completed_when_it_became_done_for_the_last_time() -> None:
    event = _event(_read(_card()))

    assert event.completed_at == datetime(2026, 7, 6, 10, 30, tzinfo=UTC)
    assert event.occurred_at == datetime(2026, 7, 6, 11, tzinfo=UTC)


def test_a_card_that_shows_too_little_tells_no_state() -> None:
    found = _read({"id": CARD, "idList": None})

    assert (found.verdict, _event(found).kind) == (Verdict.NOT_COMPLETED, EventKind.UPDATED)


@pytest.mark.parametrize(
    ("settings", "changed", "asker"),
    [
        ({}, {}, Requester(key="alice", name="Alice")),
        ({"requester_label": "e-mail:"}, {}, Requester(email="bob@example.com")),
        ({"requester_label": "e-mail:"}, {"desc": "E-mail: none"}, Requester(key="alice", name="Alice")),
        ({"requester_label": "e-mail:", "requester_field_id": "f-mail"}, {}, Requester(email="carol@example.com")),
        ({"requester_field_id": "f-team"}, {}, Requester(key="option-it")),
        ({"requester_field_id": "f-none"}, {}, Requester(key="alice", name="Alice")),
        (
            {"requesters": {"alice_1": "Alice@example.com"}},
            {},
            Requester(key="alice", name="Alice", email="alice@example.com"),
        ),
        ({}, {"actions": []}, None),
        ({}, {"actions": None}, None),
    ],
)
def test_who_asked_is_a_field_then_a_line_then_whoever_made_the_card(
    settings: dict[str, Any], changed: dict[str, Any], asker: Requester | None
) -> None:
    assert _event(_read(_card(**changed), **settings)).requester == asker


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, RequesterKind.PERSON),
        ({"bot_ids": ["alice"]}, RequesterKind.BOT),
        ({"bot_ids": ["alice"], "requester_label": "E-mail:"}, RequesterKind.PERSON),
    ],
)
def test_a_program_is_a_bot_unless_it_names_somebody(settings: dict[str, Any], kind: RequesterKind) -> None:
    assert _event(_read(_card(), **settings)).requester_kind is kind


def test_the_department_is_a_field_then_the_labels_then_list_and_board() -> None:
    told = _event(_read(_card(), department_field_id="f-team")).department

    assert list(told.items()) == [
        ("field", "option-it"),
        ("label1", "urgent"),
        ("label2", "Printers"),
        ("list_name", "Done"),
        ("list_id", DONE),
        ("board_name", "Desk"),
        ("board_id", "board"),
    ]


def test_a_fetched_card_fills_in_what_an_action_lacks() -> None:
    found = _read({"action": _moved("10:30", DOING, DONE)}, fetched=_card(), requester_label="E-mail:")
    event = _event(found)

    assert (found.verdict, event.completed_at) == (Verdict.COMPLETED, datetime(2026, 7, 6, 10, 30, tzinfo=UTC))
    assert (event.requester, event.due_at) == (
        Requester(email="bob@example.com"),
        datetime(2026, 7, 7, 10, tzinfo=UTC),
    )


def test_a_deletion_is_not_filled_in() -> None:
    event = _event(_read({"action": _action("10:00", "deleteCard")}, fetched=_card()))

    assert (event.requester, event.given) == (None, frozenset({"created_at"}))


def test_the_answer_alone_is_enough() -> None:
    assert _event(_read(None, fetched=_card())).external_id == CARD


def test_a_list_of_actions_is_read_from_the_oldest_though_trello_lists_the_newest_first() -> None:
    found = _read([_moved("10:30", DOING, DONE), _moved("09:30", DONE, DOING), _moved("09:00", DOING, DONE), _made()])

    assert [event.kind.value for event in found.events] == ["reopened", "completed", "reopened", "completed"]
    assert (found.verdict, found.details["completed_at"]) == (
        Verdict.COMPLETED,
        datetime(2026, 7, 6, 10, 30, tzinfo=UTC),
    )
    assert found.details["requester"] == {"id": "alice", "name": "Alice", "email": None}


def test_of_several_actions_the_newest_that_changes_the_state_is_explained() -> None:
    found = _read(
        [_action("11:00", "commentCard", card=OTHER), _moved("10:00", DONE, DOING), _moved("09:00", DOING, DONE)]
    )
    document = explained(found, "not_checked")

    assert (document["verdict"], document["external_id"], document["completed_at"]) == ("reopened", CARD, None)


def test_a_list_of_cards_tells_the_state_of_each() -> None:
    found = _read([_card(), _card(id=OTHER, idList=DOING)])

    assert [(event.external_id, event.kind.value) for event in found.events] == [
        (CARD, "completed"),
        (OTHER, "reopened"),
    ]


@pytest.mark.parametrize("body", [[], [{"id": "1", "idModel": "2"}], ["text", None]])
def test_a_list_of_other_things_is_ignored(body: object) -> None:
    assert _read(body).verdict is Verdict.IGNORED


def test_one_action_alone_is_read_like_its_delivery() -> None:
    action = _moved("10:30", DOING, DONE)

    assert _read(action) == _read({"action": action})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"{}",
        b'{"action": null}',
        b'{"action": {}}',
        b'{"action": {"type": 5.5}}',
        b'{"action": {"type": "updateCard",}}',
        b'{"action": {"type": "upd',
        b"action=updateCard",
        b'"updateCard"',
        b'{"id": "63d128787441d05619f44dbe", "name": "a board"}',
        b'{"message": "invalid id"}',
    ],
)
def test_what_is_nothing_of_trello_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableBody):
        reading.read(Hook(body=body, headers={}, received_at=NOON))


@pytest.mark.parametrize("fetched", [b"", b"[]", b"{}", b"null", b'{"id": "x"}'])
def test_an_answer_that_is_no_card_is_unreadable(fetched: bytes) -> None:
    with pytest.raises(UnreadableBody):
        reading.read(Hook(body=b"", headers={}, received_at=NOON, fetched=fetched))


def test_a_byte_order_mark_is_no_obstacle() -> None:
    body = "\ufeff" + json.dumps({"action": _made()})

    assert reading.read(Hook(body=body.encode(), headers={}, received_at=NOON)).events != ()


SHAPES = [{"action": _moved("10:30", DOING, DONE)}, _made(), _card(), [_made(), _card()]]
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["list", "archive", ["list", "due_complete", "archive"]]) | ANY_JSON,
        "done_list_ids": st.just([DONE]) | ANY_JSON,
        "requester_field_id": st.just("f-mail") | ANY_JSON,
        "requester_label": st.just("E-mail:") | ANY_JSON,
        "requesters": ANY_JSON,
        "bot_ids": ANY_JSON,
    },
)


def _survives(body: bytes, fetched: bytes | None, settings: dict[str, Any]) -> None:
    hook = Hook(body=body, headers={}, settings=settings, received_at=NOON, fetched=fetched)
    assert trello.CONNECTOR.delivery_key is not None
    assert 0 < len(trello.CONNECTOR.delivery_key(hook)) <= 64
    try:
        document = explained(reading.read(hook), "not_checked")
    except UnreadableBody:
        return
    assert document["verdict"] in {verdict.value for verdict in Verdict}
    json.dumps(document, ensure_ascii=False).encode()


@given(st.binary(), st.none() | st.binary(), SETTINGS)
def test_no_bytes_break_it(body: bytes, fetched: bytes | None, settings: dict[str, Any]) -> None:
    _survives(body, fetched, settings)


@given(mutated(SHAPES) | ANY_JSON, st.none() | mutated(SHAPES) | ANY_JSON, SETTINGS)
def test_no_json_breaks_it(body: object, fetched: object, settings: dict[str, Any]) -> None:
    _survives(json.dumps(body).encode(), None if fetched is None else json.dumps(fetched).encode(), settings)
