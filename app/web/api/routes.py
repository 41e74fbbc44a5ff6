"""How a view becomes a route: address, scope, and what OpenAPI says of it, in one line."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from app.domain.api_scopes import Scope
from app.web.api.authentication import needs

View = TypeVar("View", bound=Callable[..., Any])


def route(
    pages: Blueprint,
    method: str,
    address: str,
    *,
    scope: Scope,
    doc: dict[str, Any],
    answer: type[Schema],
    status: int = 200,
) -> Callable[[View], View]:
    """Hang a view on `pages`; it runs only for keys with `scope`."""

    def decorate(view: View) -> View:
        _hang(pages, method, address, pages.response(status, answer)(needs(scope)(view)), _told(view, scope, doc))
        return view

    return decorate


def file_route(
    pages: Blueprint, address: str, *, scope: Scope, doc: dict[str, Any], media_type: str
) -> Callable[[View], View]:
    """Hang a view on `pages` that hands out a file."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    responses = {"200": {"description": "The file", "content": content}} | doc["responses"]

    def decorate(view: View) -> View:
        _hang(pages, "GET", address, needs(scope)(view), _told(view, scope, doc | {"responses": responses}))
        return view

    return decorate


def _told(view: Callable[..., Any], scope: Scope, doc: dict[str, Any]) -> dict[str, Any]:
    return doc | {"operationId": view.__name__, "security": [{"key": [scope.value]}]}


def _hang(pages: Blueprint, method: str, address: str, view: Callable[..., Any], doc: dict[str, Any]) -> None:
    pages.route(address, methods=[method])(pages.doc(**doc)(view))
