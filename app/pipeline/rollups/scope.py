"""What a department-period spans."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.scorecards.cuts import CUT_BLOCKS, SEGMENTS

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
