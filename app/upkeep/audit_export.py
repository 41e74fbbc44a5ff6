"""The audit log as a file to take along: for auditors, who work with what they can file."""

import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO

from app.models.audit import AuditEntry
from app.reports.exports.neutral import neutral
from app.upkeep.audit_words import act_in_words

HEAD = (
    "number",
    "at",
    "actor",
    "actor_name",
    "action",
    "act",
    "subject",
    "subject_name",
    "details",
    "previous_digest",
    "digest",
)


def as_csv(entries: Iterable[AuditEntry], names: Mapping[str, str]) -> bytes:
    """Return the entries as CSV in UTF-8 with its mark: moments in UTC, details as JSON, names as of today."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(HEAD)
    for entry in entries:
        cells = (
            entry.at.isoformat(timespec="microseconds"),
            entry.actor,
            names.get(entry.actor, entry.actor),
            entry.action,
            act_in_words(entry.action),
            entry.subject,
            names.get(entry.subject, entry.subject),
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True),
            entry.previous_digest,
            entry.digest,
        )
        writer.writerow([entry.id, *map(neutral, cells)])
    return file.getvalue().encode("utf-8-sig")
