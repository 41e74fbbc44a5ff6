"""How a view becomes a route: address, scope, and what OpenAPI says of it, in one line."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from app.domain.api_scopes import Scope
from app.web.api.authentication import needs

View = TypeVar("View", bound=Callable[..., Any])


def route(
    pages: Blueprint, method: str, address: str, *, scope: Scope, doc: dict[str, Any], answer: type[Schema]
) -> Callable[[View], View]:
    """Hang a view on `pages`; it runs only for keys with `scope`."""

    def decorate(view: View) -> View:
        described = pages.doc(operationId=view.__name__, **doc)(pages.response(200, answer)(needs(scope)(view)))
        pages.route(address, methods=[method])(described)
        return view

    return decorate
