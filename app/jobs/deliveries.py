"""Conclude from everything that hooks have stored, one delivery a transaction."""

import time
from datetime import datetime, timedelta

from app.jobs.installation import Installation
from app.pipeline.intake import deliveries


def process_deliveries(installation: Installation, *, now: datetime) -> int:
    """Attempt what is due and return how many deliveries that were. One that fails holds up no other.

    A killed worker leaves the rest waiting, and what it had begun for a later attempt.
    """
    began = time.monotonic()
    attempted = 0
    while True:
        moment = now + timedelta(seconds=time.monotonic() - began)  # an attempt is reserved from when it begins
        with installation.sessions.begin() as session:
            claim = deliveries.claim_next(session, now=moment)
        if claim is None:
            return attempted
        attempted += 1
        try:
            with installation.sessions.begin() as session:
                deliveries.process(session, claim, calendar=installation.calendar, now=moment)
        except Exception as error:  # noqa: BLE001  whatever stops one delivery, those behind it go on
            with installation.sessions.begin() as session:
                deliveries.put_off(session, claim, error, now=moment)
