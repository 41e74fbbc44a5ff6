"""The REST API under /api/v1, described by OpenAPI 3.1 at /api/v1/openapi.json. A new group is one line here."""

from threading import Lock
from typing import Any

from flask import Flask, Response
from flask_smorest import Api, Blueprint

from app.web.api import (
    connections,
    culture,
    limits,
    lists,
    policies,
    reading,
    recipients,
    scorecards,
    webhooks,
    work,
    writing,
)
from app.web.api.schemas import Problem

GROUPS = (
    writing.pages,
    lists.pages,
    reading.pages,
    scorecards.pages,
    recipients.pages,
    culture.pages,
    policies.pages,
    connections.pages,
    work.pages,
    webhooks.pages,
)


class _Api(Api):  # type: ignore[misc]
    """Flask-smorest without its error pages: ours are app/web/frame/problems.py, also for what Flask itself refuses.

    It describes itself when somebody asks for the description. Writing it costs as much as all the rest of starting,
    and every `flask` command starts.
    """

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None  # it would promise application/json; schemas.py says what comes

    def __init__(self, app: Flask) -> None:
        self._groups: list[Blueprint] = []
        self._describing = Lock()
        super().__init__(app)

    def mount(self, pages: Blueprint) -> None:
        """Open the routes of a group; the description names it."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][pages.name] = self
        self._app.register_blueprint(pages)
        self._groups.append(pages)

    def _init_spec(self, **_options: Any) -> None:
        """Put it off."""

    def _register_error_handlers(self) -> None:
        """Leave errors alone, everywhere in the application."""

    def _openapi_json(self) -> Response:
        with self._describing:
            if self.spec is None:
                self._describe()
        answer: Response = super()._openapi_json()
        return answer

    def _describe(self) -> None:
        super()._init_spec()
        self._app.cli.commands.pop("openapi", None)  # flask-smorest brings its own commands; the route is enough
        self.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
        for pages in self._groups:
            pages.register_views_in_doc(self, self._app, self.spec, name=pages.name, parameters=None)
            self.spec.tag({"name": pages.name, "description": pages.description})


def register(app: Flask) -> None:
    """Mount the API and its description."""
    app.config |= {
        "API_TITLE": "Parity",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    limits.register(app, app.extensions["parity_settings"].broker_url)
    api = _Api(app)
    for pages in GROUPS:
        api.mount(pages)
