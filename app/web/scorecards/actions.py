"""`/actions`: what a department does about the one thing that its scorecard proposes, and what came of it.

Whoever may see the scorecard reads it there; the heads who answer for the department write it here.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from flask import Blueprint, Response, abort, redirect, url_for
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError

from app.domain.auditing import Act
from app.domain.periods import Period
from app.domain.rights import Action
from app.domain.sentences import Place
from app.domain.states import ActionResult
from app.foundations import formats
from app.foundations.languages import gettext, mark
from app.models.base import db
from app.models.people import staff_names
from app.models.scorecards import ScorecardRevision
from app.reports.actions import Actions, actions_of
from app.reports.descriptions import said
from app.reports.issued import Issued
from app.reports.published import Document
from app.reports.quarters import quarter_words
from app.upkeep.quarters.actions import Conclusion, Decision, conclude, decide, lock_action
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.asked_for import period_of
from app.web.frame.form_rules import a_day, at_most, one_of, storable
from app.web.frame.forms import Outcome, Sent, StaffForm
from app.web.frame.installation import calendar, now
from app.web.scorecards.answering import answered_for

LONGEST_WORDS = 500  # characters
LONGEST_PLAN = timedelta(days=731)  # after the quarter's end

pages = Blueprint("actions", __name__, url_prefix="/actions")
frame.frame(pages, frozenset({Action.DECIDE_ACTION}))


class DecisionForm(StaffForm):
    """What the department does, and until when."""

    aside: ClassVar[frozenset[str]] = frozenset({"names_are_meant"})

    words = TextAreaField(mark("What you will do"), [at_most(LONGEST_WORDS)], filters=[storable])
    due_on = StringField(mark("Done by"), [a_day], filters=[storable])
    names_are_meant = BooleanField(mark("Keep the names"))  # asked only where somebody is named


class OutcomeForm(DecisionForm):
    """The same once it is decided, with what came of it."""

    result = StringField(mark("Was it done?"), [one_of(["", *ActionResult])], filters=[storable])
    outcome = TextAreaField(mark("What came of it"), [at_most(LONGEST_WORDS)], filters=[storable])

    def validate_outcome(self, field: Field) -> None:
        """Ask for the result that the words explain."""
        if field.data and not self.result.data:
            raise ValidationError(gettext("Say above whether it was done."))


@dataclass(frozen=True)
class _Asked:
    """The scorecard whose action it is."""

    row: ScorecardRevision
    code: str
    document: Document

    @property
    def period(self) -> Period:
        return Period.parse(self.row.period)

    @property
    def item(self) -> str | None:
        found: str | None = self.document.get("action", {}).get("dimension")
        return found

    def days(self) -> tuple[date, date]:
        """Return the first and the last day on which something may be due: not a day that is over."""
        end = calendar().last_day(self.period)
        today = now().astimezone(calendar().time_zone).date()
        return max(end, min(today, end + LONGEST_PLAN)), end + LONGEST_PLAN


@dataclass(frozen=True)
class Panel:
    """What the pages say of a quarter's action, beside the proposal."""

    actions: Actions
    decided: str  # what was decided about this quarter, in words
    before: str  # and about the one before
    address: str  # where it is written; empty for who only reads
    address_before: str


def panel(department_id: int, period: Period, code: str) -> Panel:
    """Return what was decided, and where the viewer writes it if they answer for the department."""
    actions = actions_of(db.session(), [department_id], period)[department_id]
    may_write = department_id in answered_for(frame.viewer(), Action.DECIDE_ACTION)
    addresses = [
        url_for("actions.show", period=str(one), code=code) if may_write else "" for one in (period, period.previous)
    ]
    return Panel(
        actions,
        actions.now.said(calendar()) if actions.now else "",
        actions.before.said(calendar()) if actions.before else "",
        *addresses,
    )


@pages.get("/<period>/<path:code>")
def show(period: str, code: str) -> Response:
    """Show the proposal, with the form for what the department does about it."""
    asked = _found(period, code)
    form_type, stored = _form_of(asked)
    return _page(asked, forms.shown(form_type, stored))


@pages.post("/<period>/<path:code>")
def change(period: str, code: str) -> Any:
    """Store the decision, and the outcome where there is one."""
    asked = _found(period, code)
    lock_action(db.session(), asked.row.department_id, asked.row.period)
    form_type, stored = _form_of(asked)
    sent = forms.sent(form_type, stored)
    is_new = form_type is DecisionForm
    if sent.outcome is Outcome.GOOD or (sent.outcome is Outcome.SAME and is_new):
        sent = _with_what_the_quarter_says(asked, sent, stored)
    if sent.outcome not in {Outcome.GOOD, Outcome.SAME}:
        return _page(asked, sent.form, sent)
    for act in _write(asked, sent.form, stored, is_new=is_new):
        frame.noted(act, f"action:{asked.row.period}/{asked.code}")
    db.session.commit()
    return redirect(url_for("actions.show", period=period, code=code, kept=1), 303)


def _found(period: str, code: str) -> _Asked:
    """Return the scorecard, if the viewer sees it and answers for its department; to others the page is not there."""
    row = Issued(db.session(), frame.viewer(), calendar()).find(period, code) if period_of(period) else None
    if row is None or row.department_id not in answered_for(frame.viewer(), Action.DECIDE_ACTION):
        abort(404)
    return _Asked(row, code, json.loads(row.document))


def _form_of(asked: _Asked) -> tuple[type[DecisionForm], dict[str, str]]:
    """Return the form, and the values that are stored."""
    action = actions_of(db.session(), [asked.row.department_id], asked.period)[asked.row.department_id].now
    if action is None:
        return DecisionForm, {"words": "", "due_on": ""}
    return OutcomeForm, {
        "words": action.words,
        "due_on": action.due_on.isoformat() if action.due_on else "",
        "result": action.result.value if action.result else "",
        "outcome": action.outcome,
    }


def _with_what_the_quarter_says(asked: _Asked, sent: Sent[DecisionForm], stored: dict[str, str]) -> Sent[DecisionForm]:
    """Refuse a decision of nothing, and a day that belongs to no plan of this quarter; ask about names once."""
    told = sent.form.told()
    if asked.item is None and not told["words"]:
        return forms.refused(
            sent.form, "words", gettext("Write what you will do: this scorecard names no aspect to start with.")
        )
    first, last = asked.days()
    if told["due_on"] not in {"", stored["due_on"]} and not first <= date.fromisoformat(told["due_on"]) <= last:
        days = {"first": formats.full_day(first), "last": formats.full_day(last)}
        return forms.refused(sent.form, "due_on", gettext("Choose a day from %(first)s to %(last)s.", **days))
    if not told["names_are_meant"] and (named := _newly_named(told, stored)):
        sentence = gettext(
            "People here are called %(names)s. Whoever sees this scorecard reads it: take the names out, or tick this.",
            names=", ".join(f"“{name}”" for name in named),
        )
        return forms.refused(sent.form, "names_are_meant", sentence)
    return sent


def _newly_named(told: dict[str, Any], stored: dict[str, str]) -> list[str]:
    """Return the names of people that were typed and do not stand there already; at most five."""
    typed, before = ("\n".join(str(one.get(field, "")) for field in ("words", "outcome")) for one in (told, stored))
    if typed == before:
        return []
    names = staff_names(db.session())
    known = set(names.found_in(before))
    return [name for name in names.found_in(typed) if name not in known][:5]


def _write(asked: _Asked, form: DecisionForm, stored: dict[str, str], *, is_new: bool) -> list[Act]:
    """Write what differs from what is stored; return what was done."""
    session, told, acts = db.session(), form.told(), []
    place = (session, asked.row.department_id, asked.row.period)
    if is_new or any(told[name] != stored[name] for name in ("words", "due_on")):
        due_on = date.fromisoformat(told["due_on"]) if told["due_on"] else None
        decide(*place, Decision(asked.item, told["words"], due_on), now=now())
        acts.append(Act.ACTION_DECIDED)
    if not is_new and any(told[name] != stored[name] for name in ("result", "outcome")):
        result = ActionResult(told["result"]) if told["result"] else None
        conclude(*place, Conclusion(result, told["outcome"]), now=now())
        acts.append(Act.ACTION_CONCLUDED)
    return acts


def _page(asked: _Asked, form: DecisionForm, sent: Sent[DecisionForm] | None = None) -> Response:
    first, last = asked.days()
    return frame.page(
        "scorecards/action.html",
        status=sent.status if sent else 200,
        form=form,
        sent=sent,
        code=asked.code,
        period=asked.row.period,
        department=asked.document["department"]["name"],
        quarter=quarter_words(calendar(), asked.period),
        start=said(asked.document, Place.ACTION, calendar()),
        reasons=[
            words
            for place in (Place.ACTION_REASON, Place.ACTION_ADVICE)
            if (words := said(asked.document, place, calendar()))
        ],
        is_proposed=asked.item is not None,
        is_decided=isinstance(form, OutcomeForm),
        first=first,
        last=last,
    )
