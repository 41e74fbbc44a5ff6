"""Read the open requests of all departments at the freeze, by age and status, and keep what may be told."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.disclosure import Cell, own
from app.domain.scorecards.waiting import AGES, STATUSES, Parts, age_of, told_parts
from app.models.rollups import STATUS, OpenAge
from app.reports.department_scores.company import Company
from app.reports.department_scores.counted import Withheld
from app.reports.department_scores.reading import UNKNOWN


def read_waiting(
    session: Session, company: Company, period: str, minimum_group: int, withheld: Withheld
) -> Mapping[str, Parts]:
    """Return both partitions of what is open, by department code."""
    counts = _counts(session, company, period)
    untold = {code for code, names in withheld.names.items() if "open" in names}
    untold |= {cell.department for cell, count in counts.items() if not cell.cut and count < minimum_group}
    return told_parts(counts, company.children, minimum_group, untold)


def _counts(session: Session, company: Company, period: str) -> Counter[Cell]:
    table = OpenAge
    query = (
        select(table.department_id, table.measure, table.bin, func.sum(table.requests))
        .where(table.period == period, or_(table.measure == "open", table.measure.startswith(STATUS, autoescape=True)))
        .group_by(table.department_id, table.measure, table.bin)
    )
    counts: Counter[Cell] = Counter()
    for id_, measure, index, requests in session.execute(query):
        if id_ in company.codes:
            code = company.codes[id_]
            if measure == "open":
                counts[Cell(code)] += int(requests)
                counts[Cell(code, AGES, age_of(index))] += int(requests)
            else:
                counts[Cell(code, STATUSES, measure.removeprefix(STATUS) or UNKNOWN)] += int(requests)
    return _with_own_parts(counts, company)


def _with_own_parts(counts: Counter[Cell], company: Company) -> Counter[Cell]:
    """Add what the children of a department leave: open requests are counted for whole departments."""
    found = Counter(counts)
    for code, below in company.children.items():
        for cell, count in counts.items():
            if cell.department == code:
                rest = count - sum(counts[Cell(child, cell.cut, cell.value)] for child in below)
                if rest:
                    found[Cell(own(code), cell.cut, cell.value)] = rest
    return found
