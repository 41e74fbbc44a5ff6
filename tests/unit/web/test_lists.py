"""Pages of a list: one row too many makes a next page; an address that nobody was given is not there."""

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from app.foundations.cursors import encode
from app.web.frame.lists import ANYTHING, LONGEST_FILTER, Paged, UnusableFilter, cursor, filters, paged

KNOWN = {"state": ("waiting", "sent"), "words": ANYTHING}


@pytest.fixture
def app() -> Flask:
    """Return an application without any page, for its requests."""
    return Flask(__name__)


def test_the_row_too_many_is_not_shown_and_makes_a_next_page() -> None:
    page = paged([("c", 3), ("b", 2), ("a", 1)], lambda row: row, count=2)

    assert page == Paged([("c", 3), ("b", 2)], encode("b", 2))


def test_the_last_page_has_no_next() -> None:
    assert paged([("b", 2), ("a", 1)], lambda row: row, count=2) == Paged([("b", 2), ("a", 1)], None)
    assert paged([], lambda row: row, count=2) == Paged([], None)


def test_a_cursor_is_read_from_the_address(app: Flask) -> None:
    with app.test_request_context(f"/?cursor={encode('b', 2)}"):
        assert cursor(str, int) == ("b", 2)
    with app.test_request_context("/"):
        assert cursor(str, int) is None


@pytest.mark.parametrize("text", ["", "x", encode("b")])
def test_a_cursor_of_another_list_is_not_there(app: Flask, text: str) -> None:
    with app.test_request_context(f"/?cursor={text}"), pytest.raises(NotFound):
        cursor(str, int)


def test_filters_are_those_that_are_set(app: Flask) -> None:
    with app.test_request_context("/?state=sent&words=+Helen+&other=1"):
        assert filters(KNOWN) == {"state": "sent", "words": "Helen"}
    with app.test_request_context("/?state=&words="):
        assert filters(KNOWN) == {}


def test_a_choice_that_a_filter_does_not_have_is_not_there(app: Flask) -> None:
    with app.test_request_context("/?state=lost"), pytest.raises(NotFound):
        filters(KNOWN)


@pytest.mark.parametrize("query", [f"words={'x' * (LONGEST_FILTER + 1)}", "words=a%00b"])
def test_words_that_no_database_can_look_for_are_refused_with_how_to_write_them(app: Flask, query: str) -> None:
    with app.test_request_context(f"/?{query}"), pytest.raises(UnusableFilter):
        filters(KNOWN)
