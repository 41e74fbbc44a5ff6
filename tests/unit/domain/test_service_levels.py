import pytest

from app.domain.service_levels import WatermelonState, watermelon_flag
from app.domain.statistics import wilson_interval


@pytest.mark.parametrize(
    ("on_time", "completed", "satisfied", "requesters", "state"),
    [
        (990, 1000, 40, 100, "confirmed"),
        (500, 1000, 99, 100, "inverse"),
        (19, 20, 15, 20, "possible"),
        (18, 20, 16, 20, "none"),
        (17, 20, 15, 20, "none"),
        (990, 1000, 4, 9, "too_few"),
        (9, 9, 40, 100, "too_few"),
        (0, 0, 40, 100, "too_few"),
    ],
)
def test_the_states_are_tried_in_order(
    on_time: int, completed: int, satisfied: int, requesters: int, state: str
) -> None:
    found = watermelon_flag(
        on_time=on_time,
        completed=completed,
        satisfaction=wilson_interval(satisfied, requesters),
        requesters=requesters,
    )

    assert found.state == WatermelonState(state)


def test_targets_are_the_departments_own() -> None:
    found = watermelon_flag(
        on_time=85,
        completed=100,
        satisfaction=wilson_interval(85, 100),
        requesters=100,
        on_time_target=0.80,
        satisfaction_target=0.95,
    )

    assert found.state == "possible"


def test_requests_of_unknown_state_are_counted_and_left_out() -> None:
    found = watermelon_flag(on_time=0, completed=0, satisfaction=None, requesters=12, unknown=30)

    assert (found.state, found.on_time, found.unknown) == ("too_few", None, 30)


def test_more_on_time_than_completed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^n must be greater|^x must lie"):
        watermelon_flag(on_time=3, completed=2, satisfaction=None, requesters=12)
