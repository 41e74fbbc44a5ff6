"""Normal and Student t distribution without scipy. Accurate to about 1e-12; not a general library."""

import math
from functools import lru_cache
from statistics import NormalDist

from app.domain.statistics import arguments

_STANDARD = NormalDist()
_SMALLEST = 1e-300
_STIRLING_FROM = 40.0
_HILL_FROM = 1e4  # degrees of freedom from which Hill's expansion is exact to rounding
_MOST_STEPS = 100_000


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile (AS 241 by Wichura 1988, as in the standard library)."""
    return _STANDARD.inv_cdf(arguments.level("probability", probability))


def two_sided_z(conf_level: float) -> float:
    """Return the z of a two-sided interval, 1.959964 for 0.95."""
    return -normal_quantile((1 - arguments.level("conf_level", conf_level)) / 2)


def normal_p_value(z: float) -> float:
    """Return the two-sided p-value 2(1 - Phi(|z|)), exact in the far tail too."""
    return math.erfc(abs(arguments.finite("z", z)) / math.sqrt(2))


def t_p_value(t: float, df: float) -> float:
    """Return the two-sided p-value of Student's t with df (real) degrees of freedom.

    Sources: Abramowitz & Stegun 26.7.1 with the continued fraction 26.5.8 of the incomplete beta, which gathers
    rounding at many degrees of freedom; there Hill (1970), Algorithm 395.
    """
    t = abs(arguments.finite("t", t))
    df = arguments.positive("df", df)
    square = t * t
    if square == 0 or math.isinf(square):
        return 1.0 if square == 0 else 0.0
    if df >= _HILL_FROM:
        return normal_p_value(_hill_normal(square, df))
    # ln of x^(1/2) (1-x)^(df/2) / B(1/2, df/2) at x = t^2/(df+t^2)
    log_front = (
        0.5 * (math.log(square) - math.log(df + square)) - df / 2 * math.log1p(square / df) - _log_beta_half(df / 2)
    )
    front = math.exp(log_front)
    near = square / (df + square)
    if near < 1.5 / (df / 2 + 2.5):
        return 1.0 - front * _beta_fraction(0.5, df / 2, near) / 0.5
    return front * _beta_fraction(df / 2, 0.5, df / (df + square)) / (df / 2)


def t_cdf(t: float, df: float) -> float:
    """Return P(T <= t) of Student's t with df degrees of freedom."""
    tail = t_p_value(t, df) / 2
    return 1.0 - tail if t > 0 else tail


@lru_cache(maxsize=1024)
def t_quantile(probability: float, df: float) -> float:
    """Return the quantile of Student's t: the t with P(T <= t) = probability."""
    arguments.level("probability", probability)
    arguments.positive("df", df)
    if probability == 0.5:
        return 0.0
    # Solve in the smaller tail, where the p-value keeps its digits.
    tail = 2 * min(probability, 1 - probability)
    low, high = 0.0, 2.0
    while t_p_value(high, df) > tail:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if t_p_value(middle, df) > tail:
            low = middle
        else:
            high = middle
    return math.copysign((low + high) / 2, probability - 0.5)


def _hill_normal(square: float, df: float) -> float:
    """Return the normal deviate with the tail of a t whose square is given."""
    a = df - 0.5
    b = 48 * a * a
    y = a * math.log1p(square / df)
    correction = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b)
    return ((correction + y + 3) / b + 1) * math.sqrt(y)


def _log_beta_half(a: float) -> float:
    """Return ln B(a, 1/2); by series for large a, where the difference of two lgamma loses digits."""
    if a < _STIRLING_FROM:
        step = math.lgamma(a + 0.5) - math.lgamma(a)
    else:
        step = (
            0.5 * math.log(a)
            - 1 / (8 * a)
            + 1 / (192 * a**3)
            - 1 / (640 * a**5)
            + 17 / (14336 * a**7)
            - 31 / (18432 * a**9)
        )
    return math.lgamma(0.5) - step


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction of the incomplete beta function by Lentz's method."""
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    result = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + term * d)
            c = _away_from_zero(1.0 + term / c)
            result *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return result


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
