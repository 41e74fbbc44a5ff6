"""The REST API under /api/v1, described by OpenAPI 3.1 at /api/v1/openapi.json. A new group is one line here."""

from flask import Flask
from flask_smorest import Api

from app.web.api import culture, reading, writing
from app.web.api.schemas import Problem

GROUPS = (writing.pages, reading.pages, culture.pages)


class _Api(Api):  # type: ignore[misc]
    """Flask-smorest without its error pages: ours are app/web/problems.py, also for what Flask itself refuses."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None  # it would promise application/json; schemas.py says what comes

    def _register_error_handlers(self) -> None:
        """Leave errors alone, everywhere in the application."""


def register(app: Flask) -> None:
    """Mount the API and its description."""
    app.config |= {
        "API_TITLE": "Parity",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = _Api(app)
    app.cli.commands.pop("openapi", None)  # flask-smorest brings its own commands; the route is enough
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for pages in GROUPS:
        api.register_blueprint(pages)
