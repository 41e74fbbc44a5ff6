import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.power import NormalIndPower

from app.domain.statistics import (
    ChartSignal,
    bootstrap_percentile,
    bootstrap_se,
    chart_signals,
    correlation_of_sums,
    kaplan_meier,
    key_driver_importance,
    lagged_correlation,
    p_chart_limits,
    pearson_interval,
    reciprocity,
    sample_size_two_proportions,
    xmr_limits,
)

series = st.lists(st.tuples(st.integers(-100, 100), st.integers(-100, 100)), min_size=4, max_size=30)


@given(pairs=series)
def test_correlation_agrees_with_scipy(pairs: list[tuple[int, int]]) -> None:
    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    assume(len(set(x)) > 1)
    assume(len(set(y)) > 1)

    found = pearson_interval(x, y)

    theirs = stats.pearsonr(x, y)
    assert found.r == pytest.approx(float(theirs.statistic), abs=1e-9)
    assert found.p == pytest.approx(float(theirs.pvalue), abs=1e-6)
    assert found.r is not None
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower - 1e-12 <= found.r <= found.upper + 1e-12
    sums = (sum(x), sum(y), sum(a * a for a in x), sum(b * b for b in y), sum(a * b for a, b in pairs))
    assert correlation_of_sums(len(x), *sums) == pytest.approx(found.r, abs=1e-9)


def test_what_has_no_correlation_has_none() -> None:
    assert pearson_interval([1, 2], [3, 4]).r is None
    assert pearson_interval([], []).n == 0
    assert pearson_interval([5, 5, 5, 5], [1, 2, 3, 4]).p is None
    assert correlation_of_sums(3, 15, 6, 75, 14, 30) is None


def test_three_pairs_may_have_any_correlation() -> None:
    found = pearson_interval([1, 2, 3], [1, 3, 2])

    assert (found.r, found.lower, found.upper) == (0.5, -1, 1)


def test_a_straight_line_has_no_t_and_an_interval_of_one_point() -> None:
    found = pearson_interval([1, 2, 3, 4], [-2, -4, -6, -8])

    assert (found.r, found.lower, found.upper, found.t, found.p) == (-1, -1, -1, None, 0)


def test_a_lag_may_be_negative_and_missing_quarters_are_left_out() -> None:
    internal = [1.0, 5.0, 2.0, 7.0, 3.0, 9.0]
    external = [0.0, *internal[:-1]]

    assert lagged_correlation(internal, external, 1).r == 1
    assert lagged_correlation(external, internal, -1).r == 1
    assert lagged_correlation([None, *internal[1:]], external, 1).n_pairs == 4
    assert lagged_correlation(internal, external, 9).r is None


@given(rows=st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=40))
def test_kaplan_meier_agrees_with_statsmodels_and_counts_bins(rows: list[tuple[int, bool]]) -> None:
    times, completed = [time for time, _ in rows], [done for _, done in rows]
    bins = sorted(set(rows))

    found = kaplan_meier(times, completed)
    binned = kaplan_meier([time for time, _ in bins], [done for _, done in bins], [rows.count(row) for row in bins])

    assert binned == found
    if any(completed):
        theirs = SurvfuncRight(np.array(times), np.array(completed).astype(int))
        keep = theirs.n_events > 0
        assert found.times == theirs.surv_times[keep].tolist()
        assert found.at_risk == theirs.n_risk[keep].tolist()
        assert found.survival == pytest.approx(theirs.surv_prob[keep].tolist())


def test_a_median_that_is_not_reached_is_none() -> None:
    assert kaplan_meier([3, 9, 9], [1, 0, 0]).median is None
    assert kaplan_meier([3, 9], [0, 0]).times == []
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).quantile(0.75) == 3


def test_limits_of_a_series_without_variation_signal_nothing() -> None:
    assert xmr_limits([0.1, 0.1, 0.1]).out_of_control == []
    assert p_chart_limits([3, 3, 3], [3, 3, 3]).out_of_control == []
    assert p_chart_limits([0, 0], [5, 7]).ucl == [0, 0]


def test_limits_are_scalars_where_all_n_are_equal() -> None:
    assert isinstance(p_chart_limits([1, 2], [5, 5]).lcl, float)
    assert isinstance(p_chart_limits([1, 2], [5, 6]).lcl, list)


def test_a_chart_signals_what_is_unusual() -> None:
    run = chart_signals([1.0] * 8, center=0, lcl=-3, ucl=3)
    near = chart_signals([2.0, 0.0, 2.5, 2.0], center=0, lcl=-3, ucl=3)
    outside = chart_signals([0.0, -4.0], center=0, lcl=[-3, -3], ucl=[3, 3])

    assert run == [ChartSignal("run", 8)]
    assert near == [ChartSignal("near_limit", 4)]
    assert outside == [ChartSignal("outside", 2)]
    assert chart_signals([], 0, -1, 1) == []


@given(values=st.lists(st.floats(-10, 10), min_size=2, max_size=30))
def test_natural_limits_are_centred_on_the_mean(values: list[float]) -> None:
    found = xmr_limits(values)

    assert found.ucl - found.center == pytest.approx(found.center - found.lcl, abs=1e-9)
    assert found.center == pytest.approx(float(np.mean(values)), abs=1e-9)


def test_drivers_add_up_to_r_squared_and_twins_share() -> None:
    generator = np.random.default_rng(2)
    data = generator.normal(size=(200, 4))
    data[:, 0] += data[:, 1:].sum(axis=1)
    data[:, 3] = data[:, 2]
    matrix: list[list[float]] = np.corrcoef(data, rowvar=False).tolist()  # type: ignore[assignment]

    found = key_driver_importance(matrix, 0, ["timeliness", "communication", "effort"])

    assert sum(found.importance) == pytest.approx(found.r_squared)
    assert sum(found.share) == pytest.approx(1)
    assert found.importance[1] == pytest.approx(found.importance[2])


@pytest.mark.parametrize(
    ("matrix", "outcome", "predictors", "name"),
    [
        ([[1]], 0, [], "correlation_matrix"),
        ([[1, 0.5], [0.4, 1]], 0, ["a"], "correlation_matrix"),
        ([[1, 1.5], [1.5, 1]], 0, ["a"], "correlation_matrix"),
        ([[1, 0.5], [0.5, 1]], 2, ["a"], "outcome_index"),
        ([[1, 0.5], [0.5, 1]], 0, ["a", "b"], "predictors"),
    ],
)
def test_a_bad_matrix_is_named(matrix: list[list[float]], outcome: int, predictors: list[str], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} "):
        key_driver_importance(matrix, outcome, predictors)


def test_a_bootstrap_is_reproduced_by_its_seed() -> None:
    values = [5, 4, 4, 2, 5, 1]

    assert bootstrap_se(values, seed=3) == bootstrap_se(values, seed=3)
    assert bootstrap_se(values, seed=3) != bootstrap_se(values, seed=4)
    assert bootstrap_percentile(values, 100).seed == 20260101


def test_the_seeded_run_comes_near_its_limit_and_takes_other_statistics() -> None:
    mice = [94, 197, 16, 38, 99, 141, 23]

    found = bootstrap_se(mice, 4000)

    assert found.se == pytest.approx(23.3635, abs=1)
    assert bootstrap_percentile(mice, 500, "median").estimate == 94
    assert bootstrap_percentile(mice, 500, lambda drawn: drawn.max(axis=1)).upper == 197
    assert bootstrap_se([4], 10).se_classic is None
    with pytest.raises(ValueError, match=r"^statistic must be"):
        bootstrap_se(mice, statistic="mode")


@given(edges=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda arc: arc[0] != arc[1])))
def test_reciprocity_agrees_with_networkx(edges: set[tuple[int, int]]) -> None:
    arcs = sorted(edges)

    found = reciprocity(arcs)

    if arcs:
        assert found.reciprocity == pytest.approx(nx.overall_reciprocity(nx.DiGraph(arcs)))
    else:
        assert found.reciprocity is None


def test_reciprocity_weighs_and_leaves_loops_out() -> None:
    found = reciprocity([("A", "B"), ("B", "A"), ("A", "A"), ("A", "C")], [10, 4, 100, 6])

    assert (found.reciprocity, found.weighted_reciprocity, found.arcs) == (2 / 3, 0.4, 3)


@given(p1=st.floats(0.05, 0.95), gap=st.floats(0.02, 0.3))
def test_the_planned_size_has_about_the_power_asked_for(p1: float, gap: float) -> None:
    p2 = p1 + gap if p1 + gap < 0.98 else p1 - gap
    assume(p2 > 0.02)

    n = sample_size_two_proportions(p1, p2).n_per_group

    effect = 2 * abs(np.arcsin(np.sqrt(p1)) - np.arcsin(np.sqrt(p2)))
    power = float(NormalIndPower().power(effect, n, 0.05))
    assert 0.7 < power < 0.95


def test_equal_shares_cannot_be_told_apart() -> None:
    with pytest.raises(ValueError, match=r"^p2 must differ"):
        sample_size_two_proportions(0.5, 0.5)
