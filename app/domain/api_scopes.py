"""What a script's key may do, and what somebody must be allowed before a key of theirs may do it.

A key has the scopes that it was made with and no others. A personal key acts as its person: it does what its scopes
and the person's roles both allow, at the moment of the call.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.rights import Action, Viewer
from app.domain.states import Role


class Scope(StrEnum):
    """One kind of record, written or read."""

    REQUESTS_READ = "requests:read"
    REQUESTS_WRITE = "requests:write"
    DEPARTMENTS_READ = "departments:read"
    DEPARTMENTS_WRITE = "departments:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    EXTERNAL_SCORES_WRITE = "external-scores:write"
    RESPONSES_WRITE = "responses:write"
    DECISIONS_READ = "decisions:read"
    SCORECARDS_READ = "scorecards:read"
    SCORECARDS_WRITE = "scorecards:write"
    RECIPIENTS_READ = "recipients:read"
    RECIPIENTS_WRITE = "recipients:write"
    CULTURE_READ = "culture:read"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"
    TRACKERS_READ = "trackers:read"
    TRACKERS_WRITE = "trackers:write"
    FOLLOW_UPS_READ = "follow-ups:read"
    FOLLOW_UPS_WRITE = "follow-ups:write"
    HELD_BACK_READ = "held-back:read"
    AUDIT_READ = "audit:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"


_OF_ACTIONS: Mapping[frozenset[Action], tuple[Scope, ...]] = MappingProxyType(
    {
        frozenset({Action.KEEP_PEOPLE}): (
            *(Scope.REQUESTS_READ, Scope.REQUESTS_WRITE, Scope.DEPARTMENTS_READ, Scope.DEPARTMENTS_WRITE),
            *(Scope.PEOPLE_READ, Scope.PEOPLE_WRITE, Scope.EXTERNAL_SCORES_WRITE, Scope.RESPONSES_WRITE),
        ),
        frozenset({Action.CHANGE_SETTINGS}): (
            *(Scope.POLICY_READ, Scope.POLICY_WRITE, Scope.TRACKERS_READ, Scope.TRACKERS_WRITE),
            *(Scope.DECISIONS_READ, Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE),
        ),
        frozenset({Action.WATCH_WORK}): (Scope.HELD_BACK_READ,),
        frozenset({Action.WATCH_WORK, Action.SEE_CONTACTS}): (Scope.FOLLOW_UPS_READ,),
        frozenset({Action.SEE_CONTACTS}): (Scope.FOLLOW_UPS_WRITE,),
        frozenset({Action.SEE_SCORECARDS_BELOW, Action.SEE_ALL_SCORECARDS}): (Scope.SCORECARDS_READ,),
        frozenset({Action.STOP_POSTING}): (Scope.SCORECARDS_WRITE, Scope.RECIPIENTS_READ, Scope.RECIPIENTS_WRITE),
        frozenset({Action.SEE_CULTURE}): (Scope.CULTURE_READ,),
        frozenset({Action.READ_AUDIT_LOG}): (Scope.AUDIT_READ,),
    }
)

#: What a person must be allowed to do for each scope: of several actions, any.
ACTIONS: Mapping[Scope, frozenset[Action]] = MappingProxyType(
    {scope: actions for actions, scopes in _OF_ACTIONS.items() for scope in scopes}
)

#: Whom a key acts as that belongs to nobody: it sees all departments, and none of what heads see of their own people.
INSTALLATION = Viewer("", frozenset({Role.HR, Role.ADMIN, Role.AUDITOR}))


def may_use(scope: Scope, viewer: Viewer) -> bool:
    """Tell whether the roles of this person go as far as the scope."""
    return any(viewer.may(action) for action in ACTIONS[scope])


#: What a key of nobody may be made for.
OF_NOBODY = tuple(scope for scope in Scope if may_use(scope, INSTALLATION))

#: What an administrator may let a key of nobody do: what the role itself may. Whoever makes a key can read with it.
OF_ADMINISTRATORS = tuple(scope for scope in Scope if may_use(scope, Viewer("", frozenset({Role.ADMIN}))))
