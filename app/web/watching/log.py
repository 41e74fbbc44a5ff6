"""`/admin/log`: who did what and when, the newest first; nothing here names a requester."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort

from app.domain.act_groups import ActGroup, acts_of, group_of
from app.domain.auditing import Act
from app.domain.rights import Action
from app.models.audit import AuditEntry
from app.models.base import db, make_sessions
from app.upkeep.audit import log as audit
from app.upkeep.audit.export import as_csv
from app.upkeep.audit.subjects import names_of
from app.upkeep.audit.words import act_in_words, group_in_words
from app.web.frame import lists
from app.web.frame import staff as frame
from app.web.frame.installation import keys, now, settings
from app.web.watching.log_details import details_in_words

KNOWN = {
    "group": [group.value for group in ActGroup],
    "act": [act.value for act in Act],
    "about": lists.ANYTHING,
    "from": lists.ANYTHING,
    "to": lists.ANYTHING,
}

pages = Blueprint("audit", __name__, url_prefix="/admin/log")
frame.frame(pages, frozenset({Action.READ_AUDIT_LOG}))


@pages.get("")
def listing() -> Any:
    """List the entries of a page: of one area or act, about one address, of some days where that was asked for."""
    chosen, wanted = _asked_for()
    begin = lists.cursor(int)
    before = int(begin[0]) if begin else None
    found = audit.page_of(db.session(), wanted, before=before, count=lists.PER_PAGE + 1)
    entries = lists.paged(found, lambda entry: (entry.id,))
    return frame.page(
        "watching/log.html",
        entries=entries,
        chosen=chosen,
        groups=[(group.value, group_in_words(group)) for group in ActGroup],
        acts=_acts(chosen),
        **_words(entries.rows, chosen, wanted),
    )


@pages.post("/export")
def export() -> Response:
    """Give the entries that the list shows, of all its pages, as a file; the log notes who took them along."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    chosen, wanted = _asked_for()
    session = db.session()
    count, newest = audit.count_of(session, wanted)
    about = {"about": audit.person_subject(keys(), chosen["about"])} if "about" in chosen else {}
    frame.noted(Act.LOG_EXPORTED, "audit", {"entries": count} | chosen | about)
    session.commit()
    pieces = as_csv(make_sessions(db.engine), wanted, _asked_names(chosen, wanted), newest=newest)
    response = Response(pieces, content_type="text/csv; charset=utf-8")
    name = f"parity-log-{now().astimezone(settings().time_zone):%Y-%m-%d}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@pages.get("/chain")
def chain() -> Response:
    """Walk the whole chain, and look for an entry whose digest somebody kept elsewhere."""
    kept = lists.filters({"digest": lists.ANYTHING}).get("digest", "")
    session = db.session()
    return frame.page(
        "watching/log_chain.html",
        walked=audit.check(session),
        kept=kept,
        is_there=bool(kept) and audit.knows(session, kept),
        checked_at=now(),
        time_zone=settings().time_zone,
    )


@pages.get("/<int:number>")
def show(number: int) -> Response:
    """Show an entry with all that it holds."""
    entry = audit.find(db.session(), number) or abort(404)
    details = details_in_words(entry.details)
    return frame.page("watching/log_entry.html", entry=entry, details=details, **_words([entry], {}, audit.Wanted()))


def _asked_for() -> tuple[dict[str, str], audit.Wanted]:
    """Return the filters as the address has them, and what they mean."""
    chosen = lists.filters(KNOWN)
    if "act" in chosen:
        group = group_of(Act(chosen["act"])).value
        if chosen.setdefault("group", group) != group:  # somebody chose another area: the act was of the one before
            del chosen["act"]
    last = _midnight(chosen.get("to"))
    return chosen, audit.Wanted(
        acts=_wanted_acts(chosen),
        whom=audit.all_names_of(db.session(), keys(), chosen["about"]) if "about" in chosen else None,
        since=_midnight(chosen.get("from")),
        until=last + timedelta(days=1) if last else None,
    )


def _wanted_acts(chosen: Mapping[str, str]) -> list[Act] | None:
    if "act" in chosen:
        return [Act(chosen["act"])]
    return acts_of(ActGroup(chosen["group"])) if "group" in chosen else None


def _midnight(text: str | None) -> datetime | None:
    day = lists.a_day(text)
    return datetime.combine(day, time(), tzinfo=settings().time_zone) if day else None


def _acts(chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the acts to choose from: those of the area, else none, since all at once are too many."""
    if "group" not in chosen:
        return []
    acts = ((act.value, act_in_words(act.value)) for act in acts_of(ActGroup(chosen["group"])))
    return sorted(acts, key=lambda pair: pair[1].casefold())


def _words(entries: Iterable[AuditEntry], chosen: Mapping[str, str], wanted: audit.Wanted) -> dict[str, Any]:
    """Return what a page of entries needs; whom somebody asked about by address, they know by it."""
    subjects = {name for entry in entries for name in (entry.actor, entry.subject)}
    return {
        "names": names_of(db.session(), subjects) | _asked_names(chosen, wanted),
        "act_in_words": act_in_words,
        "time_zone": settings().time_zone,
    }


def _asked_names(chosen: Mapping[str, str], wanted: audit.Wanted) -> dict[str, str]:
    return dict.fromkeys(wanted.whom or (), chosen.get("about", ""))
