"""What is forgotten every night."""

from datetime import datetime

from app.jobs.installation import Installation
from app.pipeline import responses
from app.upkeep import copies, privacy


def retain(installation: Installation, *, now: datetime) -> dict[str, int]:
    """Cut the links of expired invitations, delete what is older than it may be (not in the demo), and old copies."""
    with installation.sessions.begin() as session:
        counts = {"links": responses.expire_links(session, now=now)}
        if not installation.settings.demo:
            counts |= privacy.retain(session, now=now)
    return counts | {"copies": copies.forget_old_copies(installation.settings, now=now)}
