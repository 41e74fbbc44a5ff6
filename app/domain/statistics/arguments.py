"""Checks of arguments, shared by all statistics: bad input is a ValueError that names the argument.

Not for business rules. One convention everywhere: an estimate without data (n = 0, an empty list) is bad input, while a
figure that valid data leave undefined (the correlation of a constant series) is None, because JSON has no NaN.
"""

import math
from collections.abc import Sequence

# Sums of real shares (thirds, sevenths) miss whole numbers by a few units in the last place: nothing and all of
# something must stay exactly 0 and 1. Figures read from a file may miss by more before they are refused.
_LAST_PLACES = 1e-12
_ROUNDING = 1e-9


def finite(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError if it is not a finite number."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a finite number, not {value!r}")
    return number


def positive(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError unless it is above zero."""
    number = finite(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be greater than 0, not {value!r}")
    return number


def not_negative(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError if it is below zero."""
    number = finite(name, value)
    if number < 0:
        raise ValueError(f"{name} must not be negative, not {value!r}")
    return number


def probability(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError unless it lies in 0..1."""
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value!r}")
    return number


def level(name: str, value: float) -> float:
    """Return a confidence level, alpha or power, or raise ValueError unless strictly between 0 and 1."""
    number = probability(name, value)
    if number in {0.0, 1.0}:
        raise ValueError(f"{name} must lie strictly between 0 and 1, not {value!r}")
    return number


def part_of(name: str, value: float, whole_name: str, whole: float) -> float:
    """Return value in 0..whole (rounding noise at either end removed), or raise ValueError."""
    number = finite(name, value)
    if not -_ROUNDING * max(1.0, whole) <= number <= whole + _ROUNDING * max(1.0, whole):
        raise ValueError(f"{name} must lie between 0 and {whole_name} = {whole:g}, not {value!r}")
    noise = _LAST_PLACES * whole
    if number <= noise:
        return 0.0
    return whole if number >= whole - noise else number


def numbers(name: str, values: Sequence[float], *, least: int = 1) -> list[float]:
    """Return the values as floats, or raise ValueError if one is not finite or there are fewer than least."""
    result = [finite(name, value) for value in values]
    if len(result) < least:
        raise ValueError(f"{name} must hold at least {least} value(s), not {len(result)}")
    return result


def counts_of(name: str, values: Sequence[float]) -> list[float]:
    """Return counts as floats, or raise ValueError if one is negative or all are zero."""
    result = [not_negative(name, value) for value in numbers(name, values)]
    if sum(result) <= 0:
        raise ValueError(f"{name} must count at least one answer")
    return result


def same_length(**sequences: Sequence[object]) -> None:
    """Raise ValueError unless all named sequences are equally long."""
    lengths = {name: len(sequence) for name, sequence in sequences.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"{' and '.join(lengths)} must be equally long: {found}")
