"""Posting mail: the worker's connection to the mail server lasts for one run."""

from collections.abc import Mapping
from datetime import datetime

from app.jobs.installation import Installation
from app.mail.links import Links
from app.mail.outbox import COMPOSERS, Composer, Delivery, Tally, deliver_due
from app.mail.transport import Transport
from app.models.base import reading
from app.pipeline import follow_ups, scorecards
from app.pipeline.invitations import may_leave
from app.upkeep.branding import sender_name


def all_composers(installation: Installation) -> Mapping[str, Composer]:
    """Return what makes the mails: those that mail knows, and those that a step composes from what it has frozen."""
    return {**COMPOSERS, **follow_ups.composers(), **scorecards.composers(installation.calendar)}


def deliver_mail(installation: Installation, *, now: datetime) -> Tally:
    """Post what is due. Without a mail server everything waits; doctor says so."""
    settings = installation.settings
    if not settings.mail.server:
        return Tally()
    links = Links(base_url=settings.base_url, keys=installation.keys)
    with reading(), installation.sessions() as session:
        name = sender_name(session, settings.full_name)
    with Transport(settings.mail) as transport:
        delivery = Delivery(
            send=transport.send,
            links=links,
            sender=settings.mail.sender,
            sender_name=name,
            may_leave=may_leave,
            is_stopped=scorecards.is_stopped,
            rate=settings.mail.rate,
            composers=all_composers(installation),
        )
        return deliver_due(installation.sessions, delivery, now=now)
