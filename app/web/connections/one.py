"""Trackers and sources of scores: the list, one with its settings, and the buttons that act on it."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.connectors import CONNECTORS, find_connector
from app.connectors.connector import Connector
from app.domain.auditing import Act
from app.domain.rights import Action
from app.domain.states import ChoreKind, ConnectionSide
from app.foundations import formats
from app.models.base import db
from app.models.connections import Connection
from app.models.instruments import known_instruments
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import ConnectionRefused, change_settings, find_locked, switch
from app.upkeep.connections.health import health_of
from app.upkeep.connections.score_settings import touchpoints_without_department
from app.upkeep.connections.secrets import secrets_set_on
from app.upkeep.connections.states import overview, overview_of
from app.upkeep.connections.unmapped import unmapped_of
from app.upkeep.connections.words import health_lines, kind_in_words, ways_in_words
from app.upkeep.running import chores
from app.upkeep.running.chore_words import told
from app.web.connections.setting_forms import PREFIX, asked_of, settings_form, shown_settings, told_settings
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.chores import ask
from app.web.frame.forms import Outcome
from app.web.frame.installation import keys, now, settings
from app.web.imports.words import way

LARGEST = 1024 * 1024  # bytes: a table of a thousand requesters
ASKABLE = (ChoreKind.CHECK_CONNECTION, ChoreKind.REGISTER_HOOK, ChoreKind.BACKFILL)

pages = Blueprint("connections", "app.web.connections", url_prefix="/admin/trackers")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}), largest=LARGEST)


@pages.get("")
def listing() -> Response:
    """List trackers and sources with where they stand."""
    found = overview(db.session())
    sides = [(side, [one for one in found if one.side is side]) for side in ConnectionSide]
    return frame.page(
        "connections/trackers.html",
        sides=sides,
        kind_in_words=kind_in_words,
        zone=settings().time_zone,
        removed=request.args.get("removed", "")[:60],
    )


@pages.get("/new")
def kinds() -> Response:
    """Offer the kinds that can be added."""
    offered = [
        (side, sorted((one for one in CONNECTORS if one.side is side), key=lambda one: kind_in_words(one.kind).lower()))
        for side in ConnectionSide
    ]
    return frame.page("connections/kinds.html", sides=offered, kind_in_words=kind_in_words, ways_in_words=ways_in_words)


@pages.route("/<slug>", methods=["GET", "POST"])
def show(slug: str) -> Any:
    """Render one connection with its settings, and save these."""
    connection, connector = found(slug, lock=request.method == "POST")
    form_type = settings_form(connector, instruments(), is_new=False)
    stored = shown_settings(connector, connection.settings)
    if request.method == "GET":
        return forms.show("connections/tracker.html", forms.shown(form_type, stored), **_values(connection, connector))
    sent = forms.sent(form_type, stored)
    if sent.outcome is Outcome.SAME:
        return redirect(url_for("connections.show", slug=slug), 303)
    if sent.outcome is Outcome.GOOD:
        changed = told_settings(connector, sent.form, stored)
        try:
            change_settings(db.session(), keys(), slug, changed)
        except ConnectionRefused as refused:
            db.session.rollback()
            sent = forms.refused(sent.form, field_of(sent.form, refused), sentence_of(refused))
            connection, connector = found(slug)
        else:
            frame.noted(Act.CONNECTION_CHANGED, connection_subject(connection), {"settings": sorted(changed)})
            db.session.commit()
            return redirect(url_for("connections.show", slug=slug, saved=1), 303)
    return forms.answer("connections/tracker.html", sent, **_values(connection, connector))


@pages.post("/<slug>/act")
def act(slug: str) -> Any:
    """Do what the button says: ask the worker to try or register, or switch the connection off and on."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    connection, _ = found(slug, lock=True)
    wanted = request.form.get("act", "")
    subject, place = connection_subject(connection), url_for("connections.show", slug=slug)
    if wanted in ("check", "register"):
        kind = ChoreKind.CHECK_CONNECTION if wanted == "check" else ChoreKind.REGISTER_HOOK
        ask(kind, subject, {"slug": slug})
        return redirect(f"{place}#worker", 303)
    if wanted not in ("pause", "resume"):
        abort(404)
    is_active = wanted == "resume"
    if connection.is_active is not is_active:
        switch(db.session(), slug, is_active=is_active)
        frame.noted(Act.CONNECTION_CHANGED, subject, {"is_active": is_active})
        db.session.commit()
    return redirect(place, 303)


def found(slug: str, *, lock: bool = False) -> tuple[Connection, Connector]:
    """Return a connection with its connector; 404 where there is none. `lock` keeps it as it is until the commit."""
    connection = find_locked(db.session(), slug, lock=lock)
    connector = find_connector(connection.side, connection.kind) if connection else None
    if connection is None or connector is None:
        abort(404)
    return connection, connector


def instruments() -> list[str]:
    """Return the names of all instruments, for the choice in a form."""
    return sorted(known_instruments(db.session()))


def field_of(form: forms.StaffForm, refused: ConnectionRefused) -> str:
    """Return the field at which a refusal is to stand."""
    names = (refused.setting, PREFIX + refused.setting)
    return next((name for name in names if name in form._fields), next(iter(form._fields)))


def sentence_of(refused: ConnectionRefused) -> str:
    """Return why a connection was refused, with the way to mend it."""
    mended = way(refused.mend)
    return f"{refused}. {mended}" if mended else str(refused)


def _values(connection: Connection, connector: Connector) -> dict[str, Any]:
    session = db.session()
    subject, zone = connection_subject(connection), settings().time_zone
    chore = chores.latest(session, subject, *ASKABLE)

    def local(moment: Any) -> str:
        if moment is None:
            return "–"
        return f"{formats.full_day(moment.astimezone(zone).date())}, {formats.clock(moment, zone)}"

    has_scores = connection.side is ConnectionSide.SCORES
    return {
        "connection": connection,
        "connector": connector,
        "kind": kind_in_words(connection.kind),
        "one": overview_of(session, connection),
        "lines": list(health_lines(health_of(session, connection), local, "–", on_page=True)),
        "unmapped": unmapped_of(session, connection, now=now()),
        "asked": asked_of(connector),
        "set_on": {name: local(at) for name, at in secrets_set_on(session, keys(), connection).items()},
        "chore": told(chore) if chore else None,
        "uncounted": touchpoints_without_department(session, connection.settings) if has_scores else [],
        "instruments": [(name, name) for name in instruments()],
        "is_saved": "saved" in request.args,
        "now": now(),
    }
