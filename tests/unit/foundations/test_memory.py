"""An answer is given once more to whoever asks about what happened before it; to nobody else, and not for ever."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.foundations.http import Answer, Memory, Recalling, Refused
from app.foundations.http.memory import LARGEST_ANSWER, MOST_ANSWERS

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Tool:
    """A tool that answers with a number, one higher each time."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_missing = False

    def get(self, url: str, **options: Any) -> Answer:
        return self.call("GET", url, **options)

    def call(self, _method: str, url: str, **_options: Any) -> Answer:
        self.asked += 1
        if self.is_missing:
            raise Refused("not there", 404, b"no such task")
        return Answer(200, {}, b"x" * (LARGEST_ANSWER + 1) if url == "/large" else str(self.asked).encode())


def _about(tool: Tool, memory: Memory, happened: int, *, told_until: int | None = None) -> Recalling:
    """A client for what was told so many seconds after noon, while everything until `told_until` was told."""
    until = NOON + (happened if told_until is None else told_until) * SECOND
    return Recalling(tool, memory, happened_at=NOON + happened * SECOND, latest=lambda: until)


def test_what_happened_before_the_question_is_answered_by_it_and_what_happened_later_is_not() -> None:
    tool, memory = Tool(), Memory()

    first = _about(tool, memory, 0, told_until=5).get("/task")
    known = [_about(tool, memory, happened).get("/task").body for happened in (3, 5, 6, 6)]

    assert (first.body, known) == (b"1", [b"1", b"1", b"2", b"2"])


def test_other_words_are_another_question() -> None:
    tool, memory = Tool(), Memory()
    client = _about(tool, memory, 0)

    client.get("/task")
    client.get("/task", params={"full": "1"})
    client.get("/task", headers={"Authorization": "Bearer other"})
    client.call("POST", "/task", json={"id": 1}, repeatable=True)
    client.call("POST", "/task", json={"id": 1}, repeatable=True)

    assert tool.asked == 4


def test_what_may_change_something_is_never_answered_from_memory() -> None:
    tool, memory = Tool(), Memory()

    for _ in range(2):
        _about(tool, memory, 0).call("POST", "/task", json={})

    assert tool.asked == 2


def test_a_refusal_is_remembered_as_well() -> None:
    tool, memory = Tool(), Memory()
    tool.is_missing = True

    found = []
    for _ in range(2):
        with pytest.raises(Refused, match="not there") as refused:
            _about(tool, memory, 0).get("/task")
        found.append((refused.value.status, refused.value.body))

    assert (tool.asked, found) == (1, [(404, b"no such task")] * 2)


def test_it_keeps_few_answers_and_no_large_one() -> None:
    tool, memory = Tool(), Memory()
    client = _about(tool, memory, 0)

    for number in range(MOST_ANSWERS + 1):
        client.get(f"/{number}")
    for url in ("/large", "/large", "/1", "/0"):
        client.get(url)

    assert tool.asked == MOST_ANSWERS + 1 + 2 + 1


def test_without_anything_that_waits_the_answer_knows_what_led_to_the_question() -> None:
    tool, memory = Tool(), Memory()

    for happened in (0, 0, 1):
        Recalling(tool, memory, happened_at=NOON + happened * SECOND, latest=lambda: None).get("/task")

    assert tool.asked == 2
