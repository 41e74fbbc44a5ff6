"""Issued scorecards and the people who look at them."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.scorecards.digest import digest
from app.domain.states import PeriodState, Role
from app.models.accounts import Staff, StaffDepartment
from app.models.departments import Department
from app.models.releases import PeriodRecord
from app.models.scorecards import ScorecardRevision
from tests.builders.scorecards import a_document, figure

HOURS = {"median": 6, "p85": 30, "p95": 75}
CUTS: dict[str, Any] = {
    "by_requester_department": [
        {"value": "CARE", "name": "Customer Care", "top_two_box": figure(0.5, 0.31, 0.69, 22)},
        {"value": "SALES", "name": "Sales", "top_two_box": figure(0.73, 0.43, 0.9, 11)},
        {"value": "LOG", "name": "Logistics", "top_two_box": figure(0.8, 0.4, 1.0, 7, "wilson_coarse")},
    ],
    "by_request_type": [{"value": "access", "top_two_box": figure(0.6, 0.43, 0.75, 30)}],
    "by_on_time": [
        {"value": "yes", "top_two_box": figure(0.7, 0.55, 0.82, 40)},
        {"value": "no", "top_two_box": figure(0.4, 0.1, 0.8, 7, "wilson_coarse")},
    ],
    "operations": {"first_response_time": HOURS, "resolution_time": HOURS, "open": 31, "reopened_share": 0.06},
    "suppressed": [
        {"what": "by_requester_department:FIN", "why": "protects_a_small_group"},
        {"what": "by_requester_department:RES", "why": "protects_a_small_group"},
    ],
}


def issue(
    session: Session,
    department: Department,
    period: str = "2026-Q3",
    *,
    name: str = "IT Support",
    revision: int = 1,
    posted: datetime | None,
    calendar: Calendar,
    **changed: Any,
) -> ScorecardRevision:
    """Store a frozen revision; its quarter counts as posted where `posted` is a moment."""
    document = {**a_document(name, period, revision=revision), **CUTS, **changed}
    document["department"] = {"code": department.code, "name": name}
    document["digest"] = digest(document)
    quarter = Period.parse(period)
    frozen_at = calendar.freezes_at(quarter)
    row = ScorecardRevision(
        department_id=department.id,
        period=period,
        revision=revision,
        frozen_at=frozen_at,
        digest=document["digest"],
        document=json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    )
    session.add(row)
    if session.get(PeriodRecord, period) is None:
        bounds = {"starts_at": calendar.starts_at(quarter), "ends_at": calendar.ends_at(quarter)}
        session.add(
            PeriodRecord(
                period=period,
                **bounds,
                time_zone=str(calendar.time_zone),
                fiscal_year_start=calendar.fiscal_year_start,
                state=PeriodState.FROZEN,
                frozen_at=frozen_at,
                posted_at=posted,
            )
        )
    session.flush()
    return row


def staff(session: Session, email: str, role: Role, *departments: Department, now: datetime, name: str = "") -> Staff:
    """Add somebody with a role."""
    row = Staff(email=email, role=role, name=name or None, is_active=True, created_at=now)
    session.add(row)
    session.flush()
    session.add_all(StaffDepartment(staff_id=row.id, department_id=one.id) for one in departments)
    session.flush()
    return row
