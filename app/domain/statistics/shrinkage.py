"""Shrinkage towards the common value, for ordering departments: small groups are pulled, never promoted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments
from app.domain.statistics.distributions import two_sided_z


@dataclass(frozen=True)
class JamesStein:
    """Estimates pulled towards the grand mean by shrinkage_factor (1 = not at all); first and last as given."""

    grand_mean: float
    shrinkage_factor: float
    estimates: list[float]
    first: float
    last: float


@dataclass(frozen=True)
class BetaBinomial:
    """The beta prior and the posterior of one share."""

    alpha: float
    beta: float
    posterior_mean: float
    posterior_sd: float


@dataclass(frozen=True)
class BetaPrior:
    """Mean and sd of true shares between departments; sd None: they do not differ measurably."""

    prior_mean: float
    prior_sd: float | None


@dataclass(frozen=True)
class RandomEffects:
    """Common mean with heterogeneity: Q, fixed-effect mean, between-variance tau2, random-effects mean and interval."""

    Q: float
    fixed: float
    tau2: float
    mu: float
    se: float
    lower: float
    upper: float


@dataclass(frozen=True)
class EmpiricalBayes:
    """Shrunken estimates, their posterior sd, and the weight each raw value kept."""

    estimates: list[float]
    sds: list[float]
    weights: list[float]


def james_stein(y: Sequence[float], sigma2: float) -> JamesStein:
    """Shrink equally precise values by max(0, 1 - (k-3) sigma2 / sum (y - mean)^2); with k <= 3 nothing shrinks.

    Source: Efron & Morris (1977), positive part.
    """
    values = arguments.numbers("y", y)
    noise = arguments.not_negative("sigma2", sigma2) * max(0, len(values) - 3)
    mean = math.fsum(values) / len(values)
    spread = math.fsum((value - mean) ** 2 for value in values)
    factor = 1.0 if noise == 0 else max(0.0, 1 - noise / spread) if spread > 0 else 0.0
    estimates = [mean + factor * (value - mean) for value in values]
    return JamesStein(mean, factor, estimates, first=estimates[0], last=estimates[-1])


def beta_binomial_shrinkage(prior_mean: float, prior_sd: float, x: float, n: float) -> BetaBinomial:
    """Return the posterior of x of n under the beta prior with the given moments (n = 0 returns the prior).

    alpha + beta = m(1-m)/s^2 - 1. Source: Gelman et al., Bayesian Data Analysis, rat tumours.
    """
    mean = arguments.level("prior_mean", prior_mean)
    sd = arguments.positive("prior_sd", prior_sd)
    weight = mean * (1 - mean) / sd**2 - 1
    if weight <= 0:
        raise ValueError(f"prior_sd must be below sqrt(m(1-m)) = {math.sqrt(mean * (1 - mean)):.4f}, not {prior_sd!r}")
    n = arguments.not_negative("n", n)
    x = arguments.part_of("x", x, "n", n)
    alpha, beta, total = mean * weight, (1 - mean) * weight, weight + n
    posterior = (alpha + x) / total
    return BetaBinomial(alpha, beta, posterior, math.sqrt(posterior * (1 - posterior) / (total + 1)))


def beta_binomial_prior(x: Sequence[float], n: Sequence[float]) -> BetaPrior:
    """Return mean and sd of the departments' true shares by moments, the sampling variance taken off.

    Source: Kleinman (1973) with weights n. prior_sd is None where departments do not differ by more than chance.
    """
    arguments.same_length(x=x, n=n)
    sizes = [arguments.positive("n", size) for size in arguments.numbers("n", n)]
    shares = [arguments.part_of("x", part, "n", size) / size for part, size in zip(x, sizes, strict=True)]
    total, groups = sum(sizes), len(sizes)
    mean = sum(size * share for size, share in zip(sizes, shares, strict=True)) / total
    between = sum(size * (share - mean) ** 2 for size, share in zip(sizes, shares, strict=True))
    spread = mean * (1 - mean)
    reach = total - sum(size * size for size in sizes) / total - (groups - 1)
    if groups == 1 or reach <= 0 or spread <= 0:
        return BetaPrior(mean, None)
    variance = (between - (groups - 1) * spread) / reach
    # A beta prior cannot vary by as much as 0/1 shares do.
    return BetaPrior(mean, math.sqrt(min(variance, 0.99 * spread)) if variance > 0 else None)


def dersimonian_laird(y: Sequence[float], v: Sequence[float], conf_level: float = 0.95) -> RandomEffects:
    """Return the random-effects mean of values y with sampling variances v > 0 (DerSimonian & Laird 1986)."""
    values, variances = _values("y", y, v)
    weights = [1 / variance for variance in variances]
    total = math.fsum(weights)
    fixed = math.fsum(w * value for w, value in zip(weights, values, strict=True)) / total
    q = math.fsum(w * (value - fixed) ** 2 for w, value in zip(weights, values, strict=True))
    scale = total - math.fsum(w * w for w in weights) / total
    tau2 = max(0.0, (q - (len(values) - 1)) / scale) if len(values) > 1 else 0.0
    wide = [1 / (variance + tau2) for variance in variances]
    mu = math.fsum(w * value for w, value in zip(wide, values, strict=True)) / math.fsum(wide)
    se = math.sqrt(1 / math.fsum(wide))
    half = two_sided_z(conf_level) * se
    return RandomEffects(q, fixed, tau2, mu, se, mu - half, mu + half)


def empirical_bayes_normal(
    y: Sequence[float], v: Sequence[float], tau2: float | None = None, mu: float | None = None
) -> EmpiricalBayes:
    """Shrink each y to B y + (1 - B) mu with B = tau2 / (tau2 + v); tau2 and mu by DerSimonian-Laird unless given.

    Source: Raudenbush & Bryk (1985). tau2 = 0 sets everybody to mu: departments do not differ measurably.
    """
    values, variances = _values("y", y, v)
    common = dersimonian_laird(values, variances)
    between = common.tau2 if tau2 is None else arguments.not_negative("tau2", tau2)
    centre = common.mu if mu is None else arguments.finite("mu", mu)
    weights = [between / (between + variance) for variance in variances]
    return EmpiricalBayes(
        [w * value + (1 - w) * centre for w, value in zip(weights, values, strict=True)],
        [math.sqrt(w * variance) for w, variance in zip(weights, variances, strict=True)],
        weights,
    )


def _values(name: str, y: Sequence[float], v: Sequence[float]) -> tuple[list[float], list[float]]:
    arguments.same_length(**{name: y, "v": v})
    return arguments.numbers(name, y), [arguments.positive("v", variance) for variance in v]
