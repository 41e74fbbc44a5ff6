"""Who calls the API: a bearer key (RFC 6750) with the scope that the route needs, as whoever the key acts as."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from app.domain.api_scopes import Scope
from app.foundations import clock
from app.foundations.languages import gettext
from app.models.base import db, reading
from app.upkeep.audit import log as audit
from app.upkeep.programs.keys import Caller, find_caller
from app.web.api.limits import count_call, count_stranger
from app.web.frame.problems import Problem

View = TypeVar("View", bound=Callable[..., Any])

CHALLENGE = 'Bearer realm="parity"'


def needs(scope: Scope) -> Callable[[View], View]:
    """Let a view be called only with a key that has `scope`: 401 without a key of ours, 403 without the scope."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            g.api_caller = _authenticated(scope)
            return view(*arguments, **named)

        return cast("View", guarded)

    return decorate


def caller() -> Caller:
    """Return who calls; behind `needs` there is somebody."""
    found: Caller = g.api_caller
    return found


def actor() -> str:
    """Return how the audit log means the key of this call."""
    return audit.by_api_key(caller().key_id)


def _authenticated(scope: Scope) -> Caller:
    found = _found()
    if found is None:
        count_stranger()
        raise Problem(401, gettext("a key of this installation is needed"), headers={"WWW-Authenticate": CHALLENGE})
    count_call(found.key_id)
    if found.may(scope):
        return found
    headers = {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'}
    if scope in found.scopes:
        raise Problem(403, gettext("the person of this key has no role for %(scope)s", scope=scope), headers=headers)
    raise Problem(403, gettext("this key has no scope %(scope)s", scope=scope), headers=headers)


def _found() -> Caller | None:
    """Look the key up in a transaction that ends before the body is read: a slow sender must not hold the writer."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    with reading():
        found = find_caller(db.session(), token.strip(), now=clock.now())
        db.session.rollback()
    return found
