"""The declared families of comparisons: all headline gaps of a quarter, and all gaps of other dimensions.

Both are fixed when revision 1 of the quarter is frozen (rules of the gap).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from app.domain.instruments import Item
from app.domain.scorecards.gaps import Gap
from app.domain.statistics import benjamini_hochberg

_HEADLINE = Item.CSAT_OVERALL.value


def p_values_of(gaps: Mapping[Item, Gap]) -> dict[str, float]:
    """Return a department's unrounded p-values by item; a refused gap has none."""
    return {item.value: gap.p_value for item, gap in gaps.items() if gap.p_value is not None}


@dataclass(frozen=True)
class Family:
    """Unrounded p-values by `CODE|item`."""

    p_values: Mapping[str, float]

    @classmethod
    def of(cls, told: Mapping[str, Mapping[str, float]]) -> Self:
        """Return the family of what departments (by code) tell per item."""
        return cls({f"{code}|{item}": p for code, own in told.items() for item, p in own.items()})

    def of_department(self, code: str) -> dict[str, float]:
        """Return a department's fixed p-values by item."""
        return {key.rpartition("|")[2]: p for key, p in self.p_values.items() if key.rpartition("|")[0] == code}

    def adjusted_for(self, code: str, own: Mapping[str, float]) -> dict[Item, float]:
        """Return a department's adjusted p-values: its own as they are now, everybody else's as they were fixed."""
        others = {key: p for key, p in self.p_values.items() if key.rpartition("|")[0] != code}
        joined = others | {f"{code}|{item}": p for item, p in own.items()}
        headline = {key: p for key, p in joined.items() if key.endswith(f"|{_HEADLINE}")}
        rest = {key: p for key, p in joined.items() if key not in headline}
        adjusted = _adjusted(headline) | _adjusted(rest)
        return {Item(item): adjusted[f"{code}|{item}"] for item in own}


def _adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return Benjamini-Hochberg adjusted p-values by the same keys."""
    names = sorted(p_values)
    return dict(zip(names, benjamini_hochberg([p_values[name] for name in names]).adjusted, strict=True))
