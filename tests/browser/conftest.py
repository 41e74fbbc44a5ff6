"""Pages in a real browser. What a browser shows does not depend on the kind of database, so SQLite it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from tests.browser import premises
from tests.browser.premises import Premises
from tests.servers.databases import Database


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    """The settings of an installation on a file of SQLite."""
    return sqlite.settings


@pytest.fixture(scope="session")
def page_company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    """A company for those who only look, once a process. Who presses buttons that write takes `live`."""
    with premises.running(sqlite_template, tmp_path_factory.mktemp("premises")) as company:
        yield company
