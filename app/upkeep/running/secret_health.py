"""Whether the keys of this installation open what was sealed with them: secrets of connections, salts of quarters."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.crypto import Keys, UnreadableSecret
from app.foundations.languages import gettext
from app.models.connections import Connection
from app.models.quarter_salts import find_salt
from app.models.responses import QuarterSalt
from app.upkeep.findings import Finding


def findings(session: Session, keys: Keys) -> Iterator[str]:
    """Yield a sentence for each quarter and each connection that the keys do not open."""
    yield from _salts(session, keys)
    yield from _secrets(session, keys)


def _secrets(session: Session, keys: Keys) -> Iterator[str]:
    for connection in session.scalars(select(Connection).order_by(Connection.slug)):
        sealed = (connection.secret, connection.previous_secret, connection.credentials)
        if not all(_can_be_read(keys, one) for one in sealed if one is not None):
            yield gettext(
                "The secrets of %(slug)s were sealed with another secret key: add it to PARITY_SECRET_KEY_FALLBACKS, or"
                " set them anew",
                slug=connection.slug,
            )


def _can_be_read(keys: Keys, sealed: bytes) -> bool:
    try:
        keys.unseal(sealed)
    except UnreadableSecret:
        return False
    return True


def _salts(session: Session, keys: Keys) -> Iterator[str]:
    for period in session.scalars(select(QuarterSalt.period).order_by(QuarterSalt.period)):
        try:
            find_salt(session, keys, period)
        except UnreadableSecret:
            problem = gettext(
                "The link key does not open the quarter %(period)s, so its surveys take no answers", period=period
            )
            command = gettext("set PARITY_LINK_KEY back. Only if that key is lost: flask doctor --renew-salts")
            yield Finding(problem, command)
