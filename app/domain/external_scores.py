"""What a score tool tells about one customer's answer, before anything of ours is known of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEvent:
    """One score on its instrument's own scale. The newest `told_at` of a response wins; an edit is told again."""

    response_id: str
    told_at: datetime
    answered_at: datetime
    touchpoint: str
    dimension: str  # an item id
    instrument: str  # its scale and direction are the registry's
    score: float | None  # None: the customer could not judge
    respondent: str | None = None  # hashed when stored
    comment: str | None = None
