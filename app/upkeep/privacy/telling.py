"""The mail to a person whose data an administrator made into a file: it may hold answers, which only they may see."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.outbox.writing import data_exported_message, enqueue
from app.models.people import Person, PersonVersion


def tell_of_export(session: Session, address: str, by: str, *, language: str, zone: ZoneInfo, now: datetime) -> None:
    """Write the mail in the transaction that notes the export; `language` is for whoever's own is not known."""
    versions = (
        select(PersonVersion.name, PersonVersion.language)
        .join(Person, Person.id == PersonVersion.person_id)
        .where(Person.email == address, PersonVersion.valid_from <= now)
        .order_by(PersonVersion.valid_from.desc())
    )
    name, own = session.execute(versions).tuples().first() or (None, None)
    words = {"recipient_name": name or "", "by": by, "at": f"{now.astimezone(zone):%Y-%m-%d %H:%M %Z}"}
    use = secrets.token_hex(8)
    message = data_exported_message(use, words, recipient=address, language=own or language, now=now)
    enqueue(session, message, now=now)
