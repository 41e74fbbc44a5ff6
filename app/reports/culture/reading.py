"""The sums that HR's document needs beside the scorecards. Rows read do not grow with the number of answers."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.culture.matrix import UNKNOWN, Arc
from app.domain.culture.measures import Asked, FirstResponses
from app.models.departments import Department
from app.models.rollups import CellCount, FunnelCount, OpenAge, WorkCount, WorkDuration
from app.reports.department_scores.company import WHOLE

_CUT = "requester_department"

MatrixRows = Mapping[tuple[int, bool], str]  # code of the provider by department, and whether it is only its own part


def read_volumes(session: Session, rows: MatrixRows, period: str) -> dict[Arc, int]:
    """Return completed requests by provider and requester department."""
    query = (
        select(WorkCount.department_id, WorkCount.is_own, Department.code, func.sum(WorkCount.completions))
        .join(Department, Department.id == WorkCount.requester_department_id)
        .where(WorkCount.period == period)
        .group_by(WorkCount.department_id, WorkCount.is_own, Department.code)
    )
    found = session.execute(query).tuples()
    return {(rows[id_, is_own], code): int(done) for id_, is_own, code, done in found if (id_, is_own) in rows and done}


def read_durations(session: Session, rows: MatrixRows, period: str) -> dict[Arc, dict[int, int]]:
    """Return how many completed requests of a provider and requester department took how long, by bin of durations."""
    table = WorkDuration
    key = (table.department_id, table.is_own, Department.code, table.bin)
    query = (
        select(*key, func.sum(table.requests))
        .join(Department, Department.id == table.requester_department_id)
        .where(table.period == period, table.measure == "completion")
        .group_by(*key)
    )
    found: defaultdict[Arc, dict[int, int]] = defaultdict(dict)
    for id_, is_own, code, index, requests in session.execute(query):
        if (id_, is_own) in rows:
            found[rows[id_, is_own], code][index] = int(requests)
    return dict(found)


def read_first_responses(session: Session, department_id: int, period: str) -> FirstResponses:
    """Return how long completed requests waited for a first response, and open ones that had none at the freeze."""
    found: dict[str, dict[int, int]] = {"first_response": {}, "silent": {}}
    for table, measure in ((WorkDuration, "first_response"), (OpenAge, "silent")):
        query = (
            select(table.bin, func.sum(table.requests))
            .where(table.department_id == department_id, table.period == period, table.is_own.is_(False))
            .where(table.measure == measure)
            .group_by(table.bin)
        )
        found[measure] = {index: int(requests) for index, requests in session.execute(query)}
    return FirstResponses(done=found["first_response"], silent=found["silent"])


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
