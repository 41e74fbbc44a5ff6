"""Which databases a test runs on; docs/testing.md has the rule."""

import pytest

#: A test that would run on both runs on SQLite alone: it shows words or the form of an answer, nothing of a database.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
