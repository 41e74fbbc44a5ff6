"""What is forgotten every night."""

from datetime import datetime

from app.jobs.installation import Installation
from app.pipeline import responses
from app.upkeep import privacy


def retain(installation: Installation, *, now: datetime) -> dict[str, int]:
    """Cut the links of expired invitations and delete what is older than it may be; the demo does only the first."""
    with installation.sessions.begin() as session:
        counts = {"links": responses.expire_links(session, now=now)}
        if not installation.settings.demo:
            counts |= privacy.retain(session, now=now)
    return counts
