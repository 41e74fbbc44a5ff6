"""What is forgotten every night."""

from datetime import datetime

from app.jobs.installation import Installation
from app.pipeline import responses
from app.upkeep import privacy
from app.upkeep.running import copies

#: Cut links and forgotten mails are not told: where a single invitation expired, or its reminder left, since the last
#: run, their number says whether somebody answered; and administrators choose the moment of a run.
UNTOLD = frozenset({"links", "messages"})


def retain(installation: Installation, *, now: datetime) -> dict[str, int]:
    """Cut the links of expired invitations, delete what is older than it may be (not in the demo), and old copies.

    Return how many rows of each kind, but for those whose number would say who answered.
    """
    with installation.sessions.begin() as session:
        counts = {"links": responses.expire_links(session, now=now)}
        if not installation.settings.demo:
            counts |= privacy.retain(session, now=now)
    told = {kind: count for kind, count in counts.items() if kind not in UNTOLD}
    return told | {"copies": copies.forget_old_copies(installation.settings, now=now)}
