"""Whom we ask, every minute."""

import logging
from datetime import datetime

from app.jobs.installation import Installation
from app.pipeline.invitations import RunEarlierThanLast, pass_once
from app.reports.asking_facts import current_asking

log = logging.getLogger(__name__)


def run_invitations(installation: Installation, *, now: datetime) -> int:
    """Pass over all invitations until nothing is due; return how many were written."""
    invited = 0
    while True:
        try:
            with installation.sessions.begin() as session:
                asking = current_asking(session, installation.settings, installation.keys)
                tally = pass_once(session, asking, installation.keys, now=now)
        except RunEarlierThanLast as earlier:
            # Another machine's clock runs ahead, or somebody tried a later --now: all waits until then.
            log.info("%s", earlier)
            return invited
        if tally.periods_moved:
            log.error("nobody is asked while the settings move the quarters: flask doctor names the difference")
        invited += tally.invited.invited
        if tally.invited.is_complete:
            return invited
