"""Instruments of customers' scores beside the built-in ones: registered once, never changed under their name."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.instruments import Construct, Mode, Moment, own_instrument
from app.foundations.languages import gettext, mark
from app.models.instruments import CustomInstrument

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class InstrumentRefused(ValueError):
    """An instrument cannot be registered like this; the message says why."""


def add_instrument(
    session: Session,
    *,
    name: str,
    lowest: int,
    highest: int,
    is_reversed: bool,
    construct: Construct,
    labels: Mapping[str, str] | None,
    now: datetime,
    mode: Mode | None = None,
    moment: Moment | None = None,
    notes: str | None = None,
) -> bool:
    """Register an instrument; return False when exactly this one stands already. Notes may be told anew.

    Raises InstrumentRefused for a bad or taken name, and for points that are no scale.
    """
    if not _NAME.fullmatch(name):
        raise InstrumentRefused(gettext("'%(name)s' cannot be a name: use small letters, digits, _ and -", name=name))
    try:
        own_instrument(name, construct, lowest=lowest, highest=highest, reverse=is_reversed)
    except ValueError as error:
        raise InstrumentRefused(str(error)) from error
    outside = [point for point in labels or {} if not (point.isdecimal() and lowest <= int(point) <= highest)]
    if outside:
        raise InstrumentRefused(gettext("these labels name no point: %(points)s", points=", ".join(outside)))
    wanted = {
        "lowest": lowest,
        "highest": highest,
        "is_reversed": is_reversed,
        "construct": construct.value,
        "labels": dict(labels) if labels else None,
        "mode": mode.value if mode else None,
        "moment": moment.value if moment else None,
    }
    stored = session.get(CustomInstrument, name)
    if stored is None:
        session.add(CustomInstrument(name=name, **wanted, notes=notes, created_at=now))
        session.flush()
        return True
    if any(getattr(stored, column) != value for column, value in wanted.items()):
        sentence = mark("'%(name)s' stands already with another definition: a changed question is a new name")
        raise InstrumentRefused(gettext(sentence, name=name))
    stored.notes = notes or stored.notes
    return False
