"""The fixtures that start servers. Each server starts once a test process, and only when a test asks for it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from app import create_app
from app.settings import Settings
from tests import guards
from tests.servers import chromium, databases, oidc, postgresql, routes, templates, valkey, web
from tests.servers import smtp as smtp_server
from tests.servers import vendor as vendor_server
from tests.servers.databases import Database
from tests.servers.oidc import IdentityProvider
from tests.servers.postgresql import PostgreSQL
from tests.servers.processes import free_port
from tests.servers.smtp import SmtpServer
from tests.servers.vendor import Vendor

TEMPLATE = "parity_template"
templates.remember()
routes.remember()
ARTEFACTS = Path(__file__).resolve().parents[1] / "browser" / "artefacts"
AXE = Axe().axe_script
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Answers with lines and numbers alone: all that axe tells about a page takes longer to pass on than to find.
ASK_AXE = """async only => {
    // Rules that are new in WCAG 2.2 are off unless asked for.
    const rules = only.length ? { runOnly: only } : { rules: { 'target-size': { enabled: true } } }
    const options = { ...rules, resultTypes: ['violations'], selectors: false, preload: false }
    const { violations, passes, incomplete } = await axe.run(options)
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
    const judged = new Set([...violations, ...passes, ...incomplete].map(({ id }) => id)).size
    return { found, rules: judged, version: axe.version }
}"""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A real PostgreSQL."""
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated PostgreSQL database to clone."""
    name = f"{TEMPLATE}_{tmp_path_factory.getbasetemp().name}".replace("-", "_")
    postgresql_server.drop(name)
    postgresql_server.create(name)
    databases.migrate(postgresql_server.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    return databases.sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database: for what does not depend on the kind of database."""
    database = databases.opened("sqlite", databases.sqlite_copy(sqlite_template, tmp_path), tmp_path)
    yield database
    databases.close(database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    template = request.getfixturevalue("postgresql_template")
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    name = server.clone(template)
    database = databases.opened("postgresql", server.url(name), tmp_path)
    yield database
    databases.close(database)
    server.drop(name)


@pytest.fixture
def settings(database: Database) -> Settings:
    """The settings of an installation on `database`. Override in a test module to change one."""
    return database.settings


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on `settings`."""
    from app.models.base import db

    app = create_app(settings)
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def sqlite_app(sqlite: Database) -> Iterator[Flask]:
    """The application on SQLite alone."""
    from app.models.base import db

    app = create_app(sqlite.settings)
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis-compatible server; flush it yourself if it must be empty."""
    with valkey.running() as url:
        yield url


SmtpFactory = Callable[..., SmtpServer]


@pytest.fixture
def start_smtp(tmp_path: Path) -> Iterator[SmtpFactory]:
    """Start mail servers: `start_smtp(starttls=True)`, `(implicit=True)`, `(login=("user", "password"))`."""
    with ExitStack() as stack:

        def start(**options: Any) -> SmtpServer:
            running: AbstractContextManager[SmtpServer] = smtp_server.running(tmp_path, **options)
            server = stack.enter_context(running)
            guards.network.mail_ports.add(server.settings.port)
            stack.callback(guards.network.mail_ports.discard, server.settings.port)
            return server

        yield start


@pytest.fixture
def smtp(start_smtp: SmtpFactory) -> SmtpServer:
    """A real SMTP server on loopback: `.messages`, `.received`, `.script`, and `.settings` that lead to it."""
    return start_smtp()


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A tracker or score tool on loopback: `.answer(method, path, reply…)`, `.asked`, `.url`."""
    with vendor_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[IdentityProvider]:
    """The company's identity provider, a real one: `.issuer`, `.settings()`, `.sign_in(address, login)`."""
    with oidc.running(oidc.ACCOUNTS) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a test process."""
    with chromium.running() as browser:
        yield browser


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages with options of a context: `open_page(locale="de", viewport={"width": 375, "height": 667})`.

    A script error or a broken content security policy on any of them fails the test.
    """
    complaints: list[str] = []
    with ExitStack() as stack:

        def open_one(**options: Any) -> Page:
            context = browser.new_context(**options)
            stack.callback(context.close)
            context.set_default_timeout(30_000)  # three processes share two processors
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
            return page

        yield open_one
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An empty page of a new, clean browser profile."""
    return open_page()


@pytest.fixture
def live(settings: Settings) -> Iterator[str]:
    """The address of the application behind a real web server; its links lead there too."""
    from app.models.base import db

    port = free_port()
    app = create_app(replace(settings, base_url=f"http://127.0.0.1:{port}"))
    with web.serving(app, port) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


def ask_axe(page: Page, *rules: str) -> dict[str, Any]:
    """Return what axe `found` wrong, as `rule: element` lines, and how many `rules` had something to judge."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    answer: dict[str, Any] = page.evaluate(ASK_AXE, rules)
    return answer


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """Return what axe finds wrong with a page, as `rule: element` lines: `axe(page)`, `axe(page, "color-contrast")`."""

    def run(page: Page, *rules: str) -> list[str]:
        found: list[str] = ask_axe(page, *rules)["found"]
        return found

    return run


@pytest.fixture
def keep_axe(request: pytest.FixtureRequest) -> Callable[[Page, str], list[str]]:
    """Ask all of axe about a page by day and by night, keep the numbers beside its picture and return what was found.

    Only where pytest is called with `--pictures`, like `keep_picture`.
    """
    are_wanted = request.config.getoption("--pictures")

    def keep(page: Page, name: str) -> list[str]:
        if not are_wanted:
            return []
        answers = {}
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # colours that change at once
            answers[scheme] = ask_axe(page)
        page.emulate_media(color_scheme=SCHEMES[0], reduced_motion="no-preference")
        ARTEFACTS.mkdir(exist_ok=True)
        (ARTEFACTS / f"{name}.json").write_text(json.dumps(answers), encoding="utf-8")
        return [f"{scheme}, {told}" for scheme, answer in answers.items() for told in answer["found"]]

    return keep


@pytest.fixture
def keep_picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep a screenshot among the artefacts of the browser tests: `keep_picture(page, "survey-phone")`.

    Only where pytest is called with `--pictures`: they are for people, and cost as much as looking. `unrolled` makes
    the window as high as the page: what sticks to its lower edge stands where the page ends.
    """
    are_wanted = request.config.getoption("--pictures")

    def keep(page: Page, name: str, *, unrolled: bool = False) -> None:
        size = page.viewport_size
        if not are_wanted or size is None:
            return
        scrolled: list[float] = page.evaluate("[scrollX, scrollY]")
        if unrolled:
            height: int = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": height})
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True, animations="disabled")
        page.set_viewport_size(size)
        page.evaluate("([across, down]) => scrollTo(across, down)", scrolled)

    return keep


@pytest.fixture
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the outgoing client of jobs try again at once."""
    from app.foundations.http import client

    monkeypatch.setattr(client, "FIRST_WAIT", 0.0)
