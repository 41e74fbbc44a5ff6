"""Read what came of the invitations of all departments of a quarter, cut by cut, and keep what may be told."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import Cell, Pattern, own
from app.domain.scorecards.response import RESPONSE_CUTS, Asked, CutValue, response_pattern
from app.models.rollups import FunnelCount
from app.reports.department_scores.company import Company

_STEPS = ("answered", "unanswered")


def read_response(
    session: Session, company: Company, period: str, minimum_group: int, pattern: Pattern
) -> dict[str, Mapping[CutValue, Asked]]:
    """Return, by department code, the values of cuts whose response rate may be told; `pattern` is the ratings'.

    A cut of one value is the whole again, and of one shown value the others follow.
    """
    asked = _asked(session, company, period)
    if not asked:
        return {}
    hidden = pattern.hidden | {cell for cell in asked if cell not in pattern.present}
    found = response_pattern(asked, company.children, minimum_group, hidden=hidden)
    told: defaultdict[str, dict[CutValue, Asked]] = defaultdict(dict)
    for code in company.codes.values():
        for cut in RESPONSE_CUTS:
            values = found.visible_values(code, cut)
            if len(values) > 1:
                told[code] |= {(cut, value): asked[Cell(code, cut, value)] for value in values}
    return dict(told)


def _asked(session: Session, company: Company, period: str) -> dict[Cell, Asked]:
    table = FunnelCount
    query = select(
        table.department_id, table.is_own, table.cut, table.value, table.reason, table.requests, table.requesters
    ).where(table.period == period, table.cut.in_(RESPONSE_CUTS), table.reason.in_(_STEPS))
    found: defaultdict[Cell, dict[str, tuple[int, int]]] = defaultdict(dict)
    for id_, is_own, cut, value, step, requests, people in session.execute(query):
        if id_ in company.codes:
            code = own(company.codes[id_]) if is_own else company.codes[id_]
            found[Cell(code, cut, value)][step] = (requests, people)
    return {cell: _of(steps) for cell, steps in found.items()}


def _of(steps: Mapping[str, tuple[int, int]]) -> Asked:
    (answered, answered_by), (unanswered, unanswered_by) = (steps.get(step, (0, 0)) for step in _STEPS)
    return Asked(answered, unanswered, answered_by, unanswered_by)
