"""What an entry of the audit log holds, as lines to read: a name and a value, both in words where we have them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.act_groups import ActGroup
from app.domain.states import Role
from app.foundations import formats
from app.foundations.languages import gettext, mark
from app.upkeep.accounts import role_in_words
from app.upkeep.audit_words import act_in_words, group_in_words
from app.web.policy_fields import FIELDS
from app.web.survey_frame import LANGUAGE_NAMES

#: What acts of ours note; what stands here not is shown by the name it has in the code.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "about": mark("About"),
        "act": mark("Act"),
        "administrators_told": mark("Administrators told by mail"),
        "already_sent": mark("Mails that had left already"),
        "answers": mark("Answers"),
        "answers_kept": mark("Answers kept"),
        "audit": mark("Entries of this log"),
        "begins_with": mark("Begins with"),
        "being_sent": mark("Mails on their way"),
        "bounces": mark("Mails that came back"),
        "change": mark("What was done"),
        "changed": mark("Changed"),
        "chores": mark("Tasks of the worker"),
        "coder": mark("Who proposed the themes"),
        "comments": mark("Comments"),
        "completions": mark("Completed requests"),
        "copies": mark("Old backups"),
        "copy": mark("Which mail to them it is"),
        "days": mark("Valid for days"),
        "deliveries": mark("Events"),
        "department": mark("Department"),
        "departments": mark("Departments"),
        "deputies": mark("Deputies"),
        "digest": mark("Digest of the last entry deleted"),
        "entries": mark("Entries"),
        "events": mark("Events"),
        "fields": mark("Changed"),
        "fiscal_year_start": mark("Month in which the year begins"),
        "from": mark("From"),
        "given": mark("Given"),
        "group": mark("Area"),
        "idempotency_keys": mark("Keys of repeated calls"),
        "invitations": mark("Invitations"),
        "head": mark("Head"),
        "is_active": mark("Switched on"),
        "is_personal": mark("Bound to a person"),
        "kept_forms": mark("Forms kept over a sign-in"),
        "key": mark("Key requester"),
        "kind": mark("Kind"),
        "known": mark("Was known here"),
        "language": mark("Language"),
        "links": mark("Links between request and answer"),
        "mail_system": mark("Mail system"),
        "mails": mark("Mails"),
        "messages": mark("Texts of mails"),
        "new": mark("New"),
        "people": mark("People"),
        "periods": mark("Quarters"),
        "points": mark("Points"),
        "requests": mark("Requests"),
        "reverse": mark("Low points are good"),
        "revision": mark("Revision"),
        "role": mark("Role"),
        "rotating": mark("Statements that take turns"),
        "scopes": mark("What it may do"),
        "scorecards": mark("Scorecards"),
        "scores": mark("Scores"),
        "sessions": mark("Sessions"),
        "settings": mark("Changed"),
        "sign_in_attempts": mark("Tries to sign in"),
        "sign_in_links": mark("Links to sign in"),
        "signals": mark("What looked like a machine"),
        "since": mark("From"),
        "source": mark("Source"),
        "staying": mark("People who stay with it"),
        "step": mark("Step"),
        "taken": mark("Taken"),
        "taken_back": mark("Mails held back"),
        "time_zone": mark("Time zone"),
        "to": mark("To"),
        "told": mark("Told by the tool"),
        "unchanged": mark("Unchanged"),
        "uploads": mark("Tables sent"),
        "used_challenges": mark("Used passkey challenges"),
        "version": mark("Version"),
        "way": mark("Way to sign in"),
        "webhook_deliveries": mark("Calls of webhooks"),
    }
)
_ROLES = frozenset({"given", "taken", "role"})


def details_in_words(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the details as pairs to read; what a later version of Parity notes stands as it is."""
    return [(gettext(NAMES[name]) if name in NAMES else name, _value(name, value)) for name, value in details.items()]


def _value(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(name, one) for one in value) or gettext("nothing")
    if isinstance(value, Mapping):
        return "; ".join(f"{label}: {one}" for label, one in details_in_words(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return formats.number(value) if name != "version" else str(value)
    return _WORDS.get(name, str)(str(value)) if value not in {None, ""} else gettext("nothing")


def _field(name: str) -> str:
    return gettext(FIELDS[name].label) if name in FIELDS else name


def _role(name: str) -> str:
    return role_in_words(Role(name)) if name in {role.value for role in Role} else name


_WORDS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "act": act_in_words,
        "changed": _field,
        "group": lambda name: group_in_words(ActGroup(name)),
        "language": lambda code: LANGUAGE_NAMES.get(code, code),
        **dict.fromkeys(_ROLES, _role),
    }
)
