"""Pages in a real browser. What a browser shows does not depend on the kind of database, so SQLite it is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.settings import Settings
from tests.browser import premises
from tests.browser.looking import DESK, Axe, KeepPicture, OpenPage
from tests.browser.premises import Premises
from tests.browser.walking import EVERY_VIEW, VIEWS, TakeWalk, View, Walk
from tests.servers.databases import Database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Walk a journey in two views, and in all four where its pictures are wanted."""
    if "view" in metafunc.fixturenames:
        views = EVERY_VIEW if metafunc.config.getoption("--pictures") else VIEWS
        metafunc.parametrize("view", views, ids=[view.name for view in views])


@pytest.fixture
def take_walk(
    open_page: OpenPage,
    view: View,
    axe: Axe,
    keep_picture: KeepPicture,
    keep_axe: Callable[[Page, str], list[str]],
) -> TakeWalk:
    """Set out on a journey: `take_walk("policy", by_keys_at_desk=True)`."""

    def take(name: str, *, by_keys_at_desk: bool = False, is_seen_elsewhere: bool = False) -> Walk:
        page = open_page(viewport=view.size, locale=view.language)
        walk = Walk(page, name, view, axe, keep_picture, keep_axe, is_seen_elsewhere=is_seen_elsewhere)
        walk.by_keys = by_keys_at_desk and view.size == DESK
        return walk

    return take


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    """The settings of an installation on a file of SQLite."""
    return sqlite.settings


@pytest.fixture(scope="session")
def page_company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    """A company for those who only look, once a process. Who presses buttons that write takes `live`."""
    with premises.running(sqlite_template, tmp_path_factory.mktemp("premises")) as company:
        yield company
