"""When nobody can sign in: an administrator by a command on the server, which the other administrators hear of."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.mail.links import Links
from app.mail.outbox.writing import break_glass_message, enqueue_all
from app.models.accounts import Staff
from app.upkeep.signing_in.links import make_sign_in_link
from app.upkeep.staff.accounts import add_staff


def break_glass(
    session: Session, links: Links, email: str, *, language: str, zone: ZoneInfo, now: datetime
) -> tuple[str, int]:
    """Make somebody administrator and return a link that signs them in once, with how many administrators are told.

    Neither a mail server nor an identity provider is needed; the mails wait until there is one. Raises AccountError.
    """
    address = email.strip().lower()
    add_staff(session, address, Role.ADMIN, now=now)
    link, use = make_sign_in_link(session, links, address, now=now), secrets.token_hex(8)
    others = session.scalars(
        select(Staff).where(Staff.role == Role.ADMIN, Staff.is_active, Staff.email != address).order_by(Staff.id)
    ).all()
    at = f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    messages = [
        break_glass_message(
            use,
            recipient=one.email,
            name=one.name or "",
            who=address,
            at=at,
            language=one.language or language,
            now=now,
        )
        for one in others
    ]
    enqueue_all(session, messages, now=now)
    return link, len(messages)
