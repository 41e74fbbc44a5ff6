from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.demo.loading import Loaded, load_company
from app.demo.mailbox import sender_into
from app.foundations.crypto import Keys
from tests.servers import databases
from tests.servers.databases import Database

TODAY = date(2026, 7, 21)  # a whole quarter, which waits for HR to send it, and a little of the next one


def load(database: Database, stop_after: int = 1000) -> Loaded:
    """Load the sample company as of TODAY; an impatient reader stops it on the day given."""

    def progress(done: int, _days: int) -> None:
        if done > stop_after:
            raise KeyboardInterrupt

    database.engine.dispose()
    send = sender_into(database.settings.var / "mails")
    keys = Keys.of(database.settings)
    return load_company(database.settings, keys, TODAY, send=send, progress=progress, quarters=2)


@pytest.fixture(scope="session")
def halden(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample company, loaded once for every test that only reads it."""
    folder = tmp_path_factory.mktemp("halden")
    database = databases.opened("sqlite", databases.sqlite_copy(sqlite_template, folder), folder)
    load(database)
    yield database
    databases.close(database)
