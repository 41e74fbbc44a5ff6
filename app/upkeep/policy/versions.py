"""The versions of the asking policy: show, check, switch on. Trying one on history is app/upkeep/policy_dry_run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import (
    PolicyError,
    PolicyFault,
    PolicyProblem,
    policy_from_json,
    policy_to_json,
)
from app.foundations.languages import gettext, mark
from app.foundations.quoting import quoted
from app.models.departments import Department
from app.models.insertion import insert_missing
from app.models.policies import PolicyVersion, find_policy

_WORDS = {
    PolicyProblem.UNKNOWN_FIELD: mark("%(field)s: the policy has no field %(value)s"),
    PolicyProblem.NOT_AN_OBJECT: mark("%(field)s: %(value)s is not a list of names with values: write {…}"),
    PolicyProblem.NOT_A_LIST: mark("%(field)s: %(value)s is not a list: write […]"),
    PolicyProblem.NOT_A_NUMBER: mark("%(field)s: %(value)s is not a number"),
    PolicyProblem.NOT_WHOLE: mark("%(field)s: %(value)s is not a whole number"),
    PolicyProblem.NOT_A_YES_OR_NO: mark("%(field)s: %(value)s is neither true nor false"),
    PolicyProblem.NOT_A_TEXT: mark("%(field)s: %(value)s is not a text"),
    PolicyProblem.NOT_A_DATE: mark("%(field)s: %(value)s is not a date such as 2026-12-25"),
    PolicyProblem.NOT_A_CHOICE: mark("%(field)s: %(value)s is none of %(choices)s"),
    PolicyProblem.OUT_OF_BOUNDS: mark("%(field)s: %(value)s must lie between %(least)s and %(most)s"),
    PolicyProblem.EMPTY: mark("%(field)s: must name at least one"),
    PolicyProblem.MUST_BE_AFTER: mark("%(field)s: %(value)s is less than %(other)s allows (%(least)s)"),
    PolicyProblem.UNKNOWN_DEPARTMENT: mark("%(field)s: there is no department %(value)s"),
}


def fault_in_words(fault: PolicyFault) -> str:
    """Return one sentence about a wrong field, in the language of the moment."""
    params = {name: quoted(repr(value)) if name == "value" else value for name, value in fault.params.items()}
    return gettext(_WORDS[fault.problem], field=fault.field or "policy", **params)


class PolicyMoved(Exception):
    """Another version was switched on after the one that this change was made from."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} is in force by now")
        self.version = version


def check_policy(session: Session, document: object) -> AskingPolicy:
    """Return the policy that `document` describes. Fields left out take their defaults.

    Raises PolicyError with every fault.
    """
    policy = policy_from_json(document)
    _check_departments(session, policy_to_json(policy))
    return policy


def set_policy(
    session: Session, document: object, *, author: str, reason: str, now: datetime, base: int | None = None
) -> int:
    """Switch on the policy that `document` describes and return its version; the same again makes no new version.

    With `base`, only if that version is still in force. Raises PolicyError with every fault, and PolicyMoved.
    """
    policy = check_policy(session, document)
    row = {"rules": policy_to_json(policy), "author": author, "reason": reason, "created_at": now}
    while True:  # who writes the same number at the same moment was first: look again what is in force
        version, in_force = find_policy(session)
        if policy == in_force:
            return version
        if base not in {None, version}:
            raise PolicyMoved(version)
        if insert_missing(session, PolicyVersion, row | {"version": version + 1}):
            return version + 1


def changed_fields(before: AskingPolicy, after: AskingPolicy) -> list[str]:
    """Return the names of the fields in which two policies differ, in alphabetical order."""
    old, new = policy_to_json(before), policy_to_json(after)
    return sorted(name for name in new if new[name] != old[name])


def _check_departments(session: Session, rules: Mapping[str, Any]) -> None:
    known = set(session.scalars(select(Department.code)))
    faults = [
        PolicyFault(field, PolicyProblem.UNKNOWN_DEPARTMENT, {"value": code})
        for field in ("not_surveyed", "department_targets")
        for code in rules[field]
        if code not in known
    ]
    if faults:
        raise PolicyError(faults)
