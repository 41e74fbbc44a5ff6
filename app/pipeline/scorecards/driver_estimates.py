"""Estimate once, at the freeze, which aspects go with overall satisfaction: the bootstrap draws from held answers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session, aliased

from app.domain.departments import DepartmentTree
from app.domain.instruments import ALWAYS_ASKED
from app.domain.periods import Calendar, Period
from app.domain.scorecards.drivers import COMPANY, DEPARTMENT, CompleteAnswers, fit_drivers
from app.domain.scorecards.publish import COARSE_BELOW
from app.domain.states import ResponseState
from app.domain.statistics import DEFAULT_SEED
from app.models.departments import tree_at
from app.models.responses import HeldAnswer, HeldResponse, consenting_clusters
from app.models.rollups import COMPANY_ID, DriverEstimate

Truths = NDArray[np.bool_]
Place = tuple[int, bool, list[int]]  # department, whether its own part only, the departments it spans


def estimate_drivers(session: Session, period: Period, *, calendar: Calendar) -> None:
    """Store the model of every department and of the company; replaces earlier ones of the quarter.

    No model is made of fewer than ten requesters who did not consent to contact.
    """
    tree = tree_at(session, calendar.last_moment(period))
    answers, consenting = _complete_answers(session, str(period))
    rows = [
        _row(answers.of(spans), consenting, str(period), (id_, is_own, spans)) for id_, is_own, spans in _places(tree)
    ]
    session.execute(delete(DriverEstimate).where(DriverEstimate.period == str(period)))
    if rows := [row for row in rows if row["answers"]]:
        session.execute(insert(DriverEstimate), rows)


def _places(tree: DepartmentTree) -> Iterator[Place]:
    yield COMPANY_ID, False, sorted(tree.parents)
    for department_id in sorted(tree.parents):
        yield department_id, False, sorted(tree.subtree(department_id))
        if tree.children(department_id):
            yield department_id, True, [department_id]


def _complete_answers(session: Session, period: str) -> tuple[CompleteAnswers, Truths]:
    """Read the accepted responses with all items, and who of their requesters consented to contact."""
    numbers: dict[bytes, int] = {}
    ratings, requesters, departments = [], [], []
    for department_id, cluster, *values in session.execute(_with_all_items(period)):
        ratings.append(values)
        requesters.append(numbers.setdefault(bytes(cluster), len(numbers)))
        departments.append(department_id)
    consenting = np.zeros(len(numbers), dtype=np.bool_)
    for cluster in session.scalars(consenting_clusters(period)):
        if bytes(cluster) in numbers:
            consenting[numbers[bytes(cluster)]] = True
    found = CompleteAnswers(
        np.array(ratings, dtype=np.int64).reshape(-1, len(ALWAYS_ASKED)),
        np.array(requesters, dtype=np.int64),
        np.array(departments, dtype=np.int64),
    )
    return found, consenting


def _with_all_items(period: str) -> Select[Any]:
    answers = [aliased(HeldAnswer) for _ in ALWAYS_ASKED]
    columns = (HeldResponse.department_id, HeldResponse.requester_cluster_id, *(row.value for row in answers))
    query = select(*columns).where(HeldResponse.period == period, HeldResponse.state == ResponseState.ACCEPTED)
    for item, row in zip(ALWAYS_ASKED, answers, strict=True):
        query = query.join(row, row.response_id == HeldResponse.id).where(
            row.item == item.value, row.value.is_not(None)
        )
    return query.execution_options(yield_per=5000)


def _row(answers: CompleteAnswers, consenting: Truths, period: str, place: Place) -> dict[str, object]:
    department_id, is_own, _ = place
    people = np.unique(answers.requesters)
    model = None
    if int((~consenting[people]).sum()) >= COARSE_BELOW and not is_own:
        model = fit_drivers(answers, COMPANY if department_id == COMPANY_ID else DEPARTMENT)
    return {
        "department_id": department_id,
        "period": period,
        "is_own": is_own,
        "answers": len(answers),
        "requesters": len(people),
        "r_squared": None if model is None else model.r_squared,
        "importance": None if model is None else {item: list(found) for item, found in model.importance.items()},
        "seed": DEFAULT_SEED,
    }
