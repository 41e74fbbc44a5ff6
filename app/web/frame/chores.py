"""What a page has asked the worker to do: how far it is, for whoever asked and for those who watch the work."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, url_for

from app.domain.rights import Action
from app.domain.states import ChoreKind
from app.foundations.languages import spoken
from app.models.base import db
from app.models.chores import Chore
from app.upkeep.audit import log as audit
from app.upkeep.running import chores
from app.upkeep.running.chore_words import told
from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.installation import now, settings

pages = Blueprint("chores", __name__, url_prefix="/chores")
frame.frame(pages, Who.STAFF)


def _connection(chore: Chore) -> str:
    return url_for("connections.show", slug=chore.params["slug"])


#: Where whoever asked goes on, by kind; a line for each page that asks.
GO_ON: Mapping[ChoreKind, Callable[[Chore], str]] = {
    ChoreKind.CHECK_CONNECTION: _connection,
    ChoreKind.REGISTER_HOOK: _connection,
    ChoreKind.BACKFILL: _connection,
    ChoreKind.RUN_IMPORT: lambda chore: f"/admin/imports/{chore.params['upload']}",
    ChoreKind.TRY_POLICY: lambda _chore: url_for("policy.show", _anchor="tried"),
    ChoreKind.RUN_RETENTION: lambda _chore: "/admin/privacy",
    ChoreKind.WRITE_BACKUP: lambda _chore: "/admin/backups",
}


@pages.get("/<int:number>")
def show(number: int) -> Response:
    """Render how far it is; 404 for what somebody else has asked for."""
    chore = chores.find(db.session(), number)
    if chore is None or not (frame.viewer().may(Action.WATCH_WORK) or _is_mine(chore)):
        abort(404)
    ways = {kind.value: way for kind, way in GO_ON.items()}
    go_on = ways[chore.kind](chore) if chore.kind in ways else "/"
    if frame.wants_piece():
        return frame.piece("pages/chore.html", "state", chore=told(chore))
    zone = settings().time_zone
    return frame.page("pages/chore.html", chore=told(chore), stored=chore, go_on=go_on, zone=zone)


def asked(kind: ChoreKind, subject: str, params: Mapping[str, Any] | None = None) -> int:
    """Ask the worker for something in this transaction; after the commit, hint at `run_chores`. Return the number."""
    session = db.session()
    actor = audit.by_staff(session, frame.viewer().email)
    return chores.ask(session, kind, subject, params, by=actor, language=spoken(), now=now())


def ask(kind: ChoreKind, subject: str, params: Mapping[str, Any] | None = None) -> int:
    """Ask the worker for something, commit, and return its number. The worker notes it in the log once it is done."""
    number = asked(kind, subject, params)
    db.session.commit()
    frame.hint("run_chores")
    return number


def _is_mine(chore: Chore) -> bool:
    try:
        return chore.asked_by == audit.by_staff(db.session(), frame.viewer().email)
    except LookupError:
        return False
