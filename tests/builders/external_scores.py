"""Customers' totals in one line."""

from sqlalchemy.orm import Session

from app.domain.states import ConnectionSide
from app.models.external_scores import ExternalTotal
from tests.builders.service_requests import connection


def external_total(session: Session, touchpoint: str, period: str, **fields: object) -> ExternalTotal:
    """Add a total of `csat5` on the overall dimension; `fields` say what is known of it."""
    source = connection(session, "customers", ConnectionSide.SCORES)
    values: dict[str, object] = {"dimension": "csat_overall", "instrument": "csat5"}
    row = ExternalTotal(source_id=source.id, touchpoint=touchpoint, period=period, **(values | fields))
    session.add(row)
    session.flush()
    return row
