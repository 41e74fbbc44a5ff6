"""Profiles: one requester's counts per point in one cell, written `0.0.0.1.2`. All figures are functions of them."""

from collections.abc import Mapping


def write_profile(counts: Mapping[int, int], lowest: int, highest: int) -> str:
    """Write counts per point from `lowest` to `highest`, separated by dots."""
    return ".".join(str(counts.get(point, 0)) for point in range(lowest, highest + 1))


def read_profile(text: str) -> tuple[int, ...]:
    """Read the counts per point, lowest point first."""
    return tuple(int(part) for part in text.split("."))
