"""What a phone loads before it can show a survey: under 60 kB in all, own style sheets under 15 kB, no script needed.

The ceilings are those of rules §9. `flask`'s own answer is weighed, and every file that it links, as they stand and
as gzip leaves them, which is what nginx sends (deploy/nginx.conf).
"""

import gzip
import re

import pytest

from tests.integration.web.conftest import Link
from tests.servers.databases import Database

LINKED = re.compile(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"')
KILOBYTE = 1000


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite  # a page weighs the same on either


def first_load(link: Link) -> dict[str, bytes]:
    """Return the page and each file that it links, by path."""
    client = link.app.test_client()
    page = client.get(link.path + "?score=4")
    loaded = {"page": page.data}
    for path in LINKED.findall(page.text):
        with client.get(path) as file:
            loaded[path] = file.data
    return loaded


def test_a_survey_page_is_under_sixty_kilobytes_in_all(link: Link) -> None:
    loaded = first_load(link)
    raw, small = sum(map(len, loaded.values())), sum(len(gzip.compress(part)) for part in loaded.values())

    print({name.rpartition("/")[2]: len(part) for name, part in loaded.items()}, f"in all {raw}, gzipped {small}")  # noqa: T201

    assert len(loaded) > 2
    assert b"" not in loaded.values()
    assert raw < 60 * KILOBYTE


def test_its_own_style_sheets_are_under_fifteen_kilobytes_and_nothing_comes_from_elsewhere(link: Link) -> None:
    loaded = first_load(link)
    styles = sum(len(gzip.compress(part)) for name, part in loaded.items() if name.endswith(".css"))

    assert styles < 15 * KILOBYTE
    assert re.findall(rb'(?:href|src)="(?:https?:)?//', loaded["page"]) == []
    assert "pico" not in " ".join(loaded)
