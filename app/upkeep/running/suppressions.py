"""Whether we write to an address any more, and writing to it again. Addresses are kept as keyed hashes only.

An erasure stays for good, and so does a complaint: whoever called our mail spam is not written to because somebody else
thinks otherwise. A bounce may have been a full mailbox or a mistyped alias, which is mended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys
from app.models.people import Bounce, Suppression, SuppressionReason, address_hash


class CannotBeLifted(Exception):
    """The address is not suppressed, or for good."""


@dataclass(frozen=True)
class Standing:
    """What we know of an address: why it gets nothing (None: it does), since when, and its refusals by status."""

    reason: SuppressionReason | None
    since: datetime | None
    refusals: Sequence[tuple[str, datetime]]

    @property
    def can_be_lifted(self) -> bool:
        """Tell whether an administrator may let mails go there again."""
        return self.reason is SuppressionReason.BOUNCED


def look_up(session: Session, keys: Keys, address: str) -> Standing:
    """Return what stands in the way of mails to an address, hashed with any secret key that is known."""
    hashes = _hashes(keys, address)
    found = session.scalars(select(Suppression).where(Suppression.address_hash.in_(hashes))).all()
    worst = next((one for reason in _WORST_FIRST for one in found if one.reason is reason), None)
    bounces = select(Bounce.status, Bounce.received_at).where(Bounce.address_hash.in_(hashes))
    refusals = session.execute(bounces.order_by(Bounce.received_at.desc())).tuples().all()
    return Standing(worst.reason if worst else None, worst.created_at if worst else None, list(refusals))


def lift(session: Session, keys: Keys, address: str) -> None:
    """Write to a bounced address again; its refusals are forgotten, the next ones count anew. Raises CannotBeLifted."""
    if not look_up(session, keys, address).can_be_lifted:
        raise CannotBeLifted
    hashes = _hashes(keys, address)
    session.execute(delete(Suppression).where(Suppression.address_hash.in_(hashes)))
    session.execute(delete(Bounce).where(Bounce.address_hash.in_(hashes)))


def count_suppressed(session: Session) -> Mapping[str, int]:
    """Return how many addresses get no mail any more, by reason."""
    rows = session.execute(select(Suppression.reason, func.count()).group_by(Suppression.reason)).tuples()
    return {reason.value: count for reason, count in rows}


_WORST_FIRST = (SuppressionReason.ERASED, SuppressionReason.COMPLAINED, SuppressionReason.BOUNCED)


def _hashes(keys: Keys, address: str) -> list[bytes]:
    return [address_hash(one, address) for one in keys.each()]
