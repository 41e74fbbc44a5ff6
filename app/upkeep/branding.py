"""The versions of the branding: the one that holds, and a new one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.branding import Branding
from app.models.insertion import insert_missing


@dataclass(frozen=True)
class Look:
    """What a version says."""

    company: str
    sender_name: str
    accent: str
    accent_dark: str
    logo: bytes | None


def newest_branding(session: Session) -> Branding | None:
    """Return the version that holds, None until there is one."""
    return session.scalar(select(Branding).order_by(Branding.version.desc()).limit(1))


def save_branding(session: Session, look: Look, *, author: str, now: datetime) -> int:
    """Let a look hold from now on and return its version."""
    row = {
        "company": look.company,
        "sender_name": look.sender_name,
        "accent": look.accent,
        "accent_dark": look.accent_dark,
        "logo": look.logo,
        "author": author,
        "created_at": now,
    }
    while True:  # who writes the same number at the same moment was first
        newest = newest_branding(session)
        version = newest.version + 1 if newest else 1
        if insert_missing(session, Branding, row | {"version": version}):
            return version


def sender_name(session: Session, otherwise: str) -> str:
    """Return the name in From: the branding's, else the one of the environment."""
    found = session.scalar(select(Branding.sender_name).order_by(Branding.version.desc()).limit(1))
    return found or otherwise
