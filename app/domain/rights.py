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
    DECIDE_ACTION = "decide_action"  # say what a department does about its quarter, and what came of it
    SEE_CULTURE = "see_culture"  # figures of the whole company
    READ_COMMENTS = "read_comments"  # before a freeze: look over, code; never whose they are
    STOP_POSTING = "stop_posting"  # review a frozen quarter, stop or start its mails
    CHANGE_SETTINGS = "change_settings"  # policy, questions, trackers, branding, staff, keys
    WATCH_WORK = "watch_work"  # jobs, mails, bounces, patterns of held-back answers
    KEEP_PEOPLE = "keep_people"  # people, departments and their imports
    PERSONAL_DATA = "personal_data"  # export, erase, retention, backups
    READ_AUDIT_LOG = "read_audit_log"


#: Administrators run the installation and see no results; auditors see what was done, and nothing else.
RIGHTS: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.HEAD: frozenset({Action.SEE_SCORECARDS_BELOW, Action.SEE_CONTACTS, Action.DECIDE_ACTION}),
        Role.HR: frozenset({Action.SEE_ALL_SCORECARDS, Action.SEE_CULTURE, Action.READ_COMMENTS, Action.STOP_POSTING}),
        Role.ADMIN: frozenset(
            {
                Action.CHANGE_SETTINGS,
                Action.WATCH_WORK,
                Action.KEEP_PEOPLE,
                Action.PERSONAL_DATA,
                Action.READ_AUDIT_LOG,
            }
        ),
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
