"""Copies of an SQLite installation: which there are, and a button that has one written. None can be fetched here."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for

from app.domain.rights import Action
from app.domain.states import ChoreKind
from app.models.base import db
from app.upkeep.running import chores, copies
from app.upkeep.running.backup import LEFT_OUT
from app.upkeep.running.chore_words import told
from app.web.frame import chores as chore_pages
from app.web.frame import staff as frame
from app.web.frame.installation import settings

pages = Blueprint("backups", __name__, url_prefix="/admin/backups")
frame.frame(pages, frozenset({Action.PERSONAL_DATA}))

SUBJECT = "backup"


@pages.get("")
def listing() -> Response:
    """Show the copies, newest first; on PostgreSQL how they are made there."""
    chore = chores.latest(db.session(), SUBJECT, ChoreKind.WRITE_BACKUP)
    return frame.page(
        "watching/backups.html",
        copies=copies.copies(settings()),
        is_sqlite=copies.is_sqlite(settings()),
        left_out=LEFT_OUT,
        days=copies.KEPT_FOR.days,
        folder=copies.folder(settings()),
        chore=told(chore) if chore is not None else None,
        zone=settings().time_zone,
    )


@pages.post("")
def write() -> Any:
    """Ask the worker for a copy."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    if copies.is_sqlite(settings()):
        chore_pages.ask(ChoreKind.WRITE_BACKUP, SUBJECT)
    return redirect(url_for("backups.listing"), 303)
