"""What a stranger meets."""

from datetime import datetime, timedelta

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import Role
from app.foundations.crypto import Keys
from app.foundations.passwords import hash_password
from app.models.accounts import SignInLink, Staff
from app.models.ways_in import OneTimeCode, Password
from app.upkeep.signing_in.links import token_hash
from tests.browser.looking import Look
from tests.builders.issued import staff
from tests.servers.databases import SECRET_KEY

KEYS = Keys((SECRET_KEY,))
NILS, PASSWORD = "nils@example.com", "correct horse battery"  # who signs in with a code
TOKEN = KEYS.token("sign-in", b"a link for looks")


def furnish(session: Session, moment: datetime) -> None:
    """Let somebody have a password with codes, and a link that still works."""
    staff(session, NILS, Role.AUDITOR, now=moment)
    session.add(Password(email=NILS, hash=hash_password(PASSWORD), changed_at=moment))
    session.add(OneTimeCode(email=NILS, secret=b"sealed", begun_at=moment, confirmed_at=moment, recovery=[]))
    session.add(
        SignInLink(
            staff_id=session.scalars(select(Staff.id).where(Staff.email == NILS)).one(),
            token_hash=token_hash(KEYS, TOKEN),
            created_at=moment,
            expires_at=moment + timedelta(hours=2),
        )
    )


def password_typed(page: Page) -> None:
    """Send address and password; the code is asked for next."""
    page.locator("#email").fill(NILS)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form .btn").first.click()
    page.wait_for_url("**/sign-in/code")


LOOKS = [
    Look("sign-in", "/sign-in"),
    Look("sign-in-sent", "/sign-in?sent=1"),
    Look("sign-in-link", f"/sign-in/{TOKEN}"),
    Look("sign-in-link-lost", "/sign-in/lost", status=404),
    Look("sign-in-code", "/sign-in/password", do=password_typed, reaches="/sign-in/code"),
    Look("sign-in-passkey", "/sign-in/passkey"),
    Look("methods", "/methods"),
    Look("not-found", "/nowhere", status=404),
]
