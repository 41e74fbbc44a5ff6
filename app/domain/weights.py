"""The per-request weight of a requester: how many eligible requests each of their answers stands for.

Steps are kept as integers, 6 × the weight, so that rollups stay exact (rules of the headline: Per request).
"""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

WEIGHT_STEPS = (2, 3, 6, 12, 18)  # 6 × {1/3, 1/2, 1, 2, 3}
UNIT_STEP = 6

Key = TypeVar("Key", bound=Hashable)


def weight_step(weight: Fraction) -> int:
    """Return 6 × the nearest of 1/3, 1/2, 1, 2, 3; a tie takes the larger, so nothing is clipped twice."""
    return min(WEIGHT_STEPS, key=lambda step: (abs(Fraction(step, 6) - weight), -step))


def weight_steps(responses: Mapping[Key, int], eligible: Mapping[Key, int]) -> dict[Key, int]:
    """Return each requester's step: Eᵢ/Mᵢ over its mean, where Eᵢ is at least Mᵢ (accepted responses, > 0)."""
    raw = {who: Fraction(max(count, eligible.get(who, 0)), count) for who, count in responses.items()}
    if not raw:
        return {}
    mean = sum(raw.values(), Fraction(0)) / len(raw)
    return {who: weight_step(value / mean) for who, value in raw.items()}
