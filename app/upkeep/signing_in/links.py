"""One-time links, with which staff sign in. Links hold random secrets, the table only keyed hashes of them.

A link that a browser asked for works only there; one printed by `flask staff sign-in-link` works in any browser.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.domain.states import WayIn
from app.foundations.crypto import PUBLIC_ID_BYTES, Keys
from app.foundations.languages import gettext
from app.mail.links import Links
from app.mail.outbox.writing import enqueue, sign_in_message
from app.models.accounts import SignInLink, Staff
from app.upkeep.staff.accounts import AccountError, welcome_heads

LINK_LIFETIME = timedelta(minutes=15)
LINKS_AN_HOUR = 5  # mails to one address; further requests get the same answer and no mail


class SignInLinkIsUsedUp(AccountError):
    """The link is unknown, was used before, or is older than its lifetime."""


class SignInLinkOfAnotherBrowser(AccountError):
    """The link was asked for in another browser; it is not used up by this."""


def ask_for_link(session: Session, links: Links, email: str, *, browser: str, language: str, now: datetime) -> bool:
    """Write the mail with a link for this browser; return whether one was written. The caller tells nobody.

    Nothing is written for strangers, and for an address that got its five links within the hour.
    """
    address = email.strip().lower()
    welcome_heads(session, address, now)
    # The lock makes counting and writing one step on PostgreSQL; SQLite has one writer anyway.
    staff = session.scalars(
        select(Staff).where(Staff.email == address, Staff.is_active).order_by(Staff.id).with_for_update()
    ).all()
    if not staff or _links_since(session, [one.id for one in staff], now - timedelta(hours=1)) >= LINKS_AN_HOUR:
        return False
    public_id = _new_link(session, links, staff[0], browser_hash=_browser_hash(links.keys, browser), now=now)
    message = sign_in_message(
        public_id=public_id,
        recipient=address,
        name=staff[0].name or "",
        language=staff[0].language or language,
        now=now,
        lifetime=LINK_LIFETIME,
    )
    return enqueue(session, message, now=now)


def make_sign_in_link(session: Session, links: Links, email: str, *, now: datetime) -> str:
    """Return a link that signs `email` in once, in any browser. Raises AccountError for a stranger."""
    welcome_heads(session, email.strip().lower(), now)
    staff = session.scalars(
        select(Staff).where(Staff.email == email.strip().lower(), Staff.is_active).order_by(Staff.id)
    ).first()
    if staff is None:
        raise AccountError(gettext("%(email)s has no role here: flask staff add %(email)s --role …", email=email))
    return links.sign_in(_new_link(session, links, staff, browser_hash=None, now=now))


def check_sign_in_link(session: Session, keys: Keys, token: str, *, browser: str, now: datetime) -> None:
    """Change nothing; raise what using the link here would raise, so that nobody presses a button for nothing."""
    found = session.execute(
        select(SignInLink.browser_hash).where(*_open_link(token_hash(keys, token), now))
    ).one_or_none()
    if found is None:
        raise SignInLinkIsUsedUp(_used_up())
    if found.browser_hash not in {None, _browser_hash(keys, browser)}:
        raise SignInLinkOfAnotherBrowser(_of_another_browser())


def use_sign_in_link(session: Session, keys: Keys, token: str, *, browser: str, now: datetime) -> tuple[Staff, WayIn]:
    """Use a link up and return who signs in, and by which kind of link; of several at once one succeeds.

    Raises SignInLinkIsUsedUp, or SignInLinkOfAnotherBrowser for one that may still be used where it was asked for.
    """
    open_link, here = _open_link(token_hash(keys, token), now), _browser_hash(keys, browser)
    claimed = session.execute(
        update(SignInLink)
        .where(*open_link, (SignInLink.browser_hash.is_(None)) | (SignInLink.browser_hash == here))
        .values(used_at=now)
        .returning(SignInLink.staff_id, SignInLink.browser_hash)
    ).one_or_none()
    staff = session.get(Staff, claimed.staff_id) if claimed is not None else None
    if claimed is not None and staff is not None and staff.is_active:
        return staff, WayIn.LINK if claimed.browser_hash else WayIn.PRINTED
    if claimed is None and session.scalar(select(SignInLink.staff_id).where(*open_link)) is not None:
        raise SignInLinkOfAnotherBrowser(_of_another_browser())
    raise SignInLinkIsUsedUp(_used_up())


def _open_link(hashed: bytes, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignInLink.token_hash == hashed, SignInLink.used_at.is_(None), SignInLink.expires_at > now


def _of_another_browser() -> str:
    return gettext("This link works only in the browser in which you asked for it.")


def _used_up() -> str:
    return gettext("This link was used before or is older than 15 minutes; ask for a new one.")


def token_hash(keys: Keys, token: str) -> bytes:
    """Return what is stored of a sign-in token."""
    return keys.hash("sign-in-link", token)


def _browser_hash(keys: Keys, browser: str) -> bytes:
    return keys.hash("sign-in-browser", browser)


def _links_since(session: Session, staff_ids: list[int], since: datetime) -> int:
    query = select(func.count()).where(SignInLink.staff_id.in_(staff_ids), SignInLink.created_at > since)
    return session.scalar(query) or 0


def _new_link(session: Session, links: Links, staff: Staff, *, browser_hash: bytes | None, now: datetime) -> bytes:
    public_id = secrets.token_bytes(PUBLIC_ID_BYTES)
    session.add(
        SignInLink(
            token_hash=token_hash(links.keys, links.sign_in_token(public_id)),
            staff_id=staff.id,
            browser_hash=browser_hash,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    return public_id
