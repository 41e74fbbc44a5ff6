import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW

from app.domain.statistics import (
    benjamini_hochberg,
    beta_binomial_prior,
    beta_binomial_shrinkage,
    cluster_robust_mean,
    clustered_proportion,
    dersimonian_laird,
    empirical_bayes_normal,
    holm,
    james_stein,
    kish_effective_n,
    one_requester_one_weight,
    per_request_share,
    per_requester_share,
    poststratified_mean,
    rank_interval,
    request_weights,
    stratified_mean,
    wilson_interval,
)

families = st.lists(st.floats(0, 1), min_size=1, max_size=30)
people = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 3)).map(lambda p: (min(p), p[1])), min_size=1, max_size=40
)


@settings(max_examples=25, deadline=None)  # statsmodels takes 20 ms a family
@given(p_values=families)
def test_adjusted_p_values_agree_with_statsmodels(p_values: list[float]) -> None:
    _, theirs, _, _ = multipletests(p_values, 0.05, method="holm")

    assert benjamini_hochberg(p_values).adjusted == pytest.approx(stats.false_discovery_control(p_values).tolist())
    assert holm(p_values).adjusted == pytest.approx(theirs.tolist())


def test_an_empty_family_stays_empty_and_bad_p_values_are_named() -> None:
    assert benjamini_hochberg([]).adjusted == holm([]).adjusted == []
    with pytest.raises(ValueError, match=r"^p_values "):
        benjamini_hochberg([0.1, math.nan])


def test_ranks_are_wide_where_departments_overlap_and_exact_where_they_do_not() -> None:
    apart = rank_interval([10, 30, 20], [0.1, 0.1, 0.1])
    alike = rank_interval([10, 10, 10], [5, 5, 5])

    assert (apart.lower, apart.upper) == ([3, 1, 2], [3, 1, 2])
    assert (alike.lower, alike.upper) == ([1, 1, 1], [3, 3, 3])
    assert rank_interval([], []).lower == []
    assert rank_interval([1, 2], [1, 1], seed=5) == rank_interval([1, 2], [1, 1], seed=5)


@given(answers=people)
def test_one_vote_a_person_is_wilson_on_their_own_shares(answers: list[tuple[int, int]]) -> None:
    found = per_requester_share([x for x, _ in answers], [m for _, m in answers])

    votes = sum(x / m for x, m in answers)
    assert found.n == len(answers)
    assert found.estimate == pytest.approx(votes / len(answers))
    assert found.lower == pytest.approx(wilson_interval(votes, len(answers)).lower)
    if all(x == m for x, m in answers):
        assert (found.estimate, found.upper) == (1, 1)


@given(answers=people, weight=st.sampled_from([2, 3, 6, 12, 18]))
def test_profiles_and_single_people_give_the_same_shares(answers: list[tuple[int, int]], weight: int) -> None:
    profiles = sorted(set(answers))
    times = [answers.count(profile) for profile in profiles]
    x, m = [x for x, _ in answers], [m for _, m in answers]
    xs, ms = [x for x, _ in profiles], [m for _, m in profiles]

    one_by_one = per_request_share(x, m, [weight] * len(x))
    by_profile = per_request_share(xs, ms, [weight] * len(xs), times)

    assert per_requester_share(xs, ms, times).lower == pytest.approx(per_requester_share(x, m).lower)
    assert by_profile.lower == pytest.approx(one_by_one.lower)
    assert one_by_one.estimate == pytest.approx(sum(x) / sum(m))
    assert one_by_one.n == pytest.approx(sum(m) ** 2 / sum(v * v for v in m))


def test_request_weights_take_the_nearest_step_and_the_larger_of_two() -> None:
    assert request_weights([3, 3, 3], [1, 1, 1]) == [6, 6, 6]
    # Ratios 1, 1, 1, 9 have the mean 3: a third each, and three.
    assert request_weights([1, 1, 1, 9], [1, 1, 1, 9 // 9]) == [2, 2, 2, 18]
    # Ratios 3 and 1 over their mean 2: one and a half lies halfway between one and two.
    assert request_weights([3, 1], [1, 1]) == [12, 3]
    # Fewer eligible requests than answers counts as equal.
    assert request_weights([0, 2], [2, 2]) == [6, 6]
    assert request_weights([], []) == []
    with pytest.raises(ValueError, match=r"^accepted must be at least 1"):
        request_weights([1], [0])


@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_kish_counts_at_most_what_is_there(weights: list[float]) -> None:
    found = kish_effective_n(weights)

    assert 1 - 1e-9 <= found.effective_n <= len(weights) + 1e-9
    assert found.design_effect * found.effective_n == pytest.approx(len(weights))


def test_weighting_agrees_with_statsmodels() -> None:
    found = poststratified_mean([40, 60, 100], [5, 6, 7], [3.5, 4.2, 4.9])

    assert found.mean == pytest.approx(float(DescrStatsW([3.5, 4.2, 4.9], weights=[40, 60, 100]).mean))


def test_cells_without_answers_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^sample_sizes "):
        poststratified_mean([40, 60], [5, 0], [3.5, 4.2])
    with pytest.raises(ValueError, match=r"^sample_sizes "):
        stratified_mean([40, 60], [5, 0], [3.5, 4.2], [1, 1])
    with pytest.raises(ValueError, match=r"^score "):
        one_requester_one_weight([], [])


def test_one_person_alone_is_one_vote() -> None:
    alone = clustered_proportion([7], [10])

    assert alone.design_effect == pytest.approx(10)
    assert alone.lower == pytest.approx(wilson_interval(0.7, 1).lower)
    assert cluster_robust_mean([30], [7]).se is None


def test_single_answers_have_no_design_effect_and_a_ceiling_is_one_vote_a_person() -> None:
    assert clustered_proportion([1, 0, 1], [1, 1, 1]).design_effect == 1
    assert clustered_proportion([2, 2, 2], [2, 2, 2]).design_effect == pytest.approx(2)
    assert clustered_proportion([1, 1, 1, 1], [2, 2, 2, 2]).design_effect == 1


@given(answers=people)
def test_clusters_never_raise_and_stay_in_range(answers: list[tuple[int, int]]) -> None:
    found = clustered_proportion([x for x, _ in answers], [m for _, m in answers])

    assert 1 <= found.design_effect <= 3 + 1e-9
    assert 0 <= found.lower <= found.estimate <= found.upper <= 1


def test_shrinkage_of_equal_values_is_complete_and_of_three_none() -> None:
    assert james_stein([2, 2, 2, 2], 1).shrinkage_factor == 0
    assert james_stein([1, 2, 3], 1).estimates == [1, 2, 3]
    assert james_stein([1, 2, 3, 2], 100).shrinkage_factor == 0


def test_a_department_without_answers_keeps_the_prior() -> None:
    found = beta_binomial_shrinkage(0.8, 0.1, 0, 0)

    assert (found.posterior_mean, found.posterior_sd) == pytest.approx((0.8, 0.1))
    with pytest.raises(ValueError, match=r"^prior_sd must be below"):
        beta_binomial_shrinkage(0.8, 0.5, 1, 2)


def test_the_prior_finds_the_spread_between_departments_and_not_that_of_chance() -> None:
    generator = np.random.default_rng(3)
    true = generator.beta(16, 4, size=400)
    differing = beta_binomial_prior(generator.binomial(50, true).tolist(), [50] * 400)
    alike = beta_binomial_prior([8, 8, 8, 8], [10, 10, 10, 10])

    assert differing.prior_mean == pytest.approx(0.8, abs=0.01)
    assert differing.prior_sd == pytest.approx(math.sqrt(0.16 / 21), abs=0.01)
    assert (alike.prior_mean, alike.prior_sd) == (0.8, None)
    assert beta_binomial_prior([4], [4]).prior_sd is None


def test_departments_that_do_not_differ_are_all_the_common_value() -> None:
    found = empirical_bayes_normal([80, 81, 79], [25, 25, 25])

    assert found.estimates == pytest.approx([80, 80, 80])
    assert found.sds == [0, 0, 0]
    assert dersimonian_laird([5], [2]).tau2 == 0
    with pytest.raises(ValueError, match=r"^v must be greater than 0"):
        empirical_bayes_normal([1, 2], [1, 0])
