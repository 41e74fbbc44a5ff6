"""The secret of each quarter: made with its first invitation or answer, destroyed at its release, never made again."""

import secrets

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys, UnreadableSecret
from app.models.releases import PeriodRecord
from app.models.responses import QuarterSalt

SALT_BYTES = 32

# A released quarter gets no new salt: it would make late answers look as if they could still be connected.
_MAKE = text("""
    INSERT INTO quarter_salts (period, salt)
    SELECT CAST(:period AS VARCHAR), :salt
    WHERE NOT EXISTS (SELECT 1 FROM periods WHERE period = :period AND state = 'released')
    ON CONFLICT (period) DO NOTHING
""")


def close_salt(session: Session, period: str) -> None:
    """Wait for everybody who is storing an answer of the quarter; who comes later waits for this transaction's end."""
    session.execute(select(QuarterSalt.period).where(QuarterSalt.period == period).with_for_update())


class QuarterIsReleased(LookupError):
    """The quarter's salt was destroyed at its release; nothing can be connected with a requester any more."""

    def __init__(self, period: str) -> None:
        super().__init__(f"{period} was released; its answers cannot be added to any more")
        self.period = period


def find_salt(session: Session | Connection, keys: Keys, period: str) -> bytes | None:
    """Return the quarter's salt, or None. Raises UnreadableSecret after a restore without the link key."""
    sealed = session.scalar(select(QuarterSalt.salt).where(QuarterSalt.period == period))
    return None if sealed is None else keys.unseal_salt(sealed)


def renew_unreadable_salts(session: Session, keys: Keys) -> list[str]:
    """Give quarters whose salt our link key does not open a new one, and return them; only when that key is lost.

    Answers before and after then count as of different people, and the earlier ones can no longer be corrected.
    """
    renewed = []
    for row in session.scalars(select(QuarterSalt).order_by(QuarterSalt.period).with_for_update()):
        try:
            keys.unseal_salt(row.salt)
        except UnreadableSecret:
            row.salt = keys.seal_salt(secrets.token_bytes(SALT_BYTES))
            renewed.append(row.period)
    return renewed


def ensure_salt(session: Session | Connection, keys: Keys, period: str) -> bytes:
    """Return the quarter's salt and make it where there is none. Idempotent, safe to run twice at once.

    Whoever writes an invitation or stores an answer calls this: the quarter's release waits for the transaction's end.
    Raises QuarterIsReleased.
    """
    sealed = session.scalar(select(QuarterSalt.salt).where(QuarterSalt.period == period).with_for_update(read=True))
    if sealed is not None:
        return keys.unseal_salt(sealed)
    session.execute(select(PeriodRecord.state).where(PeriodRecord.period == period).with_for_update(read=True))
    session.execute(_MAKE, {"period": period, "salt": keys.seal_salt(secrets.token_bytes(SALT_BYTES))})
    made = find_salt(session, keys, period)
    if made is None:
        raise QuarterIsReleased(period)
    return made
