"""Segments of requesters: asked before within a year or not, key requesters or others. Never stored with an answer.

They stand on the identity side, and meet the answers under the quarter's clusters while these can be computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.periods import Period
from app.foundations.crypto import Keys, requester_cluster_id
from app.models.people import RequesterTag
from app.models.responses import QuarterSalt
from app.models.service_requests import RequestCycle
from app.pipeline.rollups.scope import UNKNOWN, Scope

QUARTERS_BACK = 4
FIRST, RETURNING, KEY, OTHER = "first_time", "returning", "key", "other"


@dataclass(frozen=True)
class Segments:
    """People, each under cluster and id, by what is known of them; None where it is known of nobody."""

    returning: frozenset[bytes | int] | None = None
    key: frozenset[bytes | int] | None = None

    def value(self, cut: str, who: bytes | int) -> str:
        """Return a requester's value in a cut by segments; `who` is a cluster, or a person as requests name them."""
        chosen, yes, no = (self.key, KEY, OTHER) if cut == "requester_tag" else (self.returning, RETURNING, FIRST)
        return UNKNOWN if chosen is None else yes if who in chosen else no


class SegmentsOfQuarters:
    """The segments of each quarter, read once while one run of the rollups lasts."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self._session, self._keys = session, keys
        self._known: dict[str, Segments] = {}

    def of(self, scope: Scope) -> Segments:
        """Return the segments of a scope's quarter."""
        if scope.period not in self._known:
            self._known[scope.period] = read_segments(self._session, scope, self._keys)
        return self._known[scope.period]


def read_segments(session: Session, scope: Scope, keys: Keys) -> Segments:
    """Return the segments of everybody in a scope's quarter: a person is in one group in all departments.

    Returning is who had a request completed, wherever, in the four quarters before, as far as that was known when the
    quarter began: what is learned later moves nobody, or department and company could be subtracted. Nobody is called
    first-time where nothing was known of those quarters. A tag counts as it stood at the freeze.
    """
    sealed = session.scalar(select(QuarterSalt.salt).where(QuarterSalt.period == scope.period))
    if sealed is None:
        return Segments()
    salt = keys.unseal_salt(sealed)
    period = Period.parse(scope.period)
    quarters = [str(period.shifted(-back)) for back in range(1, QUARTERS_BACK + 1)]
    before = session.scalars(
        select(RequestCycle.requester_id)
        .where(RequestCycle.period.in_(quarters), RequestCycle.learned_at < scope.starts_at)
        .distinct()
    ).all()
    tagged = session.scalars(
        select(RequesterTag.person_id).where(
            RequesterTag.since < scope.freezes_at,
            or_(RequesterTag.until.is_(None), RequesterTag.until >= scope.freezes_at),
        )
    ).all()
    return Segments(_named(salt, before) if before else None, _named(salt, tagged))


def _named(salt: bytes, people: Sequence[int | None]) -> frozenset[bytes | int]:
    known = {person for person in people if person is not None}
    return frozenset({*known, *(requester_cluster_id(salt, person) for person in known)})
