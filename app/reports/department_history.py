"""All departments at any moment, read once: names, the tree, and who is surveyed. Reads only."""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.departments import DepartmentTree
from app.models.departments import Department, DepartmentVersion


@dataclass(frozen=True, slots=True)
class _Snapshot:
    tree: DepartmentTree
    names: Mapping[int, str]
    not_surveyed: frozenset[int]


class DepartmentHistory:
    """All departments at any moment, read once."""

    def __init__(self, session: Session) -> None:
        self.codes = dict(session.execute(select(Department.id, Department.code)).tuples().all())
        self._versions = session.scalars(select(DepartmentVersion).order_by(DepartmentVersion.valid_from)).all()
        moments = {version.valid_from for version in self._versions}
        self._moments = sorted(moments | {version.valid_to for version in self._versions if version.valid_to})
        self._snapshots: dict[int, _Snapshot] = {}

    def _at(self, moment: datetime) -> _Snapshot:
        place = bisect_right(self._moments, moment)
        if place not in self._snapshots:
            self._snapshots[place] = self._drawn(moment)
        return self._snapshots[place]

    def _drawn(self, moment: datetime) -> _Snapshot:
        valid = {
            version.department_id: version
            for version in self._versions
            if version.valid_from <= moment and (version.valid_to is None or version.valid_to > moment)
        }
        parents = {id_: one.parent_id if one.parent_id in valid else None for id_, one in valid.items()}
        return _Snapshot(
            DepartmentTree(parents),
            {id_: one.name for id_, one in valid.items()},
            frozenset(id_ for id_, one in valid.items() if not one.is_surveyed),
        )

    def name(self, department_id: int, moment: datetime) -> str:
        """Return the name valid at the moment, or the code where there is none."""
        return self._at(moment).names.get(department_id) or self.codes[department_id]

    def is_surveyed(self, department_id: int, moment: datetime, asking: Asking) -> bool:
        """True where neither the department's own entry nor the policy takes it out."""
        if department_id in self._at(moment).not_surveyed:
            return False
        return self.codes[department_id] not in asking.policy.not_surveyed

    def lies_within(self, department_id: int, above: Collection[int], moment: datetime) -> bool:
        """True for a department that is one of `above` or stands below one of them."""
        return department_id in above or any(one in above for one in self._at(moment).tree.ancestors(department_id))

    def same_line(self, one: int | None, other: int | None, moment: datetime) -> bool:
        """True for the same department, or one below or above it."""
        return one is not None and other is not None and self._at(moment).tree.same_line(one, other)
