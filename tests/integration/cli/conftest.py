import pytest
from click.testing import Result
from flask import Flask

from app.models.base import db
from app.models.connections import Connection
from tests.builders.service_requests import connection


class Flaskly:
    """Runs `flask …` in the test's installation."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, *words: str | object, stdin: bytes | None = None) -> Result:
        return self.app.test_cli_runner().invoke(args=[str(word) for word in words], input=stdin)

    def tracker(self, slug: str) -> None:
        """Add a tracker that tells by file."""
        with self.app.app_context():
            added: Connection = connection(db.session(), slug)
            assert added.id
            db.session.commit()


@pytest.fixture
def flask(app: Flask) -> Flaskly:
    return Flaskly(app)
