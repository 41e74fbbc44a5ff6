"""Every function of the contract on any input: valid input gives finite figures, invalid input a named argument."""

import dataclasses
import inspect
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.domain import statistics
from tests.methods.any_arguments import VALID
from tests.methods.test_cases import CASES

#: What is an argument of no function, whatever it is called: neither number nor list nor mapping of numbers.
NONSENSE = [math.nan, math.inf, -math.inf, "5", b"5", None, object(), 1j, 10**400, ["a"], [None], [[1]], [math.nan]]
#: Where one of them has a meaning: a label, or None for a figure that is not there.
MEANINGFUL = {"strata", "cells", "requester", "predictors", "completed", "overlapping"}
MAY_BE_NONE = {"population_size", "population_clusters", "counts", "n", "sum_x", "sum_x2", "tau2", "mu"}
HAVE_HOLES = {"internal", "external"}


def is_finite(found: Any) -> bool:
    """Tell whether a result holds plain finite values only, so that it can be written as JSON."""
    if found is None or isinstance(found, str | bool):
        return True
    if isinstance(found, list):
        return all(is_finite(value) for value in found)
    if dataclasses.is_dataclass(found):
        return all(is_finite(getattr(found, field.name)) for field in dataclasses.fields(found))
    return type(found) in {int, float} and math.isfinite(found)


def test_there_are_arguments_for_every_function_of_the_contract() -> None:
    assert sorted(VALID) == sorted({case["function"] for case in CASES})


@pytest.mark.parametrize("name", sorted(VALID))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_valid_input_gives_finite_figures(name: str, data: st.DataObject) -> None:
    arguments = data.draw(VALID[name])

    found = getattr(statistics, name)(**arguments)

    assert is_finite(found)
    lower, upper = getattr(found, "lower", None), getattr(found, "upper", None)
    if isinstance(lower, float) and isinstance(upper, float):
        assert lower <= upper


@pytest.mark.parametrize("name", sorted(VALID))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nonsense_is_refused_by_the_name_of_its_argument(name: str, data: st.DataObject) -> None:
    function = getattr(statistics, name)
    arguments = data.draw(VALID[name])
    candidates = sorted(arguments.keys() - MEANINGFUL)
    wrong = data.draw(st.sampled_from(candidates))
    value = data.draw(st.sampled_from(NONSENSE))
    assume(not (value is None and wrong in MAY_BE_NONE) and not (value == [None] and wrong in HAVE_HOLES))
    assume(not (isinstance(value, list) and wrong == "edges") and (value != 10**400 or wrong != "minimum_group_size"))
    arguments[wrong] = value

    with pytest.raises(ValueError, match=rf"(^|and |: ){wrong}\b"):
        function(**arguments)


@pytest.mark.parametrize("name", sorted(VALID))
def test_real_numbers_and_whole_ones_give_the_same(name: str) -> None:
    function = getattr(statistics, name)
    for case in (case for case in CASES if case["function"] == name):
        assert function(**_as_floats(case["inputs"])) == function(**case["inputs"])


def _as_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner if key == "completed" else _as_floats(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_floats(inner) for inner in value]
    return float(value) if type(value) is int else value


def test_the_contract_is_keyword_arguments_only_optional_beyond_the_cases() -> None:
    for case in CASES:
        parameters = inspect.signature(getattr(statistics, case["function"])).parameters
        required = {name for name, parameter in parameters.items() if parameter.default is parameter.empty}
        assert required <= case["inputs"].keys() <= parameters.keys()
