"""What customers say: rows of an import or of the API, and what score tools tell one by one."""

from app.pipeline.external_scores.rows import Recorded, record_responses, record_totals
from app.pipeline.external_scores.telling import record_told

__all__ = ["Recorded", "record_responses", "record_told", "record_totals"]
