"""What the end of departments comes to: read in the transaction that wrote it, before anybody agreed to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import RequestState
from app.models.base import SINCE_EVER
from app.models.connections import Connection
from app.models.departments import DepartmentVersion, tree_of, versions_at
from app.models.service_requests import ServiceRequest
from app.upkeep.organisation.department_changes import MOMENT, Ended, Ending
from app.upkeep.organisation.departments import codes
from app.upkeep.organisation.people import count_people


@dataclass(frozen=True, slots=True)
class Follower:
    """The department that takes over, as it is from that day on."""

    name: str
    is_new: bool
    parent: str | None  # name
    head: str | None  # address


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What is otherwise from a day on; departments by their names."""

    at: datetime
    ended: tuple[str, ...]
    follower: Follower | None
    below: tuple[tuple[str, str | None], ...]  # who stands elsewhere, and below whom
    former_heads: tuple[str, ...]  # addresses that head nothing any more
    people: int  # who move along
    staying: int
    open_requests: int  # of what ends
    named_in: tuple[tuple[str, int], ...]  # tracker -> names in its table that lead to what ends


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenMove:
    """Where a department stands from a moment on, and who goes with it; departments by their names."""

    at: datetime | None  # None: from now on, or since ever
    name: str
    before: str | None  # below which it stands no more, on any level
    parent: str | None
    below: int  # departments, on any level
    people: int  # who belong to it or to those below it


def foresee_move(
    session: Session, id_: int, before: str | None, told_for: datetime | None, *, now: datetime
) -> ForeseenMove:
    """Return what a move comes to that was just written, from below the department with the code `before`."""
    at = told_for or now
    then = versions_at(session, at)
    tree, stood_below = tree_of(then), codes(session).get(before or "")
    subtree = list(tree.subtree(id_))
    return ForeseenMove(
        at=None if told_for == SINCE_EVER else told_for,
        name=then[id_].name,
        before=None if stood_below in set(tree.ancestors(id_)) else _name(stood_below, then),
        parent=_name(then[id_].parent_id, then),
        below=len(subtree) - 1,
        people=count_people(session, subtree, at),
    )


def foresee(session: Session, ending: Ending, done: Ended) -> Foreseen:
    """Return what an end comes to that was just written, and not committed yet."""
    ids = codes(session)
    ended = {ids[code] for code in ending.codes}
    before, then = versions_at(session, ending.at - MOMENT), versions_at(session, ending.at)
    heads = {(before[id_].head_email or "").lower() for id_ in ended} - {""}
    return Foreseen(
        at=ending.at,
        ended=tuple(before[ids[code]].name for code in ending.codes),
        follower=_follower(ids[ending.successor], before, then) if ending.successor else None,
        below=tuple(sorted(_below(ended, before, then))),
        former_heads=tuple(sorted(heads - {(one.head_email or "").lower() for one in then.values()})),
        people=done.people,
        staying=done.staying,
        open_requests=_open_requests(session, ended),
        named_in=_named_in(session, ending.codes),
    )


def _follower(id_: int, before: dict[int, DepartmentVersion], then: dict[int, DepartmentVersion]) -> Follower:
    own = then[id_]
    return Follower(own.name, id_ not in before, _name(own.parent_id, then), own.head_email)


def _below(
    ended: Collection[int], before: dict[int, DepartmentVersion], then: dict[int, DepartmentVersion]
) -> list[tuple[str, str | None]]:
    return [
        (then[id_].name, _name(then[id_].parent_id, then))
        for id_, version in before.items()
        if version.parent_id in ended and id_ not in ended and id_ in then
    ]


def _name(id_: int | None, then: dict[int, DepartmentVersion]) -> str | None:
    return then[id_].name if id_ is not None and id_ in then else None


def _open_requests(session: Session, departments: Collection[int]) -> int:
    theirs = select(func.count()).where(
        ServiceRequest.provider_department_id.in_(departments), ServiceRequest.state == RequestState.OPEN
    )
    return session.scalar(theirs) or 0


def _named_in(session: Session, ended: Collection[str]) -> tuple[tuple[str, int], ...]:
    found = []
    for tracker in session.scalars(select(Connection).where(Connection.removed_at.is_(None)).order_by(Connection.slug)):
        leading = sum(code in ended for code in (tracker.settings.get("departments") or {}).values())
        if leading:
            found.append((tracker.slug, leading))
    return tuple(found)
