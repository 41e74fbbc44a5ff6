"""Staff and their way in: roles are given by command or by an administrator, links are used once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.foundations.crypto import PUBLIC_ID_BYTES, Keys
from app.foundations.languages import gettext
from app.mail.links import Links
from app.models.accounts import SignInLink, Staff, StaffDepartment
from app.models.departments import Department
from app.models.insertion import insert_missing

LINK_LIFETIME = timedelta(minutes=15)


class AccountError(ValueError):
    """The account cannot be made or used as asked; the message says why and what to do."""


class SignInLinkIsUsedUp(AccountError):
    """The link is unknown, was used before, or is older than its lifetime."""


def add_staff(
    session: Session,
    email: str,
    role: Role,
    *,
    department_code: str | None = None,
    name: str | None = None,
    now: datetime,
) -> Staff:
    """Give somebody a role; a head gets one more department. Idempotent. Raises AccountError."""
    address = email.strip().lower()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise AccountError(gettext("“%(email)s” is not an e-mail address", email=email))
    department = _department(session, role, department_code)
    insert_missing(session, Staff, {"email": address, "role": role, "name": name, "is_active": True, "created_at": now})
    staff = session.scalars(select(Staff).where(Staff.email == address, Staff.role == role)).one()
    staff.is_active = True
    if department is not None:
        insert_missing(session, StaffDepartment, {"staff_id": staff.id, "department_id": department.id})
    return staff


def _department(session: Session, role: Role, code: str | None) -> Department | None:
    if code is None:
        if role is Role.HEAD:
            raise AccountError(gettext("a head needs a department: add --department CODE"))
        return None
    if role is not Role.HEAD:
        raise AccountError(gettext("only the role head is bound to a department; leave --department out"))
    department = session.scalar(select(Department).where(Department.code == code))
    if department is None:
        raise AccountError(gettext("no department has the code “%(code)s”", code=code))
    return department


def make_sign_in_link(session: Session, links: Links, email: str, *, now: datetime) -> str:
    """Return a link that signs `email` in once within 15 minutes. Raises AccountError for a stranger."""
    staff = session.scalars(
        select(Staff).where(Staff.email == email.strip().lower(), Staff.is_active).order_by(Staff.id)
    ).first()
    if staff is None:
        raise AccountError(gettext("%(email)s has no role here: flask staff add %(email)s --role …", email=email))
    public_id = secrets.token_bytes(PUBLIC_ID_BYTES)
    session.add(
        SignInLink(
            token_hash=token_hash(links.keys, links.sign_in_token(public_id)),
            staff_id=staff.id,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    return links.sign_in(public_id)


def use_sign_in_link(session: Session, keys: Keys, token: str, *, now: datetime) -> Staff:
    """Use a link up and return who signs in; of several at once one succeeds. Raises SignInLinkIsUsedUp."""
    claimed = session.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == token_hash(keys, token), SignInLink.used_at.is_(None))
        .where(SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.staff_id)
    ).scalar()
    staff = session.get(Staff, claimed) if claimed is not None else None
    if staff is None or not staff.is_active:
        raise SignInLinkIsUsedUp(gettext("This link was used before or is older than 15 minutes; ask for a new one."))
    return staff


def token_hash(keys: Keys, token: str) -> bytes:
    """Return what is stored of a sign-in token."""
    return keys.hash("sign-in-link", token)
