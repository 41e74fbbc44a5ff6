"""`/admin/log`: who did what and when, the newest first; nothing here names a requester."""

import json
from typing import Any

from flask import Blueprint, abort

from app.domain.auditing import COMMAND_LINE, IDENTITY_PROVIDER, WORKER, Act
from app.domain.rights import Action
from app.foundations.languages import gettext
from app.models.base import db
from app.upkeep import audit
from app.upkeep.audit_words import act_in_words
from app.web import lists
from app.web import staff_frame as frame
from app.web.survey_frame import keys, settings

pages = Blueprint("audit", __name__, url_prefix="/admin/log")
frame.frame(pages, frozenset({Action.READ_AUDIT_LOG}))


@pages.get("")
def listing() -> Any:
    """List the entries of a page, of one act or about one address where that was asked for."""
    filters = lists.filters({"act": [act.value for act in Act], "about": lists.ANYTHING})
    begin = lists.cursor(int)
    session, about = db.session(), filters.get("about")
    whom = audit.all_names_of(session, keys(), about) if about else None
    before = int(begin[0]) if begin else None
    found = audit.page_of(session, before=before, action=filters.get("act"), whom=whom, count=lists.PER_PAGE + 1)
    return frame.page(
        "admin/log.html",
        entries=lists.paged(found, lambda entry: (entry.id,)),
        filters=filters,
        acts=sorted(((act.value, act_in_words(act.value)) for act in Act), key=lambda pair: pair[1].casefold()),
        **_words(),
    )


@pages.get("/<int:number>")
def show(number: int) -> Any:
    """Show an entry with all that it holds."""
    entry = audit.find(db.session(), number) or abort(404)
    details = json.dumps(entry.details, indent=2, ensure_ascii=False, sort_keys=True)
    return frame.page("admin/log_entry.html", entry=entry, details=details, **_words())


def _words() -> dict[str, Any]:
    names = audit.names(db.session())
    names |= {
        COMMAND_LINE: gettext("command line"),
        WORKER: gettext("worker"),
        IDENTITY_PROVIDER: gettext("identity provider"),
    }
    return {"names": names, "act_in_words": act_in_words, "time_zone": settings().time_zone}
