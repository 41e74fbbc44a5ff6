"""Where a row that tells about a department or a person belongs in the history of its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.imports.faults import Fault
from app.models.base import SINCE_EVER

Values = Mapping[str, Any]


class Placement(StrEnum):
    """What a row does to the history."""

    NEW = "new"  # a version of its own
    CHANGED = "changed"  # a stored version says something else now
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version: what was known from `valid_from` on."""

    valid_from: datetime
    values: Values


@dataclass(frozen=True, slots=True)
class Placed:
    """The version that a row stands for, complete."""

    placement: Placement
    valid_from: datetime
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows of an import were new, changed a stored version, or said what was known."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()  # rows left out because bad ones were to be skipped

    def counting(self, placement: Placement) -> "Tally":
        """Return the tally with one row more."""
        return replace(
            self,
            new=self.new + (placement is Placement.NEW),
            changed=self.changed + (placement is Placement.CHANGED),
            unchanged=self.unchanged + (placement is Placement.UNCHANGED),
        )


def placed(
    stored: Sequence[Version], told: Values, valid_from: datetime | None, *, has_history: bool, now: datetime
) -> Placed:
    """Return what `told` becomes among the stored versions, which are in order.

    An empty `valid_from` means since ever for what is not known yet, or where the table also has dated rows of the
    same thing (`has_history`); else it is a report of today, and a difference begins now. Values not told are those
    of the version before.
    """
    if valid_from is None and (not stored or has_history):
        valid_from = SINCE_EVER
    if valid_from is None:
        today = _last_until(stored, now) or stored[0]
        if not _differs(today.values, told):
            return Placed(Placement.UNCHANGED, today.valid_from, today.values)
        return Placed(Placement.CHANGED, now, {**today.values, **told})
    for version in stored:
        if version.valid_from == valid_from:
            placement = Placement.CHANGED if _differs(version.values, told) else Placement.UNCHANGED
            return Placed(placement, valid_from, {**version.values, **told})
    before = _last_until(stored, valid_from)
    return Placed(Placement.NEW, valid_from, {**(before.values if before else {}), **told})


def _last_until(stored: Sequence[Version], moment: datetime) -> Version | None:
    earlier = [version for version in stored if version.valid_from <= moment]
    return earlier[-1] if earlier else None


def _differs(values: Values, told: Values) -> bool:
    return any(values.get(name) != value for name, value in told.items())
