"""Instruments an administrator defined beside the built-in ones: scale, direction, construct, words, way of asking."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.instruments import BUILT_IN, Construct, Instrument, Item, Mode, Moment, own_instrument
from app.models.base import Base, UtcDateTime


class CustomInstrument(Base):
    """A question somebody else asks; a changed wording is a new name."""

    __tablename__ = "custom_instruments"
    __table_args__ = (CheckConstraint("lowest < highest", name="instrument_has_a_scale"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    lowest: Mapped[int]
    highest: Mapped[int]
    is_reversed: Mapped[bool] = mapped_column(default=False)
    construct: Mapped[str]
    labels: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    mode: Mapped[str | None]
    moment: Mapped[str | None]
    notes: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def known_instruments(session: Session, reworded: frozenset[Item] = frozenset()) -> dict[str, Instrument]:
    """Return the built-in instruments and those that an administrator defined, by name.

    `reworded` are the items that a quarter asks in other words than the first version of our survey.
    """
    own = (
        own_instrument(
            row.name,
            Construct(row.construct),
            lowest=row.lowest,
            highest=row.highest,
            reverse=row.is_reversed,
            labels=row.labels,
            mode=Mode(row.mode) if row.mode else None,
            moment=Moment(row.moment) if row.moment else None,
            notes=row.notes,
        )
        for row in session.scalars(select(CustomInstrument))
    )
    known = dict(BUILT_IN) | {instrument.name: instrument for instrument in own}
    return {name: replace(one, reworded=reworded) for name, one in known.items()} if reworded else known
