"""Conclude from everything that hooks have stored, one delivery a transaction."""

from datetime import datetime

from app.domain.periods import Calendar
from app.jobs.installation import Installation
from app.pipeline.intake import deliveries


def process_deliveries(installation: Installation, *, now: datetime) -> int:
    """Process what waits and return how many deliveries that were. A killed worker leaves the rest waiting."""
    settings = installation.settings
    calendar = Calendar(settings.time_zone, settings.fiscal_year_start)
    done = 0
    while True:
        with installation.sessions.begin() as session:
            if deliveries.process_next(session, calendar=calendar, now=now) is None:
                return done
        done += 1
