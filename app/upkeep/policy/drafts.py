"""Drafts of the asking policy: what an administrator tries before it is switched on. One each, and only theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.asking_policy import AskingPolicy
from app.domain.asking_policy_json import policy_to_json
from app.models.insertion import insert_missing
from app.models.policies import PolicyDraft


def find_draft(session: Session, author: str) -> PolicyDraft | None:
    """Return the draft of somebody, None where there is none."""
    return session.get(PolicyDraft, author)


def keep_draft(
    session: Session, policy: AskingPolicy, *, author: str, reason: str, base: int, now: datetime
) -> Mapping[str, Any]:
    """Keep the draft in place of an earlier one of the same author; return its rules as they are kept."""
    rules = policy_to_json(policy)
    values = {"rules": rules, "reason": reason, "base_version": base, "changed_at": now}
    insert_missing(session, PolicyDraft, {"author": author, **values})  # two presses at once find one row
    draft = session.get_one(PolicyDraft, author, with_for_update=True, populate_existing=True)
    draft.rules, draft.reason, draft.base_version, draft.changed_at = rules, reason, base, now
    session.flush()
    return rules


def drop_draft(session: Session, author: str) -> bool:
    """Throw the draft of somebody away; return whether there was one."""
    return bool(session.execute(delete(PolicyDraft).where(PolicyDraft.author == author)).rowcount)  # type: ignore[attr-defined]


def rules_on(draft: PolicyDraft, base: Mapping[str, Any], in_force: Mapping[str, Any]) -> dict[str, Any]:
    """Return the draft on top of what is in force: what it changed of its `base` stays changed, all else moves along.

    So a draft that has lain for a while takes nothing back that was switched on meanwhile.
    """
    return {
        name: draft.rules.get(name, value) if draft.rules.get(name, value) != base[name] else value
        for name, value in in_force.items()
    }
