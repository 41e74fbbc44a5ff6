import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from app.domain.statistics.distributions import (
    normal_p_value,
    normal_quantile,
    t_cdf,
    t_p_value,
    t_quantile,
    two_sided_z,
)

degrees = st.floats(0.5, 1e8)


@given(t=st.floats(-60, 60), df=degrees)
def test_the_t_distribution_agrees_with_scipy(t: float, df: float) -> None:
    assert t_cdf(t, df) == pytest.approx(float(stats.t.cdf(t, df)), abs=1e-12)


@given(t=st.floats(0.01, 30), df=st.floats(1, 5000))
def test_p_values_keep_their_digits_in_the_tail(t: float, df: float) -> None:
    assert t_p_value(t, df) == pytest.approx(float(special.betainc(df / 2, 0.5, df / (df + t * t))), rel=1e-9)


@given(probability=st.floats(1e-6, 1 - 1e-6), df=st.floats(1, 1e6))
def test_t_quantiles_agree_with_scipy(probability: float, df: float) -> None:
    assert t_quantile(probability, df) == pytest.approx(float(stats.t.ppf(probability, df)), rel=1e-8, abs=1e-8)


def test_known_quantiles() -> None:
    assert two_sided_z(0.95) == pytest.approx(1.959963984540054, abs=1e-14)
    assert t_quantile(0.975, 4) == pytest.approx(2.7764451051977987, abs=1e-13)
    assert t_quantile(0.5, 3) == 0
    assert t_quantile(0.025, 1) == pytest.approx(-12.706204736174698, rel=1e-13)
    assert t_quantile(0.975, 1e12) == pytest.approx(normal_quantile(0.975))
    assert t_p_value(0, 5) == 1
    assert t_p_value(2, 1e12) == pytest.approx(normal_p_value(2), rel=1e-11)


def test_far_tails_do_not_vanish_early() -> None:
    assert normal_p_value(10) == pytest.approx(1.5239706048321052e-23, rel=1e-12)
    assert math.isclose(normal_p_value(-1.5), float(2 * stats.norm.sf(1.5)), rel_tol=1e-14)
