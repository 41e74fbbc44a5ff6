"""Conclude from everything that hooks have stored: claim one, ask its tool what the body lacks, record, next."""

import time
from datetime import datetime, timedelta

from sqlalchemy.exc import DataError

from app.connectors import find_connector
from app.connectors.connector import Connector
from app.connectors.hooks import UnreadableBody
from app.imports.faults import RowsRefused
from app.jobs.installation import Installation
from app.jobs.outside import tool_of
from app.pipeline import external_scores
from app.pipeline.intake import deliveries
from app.pipeline.intake.concluding import Requesters, conclude
from app.pipeline.intake.deliveries import Brought, Claim


def process_deliveries(installation: Installation, *, now: datetime) -> int:
    """Attempt what is due and return how many deliveries that were. One that fails holds up no other.

    A killed worker leaves the rest waiting, and what it had begun for a later attempt.
    """
    began = time.monotonic()
    attempted = 0
    requesters = Requesters()
    while True:
        moment = now + timedelta(seconds=time.monotonic() - began)  # an attempt is reserved from when it begins
        with installation.sessions.begin() as session:
            claim = deliveries.claim_next(session, now=moment)
            if claim is None:
                return attempted
            brought = deliveries.bring(session, claim, installation.keys, installation.calendar)
        attempted += 1
        try:
            _process(installation, claim, brought, requesters, moment)
        except (UnreadableBody, RowsRefused, DataError) as error:
            with installation.sessions.begin() as session:
                deliveries.refuse(session, claim, str(error), now=moment)
        except Exception as error:  # noqa: BLE001  whatever stops one delivery, those behind it go on
            with installation.sessions.begin() as session:
                deliveries.put_off(session, claim, error, now=moment)


def _process(installation: Installation, claim: Claim, brought: Brought, requesters: Requesters, now: datetime) -> None:
    connector = find_connector(brought.side, brought.kind) or Connector(kind=brought.kind, side=brought.side)
    tool = tool_of(installation.settings, brought.settings, now=now)
    conclusion = conclude(connector, brought.hook, tool, brought.slug, requesters)
    calendar = installation.calendar
    with installation.sessions.begin() as session:
        source = deliveries.settle(session, claim, conclusion, calendar=calendar, now=now)
        if source is not None:
            external_scores.record_told(session, source, conclusion.scores, keys=installation.keys, calendar=calendar)
