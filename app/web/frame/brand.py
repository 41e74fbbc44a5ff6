"""The branding as every page shows it, read once a minute and process: a page of its own statement would cost each."""

import logging
import time
from dataclasses import dataclass

from flask import Flask, current_app, url_for
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.models.base import db, reading
from app.models.branding import Branding
from app.settings import Settings

log = logging.getLogger(__name__)

GOOD_FOR = 60.0  # seconds, after which another process's change is seen
_NEWEST = (
    select(
        Branding.version,
        Branding.company,
        Branding.accent,
        Branding.accent_dark,
        Branding.logo.is_not(None).label("has_logo"),
    )
    .order_by(Branding.version.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Brand:
    """What pages show of the company. Version 0: nobody has set anything."""

    company: str
    version: int = 0
    has_colours: bool = False
    has_logo: bool = False

    @property
    def full_name(self) -> str:
        """Our name with the company's, as tabs show it."""
        return f"Parity · {self.company}" if self.company else "Parity"

    @property
    def sheet(self) -> str:
        """The address of its style sheet; empty where the colours are ours."""
        return url_for("branding.sheet", version=self.version) if self.has_colours else ""

    @property
    def logo(self) -> str:
        """The address of its picture; empty where there is none."""
        return url_for("branding.logo", version=self.version) if self.has_logo else ""


class Brands:
    """The branding of one application, with the moment at which it was read."""

    def __init__(self, settings: Settings) -> None:
        self._brand, self._good_until = Brand(settings.company), 0.0
        self._otherwise = settings.company

    def now(self) -> Brand:
        """Return the branding that holds; the last one known while the database does not answer."""
        if time.monotonic() >= self._good_until:
            self._good_until = time.monotonic() + GOOD_FOR
            self._read()
        return self._brand

    def renew(self) -> None:
        """Read it again at the next look."""
        self._good_until = 0.0

    def _read(self) -> None:
        try:
            with reading(), db.engine.connect() as connection:
                row = connection.execute(_NEWEST).one_or_none()
        except (OperationalError, ProgrammingError) as error:  # away, or not brought up to date yet: pages go on
            log.warning("the branding could not be read: %s", error.orig)
            return
        if row is not None:
            has_colours = bool(row.accent or row.accent_dark)
            self._brand = Brand(row.company or self._otherwise, row.version, has_colours, row.has_logo)


def register(app: Flask) -> None:
    """Give the application its branding, and every template the way to it."""
    app.extensions["parity_brands"] = Brands(app.extensions["parity_settings"])
    app.jinja_env.globals["branding"] = branding


def branding() -> Brand:
    """Return the branding of the moment."""
    found: Brands = current_app.extensions["parity_brands"]
    return found.now()


def renew() -> None:
    """Let this process show a change at once."""
    current_app.extensions["parity_brands"].renew()
