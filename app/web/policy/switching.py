"""Switching a draft of the asking policy on: what would change is read once more before it holds for everybody."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from app.domain.asking_policy_json import PolicyError
from app.domain.auditing import Act
from app.domain.rights import Action
from app.models.base import db
from app.models.policies import find_policy
from app.upkeep.policy.drafts import drop_draft, find_draft
from app.upkeep.policy.versions import PolicyMoved, changed_fields, set_policy
from app.web.frame import staff as frame
from app.web.frame.installation import now
from app.web.policy import views
from app.web.policy.texts import texts_of

pages = Blueprint("switching", __name__, url_prefix="/switch-on")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}))


@pages.get("")
def look_over() -> Any:
    """Show what one's draft would change, and what came of trying it, before it holds for everybody."""
    in_force, draft = views.in_force_now(), find_draft(db.session(), views.author())
    if draft is None or not draft.reason:
        return redirect(url_for("policy.show"), 303)
    rules = views.rules_of(draft, in_force)
    return frame.page(
        "policy/switch_on.html",
        in_force=in_force,
        draft=draft,
        changes=views.changes(in_force.texts, texts_of(rules)),
        trial=views.trial(draft, in_force),
        seen=_seen(in_force, draft.changed_at.isoformat()),
        has_moved="moved" in request.args,
    )


@pages.post("")
def switch_on() -> Any:
    """Let the draft hold from now on, if it and what is in force are still what was looked over."""
    try:
        frame.check_form()
    except frame.ForgedForm:
        return frame.too_old()
    session, author = db.session(), views.author()
    in_force, draft = views.in_force_now(), find_draft(session, author)
    if draft is None:
        return redirect(url_for("policy.show"), 303)
    if request.form.get("seen") != _seen(in_force, draft.changed_at.isoformat()):
        return redirect(url_for("policy.switching.look_over", moved=1), 303)
    rules = views.rules_of(draft, in_force)
    try:
        version = set_policy(session, rules, author=author, reason=draft.reason, now=now(), base=in_force.version)
    except PolicyMoved:  # between our reading and our writing
        session.rollback()
        return redirect(url_for("policy.switching.look_over", moved=1), 303)
    except PolicyError:  # a department that it names has gone: the form says so beside the field
        session.rollback()
        return redirect(url_for("policy.show"), 303)
    drop_draft(session, author)
    if version != in_force.version:
        details = {"version": version, "changed": changed_fields(in_force.policy, find_policy(session)[1])}
        frame.noted(Act.POLICY_SET, "policy", details)
    session.commit()
    return redirect(url_for("policy.show"), 303)


def _seen(in_force: views.InForce, draft_changed_at: str) -> str:
    """Return a mark of what a page shows, by which the press tells whether it is still so."""
    return f"{in_force.version} {draft_changed_at}"
