"""What all pages of staff share: who is looking, in which language, with which forms; strangers go to the sign-in."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, render_template, request, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError

from app.domain.auditing import Act
from app.domain.rights import Viewer
from app.domain.states import Role
from app.foundations.languages import gettext, speak, spoken
from app.models.base import db
from app.upkeep.audit import log as audit
from app.upkeep.signing_in.sessions import find_viewer
from app.upkeep.staff.accounts import role_in_words
from app.web.frame import kept_forms
from app.web.frame.access import Rule, govern, may_call, rule_of
from app.web.frame.cookie import LANGUAGE, SECRET, WANTED
from app.web.frame.installation import keys, now, settings
from app.web.frame.navigation import navigation
from app.web.frame.speaking import LANGUAGE_NAMES

LARGEST_FORM = 16 * 1024  # bytes
NOBODY: Rule = frozenset()  # what holds where a rule is missing


class ForgedForm(Exception):
    """A form without the token of this browser: sent by a foreign page, or too old."""


def frame(pages: Blueprint, rule: Rule, *, largest: int = LARGEST_FORM) -> None:
    """Give a blueprint the language of its reader, let only those in whom its rule allows, and bound its forms."""
    govern(pages, rule)
    pages.before_request(partial(_begin, largest))


def _begin(largest: int) -> Any:
    """Lead strangers to the way in; refuse those whose roles do not go so far."""
    request.max_content_length = request.max_form_memory_size = largest
    viewer = current_viewer()
    speak_to(viewer)
    if may_call(rule_of(current_app, request.endpoint or "") or NOBODY, viewer):
        return None
    if viewer is not None:
        abort(403)
    if request.method != "GET":
        return kept_forms.keep()
    session[WANTED] = request.full_path if request.query_string else request.path
    return redirect("/sign-in", 303)


def current_viewer() -> Viewer | None:
    """Return who is signed in, looked up once a request."""
    if "viewer" not in g:
        secret = session.get(SECRET)
        g.viewer = find_viewer(db.session(), keys(), secret, now=now()) if secret else None
    found: Viewer | None = g.viewer
    return found


def viewer() -> Viewer:
    """Return who is signed in; behind `frame` there is somebody."""
    found = current_viewer()
    if found is None:
        abort(403)
    return found


def roles_in_words(viewer: Viewer) -> str:
    """Return all roles of somebody, as a list to read."""
    return ", ".join(role_in_words(role) for role in Role if role in viewer.roles)


def speak_to(viewer: Viewer | None) -> str:
    """Speak the language that was chosen here, else the viewer's own, else the browser's; return it."""
    known = settings().languages
    chosen = request.args.get("lang")
    if chosen in known:
        session[LANGUAGE] = chosen
    best = request.accept_languages.best_match(known)
    wishes = (chosen, session.get(LANGUAGE), viewer.language if viewer else None, best)
    language = next((one for one in wishes if one in known), known[0])
    speak(language)
    return language


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """Render a page in the language of the moment."""
    html = render_template(
        template,
        viewer=g.get("viewer"),
        navigation=navigation(g.get("viewer")),
        languages=[(code, LANGUAGE_NAMES[code], _same_page_in(code)) for code in settings().languages],
        language=spoken(),
        standalone=False,
        csrf_token=generate_csrf,
        **values,
    )
    return make_response(html, status)


def _same_page_in(language: str) -> str:
    """Return the query that shows this page in another language: with its filters, its place and whom it is about."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "?" + urlencode([*kept, ("lang", language)])


def piece(template: str, block: str, **values: Any) -> Response:
    """Render one block of a page, for htmx, which puts it in the place of the old one."""
    whole = current_app.jinja_env.get_template(template)
    context = whole.new_context(
        {"viewer": g.get("viewer"), "language": spoken(), "standalone": False, "csrf_token": generate_csrf, **values}
    )
    return make_response("".join(whole.blocks[block](context)))


def wants_piece() -> bool:
    """Tell whether htmx asks, so that one block of the page is enough."""
    return "HX-Request" in request.headers


def check_form() -> None:
    """Make sure that the form was shown to this browser. Raises ForgedForm."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        raise ForgedForm from error


def too_old() -> Response:
    """Render the page for a forged form; whoever meant it presses once more."""
    complaint = gettext("This page had been open for too long. Press once more.")
    heading = gettext("This did not work")
    return page("errors/error.html", heading=heading, paragraphs=[complaint], number="", status=400)


def actor() -> str:
    """Return how the audit log means the viewer."""
    return audit.by_staff(db.session(), viewer().email)


def noted(act: Act, subject: str, details: Mapping[str, Any] | None = None, *, by: str | None = None) -> None:
    """Note in the audit log what the viewer did, in the transaction that did it and as its last statement.

    `by` stands for the viewer where who it was must not be read there.
    """
    audit.note(db.session(), by or actor(), act, subject, details, now=now())


def hint(task: str) -> None:
    """Ask the worker to run a task soon."""
    current_app.extensions["parity_queue"].send(task)
