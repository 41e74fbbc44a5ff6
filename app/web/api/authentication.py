"""Who calls the API: a bearer key (RFC 6750) with the scope that the route needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from app.domain.api_scopes import Scope
from app.foundations.languages import gettext
from app.models.accounts import ApiKey
from app.models.base import db, reading
from app.upkeep.api_keys import find_api_key
from app.web.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])

CHALLENGE = 'Bearer realm="parity"'


def needs(scope: Scope) -> Callable[[View], View]:
    """Let a view be called only with a key that has `scope`: 401 without a key of ours, 403 without the scope."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            g.api_key_id = _authenticated(scope)
            return view(*arguments, **named)

        return cast("View", guarded)

    return decorate


def _authenticated(scope: Scope) -> int:
    key = _key()
    if key is None:
        raise Problem(401, gettext("a key of this installation is needed"), headers={"WWW-Authenticate": CHALLENGE})
    if scope not in key.scopes:
        insufficient = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'
        sentence = gettext("this key has no scope %(scope)s", scope=scope)
        raise Problem(403, sentence, headers={"WWW-Authenticate": insufficient})
    return key.id


def _key() -> ApiKey | None:
    """Look the key up in a transaction that ends before the body is read: a slow sender must not hold the writer."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    with reading():
        found = find_api_key(db.session(), token.strip())
        if found is not None:
            db.session.expunge(found)
        db.session.rollback()
    return found
