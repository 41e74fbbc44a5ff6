from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.service_requests import (
    Change,
    EventKind,
    Standing,
    TrackerEvent,
    Transition,
    status_since,
    transition,
    was_on_time,
)
from app.domain.states import RequestState

MONDAY = datetime(2026, 7, 6, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN, DONE, DELETED = RequestState.OPEN, RequestState.DONE, RequestState.DELETED


@pytest.mark.parametrize(
    ("before", "told", "change"),
    [
        (OPEN, DONE, Change.COMPLETES),
        (OPEN, OPEN, Change.NOTHING),
        (OPEN, DELETED, Change.DELETES),
        (DONE, OPEN, Change.REOPENS),
        (DONE, DONE, Change.NOTHING),
        (DONE, DELETED, Change.DELETES),
        (DELETED, DONE, Change.COMPLETES),
        (DELETED, OPEN, Change.NOTHING),
        (DELETED, DELETED, Change.NOTHING),
    ],
)
def test_a_newer_event_moves_a_request_from_state_to_state(
    before: RequestState, told: RequestState, change: Change
) -> None:
    assert transition(Standing(before, MONDAY), told, MONDAY + HOUR) == Transition(
        Standing(told, MONDAY + HOUR), change
    )


@pytest.mark.parametrize("told", [OPEN, DONE])
def test_an_older_event_does_not_undo_a_newer_one(told: RequestState) -> None:
    stored = Standing(DONE if told is OPEN else OPEN, MONDAY)

    assert transition(stored, told, MONDAY - HOUR) == Transition(stored, Change.NOTHING)


def test_a_late_reopening_from_between_two_completions_does_not_reopen() -> None:
    completed = transition(Standing(), DONE, MONDAY).standing
    closed = transition(completed, DONE, MONDAY + 2 * HOUR).standing

    assert transition(closed, OPEN, MONDAY + HOUR).change is Change.NOTHING


def test_an_update_says_nothing_about_the_state() -> None:
    event = TrackerEvent(external_id="1", kind=EventKind.UPDATED, occurred_at=MONDAY)

    assert transition(Standing(), event.told, event.occurred_at) == Transition(Standing(), Change.NOTHING)


def test_a_request_first_heard_of_as_updated_can_still_have_been_completed_before() -> None:
    heard = transition(Standing(), None, MONDAY).standing

    assert transition(heard, DONE, MONDAY - HOUR).change is Change.COMPLETES


events = st.lists(st.tuples(st.sampled_from(RequestState), st.integers(0, 5)), min_size=1, max_size=8)


def _after(told: list[tuple[RequestState, int]]) -> tuple[Standing, int]:
    standing, running = Standing(), 0
    for state, hours in told:
        moved = transition(standing, state, MONDAY + hours * HOUR)
        standing = moved.standing
        running += {Change.COMPLETES: 1, Change.REOPENS: -1, Change.NOTHING: 0}.get(moved.change, -running)
    return standing, running


@given(events, st.randoms(use_true_random=False), st.integers(1, 3))
def test_any_order_and_repetition_of_the_same_events_gives_the_same_state(
    told: list[tuple[RequestState, int]], shuffler: object, times: int
) -> None:
    in_order = _after(sorted(told, key=lambda event: event[1]))
    shuffled = told * times
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]

    assert _after(shuffled) == in_order


@given(events)
def test_one_cycle_runs_exactly_while_the_request_is_done(told: list[tuple[RequestState, int]]) -> None:
    standing, running = _after(told)

    assert running == (standing.state is DONE)


@given(events)
def test_events_that_were_heard_before_change_nothing(told: list[tuple[RequestState, int]]) -> None:
    standing, _ = _after(told)

    assert [transition(standing, state, MONDAY + hours * HOUR).change for state, hours in told] == [
        Change.NOTHING
    ] * len(told)


def test_the_sla_state_is_the_reported_one_else_by_the_due_moment_else_unknown() -> None:
    assert [
        was_on_time(False, MONDAY + HOUR, MONDAY),
        was_on_time(None, MONDAY, MONDAY),
        was_on_time(None, MONDAY - HOUR, MONDAY),
        was_on_time(None, None, MONDAY),
    ] == [False, True, False, None]


def test_a_status_begins_with_the_report_that_first_tells_it() -> None:
    first = status_since((None, None), "Doing", MONDAY, is_newest=True)
    again = status_since(first, "Doing", MONDAY + HOUR, is_newest=True)
    other = status_since(again, "Waiting", MONDAY + 2 * HOUR, is_newest=True)

    assert (first, again, other) == (("Doing", MONDAY), first, ("Waiting", MONDAY + 2 * HOUR))


def test_a_late_report_of_an_earlier_status_moves_nothing() -> None:
    stored = ("Waiting", MONDAY)

    assert status_since(stored, "Doing", MONDAY - HOUR, is_newest=False) == stored
    assert status_since((None, None), "Doing", MONDAY - HOUR, is_newest=False) == ("Doing", MONDAY - HOUR)


def test_a_status_that_is_cleared_began_never() -> None:
    assert status_since(("Waiting", MONDAY), None, MONDAY + HOUR, is_newest=True) == (None, None)
