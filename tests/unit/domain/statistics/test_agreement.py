"""Agreement of two coders beyond chance."""

import pytest

from app.domain.statistics import codes_as_rows, pooled_kappa


def two_by_two(both: int, first: int, second: int, neither: int) -> tuple[list[int], list[int]]:
    ones = [1] * (both + first) + [0] * (second + neither)
    others = [1] * both + [0] * first + [1] * second + [0] * neither
    return ones, others


def test_one_theme_gives_cohens_kappa() -> None:
    found = pooled_kappa(*two_by_two(20, 5, 10, 15))

    assert [found.observed, found.expected, found.n] == pytest.approx([0.7, 0.5, 50])
    assert found.estimate == pytest.approx(0.4)  # (.7 - .5) / (1 - .5)
    assert [found.lower, found.upper] == pytest.approx([0.4 - 1.96 * 0.127, 0.4 + 1.96 * 0.127], abs=0.03)


def test_several_themes_are_averaged_before_the_quotient_is_taken() -> None:
    clear, rare = two_by_two(20, 5, 10, 15), two_by_two(1, 0, 0, 49)
    first, second = (list(zip(clear[side], rare[side], strict=True)) for side in (0, 1))

    found = pooled_kappa(first, second)

    assert found.observed == pytest.approx((0.7 + 1) / 2)
    assert found.expected == pytest.approx((0.5 + 0.02 * 0.02 + 0.98 * 0.98) / 2)


def test_full_agreement_is_one_and_the_opposite_is_below_nothing() -> None:
    same = pooled_kappa([1, 0, 1, 0] * 20, [1, 0, 1, 0] * 20)
    other = pooled_kappa([1, 0, 1, 0] * 20, [0, 1, 0, 1] * 20)

    assert (same.estimate, same.lower, same.upper) == (1, 1, 1)
    assert other.estimate == -1


@pytest.mark.parametrize(("first", "second"), [([], []), ([1, 1, 1], [1, 1, 1]), ([[], []], [[], []])])
def test_where_nothing_differs_there_is_no_kappa(first: list[int], second: list[int]) -> None:
    assert pooled_kappa(first, second).estimate is None


def test_the_same_seed_gives_the_same_interval() -> None:
    codes = two_by_two(20, 5, 10, 15)

    assert pooled_kappa(*codes) == pooled_kappa(*codes)
    assert pooled_kappa(*codes).lower != pooled_kappa(*codes, seed=2).lower


@pytest.mark.parametrize(("first", "second", "named"), [([1, 2], [1, 0], "first"), ([1], [1, 0], "second")])
def test_bad_input_is_refused_by_name(first: list[int], second: list[int], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        pooled_kappa(first, second)


def test_codes_become_rows_of_themes() -> None:
    assert codes_as_rows([["a"], [], ["b", "a"]], ["a", "b"]) == [[1, 0], [0, 0], [1, 1]]
