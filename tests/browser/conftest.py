"""Pages in a real browser. What a browser shows does not depend on the kind of database, so SQLite it is."""

import pytest

from app.settings import Settings
from tests.servers.databases import Database


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    """The settings of an installation on a file of SQLite."""
    return sqlite.settings
