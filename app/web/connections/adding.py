"""Adding a tracker or source, turning over its secret, asking it for the past."""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Response, abort, redirect, request, url_for

from app.connectors import find_connector
from app.connectors.connector import Connector
from app.domain.auditing import Act
from app.domain.states import ChoreKind, ConnectionSide
from app.foundations.languages import gettext
from app.models.base import db
from app.models.connections import Connection
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.adding import (
    ConnectionRefused,
    add_connection,
    forget_previous_secret,
    get_connection,
    renew_secret,
)
from app.upkeep.connections.states import refuses_all
from app.upkeep.connections.words import kind_in_words
from app.upkeep.running import chores
from app.web.connections.one import field_of, found, instruments, pages, sentence_of
from app.web.connections.setting_forms import BackfillForm, ForgetForm, asked_of, settings_form, told_settings
from app.web.frame import forms, once
from app.web.frame import staff as frame
from app.web.frame.chores import ask, asked
from app.web.frame.forms import Outcome
from app.web.frame.installation import keys, now, settings


@pages.route("/new/<side>/<kind>", methods=["GET", "POST"])
def add(side: str, kind: str) -> Any:
    """Render the form of a kind; once it is good, add the connection and show its key and secret, this once."""
    connector = find_connector(ConnectionSide(side), kind) if side in set(ConnectionSide) else None
    if connector is None:
        abort(404)
    form_type = settings_form(connector, instruments(), is_new=True)
    if request.method == "GET":
        return forms.show("connections/new.html", forms.shown(form_type, {}), **_offer(connector))
    sent = forms.sent(form_type, {})
    if sent.outcome is Outcome.GOOD:
        try:
            return _added(connector, sent.form)
        except ConnectionRefused as refused:
            db.session.rollback()
            sent = forms.refused(sent.form, field_of(sent.form, refused), sentence_of(refused))
    return forms.answer("connections/new.html", sent, **_offer(connector))


@pages.get("/<slug>/added")
def added(slug: str) -> Response:
    """Show what was added, with its address and secret while they may be seen."""
    connection, connector = found(slug)
    told = once.handed_over()
    chore = chores.latest(
        db.session(), connection_subject(connection), ChoreKind.REGISTER_HOOK, ChoreKind.CHECK_CONNECTION
    )
    return frame.page(
        "connections/added.html",
        connection=connection,
        connector=connector,
        kind=kind_in_words(connection.kind),
        address=told.get("address", ""),
        secret=told.get("secret", ""),
        is_gone=not told and connector.read is not None,
        lacks_secret=refuses_all(connection, connector),
        chore=chore.id if chore else None,
    )


@pages.route("/<slug>/past", methods=["GET", "POST"])
def past(slug: str) -> Any:
    """Render the form that asks a tool for everything since a day, and hand it to the worker."""
    connection, connector = found(slug)
    if connector.poll is None:
        abort(404)
    values = {"connection": connection, "kind": kind_in_words(connection.kind)}
    if request.method == "GET":
        return forms.show("connections/past.html", forms.shown(BackfillForm, {}), **values)
    sent = forms.sent(BackfillForm, {})
    if sent.outcome is Outcome.GOOD:
        day = date.fromisoformat(sent.form["since"].data)
        since = datetime.combine(day, time(), settings().time_zone).astimezone(UTC)
        if since < now():
            ask(ChoreKind.BACKFILL, connection_subject(connection), {"slug": slug, "since": since.isoformat()})
            return redirect(f"{url_for('connections.show', slug=slug)}#worker", 303)
        sent = forms.refused(sent.form, "since", gettext("Choose a day that has begun."))
    return forms.answer("connections/past.html", sent, **values)


@pages.route("/<slug>/secret", methods=["GET", "POST"])
def secret(slug: str) -> Any:
    """Turn over a secret in two steps: a new one, shown once; then the old one ends."""
    connection, connector = found(slug, lock=request.method == "POST")
    if connector.make_secret is None:
        abort(404)
    values = {"connection": connection, "connector": connector, "kind": kind_in_words(connection.kind)}
    values |= {"version": _version(connection), "secret": once.handed_over().get("secret", ""), "was_renewed": False}
    if request.method == "GET":
        return forms.show("connections/secret.html", forms.shown(ForgetForm, {}), **values)
    if request.form.get("act") == "renew":
        return _renewed(connection, values)
    sent = forms.sent(ForgetForm, {})
    if sent.outcome is Outcome.GOOD and connection.previous_secret is not None:
        forget_previous_secret(db.session(), slug)
        frame.noted(Act.OLD_SECRET_FORGOTTEN, connection_subject(connection))
        db.session.commit()
    if sent.outcome is Outcome.GOOD:
        return redirect(url_for("connections.show", slug=slug, saved=1), 303)
    return forms.answer("connections/secret.html", sent, **values)


def _added(connector: Connector, form: forms.StaffForm) -> Any:
    """Add the connection, ask the worker to try it, and lead to what is shown once. Raises ConnectionRefused."""
    session, slug, base_url = db.session(), form["slug"].data, settings().base_url
    made = add_connection(
        session,
        keys(),
        slug=slug,
        side=connector.side,
        kind=connector.kind,
        settings=told_settings(connector, form, {}),
        base_url=base_url,
        now=now(),
    )
    connection = get_connection(session, slug)
    subject = connection_subject(connection)
    if connector.register or connector.check:
        asked(ChoreKind.REGISTER_HOOK if connector.register else ChoreKind.CHECK_CONNECTION, subject, {"slug": slug})
    frame.noted(Act.CONNECTION_ADDED, subject, {"kind": connector.kind})
    db.session.commit()
    frame.hint("run_chores")
    address = f"{base_url}/hooks/{slug}/{made.hook_key}" if made.hook_key else ""
    place = url_for("connections.added", slug=slug)
    once.hand_over(place, {"address": address, "secret": made.secret or ""})
    return redirect(place, 303)


def _renewed(connection: Connection, values: dict[str, Any]) -> Any:
    """Make a new secret, unless the page that asks was shown before the last one was made."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    if request.form.get("version") != values["version"]:
        values |= {"was_renewed": True}
        form = forms.shown(ForgetForm, {})
        return frame.page("connections/secret.html", status=409, form=form, sent=None, **values)
    new = renew_secret(db.session(), keys(), connection.slug)
    frame.noted(Act.SECRET_RENEWED, connection_subject(connection))
    db.session.commit()
    once.hand_over(request.path, {"secret": new})
    return redirect(request.path, 303)


def _version(connection: Connection) -> str:
    """Return what tells one secret from the next without telling it: it is sealed anew each time."""
    return hashlib.sha256(connection.secret or b"").hexdigest()[:16]


def _offer(connector: Connector) -> dict[str, Any]:
    return {
        "connector": connector,
        "kind": kind_in_words(connector.kind),
        "asked": asked_of(connector),
        "instruments": [(name, name) for name in instruments()],
    }
