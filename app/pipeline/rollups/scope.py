"""What a department-period spans."""

from dataclasses import dataclass
from datetime import datetime

CUTS = ("all", "requester_department", "request_type", "on_time", "month", "reopened")
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
