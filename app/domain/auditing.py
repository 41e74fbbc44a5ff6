"""The audit log as a chain: what may be noted, and the digest by which an entry hangs on the one before it.

No entry holds a personal field: people stand in it as keyed hashes, accounts and keys by their number. So an erasure
changes no entry and breaks no digest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

COMMAND_LINE = "command line"
WORKER = "worker"
IDENTITY_PROVIDER = "identity provider"  # its groups gave or took roles
HEAD = "head"  # of a contact case: which head it was would tell the department, and beside its invitations, who asked
BEGINNING = ""  # what the first entry of all hangs on
PREFIX = "sha256:"
WRONG_BY = timedelta(hours=1)  # no act waits so long for its turn: an entry so far ahead was noted by a wrong clock


class Act(StrEnum):
    """What staff, operators and scripts do that is noted, and the closing of quarters by the worker."""

    STAFF_ADDED = "staff.added"
    STAFF_CHANGED = "staff.changed"
    BREAK_GLASS = "staff.break_glass"
    WAY_IN_CHANGED = "staff.way_in_changed"
    SIGN_IN_LINK_PRINTED = "staff.sign_in_link_printed"
    SESSIONS_ENDED = "staff.sessions_ended"
    POLICY_SET = "policy.set"
    CONNECTION_ADDED = "connection.added"
    CONNECTION_CHANGED = "connection.changed"
    CONNECTION_REMOVED = "connection.removed"
    HOOK_REGISTERED = "connection.hook_registered"
    BACKFILLED = "connection.backfilled"
    SECRET_RENEWED = "connection.secret_renewed"  # noqa: S105  the name of an act
    OLD_SECRET_FORGOTTEN = "connection.old_secret_forgotten"  # noqa: S105  likewise
    API_KEY_ADDED = "api_key.added"
    API_KEY_REVOKED = "api_key.revoked"
    INSTRUMENT_ADDED = "instrument.added"
    IMPORTED = "import.run"
    PROFILE_SAVED = "import.profile_saved"
    TABLE_SENT = "import.table_sent"
    TABLE_DROPPED = "import.table_dropped"
    DEPARTMENT_ADDED = "department.added"
    DEPARTMENT_CHANGED = "department.changed"
    DEPARTMENT_ENDED = "department.ended"
    DEPARTMENT_END_TAKEN_BACK = "department.end_taken_back"
    DEPARTMENTS_MERGED = "department.merged"
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    HELD_BACK_RELEASED = "held_back.released"
    HELD_BACK_DROPPED = "held_back.dropped"
    FOLLOW_UP_CONTACTED = "follow_up.contacted"
    FOLLOW_UP_NOTED = "follow_up.noted"
    FOLLOW_UP_DONE = "follow_up.done"
    ACTION_DECIDED = "action.decided"
    ACTION_CONCLUDED = "action.concluded"
    DELIVERIES_RETRIED = "deliveries.retried"
    PERIODS_REFILED = "periods.refiled"
    SALTS_RENEWED = "quarter_salts.renewed"
    SCORECARDS_FROZEN = "scorecards.frozen"
    SCORECARDS_SENT = "scorecards.sent"
    POSTING_STOPPED = "scorecards.posting_stopped"
    POSTING_RESUMED = "scorecards.posting_resumed"
    POSTING_APPROVED = "scorecards.posting_approved"
    SCORECARD_SENT_AGAIN = "scorecards.sent_again"
    RECIPIENTS_CHOSEN = "scorecards.recipients_chosen"
    MAIL_RETRIED = "mail.retried"
    MAIL_WITHDRAWN = "mail.withdrawn"
    MAIL_TESTED = "mail.tested"
    SUPPRESSION_LIFTED = "mail.suppression_lifted"
    CLOSE_CHECKED = "close.checked"
    CLOSE_UNCHECKED = "close.unchecked"
    PERIOD_RELEASED = "period.released"
    PERSON_ERASED = "person.erased"
    PERSON_EXPORTED = "person.exported"
    REQUESTER_TAGGED = "person.tagged"
    CODEBOOK_PUBLISHED = "codebook.published"
    BRANDING_CHANGED = "branding.changed"
    SURVEY_BEGUN = "survey.begun"
    SURVEY_CHANGED = "survey.changed"
    SURVEY_PUBLISHED = "survey.published"
    SURVEY_WITHDRAWN = "survey.withdrawn"
    SURVEY_DROPPED = "survey.dropped"
    COMMENTS_READ = "comments.read"
    COMMENT_SHOWN = "comment.shown"
    COMMENT_HIDDEN = "comment.hidden"
    COMMENT_TAKEN_OUT = "comment.taken_out"
    COMMENT_CODED = "comment.coded"
    RETENTION_RUN = "retention.run"
    BACKUP_WRITTEN = "backup.written"
    BACKUP_RESTORED = "backup.restored"
    WEBHOOK_ADDED = "webhook.added"
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_TESTED = "webhook.tested"
    WEBHOOK_SWITCHED_ON = "webhook.switched_on"
    LOG_SHORTENED = "audit.shortened"
    LOG_EXPORTED = "audit.exported"


@dataclass(frozen=True)
class Entry:
    """One act: who did what to what, when."""

    at: datetime
    actor: str  # `command line`, `worker`, `identity provider`, `head`, `staff:3`, `api-key:2`
    action: str
    subject: str  # `policy`, `tracker:desk`, `person:<hash>` …
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """A stored entry with the digests that stand beside it."""

    number: int
    entry: Entry
    previous_digest: str
    digest: str


def digest_of(entry: Entry, previous: str) -> str:
    """Return `sha256:` and the hex SHA-256 (FIPS 180-4) of the entry as sorted JSON with the digest before it."""
    told = {
        "previous": previous,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
    }
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return PREFIX + hashlib.sha256(text.encode()).hexdigest()


def moment_of(now: datetime, newest: datetime | None) -> datetime:
    """Return when an entry was noted: not before the one that it hangs on, since entries stand in the order of turns.

    An act that began at `now` may have waited for its turn, and two machines' clocks never agree to the millisecond. An
    entry far ahead is no measure, or one wrong clock would date everything that follows it.
    """
    is_late = newest is not None and now < newest <= now + WRONG_BY
    return newest if newest is not None and is_late else now


@dataclass(frozen=True)
class Walked:
    """What a walk along the chain found: how many entries, the newest digest, the first entry that breaks it."""

    entries: int
    newest_digest: str
    broken: int | None = None  # the number of an entry that was changed or does not follow the one before it


def walk(links: Iterable[Link], shortened_to: str) -> Walked:
    """Walk the chain to its end, or to where it is broken.

    `shortened_to` is the digest of the last entry that retention has deleted; BEGINNING where it has deleted none.
    """
    previous, count = shortened_to, 0
    for link in links:
        if link.previous_digest != previous or link.digest != digest_of(link.entry, previous):
            return Walked(count, previous, link.number)
        previous, count = link.digest, count + 1
    return Walked(count, previous)
