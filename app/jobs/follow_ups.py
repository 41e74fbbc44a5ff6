"""Heads hear of colleagues who asked to be contacted."""

from datetime import datetime

from app.jobs.installation import Installation
from app.models.policies import current_policy
from app.pipeline import follow_ups


def tell_heads(installation: Installation, *, now: datetime) -> int:
    """Write the mails of this morning; return how many."""
    settings = installation.settings
    with installation.sessions.begin() as session:
        return follow_ups.tell_heads(
            session,
            policy=current_policy(session),
            languages=settings.languages,
            time_zone=settings.time_zone,
            now=now,
        )
