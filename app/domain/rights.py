"""Who may do what: one table of roles and actions, and the person who is looking. Nobody may see single answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.states import Role


class Action(StrEnum):
    """What a role can be allowed."""

    SEE_SCORECARDS_BELOW = "see_scorecards_below"  # of one's own departments and of everything below them
    SEE_ALL_SCORECARDS = "see_all_scorecards"  # every published aggregate
    SEE_CONTACTS = "see_contacts"  # names of those who asked to be contacted, of whom one is the nearest head
    STOP_POSTING = "stop_posting"  # review a frozen quarter, stop or start its mails
    CHANGE_SETTINGS = "change_settings"  # policy, trackers, departments, staff
    READ_AUDIT_LOG = "read_audit_log"


#: Administrators run the installation and see no results; auditors see what was done, and nothing else.
RIGHTS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.HEAD: frozenset({Action.SEE_SCORECARDS_BELOW, Action.SEE_CONTACTS}),
        Role.HR: frozenset({Action.SEE_ALL_SCORECARDS, Action.STOP_POSTING}),
        Role.ADMIN: frozenset({Action.CHANGE_SETTINGS}),
        Role.AUDITOR: frozenset({Action.READ_AUDIT_LOG}),
    }
)


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in: all roles of one address, and the departments that they head."""

    email: str
    roles: frozenset[Role]
    departments: frozenset[int] = frozenset()
    name: str = ""
    language: str | None = None

    def may(self, action: Action) -> bool:
        """Tell whether one of the roles allows it."""
        return any(action in RIGHTS[role] for role in self.roles)

    @property
    def sees_scorecards(self) -> bool:
        """True for whom there is a list of scorecards, be it empty."""
        return self.may(Action.SEE_SCORECARDS_BELOW) or self.may(Action.SEE_ALL_SCORECARDS)

    @property
    def sees_culture(self) -> bool:
        """True for whom HR's document is there."""
        return self.may(Action.SEE_ALL_SCORECARDS)
