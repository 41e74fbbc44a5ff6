"""Ways in, in a real browser: the company account with the provider's own pages in between."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from app import create_app
from app.models.base import db
from app.settings import Settings
from tests.servers import web
from tests.servers.databases import Database
from tests.servers.oidc import IdentityProvider


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
