"""Which departments the names of a table mean: by the tracker's own table, by code, then by a name of today."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.models.base import SINCE_EVER
from app.models.departments import Department, DepartmentVersion, versions_at


def departments_by_name(
    session: Session, names: Iterable[str], *, table: Mapping[str, str], now: datetime, create: bool
) -> dict[str, int]:
    """Return the department of every name that means one, in a fixed number of statements.

    `table` maps a name, or `provider_department:name`, to a code. With `create`, a name that means none becomes
    the code and name of a new department since ever.
    """
    codes = dict(session.execute(select(Department.code, Department.id)).tuples().all())
    called: dict[str, set[int]] = {}
    for id_, version in versions_at(session, now).items():
        called.setdefault(version.name, set()).add(id_)
    found: dict[str, int] = {}
    unknown = []
    for name in names:
        code = table.get(f"provider_department:{name}") or table.get(name) or name
        meant = {codes[code]} if code in codes else called.get(code, set())
        if len(meant) == 1:
            found[name] = next(iter(meant))
        elif create:
            unknown.append(name)
    return found | _created(session, unknown)


def _created(session: Session, names: list[str]) -> dict[str, int]:
    if not names:
        return {}
    rows = session.execute(
        insert(Department).returning(Department.code, Department.id, sort_by_parameter_order=True),
        [{"code": name} for name in names],
    ).tuples()
    created = dict(rows.all())
    versions = [{"department_id": id_, "name": name, "valid_from": SINCE_EVER} for name, id_ in created.items()]
    session.execute(insert(DepartmentVersion), versions)
    return created
