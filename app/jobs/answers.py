"""The nightly part of the survey: links of expired invitations go."""

from datetime import datetime

from app.jobs.installation import Installation
from app.pipeline import responses


def expire_links(installation: Installation, *, now: datetime) -> int:
    """Delete the bridge between each expired invitation and its answer; return how many."""
    with installation.sessions() as session, session.begin():
        return responses.expire_links(session, now=now)
