"""What must hold whatever the numbers are: sides swapped, families shuffled, scales stretched or turned round."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics import (
    benjamini_hochberg,
    box_scores,
    cliffs_delta,
    cliffs_delta_of_counts,
    dersimonian_laird,
    difference_p_value,
    holm,
    james_stein,
    kaplan_meier,
    kish_effective_n,
    mean_interval_adjusted,
    newcombe_difference,
    nps_difference,
    nps_interval_adjusted,
    nps_interval_wald,
    pearson_interval,
    rank_interval,
    reciprocity,
    rescale,
    rescale_0_100,
    square_and_add,
    welch_difference,
    wilson_interval,
)

FIVE = [1, 2, 3, 4, 5]
five_counts = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(any)
three_counts = st.lists(st.integers(0, 40), min_size=3, max_size=3).filter(any)
parts = st.tuples(st.floats(0, 1), st.floats(0.5, 500)).map(lambda pair: (pair[0] * pair[1], pair[1]))
families = st.lists(st.sampled_from([0.0, 1.0, 0.05]) | st.floats(0, 1), max_size=20)
samples = st.lists(st.integers(0, 10), min_size=2, max_size=15)
scales = st.tuples(st.integers(-20, 20), st.integers(1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def about(*values: float | None, scale: float = 1.0) -> object:
    return pytest.approx(values, abs=1e-9 * scale)


@given(inside=parts, outside=parts)
def test_swapping_two_shares_turns_their_difference_round(
    inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    one, other = newcombe_difference(*inside, *outside), newcombe_difference(*outside, *inside)

    assert (one.difference, one.lower, one.upper) == about(-other.difference, -other.upper, -other.lower)
    assert difference_p_value(*inside, *outside) == pytest.approx(difference_p_value(*outside, *inside), abs=1e-9)


@given(inside=five_counts, outside=five_counts)
def test_swapping_two_means_turns_their_difference_round(inside: list[int], outside: list[int]) -> None:
    means = [mean_interval_adjusted(counts, FIVE) for counts in (inside, outside)]

    one, other = square_and_add(means[0], means[1]), square_and_add(means[1], means[0])

    assert (one.difference, one.lower, one.upper) == about(-other.difference, -other.upper, -other.lower)


@given(a=samples, b=samples)
def test_swapping_two_samples_turns_welch_and_cliff_round(a: list[int], b: list[int]) -> None:
    welch, turned = welch_difference(a, b), welch_difference(b, a)
    cliff, mirrored = cliffs_delta(a, b), cliffs_delta(b, a)

    assert (welch.diff, welch.lower, welch.upper) == about(-turned.diff, -turned.upper, -turned.lower)
    assert [welch.p, welch.df] == [pytest.approx(turned.p), pytest.approx(turned.df)]
    assert (cliff.delta, cliff.lower, cliff.upper) == about(-mirrored.delta, -mirrored.upper, -mirrored.lower)
    assert cliff.magnitude == mirrored.magnitude


@given(a=three_counts, b=three_counts)
def test_swapping_two_groups_turns_the_difference_of_nps_round(a: list[int], b: list[int]) -> None:
    first, second = (dict(zip(("detractors", "passives", "promoters"), counts, strict=True)) for counts in (a, b))

    one, other = nps_difference(first, second), nps_difference(second, first)

    assert (one.difference, one.lower, one.upper) == about(-other.difference, -other.upper, -other.lower, scale=100)
    assert one.p == pytest.approx(other.p)


@given(st.data())
def test_a_family_may_come_in_any_order(data: st.DataObject) -> None:
    family = data.draw(families)
    order = data.draw(st.permutations(range(len(family))))
    shuffled = [family[place] for place in order]

    for adjust in (benjamini_hochberg, holm):
        straight, moved = adjust(family), adjust(shuffled)
        assert moved.adjusted == [straight.adjusted[place] for place in order]
        assert moved.rejected == straight.rejected


@given(family=families)
def test_adjusting_keeps_the_order_and_never_helps(family: list[float]) -> None:
    found, strict = benjamini_hochberg(family).adjusted, holm(family).adjusted
    by_size = sorted(range(len(family)), key=lambda place: family[place])

    for adjusted in (found, strict):
        assert all(p <= q <= 1 for p, q in zip(family, adjusted, strict=True))
        assert all(adjusted[low] <= adjusted[high] for low, high in itertools.pairwise(by_size))
    assert all(mild <= hard + 1e-12 for mild, hard in zip(found, strict, strict=True))


def test_a_family_that_lies_on_the_line_is_rejected() -> None:
    assert [benjamini_hochberg([0.05] * m, q=0.05).rejected for m in range(1, 40)] == list(range(1, 40))
    assert [holm([0.05 / m] * m, alpha=0.05).rejected for m in range(1, 40)] == list(range(1, 40))


@given(family=families, place=st.integers(0, 19), factor=st.floats(0, 1))
def test_a_smaller_p_value_makes_no_other_larger(family: list[float], place: int, factor: float) -> None:
    if place >= len(family):
        return
    less = [p * factor if at == place else p for at, p in enumerate(family)]

    for adjust in (benjamini_hochberg, holm):
        pairs = zip(adjust(less).adjusted, adjust(family).adjusted, strict=True)
        assert all(after <= before + 1e-12 for after, before in pairs)


@given(one=scales, other=scales, shares=st.lists(st.floats(0, 1), max_size=8))
def test_another_ruler_and_back_is_where_we_were(
    one: tuple[int, int], other: tuple[int, int], shares: list[float]
) -> None:
    values = [min(one[1], one[0] + share * (one[1] - one[0])) for share in shares]

    there = rescale(values, one, other).values
    back = rescale([min(max(value, other[0]), other[1]) for value in there], other, one).values

    assert back == pytest.approx(values, abs=1e-9)
    assert rescale(values, one, (0, 100)).values == pytest.approx(rescale_0_100(values, *one).values, abs=1e-9)


@given(counts=five_counts)
def test_a_scale_that_runs_the_other_way_mirrors_everything(counts: list[int]) -> None:
    mirrored = counts[::-1]
    mean, turned = mean_interval_adjusted(counts, FIVE), mean_interval_adjusted(mirrored, FIVE)
    boxes, opposite = box_scores(counts, FIVE), box_scores(mirrored, FIVE)

    assert (mean.mean, mean.lower, mean.upper) == about(6 - turned.mean, 6 - turned.upper, 6 - turned.lower)
    assert (boxes.top_two_box, boxes.bottom_two_box) == about(opposite.bottom_two_box, opposite.top_two_box)
    assert cliffs_delta_of_counts(counts, mirrored).delta == pytest.approx(
        -cliffs_delta_of_counts(mirrored, counts).delta
    )


@given(part=parts)
def test_the_share_of_the_others_is_the_mirrored_share(part: tuple[float, float]) -> None:
    x, n = part
    liked, disliked = wilson_interval(x, n), wilson_interval(n - x, n)

    assert (liked.estimate, liked.lower, liked.upper) == about(
        1 - disliked.estimate, 1 - disliked.upper, 1 - disliked.lower
    )


@given(counts=three_counts)
def test_detractors_and_promoters_change_places(counts: list[int]) -> None:
    for interval in (nps_interval_wald, nps_interval_adjusted):
        found, turned = interval(*counts), interval(*counts[::-1])
        assert (found.nps, found.lower, found.upper) == about(-turned.nps, -turned.upper, -turned.lower, scale=100)


@given(y=st.lists(st.integers(-50, 50), min_size=2, max_size=12), shift=st.integers(-9, 9))
def test_moving_all_departments_moves_what_they_are_pulled_to(y: list[int], shift: int) -> None:
    moved = [value + shift for value in y]
    variances = [1.0 + place for place in range(len(y))]
    pulled, effects = james_stein(y, 2.0), dersimonian_laird(y, variances)

    assert james_stein(moved, 2.0).estimates == pytest.approx([value + shift for value in pulled.estimates], abs=1e-9)
    again = dersimonian_laird(moved, variances)
    assert (again.mu, again.tau2) == about(effects.mu + shift, effects.tau2, scale=1e3)


@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=12), factor=st.floats(0.01, 100))
def test_weights_count_only_against_each_other(weights: list[float], factor: float) -> None:
    found, scaled = kish_effective_n(weights), kish_effective_n([weight * factor for weight in weights])

    assert scaled.effective_n == pytest.approx(found.effective_n)
    assert 1 - 1e-9 <= found.effective_n <= len(weights) + 1e-9


@given(pairs=st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=4, max_size=15))
def test_correlation_knows_neither_sides_nor_units(pairs: list[tuple[int, int]]) -> None:
    x, y = [one for one, _ in pairs], [other for _, other in pairs]
    found = pearson_interval(x, y)

    for again in (pearson_interval(y, x), pearson_interval([3 * value + 7 for value in x], y)):
        assert again.r == (None if found.r is None else pytest.approx(found.r, abs=1e-9))
    opposite = pearson_interval([-value for value in x], y)
    assert opposite.r == (None if found.r is None else pytest.approx(-found.r, abs=1e-9))


@given(times=st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=20))
def test_hours_or_minutes_give_the_same_curve(times: list[tuple[int, bool]]) -> None:
    hours, completed = [time for time, _ in times], [done for _, done in times]

    found, in_minutes = kaplan_meier(hours, completed), kaplan_meier([60 * time for time in hours], completed)

    assert in_minutes.survival == found.survival
    assert in_minutes.times == [60 * time for time in found.times]
    assert in_minutes.median == (None if found.median is None else 60 * found.median)


@given(edges=st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD")), min_size=1, max_size=12))
def test_who_serves_whom_is_as_mutual_as_who_is_served_by_whom(edges: list[tuple[str, str]]) -> None:
    found = reciprocity(edges).reciprocity

    assert reciprocity([(to, of) for of, to in edges]).reciprocity == found


@given(estimates=st.lists(st.integers(0, 5).map(float), min_size=2, max_size=9))
def test_departments_that_nothing_tells_apart_share_their_ranks(estimates: Sequence[float]) -> None:
    found = rank_interval(estimates, [0.0] * len(estimates), draws=400)

    for place, estimate in enumerate(estimates):
        above = sum(other > estimate for other in estimates)
        tied = sum(other == estimate for other in estimates)
        assert (found.lower[place], found.upper[place]) == (above + 1, above + tied)
