"""What an entry of the audit log holds, as lines to read: a name and a value, both in words where we have them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.foundations import formats
from app.foundations.languages import gettext, mark
from app.web.watching.log_values import value_in_words

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
        "proposed": mark("As the codebook proposed it"),
        "replaced": mark("Replaced"),
        "requests": mark("Requests"),
        "requests_kept": mark("Requests that stay"),
        "reverse": mark("Low points are good"),
        "revision": mark("Revision"),
        "role": mark("Role"),
        "rotating": mark("Statements that take turns"),
        "scopes": mark("What it may do"),
        "scorecards": mark("Scorecards"),
        "scores": mark("Scores"),
        "scores_kept": mark("Scores that stay"),
        "seen_before": mark("Known already"),
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
    return value_in_words(name, str(value)) if value not in {None, ""} else gettext("nothing")
