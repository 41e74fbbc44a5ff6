"""Pages: HTTP in, HTTP out; the only layer beside cli and jobs that commits. A new blueprint is one line here."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from app.web import (
    access,
    access_log,
    account_pages,
    action_pages,
    api,
    api_docs,
    api_key_pages,
    audit_pages,
    backup_pages,
    brand,
    branding_pages,
    chore_pages,
    close_pages,
    codebook_pages,
    compare_pages,
    connections,
    culture_pages,
    decision_pages,
    demo_mailbox,
    department_change_pages,
    errors,
    follow_up_pages,
    health,
    held_back_pages,
    home_pages,
    hooks,
    import_pages,
    jobs_pages,
    mail_pages,
    methods,
    opt_out_pages,
    own_key_pages,
    passkey_pages,
    people_pages,
    policy_pages,
    posting_pages,
    privacy_pages,
    problems,
    scorecard_pages,
    security,
    serving,
    session_pages,
    sign_in,
    sign_in_oidc,
    sign_in_passkey,
    sign_in_password,
    staff_pages,
    survey_admin_pages,
    survey_pages,
    templating,
    transactions,
)

BLUEPRINTS = (
    health.pages,
    hooks.pages,
    survey_pages.pages,
    opt_out_pages.pages,
    sign_in.pages,
    sign_in_oidc.pages,
    sign_in_passkey.pages,
    sign_in_password.pages,
    account_pages.pages,
    passkey_pages.pages,
    own_key_pages.pages,
    session_pages.pages,
    home_pages.pages,
    staff_pages.pages,
    audit_pages.pages,
    scorecard_pages.pages,
    compare_pages.pages,
    action_pages.pages,
    culture_pages.pages,
    codebook_pages.pages,  # with those of app/web/comment_pages.py
    posting_pages.pages,
    close_pages.pages,
    mail_pages.pages,
    held_back_pages.pages,
    jobs_pages.pages,
    follow_up_pages.pages,
    chore_pages.pages,
    department_change_pages.pages,
    people_pages.pages,
    import_pages.pages,
    connections.pages,
    decision_pages.pages,
    privacy_pages.pages,
    backup_pages.pages,
    methods.pages,
    policy_pages.pages,
    survey_admin_pages.pages,
    api_key_pages.pages,
    api_docs.pages,
    branding_pages.pages,
)


def register(app: Flask) -> None:
    """Mount the pages and the rules that hold for all of them."""
    app.ensure_sync = _as_it_is  # type: ignore[assignment, method-assign]
    app.url_map.converters["int"] = RowNumber
    security.register(app)
    serving.register(app, app.extensions["parity_settings"])
    transactions.register(app)
    app.before_request(_refuse_nul)
    problems.register(app)
    templating.register(app)
    brand.register(app)
    access_log.register(app)
    errors.register(app)
    for pages in BLUEPRINTS:
        app.register_blueprint(pages)
    if app.extensions["parity_settings"].demo:
        app.register_blueprint(demo_mailbox.pages)
    api.register(app)
    access.refuse_unruled(app)


class RowNumber(IntegerConverter):
    """A number in an address; one that no row can have leads nowhere instead of breaking the database's driver."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 werkzeug's name
        """Bound what werkzeug leaves open."""
        super().__init__(map, **{"max": 2**31 - 1, **options})


def _refuse_nul() -> None:
    """No name of ours holds a NUL and PostgreSQL compares none: an address with one leads nowhere."""
    if "\0" in request.path:
        abort(404)


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """Flask asks of each function of each request whether it is a coroutine; none of ours is."""
    return function
