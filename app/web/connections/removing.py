"""Removing a tracker or source: a page that says what goes and what stays, and the press that does it."""

from typing import Any

from flask import redirect, request, url_for

from app.domain.auditing import Act
from app.models.base import db
from app.upkeep.audit.log import connection_subject
from app.upkeep.connections.removal import brought_by, remove_connection
from app.upkeep.connections.words import kind_in_words
from app.web.connections.one import found, pages
from app.web.frame import staff as frame
from app.web.frame.installation import now


@pages.route("/<slug>/remove", methods=["GET", "POST"])
def remove(slug: str) -> Any:
    """Ask, with what it has brought; once it is pressed, remove the connection and lead to the list."""
    connection, connector = found(slug, lock=request.method == "POST")
    if request.method == "GET":
        return frame.page(
            "connections/remove.html",
            connection=connection,
            connector=connector,
            kind=kind_in_words(connection.kind),
            brought=brought_by(db.session(), connection),
        )
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    subject, kind = connection_subject(connection), connection.kind
    brought = remove_connection(db.session(), connection, now=now())
    kept = {"kind": kind, "requests_kept": brought.requests, "scores_kept": brought.scores}
    frame.noted(Act.CONNECTION_REMOVED, subject, kept)
    db.session.commit()
    return redirect(url_for("connections.listing", removed=slug), 303)
