"""Pages: HTTP in, HTTP out; the only layer beside cli and jobs that commits. A new blueprint is one line here."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from app.web import api, connections, demo_mailbox, health, hooks, methods
from app.web import branding as branding_pages
from app.web.account import keys as own_key_pages
from app.web.account import pages as account_pages
from app.web.account import passkeys as passkey_pages
from app.web.account import sessions as session_pages
from app.web.close import pages as close_pages
from app.web.close import posting_pages
from app.web.culture import codebook as codebook_pages
from app.web.culture import pages as culture_pages
from app.web.frame import access, access_log, brand, errors, problems, security, serving, templating, transactions
from app.web.frame import chores as chore_pages
from app.web.home import pages as home_pages
from app.web.imports import pages as import_pages
from app.web.organisation import department_changes as department_change_pages
from app.web.organisation import people as people_pages
from app.web.organisation import staff as staff_pages
from app.web.policy import pages as policy_pages
from app.web.privacy import pages as privacy_pages
from app.web.programs import api_docs
from app.web.programs import keys as api_key_pages
from app.web.scorecards import actions as action_pages
from app.web.scorecards import comparing as compare_pages
from app.web.scorecards import follow_ups as follow_up_pages
from app.web.scorecards import pages as scorecard_pages
from app.web.signing_in import links as sign_in
from app.web.signing_in import oidc as sign_in_oidc
from app.web.signing_in import passkeys as sign_in_passkey
from app.web.signing_in import passwords as sign_in_password
from app.web.survey import opt_out as opt_out_pages
from app.web.survey import pages as survey_pages
from app.web.survey_versions import pages as survey_admin_pages
from app.web.watching import backups as backup_pages
from app.web.watching import decisions as decision_pages
from app.web.watching import held_back as held_back_pages
from app.web.watching import jobs as jobs_pages
from app.web.watching import log as audit_pages
from app.web.watching import mail as mail_pages

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
    codebook_pages.pages,  # with those of app/web/culture/comments.py
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
