"""The asking policy: what is in force, and another one in its place."""

from typing import Any

from flask_smorest import Blueprint

from app.domain.api_scopes import Scope
from app.domain.asking_policy_json import PolicyError, policy_to_json
from app.domain.auditing import Act
from app.foundations import clock
from app.foundations.languages import gettext
from app.imports.faults import Fault
from app.models.base import db
from app.models.policies import find_policy
from app.upkeep import audit
from app.upkeep.policies import changed_fields, fault_in_words, set_policy
from app.web.api import list_schemas, schemas
from app.web.api.authentication import actor
from app.web.api.bodies import refused
from app.web.api.routes import route
from app.web.api.told import Told
from app.web.problems import Problem

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
        "Switch on another policy. Rules left out take their defaults; the same again makes no new version.",
        list_schemas.NewPolicy,
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
    if base not in {None, before}:
        raise Problem(409, gettext("version %(version)s is in force by now; look at it first", version=before))
    try:
        version = set_policy(session, rules, author=actor(), reason=reason, now=clock.now())
    except PolicyError as error:
        session.rollback()
        raise refused(Fault("", 0, fault.field or "rules", fault_in_words(fault)) for fault in error.faults) from error
    policy = find_policy(session)[1]
    if version != before:
        details = {"version": version, "changed": changed_fields(rules_before, policy)}
        audit.note(session, actor(), Act.POLICY_SET, "policy", details, now=clock.now())
    session.commit()
    return {"version": version, "rules": policy_to_json(policy)}
