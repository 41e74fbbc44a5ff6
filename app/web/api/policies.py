"""The asking policy: what is in force, and another one in its place."""

from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.domain.asking_policy_json import PolicyError, policy_to_json
from app.domain.auditing import Act
from app.domain.states import ChoreKind
from app.foundations import clock
from app.foundations.languages import SOURCE_LANGUAGE, gettext
from app.imports.faults import Fault
from app.models.base import db
from app.models.policies import find_policy
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import PolicyMoved, changed_fields, check_policy, fault_in_words, set_policy
from app.upkeep.running import chores
from app.web.api import list_schemas, schemas
from app.web.api.authentication import actor
from app.web.api.bodies import refused
from app.web.api.paging import LARGEST_NUMBER
from app.web.api.routes import route
from app.web.api.told import Told
from app.web.frame.problems import Problem

pages = Blueprint("api_policy", __name__, url_prefix="/api/v1", description="Whom we ask, when and how often.")

LONGEST_REASON = 500


@route(
    pages,
    "GET",
    "/policy",
    scope=Scope.POLICY_READ,
    doc=schemas.reads("The asking policy in force."),
    answer=list_schemas.Policy,
)
def get_policy() -> dict[str, Any]:
    """Return the version in force; 0 is the defaults."""
    version, policy = find_policy(db.session())
    return {"version": version, "rules": policy_to_json(policy)}


@route(
    pages,
    "PUT",
    "/policy",
    scope=Scope.POLICY_WRITE,
    doc=schemas.changes(
        "Switch on another policy. Rules left out take their defaults.",
        list_schemas.NewPolicy,
        again="The same rules again make no new version.",
    ),
    answer=list_schemas.Policy,
)
def put_policy() -> dict[str, Any]:
    """Switch a policy on, if the version that the script started from is still in force."""
    told = Told()
    rules, reason, base = told.object("rules"), told.text("reason", longest=LONGEST_REASON), told.number("base_version")
    told.done()
    session = db.session()
    before, rules_before = find_policy(session)
    try:
        version = set_policy(session, rules, author=actor(), reason=reason, base=base, now=clock.now())
    except PolicyMoved as moved:
        session.rollback()
        sentence = gettext("version %(version)s is in force by now; look at it first", version=moved.version)
        raise Problem(409, sentence) from moved
    except PolicyError as error:
        session.rollback()
        raise refused(Fault("", 0, fault.field or "rules", fault_in_words(fault)) for fault in error.faults) from error
    policy = find_policy(session)[1]
    if version != before:
        details = {"version": version, "changed": changed_fields(rules_before, policy)}
        audit.note(session, actor(), Act.POLICY_SET, "policy", details, now=clock.now())
    session.commit()
    return {"version": version, "rules": policy_to_json(policy)}


@route(
    pages,
    "POST",
    "/policy/dry-run",
    scope=Scope.POLICY_WRITE,
    doc=schemas.changes(
        "Let the worker try a policy on last quarter, beside the one in force; one trial of a key at a time.",
        list_schemas.Rules,
        again="The same rules again are the same trial while it waits or runs, other rules are 409 until it has ended.",
    ),
    answer=list_schemas.Asked,
    status=202,
)
def post_dry_run() -> dict[str, Any]:
    """Ask for a trial and return its number; nothing of it is switched on. A key that only reads keeps nobody busy."""
    told = Told()
    rules = told.object("rules")
    told.done()
    session = db.session()
    try:
        document = policy_to_json(check_policy(session, rules))
    except PolicyError as error:
        session.rollback()
        raise refused(Fault("", 0, fault.field or "rules", fault_in_words(fault)) for fault in error.faults) from error
    params = {"rules": document, "version": find_policy(session)[0]}
    by, language = actor(), SOURCE_LANGUAGE
    under_way = chores.latest_open(session, by, ChoreKind.TRY_POLICY)
    if under_way is not None and under_way.params != params:
        session.rollback()
        sentence = gettext("trial %(number)s of this key has not ended; wait for it", number=under_way.id)
        raise Problem(409, sentence)
    if under_way is not None:
        return {"number": under_way.id}
    number = chores.ask(session, ChoreKind.TRY_POLICY, by, params, by=by, language=language, now=clock.now())
    session.commit()
    current_app.extensions["parity_queue"].send("run_chores")
    return {"number": number}


@route(
    pages,
    "GET",
    f"/policy/dry-run/<int(max={LARGEST_NUMBER}):number>",
    scope=Scope.POLICY_WRITE,
    doc=schemas.reads("How far a trial is that this key has asked for, and what came of it: counts, no names."),
    answer=list_schemas.Trial,
)
def get_dry_run(number: int) -> dict[str, Any]:
    """Return a trial; `result` is there once it is done, `error` where it did not work."""
    chore = chores.find(db.session(), number)
    if chore is None or chore.kind != ChoreKind.TRY_POLICY.value or chore.asked_by != actor():
        raise Problem(404, gettext("this key has not asked for a trial %(number)s", number=number))
    return {
        "number": chore.id,
        "state": chore.state,
        "done": chore.done,
        "total": chore.total,
        "result": chore.result,
        "error": chore.error,
    }
