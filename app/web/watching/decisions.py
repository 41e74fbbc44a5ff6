"""Why somebody was asked about a request, or was not: all decisions, those of one request, those of one person."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, request
from sqlalchemy import select
from wtforms import StringField

from app.domain.decisions import DecisionReason
from app.domain.rights import Action
from app.domain.states import ConnectionSide
from app.foundations.languages import mark
from app.models.base import db
from app.models.people import Person
from app.models.policies import version_at
from app.reports.asking_facts import current_asking
from app.reports.decision_lists import Wanted, count_decisions, decisions_before
from app.reports.decisions import find_decision, reason_in_short, reason_in_words
from app.reports.department_tree import department_names, last_names
from app.upkeep.connections.adding import connections_of
from app.web.frame import forms, lists
from app.web.frame import staff as frame
from app.web.frame.form_rules import an_address, at_most, needed, one_line, storable
from app.web.frame.forms import Outcome
from app.web.frame.installation import calendar, keys, now, settings

OF_A_PERSON = 50
PER_PAGE = 25  # each is several lines on a phone

pages = Blueprint("decisions", __name__, url_prefix="/admin/decisions")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}))


class PersonForm(forms.StaffForm):
    """Whose requests: an address, which is sent and not put into an address of the web, where logs would keep it."""

    email = StringField(
        mark("Address of the requester"),
        [needed(mark("Write the address of the requester.")), at_most(254), one_line, an_address],
        filters=[storable],
    )


@pages.get("")
def listing() -> Response:
    """List decisions, the newest completion first, with how many ended for which reason."""
    words = dict.fromkeys(("department", "tracker", "from", "to"), lists.ANYTHING)
    chosen = lists.filters({"reason": tuple(DecisionReason), **words})
    rows = decisions_before(
        db.session(), Wanted(**_members(chosen)), calendar(), before=lists.moment_and_number(), limit=PER_PAGE + 1
    )
    every = Wanted(**{**_members(chosen), "reason": None})
    counts = count_decisions(db.session(), every, calendar())
    return frame.page(
        "watching/decisions.html",
        found=lists.paged(rows, lambda row: (row.completed_at.isoformat(), row.id), count=PER_PAGE),
        trackers=[(one.slug, one.slug) for one in connections_of(db.session(), ConnectionSide.TRACKER)],
        counts=[(reason, counts[reason]) for reason in DecisionReason if counts[reason]],
        chosen=chosen,
        form=forms.shown(PersonForm, {}),
        **_words(),
    )


@pages.route("/of", methods=["GET", "POST"])
def of_person() -> Response:
    """Say what was decided about the last requests of one person."""
    if request.method == "GET":
        return forms.show("watching/decisions_of.html", forms.shown(PersonForm, {}), rows=None, **_words())
    sent = forms.sent(PersonForm, {})
    if sent.outcome is not Outcome.GOOD:
        return forms.answer("watching/decisions_of.html", sent, rows=None, **_words())
    email = sent.form["email"].data
    rows = decisions_before(db.session(), Wanted(requester=email), calendar(), before=None, limit=OF_A_PERSON)
    is_known = db.session.scalar(select(Person.id).where(Person.email == email.lower())) is not None
    return forms.show("watching/decisions_of.html", sent.form, rows=rows, is_known=is_known, **_words())


@pages.get("/<tracker>/<path:external_id>")
def of_request(tracker: str, external_id: str) -> Response:
    """Say what was decided about each completion of a request."""
    asking = current_asking(db.session(), settings(), keys())
    found = find_decision(db.session(), tracker, external_id, asking=asking, now=now())
    if found is None:
        abort(404)
    by_version = {
        cycle.number: version_at(db.session(), cycle.decided_at) for cycle in found.cycles if cycle.decided_at
    }
    return frame.page("watching/decision.html", found=found, by_version=by_version, **_words())


def _words() -> dict[str, Any]:
    known = department_names(db.session(), now())
    return {
        "reason_in_words": reason_in_words,
        "reason_in_short": reason_in_short,
        "departments": [(code, f"{name} ({code})") for code, name in known],
        "names": last_names(db.session()),
        "zone": settings().time_zone,
    }


def _members(chosen: Mapping[str, str]) -> dict[str, Any]:
    return {
        "reason": DecisionReason(chosen["reason"]) if "reason" in chosen else None,
        "department": chosen.get("department"),
        "tracker": chosen.get("tracker"),
        "first_day": lists.a_day(chosen.get("from")),
        "last_day": lists.a_day(chosen.get("to")),
    }
