import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics import acsi_index, box_scores, rescale, rescale_0_100

counts_of_five = st.lists(st.floats(0, 50), min_size=5, max_size=5).filter(lambda counts: sum(counts) > 0.001)


@given(counts=counts_of_five)
def test_boxes_are_shares_and_the_score_is_the_rescaled_mean(counts: list[float]) -> None:
    found = box_scores(counts, (1, 2, 3, 4, 5))

    assert 0 <= found.top_box <= found.top_two_box <= 1 + 1e-9
    assert 0 <= found.bottom_box <= found.bottom_two_box <= 1 + 1e-9
    assert found.score_0_100 == pytest.approx(25 * (found.mean - 1))


def test_a_value_outside_its_scale_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^values must lie on the scale 1 to 5"):
        rescale_0_100([6], 1, 5)
    with pytest.raises(ValueError, match=r"^values "):
        rescale([math.nan], (1, 5), (0, 10))
    with pytest.raises(ValueError, match=r"^from_scale "):
        rescale([1], (5, 5), (0, 10))
    with pytest.raises(ValueError, match=r"^to_scale "):
        rescale([1], (1, 5), (0, 5, 10))
    assert rescale([], (1, 5), (0, 10)).values == []


def test_a_reversed_scale_is_one_that_descends_in_the_target() -> None:
    assert rescale([1, 2, 5], (1, 5), (5, 1)).values == [5, 4, 1]
    assert rescale([1, 2, 5], (5, 1), (0, 100)).values == [100, 75, 0]


def test_the_points_of_a_scale_may_be_listed_best_first() -> None:
    assert box_scores([60, 27, 8, 3, 2], (5, 4, 3, 2, 1)) == box_scores([2, 3, 8, 27, 60], (1, 2, 3, 4, 5))
    with pytest.raises(ValueError, match=r"^values must not repeat"):
        box_scores([1, 2], (5, 5))


def test_the_published_weights_of_the_index_need_not_sum_to_one_exactly() -> None:
    assert acsi_index([10, 10, 10], [0.3885, 0.3190, 0.2925]).index == pytest.approx(100)
    with pytest.raises(ValueError, match=r"^counts must count at least one answer"):
        box_scores([0, 0], (0, 1))
