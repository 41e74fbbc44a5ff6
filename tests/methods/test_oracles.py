"""Random inputs against other people's programs, for the functions whose unit tests have no oracle of their own."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.meta_analysis import combine_effects

from app.domain.statistics import (
    beta_binomial_shrinkage,
    bootstrap_percentile,
    bootstrap_se,
    cliffs_delta,
    cluster_robust_mean,
    clustered_proportion,
    dersimonian_laird,
    empirical_bayes_normal,
    key_driver_importance,
    pearson_interval,
    proportion_fpc,
    sample_size_two_proportions,
    stratified_mean,
)

values = st.floats(-50, 50, allow_subnormal=False).map(lambda value: round(value, 3))
effects = st.lists(st.tuples(values, st.floats(0.01, 9)), min_size=2, max_size=20)
clusters = st.lists(st.lists(st.booleans(), min_size=1, max_size=5), min_size=2, max_size=25)
ratings = st.lists(st.integers(1, 5), min_size=2, max_size=25)


@settings(max_examples=40, deadline=None)
@given(rows=effects)
def test_random_effects_agree_with_statsmodels(rows: list[tuple[float, float]]) -> None:
    y, v = [effect for effect, _ in rows], [variance for _, variance in rows]

    found = dersimonian_laird(y, v)
    shrunk = empirical_bayes_normal(y, v)

    if found.tau2 == 0:  # statsmodels lets the variance between groups fall below zero
        assert found.mu == pytest.approx(found.fixed)
        assert len(y) - 1 + 1e-9 >= found.Q
        return
    theirs = combine_effects(np.array(y), np.array(v), method_re="chi2")
    assert pytest.approx(float(theirs.q)) == found.Q
    assert found.tau2 == pytest.approx(float(theirs.tau2), abs=1e-8)
    assert found.fixed == pytest.approx(float(theirs.mean_effect_fe), abs=1e-8)
    assert found.mu == pytest.approx(float(theirs.mean_effect_re), abs=1e-8)
    assert found.se == pytest.approx(math.sqrt(theirs.var_eff_w_re), abs=1e-8)
    assert found.upper - found.mu == pytest.approx(float(stats.norm.ppf(0.975)) * found.se)
    assert all(
        min(value, found.mu) - 1e-9 <= estimate <= max(value, found.mu) + 1e-9
        for value, estimate in zip(y, shrunk.estimates, strict=True)
    )


@settings(max_examples=30, deadline=None)
@given(prior=st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.9)), n=st.integers(0, 200), share=st.floats(0, 1))
def test_the_posterior_is_scipys_beta(prior: tuple[float, float], n: int, share: float) -> None:
    mean, part = prior
    sd, x = part * math.sqrt(mean * (1 - mean)), share * n

    found = beta_binomial_shrinkage(mean, sd, x, n)

    before = stats.beta(found.alpha, found.beta)
    after = stats.beta(found.alpha + x, found.beta + n - x)
    assert (before.mean(), before.std()) == pytest.approx((mean, sd))
    assert (found.posterior_mean, found.posterior_sd) == pytest.approx((after.mean(), after.std()))


@settings(max_examples=40, deadline=None)
@given(groups=st.lists(st.lists(values, min_size=1, max_size=5), min_size=2, max_size=15))
def test_the_robust_standard_error_agrees_with_statsmodels(groups: list[list[float]]) -> None:
    answers = [value for group in groups for value in group]
    owner = [place for place, group in enumerate(groups) for _ in group]

    found = cluster_robust_mean([sum(group) for group in groups], [len(group) for group in groups])

    theirs = OLS(np.array(answers), np.ones(len(answers))).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(owner), "use_correction": True}, use_t=True
    )
    assert found.mean == pytest.approx(float(theirs.params[0]), abs=1e-9)
    assert found.se == pytest.approx(float(theirs.bse[0]), abs=1e-9)
    assert found.upper == pytest.approx(float(theirs.conf_int()[0][1]), abs=1e-6)


@given(groups=clusters)
def test_the_intraclass_correlation_is_that_of_an_analysis_of_variance(groups: list[list[bool]]) -> None:
    sizes = [len(group) for group in groups]
    n, count = sum(sizes), len(sizes)
    everybody = np.concatenate([np.array(group, dtype=float) for group in groups])
    if n == count:
        return

    found = clustered_proportion([sum(group) for group in groups], sizes)

    means = [float(np.mean(group)) for group in groups]
    between = sum(m * (mean - everybody.mean()) ** 2 for m, mean in zip(sizes, means, strict=True)) / (count - 1)
    within = sum(float(((np.array(group) - mean) ** 2).sum()) for group, mean in zip(groups, means, strict=True))
    within /= n - count
    typical = (n - sum(m * m for m in sizes) / n) / (count - 1)
    spread = between + (typical - 1) * within
    icc = (between - within) / spread if spread > 1e-12 else 1
    assert found.icc == pytest.approx(icc, abs=1e-9)
    assert found.design_effect == pytest.approx(max(1, sum(m * (1 + (m - 1) * icc) for m in sizes) / n))


@given(a=ratings, b=ratings)
def test_the_interval_of_cliffs_delta_is_that_of_its_dominance_matrix(a: list[int], b: list[int]) -> None:
    found = cliffs_delta(a, b)

    d = np.sign(np.subtract.outer(np.array(a), np.array(b))).astype(float)
    m, n, delta = len(a), len(b), float(d.mean())
    spread = n * n * float(((d.mean(axis=1) - delta) ** 2).sum()) + m * m * float(((d.mean(axis=0) - delta) ** 2).sum())
    variance = max(0.0, (spread - float(((d - delta) ** 2).sum())) / (m * n * (m - 1) * (n - 1)))
    assert found.delta == pytest.approx(delta)
    if abs(delta) < 1:
        t = float(stats.t.ppf(0.975, m + n - 2))
        half = t * math.sqrt(variance) * math.sqrt((1 - delta**2) ** 2 + t * t * variance)
        scale = 1 - delta**2 + t * t * variance
        assert found.lower == pytest.approx(max(-1, (delta - delta**3 - half) / scale), abs=1e-9)
        assert found.upper == pytest.approx(min(1, (delta - delta**3 + half) / scale), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 4))
def test_the_drivers_are_the_mean_gain_over_all_orders_of_entry(seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    data = generator.normal(size=(40, count + 1)) + generator.normal(size=(40, 1))

    matrix: list[list[float]] = np.corrcoef(data, rowvar=False).tolist()  # type: ignore[assignment]
    found = key_driver_importance(matrix, 0, [str(place) for place in range(count)])

    def explained(rows: tuple[int, ...]) -> float:
        columns = np.column_stack([np.ones(40), data[:, [row + 1 for row in rows]]])
        return float(OLS(data[:, 0], columns).fit().rsquared) if rows else 0.0

    gains = np.zeros(count)
    orders = list(itertools.permutations(range(count)))
    for order in orders:
        for place, row in enumerate(order):
            gains[row] += (explained(order[: place + 1]) - explained(order[:place])) / len(orders)
    assert found.importance == pytest.approx(gains.tolist(), abs=1e-8)
    assert found.r_squared == pytest.approx(explained(tuple(range(count))), abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(pairs=st.lists(st.tuples(values, values), min_size=4, max_size=30, unique_by=(lambda p: p[0], lambda p: p[1])))
def test_the_interval_of_a_correlation_agrees_with_scipy(pairs: list[tuple[float, float]]) -> None:
    x, y = [a for a, _ in pairs], [b for _, b in pairs]

    found = pearson_interval(x, y, conf_level=0.9)

    theirs = stats.pearsonr(x, y).confidence_interval(0.9)
    assert (found.lower, found.upper) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


@settings(max_examples=30, deadline=None)  # 10 ms for the root
@given(p=st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)), power=st.floats(0.5, 0.99))
def test_the_planned_size_solves_the_equation_of_its_power(p: tuple[float, float], power: float) -> None:
    first, second = p
    if abs(first - second) < 0.01:
        return

    found = sample_size_two_proportions(first, second, power=power)

    def short_of(n: float) -> float:
        middle = (first + second) / 2
        z = (
            math.sqrt(n) * abs(first - second) - stats.norm.ppf(0.975) * math.sqrt(2 * middle * (1 - middle))
        ) / math.sqrt(first * (1 - first) + second * (1 - second))
        return float(stats.norm.cdf(z)) - power

    assert found.n == pytest.approx(optimize.brentq(short_of, 1e-6, 1e7, xtol=1e-9, rtol=1e-12), rel=1e-6)
    assert found.n_per_group == math.ceil(found.n - 1e-9)


@given(strata=st.lists(st.lists(values, min_size=2, max_size=8), min_size=1, max_size=6), factor=st.integers(1, 9))
def test_strata_are_weighted_by_their_size(strata: list[list[float]], factor: int) -> None:
    sizes = [len(answers) * (factor + place) for place, answers in enumerate(strata)]

    found = stratified_mean(
        sizes,
        [len(answers) for answers in strata],
        [float(np.mean(answers)) for answers in strata],
        [float(np.std(answers, ddof=1)) for answers in strata],
    )

    shares = np.array(sizes) / sum(sizes)
    left = 1 - np.array([len(answers) for answers in strata]) / np.array(sizes)
    variances = np.array([np.var(answers, ddof=1) / len(answers) for answers in strata])
    assert found.mean == pytest.approx(float(shares @ np.array([np.mean(answers) for answers in strata])), abs=1e-9)
    assert found.se == pytest.approx(math.sqrt(float((shares**2 * left) @ variances)), abs=1e-9)


@given(answers=st.lists(st.booleans(), min_size=2, max_size=50), left=st.integers(0, 100))
def test_a_share_drawn_from_a_finite_number_has_the_error_of_a_mean(answers: list[bool], left: int) -> None:
    n, total = len(answers), len(answers) + left

    found = proportion_fpc(sum(answers), n, total)

    assert found.se == pytest.approx(math.sqrt((1 - n / total) * float(np.var(answers, ddof=1)) / n), abs=1e-12)


@settings(max_examples=8, deadline=None)
@given(answers=st.lists(st.integers(1, 5), min_size=5, max_size=40))
def test_a_bootstrap_agrees_with_scipys_within_its_own_error(answers: list[int]) -> None:
    ours, width = bootstrap_se(answers, 4000), bootstrap_percentile(answers, 4000)

    theirs = stats.bootstrap((answers,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(1))
    noise = 0.12 * ours.se_ideal + 1e-9
    assert ours.se == pytest.approx(ours.se_ideal, abs=noise)
    assert ours.se == pytest.approx(float(theirs.standard_error), abs=noise)
    steps = 2.5 / len(answers) + 3 * noise  # a mean of n whole ratings moves in steps of 1/n
    assert width.lower == pytest.approx(float(theirs.confidence_interval.low), abs=steps)
    assert width.upper == pytest.approx(float(theirs.confidence_interval.high), abs=steps)
