"""The exact interval of a rate, against scipy and against what it promises."""

import numpy as np
import pytest
from scipy import stats

from app.domain.statistics import poisson_interval


@pytest.mark.parametrize("count", [0, 1, 2, 5, 17, 100, 2_500])
@pytest.mark.parametrize("conf_level", [0.9, 0.95, 0.998])
def test_it_is_the_interval_of_garwood(count: int, conf_level: float) -> None:
    tail = (1 - conf_level) / 2

    found = poisson_interval(count, 40, conf_level)

    lower = stats.chi2.ppf(tail, 2 * count) / 2 / 40 if count else 0.0
    upper = stats.chi2.ppf(1 - tail, 2 * count + 2) / 2 / 40
    assert (found.estimate, found.lower, found.upper) == pytest.approx((count / 40, lower, upper), rel=1e-8)


@pytest.mark.parametrize("mean", [0.5, 3.0, 12.0])
def test_it_covers_at_least_what_it_claims(mean: float) -> None:
    counts = np.arange(0, 80)
    chances = stats.poisson.pmf(counts, mean)

    covered = [interval.lower <= mean <= interval.upper for interval in (poisson_interval(int(x), 1) for x in counts)]

    assert float(chances[np.array(covered)].sum()) >= 0.95


def test_the_exposure_scales_the_rate() -> None:
    once, hundredfold = poisson_interval(7, 350), poisson_interval(7, 3.5)

    assert (hundredfold.estimate, hundredfold.upper) == pytest.approx((100 * once.estimate, 100 * once.upper))


@pytest.mark.parametrize(
    ("count", "exposure", "conf_level", "named"),
    [(-1, 10, 0.95, "count"), (3, 0, 0.95, "exposure"), (3, float("nan"), 0.95, "exposure"), (3, 10, 1, "conf_level")],
)
def test_nonsense_is_refused_by_name(count: int, exposure: float, conf_level: float, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        poisson_interval(count, exposure, conf_level)
