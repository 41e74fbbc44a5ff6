"""`/admin/jobs`: whether the worker works, what is wrong, what it did last, and what pages asked it for."""

from flask import Blueprint, Response, url_for

from app.domain.rights import Action
from app.models.base import db
from app.reports.work_lists import latest_chores, step_runs
from app.upkeep.audit.subjects import names_of
from app.upkeep.findings import as_finding
from app.upkeep.running import doctor, readiness
from app.upkeep.running.chore_words import told
from app.web.frame import staff as frame
from app.web.frame.installation import keys, now, settings

CHORES = 20

pages = Blueprint("jobs", __name__, url_prefix="/admin/jobs")
frame.frame(pages, frozenset({Action.WATCH_WORK}))


@pages.get("")
def listing() -> Response:
    """Show the worker's health, its steps and its chores; the mail server is not called by a page."""
    session = db.session()
    chores = latest_chores(session, count=CHORES)
    return frame.page(
        "watching/jobs.html",
        findings=[as_finding(one) for one in doctor.examine(session, settings(), keys(), now=now(), is_quick=True)],
        place_of=_place_of,
        seen_at=readiness.worker_seen_at(session),
        is_seen=readiness.worker_is_seen(session, now()),
        steps=step_runs(session),
        chores=[(chore, told(chore)) for chore in chores],
        names=names_of(session, {name for chore in chores for name in (chore.subject, chore.asked_by)}),
        time_zone=settings().time_zone,
    )


def _place_of(about: str) -> str:
    """Return the page that mends what a finding is about."""
    kind, _, slug = about.partition(":")
    if kind in ("staff", "departments"):
        return url_for(f"{kind}.listing")
    return url_for("connections.show", slug=slug) if slug else url_for("connections.listing")
