"""The mail to the owner of an address when a way in was added or taken away, or a key made that acts as them."""

import secrets
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.rights import Viewer
from app.mail.outbox.writing import enqueue, way_in_changed_message


class Change(Enum):
    """Which way in was set or removed, in the words of the audit log."""

    PASSWORD_SET = ("password", "set")
    PASSWORD_REMOVED = ("password", "removed")
    CODE_SET = ("code", "set")
    CODE_REMOVED = ("code", "removed")
    PASSKEY_SET = ("passkey", "set")
    PASSKEY_REMOVED = ("passkey", "removed")
    API_KEY_MADE = ("api_key", "made")
    COMPANY_ACCOUNT_FORGOTTEN = ("company_account", "forgotten")


def tell_owner(
    session: Session, owner: Viewer, change: Change, *, language: str, zone: ZoneInfo, now: datetime
) -> None:
    """Write the mail in the transaction that changes the way in, so that neither is without the other."""
    way, what = change.value
    message = way_in_changed_message(
        secrets.token_hex(8),
        recipient=owner.email,
        name=owner.name,
        change=f"{way}_{what}",
        at=f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}",
        language=language,
        now=now,
    )
    enqueue(session, message, now=now)
