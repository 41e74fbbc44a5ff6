"""What every page needs of the installation it runs in: its settings, keys, calendar and clock."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from app.domain.periods import Calendar
from app.foundations import clock
from app.foundations.crypto import Keys
from app.settings import Settings


def settings() -> Settings:
    """Return the settings of this installation."""
    found: Settings = current_app.extensions["parity_settings"]
    return found


def keys() -> Keys:
    """Return the keys of this installation."""
    found: Keys = current_app.extensions["parity_keys"]
    return found


def calendar() -> Calendar:
    """Return the company's calendar."""
    ours = settings()
    return Calendar(ours.time_zone, ours.fiscal_year_start)


def now() -> datetime:
    """Return the present moment; tests may put a clock of their own into the application."""
    read_clock: Callable[[], datetime] = current_app.extensions.get("parity_clock", clock.now)
    return read_clock()
