"""Later revisions of a released quarter: the frozen documents with customers' scores as they are now."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.scorecards.families import Family
from app.domain.scorecards.sealed import with_new_customers
from app.models.scorecards import ScorecardRevision
from app.reports.department_scores import customers
from app.reports.department_scores.building import ScorecardBuild


def reseal_scorecards(
    session: Session,
    period: Period,
    latest: Mapping[int, ScorecardRevision],
    *,
    calendar: Calendar,
    family: Family,
    frozen_at: datetime,
) -> Iterator[ScorecardBuild]:
    """Yield a next revision of each document whose customers' scores or touchpoint weights have changed."""
    weights = customers.touchpoint_weights(session, str(period))
    measures = customers.read_measures(session, calendar, period)
    for department_id, row in sorted(latest.items()):
        own = weights.get(department_id, {})
        document = with_new_customers(
            json.loads(row.document),
            customers.touchpoint_list(measures, own),
            customers.dimensions_of(measures, own),
            family=family,
            people=row.people,
            frozen_at=frozen_at,
        )
        if document is not None:
            yield ScorecardBuild(department_id, document, row.people, {})
