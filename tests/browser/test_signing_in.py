"""Ways in, in a real browser: the company account with the provider's own pages in between, and a passkey."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from app import create_app
from app.domain.states import Role
from app.foundations import clock
from app.foundations.crypto import Keys
from app.mail.links import Links
from app.models.accounts import StaffSession
from app.models.base import db
from app.settings import Settings
from app.upkeep.signing_in.links import make_sign_in_link
from tests.builders.issued import staff
from tests.conftest import HELEN
from tests.servers import web
from tests.servers.databases import Database
from tests.servers.oidc import IdentityProvider
from tests.servers.processes import free_port

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def settings(sqlite: Database, identity_provider: IdentityProvider) -> Settings:
    return identity_provider.installed(sqlite.settings)


@pytest.fixture
def live(settings: Settings) -> Iterator[str]:
    """The application at the address to which the provider leads back."""
    app = create_app(settings)
    with web.serving(app, int(settings.base_url.rpartition(":")[2])) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


def test_the_company_account_leads_to_the_page_that_was_wanted(page: Page, live: str) -> None:
    page.goto(f"{live}/scorecards?lang=de")

    page.get_by_role("link", name="Mit Halden account anmelden").click()
    page.get_by_placeholder("Enter any login").fill("helen")
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()

    page.wait_for_url(f"{live}/scorecards?lang=de")  # the button between is pressed by itself
    assert page.get_by_role("link", name="Helen Human").is_visible()


@pytest.fixture
def by_name(sqlite: Database) -> Iterator[str]:
    """The application at an address by name, since a number has no passkeys."""
    port = free_port()
    app = create_app(replace(sqlite.settings, base_url=f"http://localhost:{port}"))
    with web.serving(app, port):
        yield f"http://localhost:{port}"
    with app.app_context():
        db.engine.dispose()


def sign_in_by_link(page: Page, address: str, database: Database, email: str) -> None:
    links = Links(base_url=address, keys=Keys.of(database.settings))
    with database.sessions() as session, session.begin():
        link = make_sign_in_link(session, links, email, now=clock.now())
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda reached: "/sign-in" not in reached)


def age_sessions(database: Database) -> None:
    """Let a quarter of an hour go by since every sign-in."""
    with database.sessions() as session, session.begin():
        for one in session.scalars(select(StaffSession)):
            one.created_at -= timedelta(minutes=15)


def test_a_passkey_is_made_and_signs_in_by_keyboard_until_it_is_taken_away(
    page: Page, by_name: str, sqlite: Database, axe: Callable[[Page], list[str]], keep_picture: Callable[..., Path]
) -> None:
    staff(sqlite.session, HELEN.email, Role.HR, now=clock.now(), name=HELEN.name)
    sqlite.session.commit()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in_by_link(page, by_name, sqlite, HELEN.email)

    page.goto(f"{by_name}/account")
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_text("Chrome, Linux").first.wait_for()
    keep_picture(page, "account-passkeys")
    assert page.get_by_role("alert").count() == 0  # the word about what went wrong waits for that
    problems = axe(page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in with a passkey").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use a passkey").focus()
    problems += axe(page)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda reached: "/sign-in" not in reached)
    page.goto(f"{by_name}/sessions")

    assert page.get_by_role("cell", name="passkey", exact=True).is_visible()
    age_sessions(sqlite)
    page.goto(f"{by_name}/account/passkeys")
    page.get_by_role("heading", name="Sign in once more first").wait_for()
    keep_picture(page, "account-once-more")
    assert problems + axe(page) == []
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{by_name}/account/passkeys")
    page.get_by_role("button", name="Take away").click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{by_name}/sign-in/passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("This passkey is not known here").wait_for()
