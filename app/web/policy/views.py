"""What the pages about the asking policy show: what is in force, what a draft changes, what came of trying it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_to_json
from app.domain.states import ChoreKind, ChoreState
from app.foundations.languages import gettext
from app.models.base import db
from app.models.chores import Chore
from app.models.policies import PolicyDraft, PolicyVersion, find_policy
from app.reports.policy_trial_page import trial_page
from app.upkeep.audit import log as audit
from app.upkeep.policy.drafts import rules_on
from app.upkeep.running import chores
from app.upkeep.running.chore_words import told
from app.web.frame import forms
from app.web.frame import staff as frame
from app.web.frame.installation import calendar
from app.web.policy.fields import CHOICES, FIELDS
from app.web.policy.texts import texts_of


@dataclass(frozen=True)
class InForce:
    """The version that holds now, and what the form is compared with."""

    version: int
    policy: AskingPolicy

    @property
    def rules(self) -> dict[str, Any]:
        """The policy as JSON values."""
        return policy_to_json(self.policy)

    @property
    def texts(self) -> dict[str, Any]:
        """What its form holds."""
        return {**texts_of(self.rules), "reason": ""}


def in_force_now() -> InForce:
    """Return the version that holds now."""
    return InForce(*find_policy(db.session()))


def author() -> str:
    """Return how drafts and versions name the viewer."""
    return audit.by_staff(db.session(), frame.viewer().email)


def subject() -> str:
    """Return what the viewer's trials are about."""
    return f"policy:{author()}"


def rules_of(draft: PolicyDraft, in_force: InForce) -> Mapping[str, Any]:
    """Return the rules of a draft on top of what is in force."""
    base = policy_to_json(find_policy(db.session(), draft.base_version)[1])
    return rules_on(draft, base, in_force.rules)


def since(version: int) -> datetime | None:
    """Return from when on a version has held; None for the defaults."""
    return db.session().scalar(select(PolicyVersion.created_at).where(PolicyVersion.version == version))


def trial(draft: PolicyDraft | None, in_force: InForce) -> dict[str, Any] | None:
    """What came of the last trial; `is_current` while both policies are still those that were tried.

    It stays to be read after its draft was switched on: `was_switched_on` then.
    """
    chore: Chore | None = chores.latest(db.session(), subject(), ChoreKind.TRY_POLICY)
    if chore is None:
        return None
    rules, version = chore.params["rules"], chore.params["version"]
    page = trial_page(chore.result, calendar()) if chore.state is ChoreState.DONE and chore.result else None
    return {
        "chore": told(chore),
        "page": page,
        "version": version,
        "is_current": draft is not None and rules == draft.rules and version == in_force.version,
        "was_switched_on": draft is None and rules == in_force.rules,
    }


def changes(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return each field that two policies fill differently, as a row to read."""
    return [
        {
            "label": gettext(field.label),
            "was": value_in_words(name, was),
            "now": value_in_words(name, is_now),
        }
        for name, field in FIELDS.items()
        if was[name] != is_now[name]
    ]


def value_in_words(name: str, texts: Mapping[str, Any]) -> str:
    """Return the value of a field as a sentence names it, with its unit."""
    value, field = texts[name], FIELDS[name]
    words = CHOICES.get(name, {})
    if isinstance(value, list):
        return ", ".join(gettext(words[one]) for one in value)
    if isinstance(value, str) and value in words:
        return gettext(words[value])
    plain = forms.in_words(value.replace("\n", ", ") if isinstance(value, str) else value)
    if not field.unit or value == "":
        return plain
    return f"{plain}\u00a0{field.unit if field.unit == '%' else gettext(field.unit)}"
