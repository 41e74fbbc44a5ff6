"""The lines of the mail about who sees more: everybody has theirs, and who should be looked at twice stands first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sight import Gain
from app.domain.states import Role
from app.models.accounts import Staff
from app.models.departments import Department, DepartmentVersion
from app.models.people import Person
from app.models.scorecards import ScorecardRevision

MOST_DEPARTMENTS = 20  # in one line; those with scorecards and with the most below them first

#: Who stands first; the words are those of the mail.
MARKS = ("administrator", "foreign", "unknown", "")


class GainLine(TypedDict):
    """What one address sees that it did not see before: "results", "names" of who asks to be contacted, or "both"."""

    who: str
    mark: str
    sees: str
    departments: list[str]
    more: int


def gained_lines(session: Session, gained: Mapping[str, Gain]) -> list[GainLine]:
    """Return the lines in the order of the mail: administrators, foreign domains and unknown addresses first."""
    ranked = _ranked(session)
    place = {id_: number for number, id_ in enumerate(ranked)}
    marks = _marks(session, gained)
    lines = [
        GainLine(
            who=email,
            mark=marks[email],
            sees=sees,
            departments=[ranked[id_] for id_ in sorted(ids, key=place.__getitem__)[:MOST_DEPARTMENTS]],
            more=max(0, len(ids) - MOST_DEPARTMENTS),
        )
        for email, gain in gained.items()
        for sees, ids in _kinds(gain)
    ]
    return sorted(lines, key=lambda line: (MARKS.index(line["mark"]), line["who"], line["sees"] != "results"))


def _kinds(gain: Gain) -> list[tuple[str, set[int]]]:
    if gain.results == gain.names:
        return [("both", gain.results)]
    return [(sees, ids) for sees, ids in (("results", gain.results), ("names", gain.names)) if ids]


def _ranked(session: Session) -> dict[int, str]:
    """Return how each department is called: those with scorecards and much below them first, invented ones last."""
    query = select(Department.id, Department.code, DepartmentVersion.name, DepartmentVersion.parent_id)
    rows = session.execute(
        query.join(DepartmentVersion, DepartmentVersion.department_id == Department.id).order_by(
            DepartmentVersion.valid_from
        )
    ).tuples()
    last = {id_: (code, name, parent) for id_, code, name, parent in rows}
    below = Counter(above for id_ in last for above in _above(id_, last))
    scored = set(session.scalars(select(ScorecardRevision.department_id).distinct()))
    order = sorted(last, key=lambda id_: (id_ not in scored, -below[id_], last[id_][0]))
    return {id_: f"{last[id_][1]} ({last[id_][0]})" for id_ in order}


def _above(department: int, last: Mapping[int, tuple[str, str, int | None]]) -> set[int]:
    """Return what stands above by what is told last, which no single day has to hold: loops end it."""
    found: set[int] = set()
    here = last[department][2]
    while here is not None and here in last and here not in found:
        found.add(here)
        here = last[here][2]
    return found


def _marks(session: Session, addresses: Iterable[str]) -> dict[str, str]:
    """Return why an address should be looked at twice; '' for colleagues."""
    running = select(Staff.email).where(Staff.role == Role.ADMIN, Staff.is_active)
    administrators = set(session.scalars(running))
    known = set(session.scalars(select(Person.email).where(Person.email.is_not(None))))
    domains = {_domain(one) for one in known if one}
    return {
        one: _mark(
            is_administrator=one in administrators, is_foreign=_domain(one) not in domains, is_known=one in known
        )
        for one in addresses
    }


def _mark(*, is_administrator: bool, is_foreign: bool, is_known: bool) -> str:
    if is_administrator:
        return "administrator"
    if is_foreign:
        return "foreign"
    return "" if is_known else "unknown"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
