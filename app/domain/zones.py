"""Time zones by name, where the name was told by others."""

from functools import cache
from zoneinfo import ZoneInfo


@cache
def find_zone(name: str) -> ZoneInfo | None:
    """Return the zone with this IANA name; None for a name that this system does not know."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_or(name: str | None, company: ZoneInfo) -> ZoneInfo:
    """Return a person's zone; the company's where none is known or the name is none."""
    return (name and find_zone(name)) or company
