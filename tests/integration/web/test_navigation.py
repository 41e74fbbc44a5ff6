"""The way around: everybody sees the places that let them in, and where they are."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.states import Role
from tests.builders.issued import staff
from tests.builders.signing_in import Door
from tests.servers.databases import Database

ENTRY = re.compile(r'<li><a href="([^"]+)"( aria-current="[a-z]+")?>([^<]+)</a></li>')


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    for role in Role:
        staff(sqlite.session, f"{role.value}@example.com", role, now=now)
    sqlite.session.commit()
    return Door(sqlite_app, sqlite, now)


def entries(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    """Return the words of the navigation of a page, each with what it says of where one is."""
    return [(words, current.strip()) for _, current, words in ENTRY.findall(client.get(path).text)]


def test_a_stranger_is_shown_what_everybody_may_read(sqlite_app: Flask) -> None:
    assert entries(sqlite_app.test_client(), "/methods") == [("How we measure", 'aria-current="page"')]


@pytest.mark.parametrize("role", list(Role))
def test_every_place_that_is_named_lets_in(door: Door, role: Role) -> None:
    client = door.signed_in(f"{role.value}@example.com")
    named = ENTRY.findall(client.get("/methods").text)

    answers = {path: client.get(path, follow_redirects=True).status_code for path, _, _ in named}

    assert set(answers.values()) == {200}, answers


def test_the_place_that_one_is_in_is_marked(door: Door) -> None:
    found = entries(door.signed_in("hr@example.com"), "/scorecards")

    assert [pair for pair in found if pair[1]] == [("Scorecards", 'aria-current="page"')]


def test_another_language_shows_the_same_page_with_its_filters(door: Door) -> None:
    page = door.signed_in("admin@example.com").get("/admin/mail?state=failed&words=a%26b&lang=de").text

    assert 'href="?state=failed&amp;words=a%26b&amp;lang=ru"' in page
    assert "Getipptes, das nicht gespeichert ist" not in page


def test_a_page_with_a_form_says_that_another_language_keeps_nothing_typed(door: Door) -> None:
    page = door.signed_in("admin@example.com").get("/admin/staff/new").text

    assert "what you have typed and not saved is not kept." in page
