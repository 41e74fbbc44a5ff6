"""The asking policy: the form with one's draft, the draft tried on last quarter, and every version there was."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy import select

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import PolicyError, policy_from_json, policy_to_json
from app.domain.rights import Action
from app.domain.states import ChoreKind
from app.foundations.languages import gettext
from app.models.base import db
from app.models.policies import PolicyDraft, PolicyVersion, find_policy
from app.upkeep.audit import log as audit
from app.upkeep.policy.drafts import drop_draft, find_draft, keep_draft
from app.upkeep.policy.versions import check_policy
from app.web.frame import chores as chore_pages
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.forms import Outcome, Sent
from app.web.frame.installation import now, settings
from app.web.policy import switching as policy_switching
from app.web.policy import views
from app.web.policy.fields import CHOICES, FIELDS, GROUPS
from app.web.policy.forms import PolicyForm, SwitchOnForm
from app.web.policy.texts import document_of, texts_of

VERSIONS_ON_A_PAGE = 100
LARGEST_FORM = 64 * 1024  # bytes: three lists, as they were shown and as they are typed

pages = Blueprint("policy", __name__, url_prefix="/admin/policy")
frame.frame(pages, frozenset({Action.CHANGE_SETTINGS}), largest=LARGEST_FORM)
pages.register_blueprint(policy_switching.pages)


@pages.get("")
def show() -> Response:
    """Render the form: with one's draft where there is one, else with what is in force."""
    in_force = views.in_force_now()
    form = forms.shown(PolicyForm, in_force.texts)
    draft = find_draft(db.session(), views.author())
    if draft is not None and not form.is_kept:
        form.process(data={**texts_of(views.rules_of(draft, in_force)), "reason": draft.reason})
    return forms.show("policy/policy.html", form, **_around(form, in_force, draft))


@pages.post("")
def change() -> Any:
    """Do what the button says: try the draft, keep it, throw it away, or switch it on."""
    doing = {"try": _try, "draft": _keep, "drop": _drop, "switch_on": _switch_on}.get(request.form.get("act", ""))
    if doing is None:
        abort(400)
    return doing()


def _try() -> Any:
    in_force, sent, document = _sent(PolicyForm)
    if sent.outcome is not Outcome.GOOD:
        return _again(in_force, sent)
    rules = _kept(document, sent, in_force)
    chore_pages.ask(ChoreKind.TRY_POLICY, views.subject(), {"rules": rules, "version": in_force.version})
    return redirect(url_for("policy.show", _anchor="tried"), 303)


def _switch_on() -> Any:
    in_force, sent, document = _sent(SwitchOnForm)
    if sent.outcome is not Outcome.GOOD:
        return _again(in_force, sent)
    if policy_from_json(document) == in_force.policy:  # only a reason was typed
        return redirect(url_for("policy.show", same=1), 303)
    _kept(document, sent, in_force)
    db.session().commit()
    return redirect(url_for("policy.switching.look_over"), 303)


def _keep() -> Any:
    in_force, sent, document = _sent(PolicyForm)
    if sent.outcome is not Outcome.GOOD:
        return _again(in_force, sent)
    _kept(document, sent, in_force)
    db.session().commit()
    return redirect(url_for("policy.show"), 303)


def _drop() -> Any:
    in_force = views.in_force_now()
    sent = forms.sent(PolicyForm, in_force.texts)
    if sent.outcome is Outcome.FORGED:
        return _again(in_force, sent)
    drop_draft(db.session(), views.author())
    db.session().commit()
    return redirect(url_for("policy.show"), 303)


@pages.get("/versions")
def versions() -> Response:
    """List the versions, the newest first, each with what it changed."""
    session = db.session()
    newest = select(PolicyVersion).order_by(PolicyVersion.version.desc()).limit(VERSIONS_ON_A_PAGE + 1)
    rows = list(session.scalars(newest))
    before = [texts_of(policy_to_json(policy_from_json(row.rules))) for row in rows]
    if len(rows) <= VERSIONS_ON_A_PAGE:
        before.append(texts_of(policy_to_json(AskingPolicy())))
    names = audit.names(session)
    told_ = [
        {
            "version": row.version,
            "since": row.created_at,
            "author": names.get(row.author, row.author),
            "reason": row.reason,
            "changes": views.changes(was, now_),
        }
        for row, now_, was in zip(rows, before, before[1:], strict=False)
    ]
    return frame.page("policy/versions.html", versions=told_, zone=settings().time_zone)


@pages.get("/versions/<int:version>")
def version(version: int) -> Response:
    """Show one version whole; 0 is the defaults."""
    try:
        policy = find_policy(db.session(), version)[1]
    except LookupError:
        abort(404)
    texts = texts_of(policy_to_json(policy))
    groups = [
        (gettext(group.heading), [(gettext(one.label), views.value_in_words(one.name, texts)) for one in group.fields])
        for group in GROUPS
    ]
    return frame.page("policy/version.html", version=version, groups=groups)


def _sent(form_type: type[PolicyForm]) -> tuple[views.InForce, Sent[Any], dict[str, Any]]:
    """Read the form, and hold its policy against what only the database knows: the departments."""
    in_force = views.in_force_now()
    sent = forms.sent(form_type, in_force.texts)
    if sent.outcome is not Outcome.GOOD:
        return in_force, sent, {}
    document = document_of(sent.form.told())
    try:
        check_policy(db.session(), document)
    except PolicyError as error:
        sent.form.blame(error.faults)
        return in_force, Sent(sent.form, Outcome.WRONG), {}
    return in_force, sent, document


def _kept(document: Mapping[str, Any], sent: Sent[Any], in_force: views.InForce) -> Mapping[str, Any]:
    policy, reason = policy_from_json(document), sent.form.reason.data
    return keep_draft(db.session(), policy, author=views.author(), reason=reason, base=in_force.version, now=now())


def _again(in_force: views.InForce, sent: Sent[Any]) -> Any:
    """Show the form once more, or lead back where it says what is in force already."""
    if sent.outcome is Outcome.SAME:
        return redirect(url_for("policy.show", same=1), 303)
    draft = find_draft(db.session(), views.author())
    return forms.answer("policy/policy.html", sent, **_around(sent.form, in_force, draft))


def _around(form: PolicyForm, in_force: views.InForce, draft: PolicyDraft | None) -> dict[str, Any]:
    was = {
        name: views.value_in_words(name, in_force.texts) for name in FIELDS if form[name].data != in_force.texts[name]
    }
    changed = [{field.name for field in group.fields} & was.keys() for group in GROUPS]
    wrong = {problem.field for problem in form.problems()}
    return {
        "version": in_force.version,
        "since": views.since(in_force.version),
        "draft": draft,
        "is_same": "same" in request.args,
        "zone": settings().time_zone,
        "groups": [
            (group, len(found), bool(found or wrong & {one.name for one in group.fields}))
            for group, found in zip(GROUPS, changed, strict=True)
        ],
        "choices": {
            name: [(value, gettext(words)) for value, words in found.items()] for name, found in CHOICES.items()
        },
        "was": was,
        "trial": views.trial(draft, in_force),
    }
