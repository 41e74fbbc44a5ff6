"""Quarters from before Parity: everything known of them was imported after their freeze date."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.models.responses import ImportedPeriod
from app.models.service_requests import RequestCycle, ServiceRequest


def is_historical(session: Session, calendar: Calendar, period: Period) -> bool:
    """Tell whether the quarter's freeze date lay before its first request or answer was stored."""
    learned = session.scalar(
        select(func.min(RequestCycle.learned_at))
        .join(ServiceRequest, ServiceRequest.id == RequestCycle.request_id)
        .where(RequestCycle.period == str(period))
    )
    imported = session.scalar(select(ImportedPeriod.first_import_at).where(ImportedPeriod.period == str(period)))
    firsts = [moment for moment in (learned, imported) if moment is not None]
    return bool(firsts) and min(firsts) >= calendar.freezes_at(period)
