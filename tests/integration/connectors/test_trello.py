"""The calls to Trello, over real HTTP to a board that answers as Trello's does, also on its bad days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.connectors.connector import HookHealth, Tool
from app.connectors.trackers.trello import calling, registering
from app.domain.service_requests import EventKind, Requester, TrackerEvent
from app.foundations.http import Broken, Client, Doors, Throttled, Trouble, Unreachable
from tests.builders.trello_board import ALICE, BOARD, DOING, DONE, HOOK, TODO, TrelloBoard
from tests.servers.vendor import Reply, Vendor

NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def board(vendor: Vendor) -> TrelloBoard:
    return TrelloBoard(vendor)


@pytest.fixture
def tool(vendor: Vendor) -> Tool:
    settings = {
        "api_key": "thekey",
        "token": "ATTAtoken",
        "secret": "s",
        "board_id": BOARD,
        "done_list_ids": [DONE],
        "base_url": vendor.url + "/",
        "callback_url": f"{vendor.url}/our-hook",
    }
    client = Client(Doors(frozenset({"127.0.0.1"})), sleep=lambda _: None, read_seconds=0.3)
    return Tool(http=client, settings=settings, time_zone=ZoneInfo("UTC"), now=NOW)


def _with(tool: Tool, **settings: Any) -> Tool:
    return replace(tool, settings={**tool.settings, **settings})


def _told(tool: Tool, since: datetime, cursor: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    pages = calling.poll(tool, cursor, since)
    return [(event.title or "", event.kind.value) for page in pages for event in page.events]


def _completion(card: str) -> TrackerEvent:
    return TrackerEvent(external_id=card, kind=EventKind.COMPLETED, occurred_at=MONDAY)


def test_key_and_token_stand_in_a_header_and_in_no_address(board: TrelloBoard, tool: Tool) -> None:
    board.create(1, "Toner", MONDAY)

    list(calling.poll(tool, None, MONDAY - DAY))
    registering.check(tool)

    asked = board.vendor.asked
    assert {one.headers["authorization"] for one in asked} == {
        'OAuth oauth_consumer_key="thekey", oauth_token="ATTAtoken"'
    }
    assert [one for one in asked if "thekey" in f"{one.path}{one.query}" or "ATTA" in f"{one.path}{one.query}"] == []


def test_a_completion_is_filled_in_by_one_call(board: TrelloBoard, tool: Tool) -> None:
    card = board.create(1, "Toner", MONDAY, due="2026-11-18T10:00:00.000Z")
    board.move(card, DONE, MONDAY + MINUTE)

    event = calling.fill_in(tool, _completion(card))

    assert (event.title, event.requester) == ("Toner", Requester(key=ALICE, name="Alice Ковальская"))
    assert event.due_at == datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert event.department["board_name"] == "Service desk"
    assert len(board.vendor.asked) == 1


@pytest.mark.parametrize(
    "reply", [Reply("not found", status=404), Reply("unauthorized card permission requested", status=401)]
)
def test_a_card_that_we_cannot_see_any_more_leaves_its_completion_as_it_is(
    board: TrelloBoard, tool: Tool, reply: Reply
) -> None:
    board.vendor.answer("GET", "/1/cards/.*", reply)

    assert calling.fill_in(tool, _completion("5f0000000000000000000001")) == _completion("5f0000000000000000000001")


def test_a_card_in_doubt_that_is_deleted_is_none_and_one_that_is_hidden_stops_no_poll(
    board: TrelloBoard, tool: Tool
) -> None:
    card = board.create(1, "Toner", MONDAY, where=DONE)
    board.move(card, DOING, MONDAY + MINUTE)
    board.vendor.answer("GET", f"/1/cards/{card}", Reply("unauthorized card permission requested", status=401))

    assert calling.fetch(tool, "5f0000000000000000000001") is None
    assert _told(_with(tool, mode=["list", "due_complete"]), MONDAY - DAY) == [
        ("Toner", "completed"),
        ("Toner", "updated"),
    ]


def test_a_token_that_is_not_known_any_more_is_a_reason_to_wait(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("GET", "/1/.*", Reply(b"invalid token", status=401))

    with pytest.raises(Trouble, match="make a new token"):
        calling.fill_in(tool, _completion("5f0000000000000000000001"))


@pytest.mark.parametrize("token", ["", "a b", 'a", oauth="', "ключ", None])
def test_credentials_that_would_break_the_header_are_refused_before_any_call(
    board: TrelloBoard, tool: Tool, token: object
) -> None:
    with pytest.raises(Trouble, match="letters and digits"):
        registering.check(_with(tool, token=token))

    assert board.vendor.asked == []


def test_the_check_says_who_sees_which_board_and_what_is_done(board: TrelloBoard, tool: Tool) -> None:
    assert registering.check(tool) == "Trello: walter sees the board Service desk; done by: Done ✅"
    assert registering.check(_with(tool, mode=["list", "archive"])).endswith("done by: Done ✅, archive")
    assert registering.check(_with(tool, mode="due_complete")).endswith("done by: due_complete")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"done_list_ids": []}, f"It has: To do = {TODO}; Doing = {DOING}; Done ✅ = {DONE}"),
        ({"done_list_ids": [DONE, "5f00000000000000000000ff"]}, "done_list_ids must name lists of the board"),
        ({"mode": "finished"}, "mode 'finished' is none of list, due_complete, archive"),
        ({"board_id": None}, "board_id is missing"),
        ({"board_id": "5f00000000000000000000ff"}, "Trello refuses the board"),
    ],
)
def test_the_check_says_how_to_mend_a_setting(
    board: TrelloBoard, tool: Tool, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        registering.check(_with(tool, **settings))

    assert sentence in str(trouble.value)


def test_the_hook_is_created_after_trello_tried_our_address(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("HEAD", "/our-hook", Reply())

    kept = registering.register(tool, f"{board.vendor.url}/our-hook", "s")

    assert kept == {"id": HOOK, "board_id": BOARD}
    assert board.hook is not None
    assert (board.hook["idModel"], board.hook["callbackURL"]) == (BOARD, f"{board.vendor.url}/our-hook")
    assert board.vendor.count("/our-hook") == 1


def test_the_hook_of_an_attempt_whose_answer_was_lost_is_adopted(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("HEAD", "/our-hook", Reply())
    registering.register(tool, f"{board.vendor.url}/our-hook", "s")

    assert registering.register(tool, f"{board.vendor.url}/our-hook", "s") == {"id": HOOK, "board_id": BOARD}


def test_an_address_that_does_not_answer_is_named_without_its_key(board: TrelloBoard, tool: Tool) -> None:
    with pytest.raises(Trouble) as trouble:
        registering.register(tool, f"{board.vendor.url}/hooks/desk/secretkey", "s")

    assert "must answer from the internet" in str(trouble.value)
    assert "secretkey" not in str(trouble.value)


@pytest.fixture
def registration(board: TrelloBoard, tool: Tool) -> Mapping[str, Any]:
    board.vendor.answer("HEAD", "/our-hook", Reply())
    return registering.register(tool, f"{board.vendor.url}/our-hook", "s")


def test_a_hook_that_lives_is_alive(board: TrelloBoard, tool: Tool, registration: Mapping[str, Any]) -> None:
    assert registering.look_after(tool, registration) == HookHealth(is_alive=True)


def test_a_hook_that_was_switched_off_is_switched_on(
    board: TrelloBoard, tool: Tool, registration: Mapping[str, Any]
) -> None:
    assert board.hook is not None
    board.hook["active"] = False

    assert registering.look_after(tool, registration).is_alive
    assert board.hook["active"] is True


def test_failures_in_a_row_are_a_problem(board: TrelloBoard, tool: Tool, registration: Mapping[str, Any]) -> None:
    assert board.hook is not None
    board.hook |= {"consecutiveFailures": 3, "firstConsecutiveFailDate": "2026-11-16T09:00:00.000Z"}

    assert registering.look_after(tool, registration) == HookHealth(
        is_alive=False,
        problem="the last 3 deliveries of Trello failed, since 2026-11-16T09:00:00.000Z: does our address answer?",
    )


def test_a_deleted_hook_is_gone(board: TrelloBoard, tool: Tool, registration: Mapping[str, Any]) -> None:
    board.hook = None

    assert registering.look_after(tool, registration).is_gone


@pytest.mark.parametrize("changed", [{"callback_url": "https://new.example.com/hooks/desk/key"}, {"board_id": "abc"}])
def test_a_hook_for_what_was_set_before_is_deleted_and_gone(
    board: TrelloBoard, tool: Tool, registration: Mapping[str, Any], changed: dict[str, Any]
) -> None:
    health = registering.look_after(_with(tool, **changed), registration)

    assert (health.is_gone, board.hook) == (True, None)


def test_a_poll_tells_the_oldest_first_though_trello_lists_the_newest_first(board: TrelloBoard, tool: Tool) -> None:
    card = board.create(1, "Toner", MONDAY)
    board.move(card, DONE, MONDAY + MINUTE)
    board.move(card, DOING, MONDAY + 2 * MINUTE)
    gone = board.create(2, "Paper", MONDAY + 3 * MINUTE)
    board.delete(gone, MONDAY + 4 * MINUTE)

    assert _told(tool, MONDAY - DAY) == [
        ("Toner", "reopened"),
        ("Toner", "completed"),
        ("Toner", "reopened"),
        ("Paper", "reopened"),
        ("Paper", "deleted"),
    ]


def test_long_pages_are_followed_by_the_oldest_id(
    board: TrelloBoard, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "PAGE", 3)
    for number in range(8):
        board.create(number, f"Card {number}", MONDAY + number * MINUTE)

    assert _told(tool, MONDAY - DAY) == [(f"Card {number}", "reopened") for number in range(8)]
    assert board.vendor.count(".*/actions") == 3


def test_a_page_that_repeats_ends(board: TrelloBoard, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "PAGE", 2)
    for number in range(2):
        board.create(number, f"Card {number}", MONDAY + number * MINUTE)
    board.vendor.answer("GET", ".*/actions", Reply(board.actions[::-1]))

    assert _told(tool, MONDAY - DAY) == [("Card 0", "reopened"), ("Card 1", "reopened")]
    assert board.vendor.count(".*/actions") == 2


def test_a_long_past_is_asked_for_week_by_week_and_can_go_on_where_it_ended(board: TrelloBoard, tool: Tool) -> None:
    for number in (4, 3, 2, 1, 0):
        board.create(number, f"Card {number}", MONDAY - number * 7 * DAY)
    pages = list(calling.poll(tool, None, MONDAY - 30 * DAY))
    broken_off = pages[2].cursor

    again = _told(tool, MONDAY - 30 * DAY, broken_off)

    assert [event.title for page in pages for event in page.events] == [f"Card {number}" for number in (4, 3, 2, 1, 0)]
    assert list(dict.fromkeys(again)) == [(f"Card {number}", "reopened") for number in (3, 2, 1, 0)]
    assert pages[-1].cursor == {}


def test_a_cursor_of_another_board_is_forgotten(board: TrelloBoard, tool: Tool) -> None:
    board.create(1, "Toner", MONDAY)

    assert _told(tool, MONDAY - DAY, {"board": "abc", "since": NOW.isoformat()}) == [("Toner", "reopened")]


def test_what_an_action_leaves_in_doubt_is_decided_by_its_card(board: TrelloBoard, tool: Tool) -> None:
    card = board.create(1, "Toner", MONDAY)
    board.change(card, MONDAY + MINUTE, dueComplete=True)
    board.move(card, DONE, MONDAY + 2 * MINUTE)
    board.move(card, DOING, MONDAY + 3 * MINUTE)

    pages = calling.poll(_with(tool, mode=["list", "due_complete"]), None, MONDAY - DAY)
    told = [(event.kind.value, event.completed_at) for page in pages for event in page.events]

    done = MONDAY + 2 * MINUTE
    assert told == [
        ("reopened", None),
        ("completed", MONDAY + MINUTE),
        ("completed", done),
        ("updated", None),
        ("completed", done),
    ]


def test_only_the_changes_that_matter_are_asked_for(board: TrelloBoard, tool: Tool) -> None:
    for mode in ("list", "due_complete"):
        list(calling.poll(_with(tool, mode=mode), None, MONDAY))

    by_list, by_mark = (asked.one("filter").split(",")[-2:] for asked in board.vendor.asked)
    assert (by_list, by_mark[1:]) == (["updateCard:idList", "updateCard:closed"], ["updateCard"])


def test_a_board_that_is_hidden_is_said(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("GET", ".*/actions", Reply("unauthorized permission requested", status=401))

    with pytest.raises(Trouble, match="is board_id right"):
        list(calling.poll(tool, None, MONDAY))


def test_too_many_calls_are_tried_again_and_a_long_wait_is_handed_on(board: TrelloBoard, tool: Tool) -> None:
    limited = Reply({"error": "API_TOKEN_LIMIT_EXCEEDED"}, status=429)
    board.vendor.answer("GET", ".*/actions", limited, limited, Reply([]))
    assert _told(tool, MONDAY) == []

    board.vendor.answer("GET", ".*/actions", replace(limited, headers={"Retry-After": "900"}))
    with pytest.raises(Throttled):
        list(calling.poll(tool, None, MONDAY))


def test_a_server_that_is_broken_for_a_moment_is_asked_again(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("GET", ".*/actions", Reply(status=500), Reply([]))
    assert _told(tool, MONDAY) == []

    board.vendor.answer("GET", ".*/actions", Reply(status=502))
    with pytest.raises(Broken):
        list(calling.poll(tool, None, MONDAY))


def test_a_connection_that_hangs_is_given_up(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("GET", ".*/actions", Reply(delay=30))

    with pytest.raises(Unreachable):
        list(calling.poll(tool, None, MONDAY))


@pytest.mark.parametrize("content", [{}, "text", 5, None])
def test_an_answer_of_another_shape_is_trouble_and_nothing_else(
    board: TrelloBoard, tool: Tool, content: object
) -> None:
    board.vendor.answer("GET", "/1/boards/[^/]+/actions", Reply(content))
    board.vendor.answer("GET", "/1/cards/.*", Reply(content))

    for ask in (lambda: list(calling.poll(tool, None, MONDAY)), lambda: calling.fill_in(tool, _completion("5f"))):
        with pytest.raises(Trouble):
            ask()


def test_the_pace_stays_below_a_hundred_calls_in_ten_seconds(board: TrelloBoard, tool: Tool) -> None:
    board.vendor.answer("GET", "/1/cards/.*", Reply("not found", status=404))
    waited: list[float] = []
    patient = replace(tool, http=Client(Doors(frozenset({"127.0.0.1"})), monotonic=lambda: 0.0, sleep=waited.append))

    for number in range(101):
        calling.fetch(patient, f"5f{number}")

    assert max(waited) >= 10.0
