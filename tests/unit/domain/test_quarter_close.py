"""The seven steps of a close: one is next until all are done, and the freeze waits for nobody."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quarter_close import CloseFacts, CloseStep, StepState, step_states

NOTHING = CloseFacts(
    has_ended=False,
    answers_are_in=False,
    is_looked_at=False,
    scores_missing=0,
    comments_are_open=False,
    comments_left=0,
    is_frozen=False,
    is_sent=False,
)
ENDED = replace(NOTHING, has_ended=True)
IN = replace(ENDED, answers_are_in=True, comments_are_open=True)
READY = replace(IN, is_looked_at=True)
FROZEN = replace(READY, is_frozen=True)
D, N, L, P = StepState.DONE, StepState.NOW, StepState.LATER, StepState.PASSED


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        (NOTHING, (N, L, L, L, L, L, L)),
        (ENDED, (D, N, L, D, L, L, L)),
        (replace(ENDED, is_looked_at=True, scores_missing=2), (D, N, D, L, L, L, L)),
        (replace(IN, scores_missing=2, comments_left=4), (D, D, N, L, L, L, L)),
        (replace(READY, scores_missing=2, comments_left=4), (D, D, D, N, L, L, L)),
        (replace(READY, comments_left=4), (D, D, D, D, N, L, L)),
        (replace(READY, comments_are_open=False), (D, D, D, D, N, L, L)),
        (READY, (D, D, D, D, D, N, L)),
        (FROZEN, (D, D, D, D, D, D, N)),
        (replace(IN, is_frozen=True, scores_missing=2, comments_left=4), (D, D, P, P, P, D, N)),
        (replace(FROZEN, is_sent=True), (D, D, D, D, D, D, D)),
        (replace(IN, is_frozen=True, is_sent=True, scores_missing=1), (D, D, P, P, D, D, D)),
    ],
)
def test_steps_stand_where_the_quarter_does(facts: CloseFacts, states: tuple[StepState, ...]) -> None:
    assert step_states(facts) == dict(zip(CloseStep, states, strict=True))


@given(st.builds(CloseFacts, scores_missing=st.integers(0, 3), comments_left=st.integers(0, 3)))
def test_exactly_one_step_is_next_until_all_is_sent(facts: CloseFacts) -> None:
    states = list(step_states(facts).values())
    is_over = facts.has_ended and facts.answers_are_in and facts.is_frozen and facts.is_sent

    assert states.count(N) == (0 if is_over else 1)
    assert L not in states[: states.index(N)] if N in states else L not in states
