"""What a department-period spans."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam

from app.domain.scorecards.cuts import CUT_BLOCKS, SEGMENTS
from app.models.base import UtcDateTime

# A quarter rebuilds every department with the same statements: each is put together once, and only these are given.
DEPARTMENTS: BindParameter[int] = bindparam("departments", expanding=True)
PERIOD: BindParameter[str] = bindparam("period")
STARTS_AT, ENDS_AT, FREEZES_AT = (bindparam(name, type_=UtcDateTime) for name in ("starts_at", "ends_at", "freezes_at"))
CUTS = ("all", *(cut for cut in CUT_BLOCKS if cut not in SEGMENTS))  # by columns of requests and answers
UNKNOWN = "unknown"  # a value of every cut: a partition has no remainder


@dataclass(frozen=True)
class Scope:
    """A department's subtree in a quarter, or (`is_own`) the requests of the department itself."""

    department_id: int
    period: str
    is_own: bool
    departments: frozenset[int]
    starts_at: datetime  # of the period, UTC
    ends_at: datetime
    freezes_at: datetime

    @property
    def given(self) -> dict[str, Any]:
        """What the statements of the rollups ask for."""
        return {
            "departments": sorted(self.departments),
            "period": self.period,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "freezes_at": self.freezes_at,
        }
