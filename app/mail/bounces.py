"""Whom we stop writing to: refused and bounced addresses, complaints. What comes back is read in reports.py.

Nothing here answers automatically. Addresses are kept as keyed hashes, which survive the erasure of the person.
"""

import hmac
import re
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.domain.periods import Calendar, Period
from app.domain.states import InvitationState, MessageState
from app.foundations.crypto import Keys
from app.foundations.languages import gettext
from app.mail.reports import Report, Verdict
from app.models.insertion import insert_missing
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Bounce, Suppression, SuppressionReason, address_hash
from app.models.rollups import mark_dirty

PURPOSE = "bounce"
MAC_BYTES = 10
MILD_REFUSALS = 2  # a mailbox may be full once; 5.1.x says that there is no such address (connectors.md §9)
OURS = ("5.1.7", "5.1.8")  # RFC 3463: the sender's address is wrong, not the recipient's

_ADDRESS = re.compile(r"bounces\+([0-9a-f]{1,16})\.([0-9a-f]{20})@", re.IGNORECASE)


def bounce_address(keys: Keys, message_id: int, domain: str) -> str:
    """Return the envelope sender of a message (VERP). Hexadecimal: some servers lower the case of addresses."""
    return f"bounces+{message_id:x}.{_mac(keys, message_id)}@{domain}"


def read_bounce_address(keys: Keys, address: str) -> int | None:
    """Return the message of a bounce address that we have signed, else None."""
    match = _ADDRESS.search(address)
    if match is None:
        return None
    message_id = int(match[1], 16)
    fits = [hmac.compare_digest(match[2].lower(), _mac(one, message_id)) for one in keys.each()]
    return message_id if any(fits) else None


def is_suppressed(session: Session, keys: Keys, address: str) -> bool:
    """True when no mail goes to the address any more."""
    hashes = [address_hash(one, address) for one in keys.each()]
    return session.connection().scalar(_SUPPRESSED, {"hashes": hashes}) is not None


_SUPPRESSED = select(Suppression.reason).where(Suppression.address_hash.in_(bindparam("hashes", expanding=True)))


def record_refusal(session: Session, keys: Keys, address: str, status: str, *, now: datetime) -> bool:
    """Count a permanent refusal; suppress at 5.1.x at once, at others after two. Return whether it is suppressed."""
    if status in OURS:
        return False
    hashed = address_hash(keys, address)
    session.add(Bounce(address_hash=hashed, status=status, received_at=now))
    session.flush()
    count = session.scalar(select(func.count()).select_from(Bounce).where(Bounce.address_hash == hashed)) or 0
    if not status.startswith("5.1.") and count < MILD_REFUSALS:
        return False
    _suppress(session, hashed, SuppressionReason.BOUNCED, now)
    return True


def record_report(session: Session, keys: Keys, calendar: Calendar, report: Report, *, now: datetime) -> str:
    """Act on what came back; return what was done, in words for the log. The same report twice changes nothing."""
    if report.verdict not in {Verdict.PERMANENT, Verdict.COMPLAINT}:
        return gettext("ignored: %(why)s", why=report.why)
    message_id = read_bounce_address(keys, report.address)
    row = None if message_id is None else session.get(Message, message_id)
    if row is None:
        return gettext("ignored: it came to none of our signed addresses")
    if report.verdict is Verdict.COMPLAINT:
        if row.recipient is None:
            return gettext("ignored: the address is forgotten already")
        _suppress(session, address_hash(keys, row.recipient), SuppressionReason.COMPLAINED, now)
        return gettext("suppressed: the reader complained")
    return _bounced(session, keys, calendar, row, report, now)


def _bounced(session: Session, keys: Keys, calendar: Calendar, row: Message, report: Report, now: datetime) -> str:
    recipient = row.recipient
    newly = session.scalar(
        update(Message)
        .where(Message.id == row.id, Message.state == MessageState.SENT)
        .values(state=MessageState.FAILED, error=f"bounced: {report.status} {report.why}"[:300])
        .returning(Message.id)
    )
    if newly is None or recipient is None:
        return gettext("ignored: known already")
    if row.name == "invitation":
        _mark_invitation(session, calendar, row.invitation_id)
    if record_refusal(session, keys, recipient, report.status, now=now):
        return gettext("suppressed: %(status)s", status=report.status)
    return gettext("counted: %(status)s", status=report.status)


def _mark_invitation(session: Session, calendar: Calendar, invitation_id: int | None) -> None:
    """An invitation that came back was not delivered: the funnel counts it so."""
    changed = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.state.in_((InvitationState.QUEUED, InvitationState.SENT)))
        .values(state=InvitationState.BOUNCED, remind_at=None)
        .returning(Invitation.department_id, Invitation.period)
    ).one_or_none()
    if changed is not None:
        mark_dirty(session, changed.department_id, changed.period, calendar.ends_at(Period.parse(changed.period)))


def _suppress(session: Session, hashed: bytes, reason: SuppressionReason, now: datetime) -> None:
    insert_missing(session, Suppression, {"address_hash": hashed, "reason": reason, "created_at": now})


def _mac(keys: Keys, message_id: int) -> str:
    return keys.hash(PURPOSE, str(message_id))[:MAC_BYTES].hex()
