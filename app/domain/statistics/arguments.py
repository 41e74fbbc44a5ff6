"""Checks of arguments, shared by all statistics: bad input is a ValueError that names the argument.

Not for business rules. One convention everywhere: an estimate without data (n = 0, an empty list) is bad input, while a
figure that valid data leave undefined (the correlation of a constant series) is None, because JSON has no NaN.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import SupportsFloat, TypeVar, cast

Item = TypeVar("Item")

# Sums of real shares (thirds, sevenths) miss whole numbers by a few units in the last place: nothing and all of
# something must stay exactly 0 and 1. Figures read from a file may miss by more before they are refused.
_LAST_PLACES = 1e-12
_ROUNDING = 1e-9
_LARGEST = 1e100  # squares and products of what is measured stay finite
_LONGEST_SHOWN = 10**50  # Python refuses to write a whole number of thousands of digits


def finite(name: str, value: object) -> float:
    """Return value as a float, or raise ValueError if it is not a finite number (text is none, whatever it spells)."""
    try:
        number = math.nan if isinstance(value, str | bytes) else float(cast("SupportsFloat", value))
    except (TypeError, ValueError, OverflowError):  # None, a list, a whole number beyond every float
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a finite number, not {_shown(value)}")
    if abs(number) > _LARGEST:
        raise ValueError(f"{name} must lie between -{_LARGEST:g} and {_LARGEST:g}, not {_shown(value)}")
    return number


def whole(name: str, value: int, least: int | None = None) -> int:
    """Return value as an int, or raise ValueError unless it is a whole number (of at least `least`)."""
    number = finite(name, value)
    if not number.is_integer() or (least is not None and number < least):
        wanted = "a whole number" if least is None else f"a whole number of at least {least}"
        raise ValueError(f"{name} must be {wanted}, not {_shown(value)}")
    return int(number)


def label(name: str, value: Hashable) -> Hashable:
    """Return a value that only names something, or raise ValueError if it cannot (a list, a mapping)."""
    try:
        hash(value)
    except TypeError:
        raise ValueError(f"{name} must hold names or numbers, not {_shown(value)}") from None
    return value


def positive(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError unless it is above zero."""
    number = finite(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be greater than 0, not {_shown(value)}")
    return number


def not_negative(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError if it is below zero."""
    number = finite(name, value)
    if number < 0:
        raise ValueError(f"{name} must not be negative, not {_shown(value)}")
    return number


def probability(name: str, value: float) -> float:
    """Return value as a float, or raise ValueError unless it lies in 0..1."""
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {_shown(value)}")
    return number


def level(name: str, value: float) -> float:
    """Return a confidence level, alpha or power, or raise ValueError unless strictly between 0 and 1."""
    number = probability(name, value)
    if number in {0.0, 1.0}:
        raise ValueError(f"{name} must lie strictly between 0 and 1, not {_shown(value)}")
    return number


def part_of(name: str, value: float, whole_name: str, whole: float) -> float:
    """Return value in 0..whole (rounding noise at either end removed), or raise ValueError."""
    number = finite(name, value)
    if not -_ROUNDING * max(1.0, whole) <= number <= whole + _ROUNDING * max(1.0, whole):
        raise ValueError(f"{name} must lie between 0 and {whole_name} = {whole:g}, not {_shown(value)}")
    noise = _LAST_PLACES * whole
    if number <= noise:
        return 0.0
    return whole if number >= whole - noise else number


def numbers(name: str, values: Sequence[float], *, least: int = 1) -> list[float]:
    """Return the values as floats, or raise ValueError if one is not finite or there are fewer than least."""
    result = [finite(name, value) for value in listed(name, values)]
    if len(result) < least:
        raise ValueError(f"{name} must hold at least {least} value(s), not {len(result)}")
    return result


def counts_of(name: str, values: Sequence[float]) -> list[float]:
    """Return counts as floats, or raise ValueError if one is negative or all are zero."""
    result = [not_negative(name, value) for value in numbers(name, values)]
    if sum(result) <= 0:
        raise ValueError(f"{name} must count at least one answer")
    return result


def listed(name: str, values: Sequence[Item]) -> Sequence[Item]:
    """Return the values, or raise ValueError unless they are a list, a tuple or a one-dimensional array."""
    if isinstance(values, str | bytes | Mapping | AbstractSet) or not _has_a_length(values):
        raise ValueError(f"{name} must be a list, not {_shown(values)}")
    return values


def _has_a_length(value: Sequence[object]) -> bool:
    """Tell a list from a number, from nothing and from an array without dimensions."""
    try:
        return len(value) >= 0
    except TypeError:
        return False


def truth(name: str, value: object) -> bool:
    """Return True for True or 1 and False for False or 0, or raise ValueError for anything else."""
    number = finite(name, value)
    if number not in {0.0, 1.0}:
        raise ValueError(f"{name} must be true or false (1 or 0), not {_shown(value)}")
    return number == 1


def seed(value: int) -> int:
    """Return a seed of random numbers, or raise ValueError unless it is a whole number of at least 0."""
    return whole("seed", value, least=0)


def same_length(**sequences: Sequence[object]) -> None:
    """Raise ValueError unless all named sequences are lists and equally long."""
    lengths = {name: len(listed(name, sequence)) for name, sequence in sequences.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"{' and '.join(lengths)} must be equally long: {found}")


def names_in(value: object) -> set[object]:
    """Return the names of a mapping; of anything else none, so that all of them are missing."""
    return set(value) if isinstance(value, Mapping) else set()


def _shown(value: object) -> str:
    """Return a value as it stands in a message; long ones are cut."""
    text = repr(value) if not isinstance(value, int) or abs(value) < _LONGEST_SHOWN else "a number of many digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
