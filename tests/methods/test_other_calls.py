"""The same functions as others would call them: examples of other papers, arrays of numpy, edges and large numbers."""

import json
import math
from typing import Any

import numpy as np
import pytest

from app.domain import statistics
from app.domain.statistics import (
    benjamini_hochberg,
    bootstrap_se,
    box_scores,
    cliffs_delta,
    clustered_proportion,
    dersimonian_laird,
    holm,
    kaplan_meier,
    kish_effective_n,
    mean_interval_adjusted,
    newcombe_difference,
    reciprocity,
    stratified_mean,
    suppressed_groups,
    wilson_interval,
)
from tests.methods.test_any_input import is_finite
from tests.methods.test_cases import CASES


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1.0), (0, 10, 0.0, 0.2775)],
)
def test_shares_of_newcombe_1998(x: int, n: int, lower: float, upper: float) -> None:
    found = wilson_interval(x=x, n=n, conf_level=0.95)

    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=6e-5)


@pytest.mark.parametrize(
    ("one", "other", "lower", "upper"),
    [
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_of_newcombe_1998(one: tuple[int, int], other: tuple[int, int], lower: float, upper: float) -> None:
    found = newcombe_difference(x1=one[0], n1=one[1], x2=other[0], n2=other[1])

    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=6e-5)


def test_the_remissions_of_freireich_1963() -> None:
    """6-MP arm: remission in weeks, open ones censored; median 23."""
    times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

    found = kaplan_meier(times=times, completed=ended)

    assert found.times == [6, 7, 10, 13, 16, 22, 23]
    assert found.survival == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=6e-5)
    assert found.median == 23


def test_the_trials_of_bcg_vaccine_by_colditz_1994() -> None:
    """Thirteen log risk ratios; metafor's documentation prints Q 152.233, tau² .3088, estimate -.7141 (se .1787)."""
    y = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209]
    y += [0.0120, -0.4694, -1.3713, -0.3394, 0.4459, -0.0173]
    v = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]

    found = dersimonian_laird(y=y, v=v)

    assert pytest.approx(152.233, rel=0.004) == found.Q  # the inputs have four digits
    assert (found.tau2, found.mu, found.se) == pytest.approx((0.3088, -0.7141, 0.1787), abs=2e-3)


def test_numpy_arrays_and_scalars_are_as_good_as_lists() -> None:
    for case in CASES:
        function = getattr(statistics, case["function"])
        found = function(**_as_arrays(case["inputs"]))

        assert found == function(**case["inputs"])
        assert is_finite(found)
        assert json.dumps(vars(found))  # plain numbers only


def _as_arrays(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_arrays(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return np.array(value) if len({type(inner) for inner in value}) == 1 else value
    if type(value) is int:
        return np.int64(value)
    return np.float64(value) if type(value) is float else value


def test_tuples_are_as_good_as_lists() -> None:
    for case in CASES:
        function = getattr(statistics, case["function"])

        assert function(**{name: _frozen(value) for name, value in case["inputs"].items()}) == function(
            **case["inputs"]
        )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value


def test_a_thousand_million_answers_leave_little_doubt() -> None:
    share = wilson_interval(x=800_000_000, n=10**9)
    mean = mean_interval_adjusted(counts=[0, 0, 0, 10**9, 10**9], values=[1, 2, 3, 4, 5])
    scores = box_scores(counts=[10**9] * 5, values=[1, 2, 3, 4, 5])

    assert (share.lower, share.upper) == pytest.approx((0.8, 0.8), abs=3e-5)
    assert (mean.mean, mean.lower, mean.upper) == pytest.approx((4.5, 4.5, 4.5), abs=3e-5)
    assert scores.score_0_100 == 50


def test_what_weighs_nothing_counts_for_nothing() -> None:
    assert kish_effective_n(weights=[0, 1, 1]).effective_n == 2
    assert kish_effective_n(weights=[1e-90, 1e-90]).effective_n == 2
    assert reciprocity(edges=[("A", "B"), ("B", "A")], weights=[1, 0]).reciprocity == 0


def test_nothing_happened_yet() -> None:
    assert kaplan_meier(times=[], completed=[]) == kaplan_meier(times=[3], completed=[False])
    assert benjamini_hochberg(p_values=[]).adjusted == holm(p_values=()).adjusted == []
    assert suppressed_groups(counts={}, minimum_group_size=5).suppressed == []


def test_everybody_says_the_same() -> None:
    assert cliffs_delta(a=[4, 4, 4], b=[4, 4]).delta == 0
    together = clustered_proportion(cluster_successes=[2, 3], cluster_sizes=[2, 3])
    assert (together.estimate, together.upper) == (1, 1)
    assert stratified_mean(
        strata=["a", "b"], population_sizes=[10, 30], sample_sizes=[2, 3], means=[4, 4], sds=[0, 0]
    ).mean == pytest.approx(4)


@pytest.mark.parametrize(
    ("function", "arguments", "named"),
    [
        ("bootstrap_se", {"values": [1, 2], "seed": -1}, "seed"),
        ("bootstrap_se", {"values": [1, 2], "seed": None}, "seed"),
        ("bootstrap_percentile", {"values": [1, 2], "seed": "a"}, "seed"),
        ("bootstrap_percentile", {"values": [1, 2], "statistic": "mode"}, "statistic"),
        ("bootstrap_percentile", {"values": [1, 2], "statistic": np.mean}, "statistic"),
        ("holm", {"p_values": np.array(0.5)}, "p_values"),
        ("benjamini_hochberg", {"p_values": [0.1, math.nan]}, "p_values"),
        ("kaplan_meier", {"times": [1, 2], "completed": [1, 2]}, "completed"),
        ("kaplan_meier", {"times": [1, 2], "completed": [1, math.nan]}, "completed"),
        ("suppressed_groups", {"counts": {"a": 1, 2: 9}, "minimum_group_size": 5}, "counts"),
        ("wilson_interval", {"x": 1, "n": 1e200}, "n"),
        ("wilson_interval", {"x": 1, "n": 2, "conf_level": 95}, "conf_level"),
        ("key_driver_importance", {"correlation_matrix": [[1, 2], [2, 1]], "outcome_index": 0, "predictors": ["a"]},
         "correlation_matrix"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_name(function: str, arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^{named}\b"):
        getattr(statistics, function)(**arguments)


def test_a_statistic_of_ones_own_gives_one_value_a_row() -> None:
    found = bootstrap_se(values=[1, 2, 3, 4], replicates=500, statistic=lambda drawn: drawn.max(axis=1))

    assert found.estimate == 4
    assert found.se > 0
