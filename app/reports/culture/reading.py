"""The sums that HR's document needs beside the scorecards. Rows read do not grow with the number of answers."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.culture.matrix import UNKNOWN, Arc
from app.domain.culture.measures import Asked
from app.models.departments import Department
from app.models.rollups import CellCount, FunnelCount, WorkCount
from app.reports.department_scores.company import WHOLE

_CUT = "requester_department"


def read_volumes(session: Session, providers: Mapping[int, str], period: str) -> dict[Arc, int]:
    """Return completed requests by provider and requester department."""
    query = (
        select(WorkCount.department_id, Department.code, func.sum(WorkCount.completions))
        .join(Department, Department.id == WorkCount.requester_department_id)
        .where(WorkCount.period == period, WorkCount.is_own.is_(False))
        .group_by(WorkCount.department_id, Department.code)
    )
    rows = session.execute(query).tuples()
    return {(providers[id_], code): int(done) for id_, code, done in rows if id_ in providers and done}


def read_askers(session: Session, providers: Mapping[int, str], period: str) -> dict[str, list[str]]:
    """Return, per provider, the requester departments with an answer; `unknown` is one of them."""
    query = (
        select(CellCount.department_id, CellCount.value)
        .where(CellCount.period == period, CellCount.is_own.is_(False), CellCount.cut == _CUT)
        .order_by(CellCount.department_id, CellCount.value)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for department_id, value in session.execute(query):
        if department_id in providers:
            found[providers[department_id]].append(value or UNKNOWN)
    return dict(found)


def read_asked(session: Session, department_id: int, period: str) -> Asked:
    """Return distinct requesters who were invited, and who answered, over the department's subtree."""
    query = select(FunnelCount.reason, FunnelCount.requesters).where(
        FunnelCount.department_id == department_id,
        FunnelCount.period == period,
        FunnelCount.is_own.is_(False),
        FunnelCount.cut == WHOLE,
        FunnelCount.reason.in_(("invited", "answered")),
    )
    people = dict(session.execute(query).tuples().all())
    return Asked(invited=people.get("invited", 0), answered=people.get("answered", 0))
