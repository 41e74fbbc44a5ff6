"""Valid keyword arguments for every function of the contract, edges preferred: 0, n, all equal, one answer, none."""

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

Arguments = dict[str, Any]
Made = st.SearchStrategy[Arguments]

levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999999, 1e-6])
sizes = st.sampled_from([1, 2, 3, 5, 10, 100, 0.5, 1e-3, 1e9]) | st.floats(0.01, 1e4)
shares = st.sampled_from([0.0, 1.0, 1 / 3]) | st.floats(0, 1)
parts = st.tuples(shares, sizes).map(lambda pair: (pair[0] * pair[1], pair[1]))  # x of n, both real
values = st.floats(-1e3, 1e3) | st.integers(-5, 5) | st.sampled_from([0.1, 1e60, -1e60, 1e-60])
variances = st.sampled_from([1e-6, 1.0]) | st.floats(1e-3, 10)
scales = st.sampled_from([(1, 5), (0, 10), (0, 1), (-3, 3)])


def lists(least: int = 1, of: st.SearchStrategy[Any] = values) -> st.SearchStrategy[list[Any]]:
    """Return lists, often with all values equal."""
    equal = st.tuples(of, st.integers(max(least, 1), 9)).map(lambda pair: [pair[0]] * pair[1])
    return st.lists(of, min_size=least, max_size=20) | equal


def rows(*columns: st.SearchStrategy[Any], least: int = 1) -> st.SearchStrategy[list[list[Any]]]:
    """Return equally long columns."""
    table = st.lists(st.tuples(*columns), min_size=least, max_size=12)
    return table.map(lambda found: [list(column) for column in zip(*found, strict=True)] or [[] for _ in columns])


def counts(length: int) -> st.SearchStrategy[list[float]]:
    """Return counts per point, real ones too, that are not all zero."""
    one = st.sampled_from([0, 0, 1]) | st.integers(0, 100) | st.floats(0, 10)
    return st.lists(one, min_size=length, max_size=length).map(lambda found: found if sum(found) > 0 else [1] * length)


def named(made: st.SearchStrategy[Any], *names: str) -> Made:
    """Give names to the columns of a tuple or list."""
    return made.map(lambda found: dict(zip(names, found, strict=True)))


def both(*made: Made) -> Made:
    """Join arguments."""
    return st.tuples(*made).map(lambda found: {name: value for one in found for name, value in one.items()})


def some(**optional: st.SearchStrategy[Any]) -> Made:
    """Return some of the arguments that may be left out."""
    return st.fixed_dictionaries({}, optional=optional)


def at_least(size: float) -> st.SearchStrategy[float]:
    """Return populations that hold so many."""
    return st.sampled_from([size, size + 1, size * 7])


def _with_population(names: tuple[str, str], of: st.SearchStrategy[tuple[float, float]], needed: bool) -> Made:
    def joined(pair: tuple[float, float]) -> Made:
        total = {"population_size": at_least(max(pair[1], 1e-9))}
        given = st.just(dict(zip(names, pair, strict=True)))
        return both(given, st.fixed_dictionaries(total) if needed else some(**total))

    return of.flatmap(joined)


def _strata(label: str) -> Made:
    size = st.sampled_from([1, 2, 5]) | st.floats(0.5, 30)
    table = rows(size, st.sampled_from([1, 2, 10]), values.filter(lambda v: abs(v) < 1e9), st.floats(0, 9))
    return table.map(
        lambda t: {
            "population_sizes": [n * factor for n, factor in zip(t[0], t[1], strict=True)],
            "sample_sizes": t[0],
            "means": t[2],
            **({"sds": t[3]} if label == "strata" else {}),
            label: [f"group {place}" for place in range(len(t[0]))],
        }
    )


def _adjusted(scale: tuple[int, int]) -> Made:
    points = list(range(scale[0], scale[1] + 1))

    def either(chosen: list[float]) -> Made:
        pairs = list(zip(chosen, points, strict=True))
        sums = {"n": sum(chosen), "sum_x": sum(c * v for c, v in pairs), "sum_x2": sum(c * v * v for c, v in pairs)}
        return st.sampled_from([{"values": points, "counts": chosen}, {"values": points, **sums}])

    pseudo = st.sampled_from([0, 1.5, 3, 100])
    return both(counts(len(points)).flatmap(either), some(pseudo_answers=pseudo, conf_level=levels))


def _matrix(seed: int, count: int, twins: bool) -> Arguments:
    data = np.random.default_rng(seed).normal(size=(30, count + 1))
    if twins and count > 1:
        data[:, 1] = data[:, 2]
    matrix = np.corrcoef(data, rowvar=False).tolist()
    return {
        "correlation_matrix": matrix,
        "outcome_index": seed % (count + 1),
        "predictors": [f"item {place}" for place in range(count)],
    }


def _on(scale: tuple[int, int]) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(*scale) | st.sampled_from(scale), max_size=9)


nps = named(counts(3), "detractors", "passives", "promoters")
pseries = lists(0, st.sampled_from([0.0, 1.0]) | st.floats(0, 1))
answered = rows(parts.filter(lambda pair: pair[1] < 1e6)).map(
    lambda table: [[x for x, _ in table[0]], [n for _, n in table[0]]]
)
confident = some(conf_level=levels)

VALID: dict[str, Made] = {
    "wilson_interval": both(
        _with_population(("x", "n"), parts, needed=False),
        some(conf_level=levels, design_effect=st.sampled_from([0.5, 1, 1.349, 1e3])),
    ),
    "clustered_proportion": both(named(answered, "cluster_successes", "cluster_sizes"), confident),
    "mean_interval_t": both(
        named(st.tuples(st.sampled_from([1.5, 2, 3, 1e6]), values, st.floats(0, 1e6)), "n", "mean", "sd"), confident
    ),
    "proportion_fpc": _with_population(("x", "n"), parts.filter(lambda pair: pair[1] > 1), needed=True),
    "stratified_mean": _strata("strata"),
    "poststratified_mean": _strata("cells"),
    "cluster_robust_mean": both(
        named(rows(values, st.sampled_from([1, 2, 3.5])), "cluster_totals", "cluster_sizes"),
        some(population_clusters=st.sampled_from([None, 100])),
    ),
    "one_requester_one_weight": named(rows(st.sampled_from("abc"), values), "requester", "score"),
    "newcombe_difference": both(named(parts, "x1", "n1"), named(parts, "x2", "n2"), confident),
    "welch_difference": both(st.fixed_dictionaries({"a": lists(2), "b": lists(2)}), confident),
    "mean_interval_adjusted": scales.flatmap(_adjusted),
    "nps_interval_wald": both(nps, confident),
    "nps_interval_adjusted": both(nps, confident),
    "nps_difference": both(st.fixed_dictionaries({"a": nps, "b": nps}), confident),
    "cliffs_delta": both(st.fixed_dictionaries({"a": lists(), "b": lists()}), confident),
    "benjamini_hochberg": both(st.fixed_dictionaries({"p_values": pseries}), some(q=levels)),
    "holm": both(st.fixed_dictionaries({"p_values": pseries}), some(alpha=levels)),
    "james_stein": st.fixed_dictionaries({"y": lists(), "sigma2": st.sampled_from([0, 1e-9, 1, 1e9])}),
    "beta_binomial_shrinkage": st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99), parts).map(
        lambda t: {
            "prior_mean": t[0],
            "prior_sd": t[1] * math.sqrt(t[0] * (1 - t[0])),
            "x": t[2][0],
            "n": t[2][1],
        }
    ),
    "dersimonian_laird": both(named(rows(values, variances), "y", "v"), confident),
    "empirical_bayes_normal": both(
        named(rows(values, variances), "y", "v"), some(tau2=st.sampled_from([0, 2.5]), mu=values)
    ),
    "xmr_limits": st.fixed_dictionaries({"values": lists(2)}),
    "p_chart_limits": named(answered, "x", "n"),
    "pearson_interval": both(named(rows(values, values, least=0), "x", "y"), confident),
    "lagged_correlation": both(
        named(rows(values | st.none(), values | st.none(), least=0), "internal", "external"),
        st.fixed_dictionaries({"lag": st.integers(-3, 3) | st.just(50)}),
    ),
    "kaplan_meier": named(rows(st.integers(0, 9) | st.floats(0, 1e9), st.booleans()), "times", "completed"),
    "key_driver_importance": st.builds(_matrix, st.integers(0, 99), st.integers(1, 4), st.booleans()),
    "rescale_0_100": scales.flatmap(
        lambda scale: st.fixed_dictionaries(
            {"values": _on(scale), "minimum": st.just(scale[0]), "maximum": st.just(scale[1])}
        )
    ),
    "rescale": scales.flatmap(
        lambda scale: st.fixed_dictionaries(
            {"values": _on(scale), "from_scale": st.just(scale), "to_scale": st.sampled_from([[0, 1], (1, 10), (5, 6)])}
        )
    ),
    "box_scores": scales.flatmap(
        lambda scale: st.fixed_dictionaries(
            {
                "values": st.just(list(range(scale[0], scale[1] + 1))),
                "counts": counts(scale[1] - scale[0] + 1),
            }
        )
    ),
    "acsi_index": named(rows(st.floats(1, 10), st.sampled_from([0.1, 1, 3])), "means", "weights"),
    "bootstrap_se": st.fixed_dictionaries({"values": lists(), "replicates": st.just(20)}),
    "bootstrap_percentile": st.fixed_dictionaries({"values": lists(), "replicates": st.just(20)}),
    "kish_effective_n": st.integers(1, 9).flatmap(lambda length: named(st.tuples(counts(length)), "weights")),
    "nonresponse_bounds": _with_population(("x", "n"), parts | st.just((0.0, 0.0)), needed=True),
    "sample_size_two_proportions": both(
        st.sampled_from([(0, 1), (0.5, 0.75), (0.8, 0.1)]).map(lambda p: {"p1": p[0], "p2": p[1]}),
        some(alpha=levels, power=levels),
    ),
    "reciprocity": st.fixed_dictionaries(
        {"edges": st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC")))}
    ),
    "suppressed_groups": both(
        st.fixed_dictionaries(
            {
                "counts": st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 12)),
                "minimum_group_size": st.sampled_from([1, 2, 5, 10]),
            }
        ),
        some(overlapping=st.booleans()),
    ),
}
