"""One's own account, and what administrators and auditors see of everybody's."""

from datetime import datetime

from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.domain.auditing import COMMAND_LINE, Act
from app.domain.states import Role
from app.models.accounts import Staff
from app.models.ways_in import CompanyAccount
from app.upkeep.audit.log import note
from tests.browser.looking import Look


def furnish(session: Session, moment: datetime) -> None:
    email = session.get_one(Staff, 2).email
    issuer = "https://login.example.com"
    session.add(CompanyAccount(email=email, issuer=issuer, subject="17", known_since=moment))
    note(session, COMMAND_LINE, Act.STAFF_ADDED, "staff:1", {"role": "admin", "departments": ["IT"]}, now=moment)


def _send(page: Page) -> None:
    """Send the form as it is: a role is missing."""
    page.locator("#email").fill("nobody@example.com")
    page.locator("main form .btn").first.click()


def _press(page: Page) -> None:
    """Press the one button of the page."""
    page.locator("main form .btn").first.click()


LOOKS = [
    Look("account", "/account", Role.HR),
    Look("account-password", "/account/password", Role.HR),
    Look("account-keys", "/account/keys?done=revoked", Role.HEAD),
    Look("account-key-new", "/account/keys/new", Role.HEAD, do=_press),
    Look("account-codes", "/account/codes", Role.HR, do=_press),
    Look("account-passkeys", "/account/passkeys", Role.HR),
    Look("sign-in-password-wrong", "/sign-in/password", do=_press),
    Look("sessions", "/sessions", Role.HR),
    Look("sign-in-kept", "/sign-in?kept=1"),
    Look("staff", "/admin/staff?saved=1", Role.ADMIN),
    Look("staff-new", "/admin/staff/new", Role.ADMIN),
    Look("staff-new-wrong", "/admin/staff/new", Role.ADMIN, do=_send),
    Look("staff-account", "/admin/staff/2", Role.ADMIN),
    Look("log", "/admin/log", Role.AUDITOR),
    Look("log-entry", "/admin/log/1", Role.AUDITOR),
    Look("log-chain", "/admin/log/chain", Role.AUDITOR),
]
