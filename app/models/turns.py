"""Turns of transactions that have no row of their own to lock yet."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, number: int) -> None:
    """Wait until no other transaction has this number (64 bits with a sign), and have it until this one ends.

    On SQLite whoever writes has the turn of everybody.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(number)))
