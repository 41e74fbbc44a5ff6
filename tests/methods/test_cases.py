"""Every case of statistics_cases.json against the function it names, at the tolerance it states."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.domain import statistics

FILE = Path(__file__).with_name("statistics_cases.json")
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


def differs(found: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, list):
        assert isinstance(found, Sequence)
        assert len(found) == len(expected)
        return any(differs(one, other, tolerance) for one, other in zip(found, expected, strict=True))
    if isinstance(expected, str):
        return bool(found != expected)
    return bool(abs(found - expected) > tolerance)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_function_returns_the_published_numbers(case: dict[str, Any]) -> None:
    function = getattr(statistics, case["function"])

    result = function(**case["inputs"])

    tolerances = case["tolerance"]
    wrong = {
        field: (getattr(result, field), expected)
        for field, expected in case["expected"].items()
        if differs(getattr(result, field), expected, tolerances.get(field, tolerances.get("abs", 0)))
    }
    assert wrong == {}


def test_the_file_names_38_functions_and_all_exist() -> None:
    names = {case["function"] for case in CASES}

    assert len(names) == 38
    assert names <= set(statistics.__all__)
