"""What pages ask the worker to do to the installation: delete what is too old, write a copy of the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.auditing import Act
from app.foundations.languages import gettext, ngettext
from app.jobs.installation import Installation
from app.jobs.night import retain
from app.jobs.progress import Progress, running_from
from app.models.chores import Chore
from app.upkeep.audit import log as audit
from app.upkeep.running import copies
from app.upkeep.running.backup import BackupError
from app.upkeep.running.chores import ChoreRefused


def run_retention(
    installation: Installation, chore: Chore, _progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Do the night's deletion now."""
    moment = running_from(now)
    counts = retain(installation, now=now)
    with installation.sessions.begin() as session:
        audit.note(session, chore.asked_by, Act.RETENTION_RUN, "database", counts, now=moment())
    rows = sum(counts.values())
    said = ngettext("%(num)s row was deleted or emptied.", "%(num)s rows were deleted or emptied.", rows)
    return {"said": said, **counts}


def write_backup(
    installation: Installation, chore: Chore, _progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Write a copy beside the earlier ones, and forget those that are too old. Raises ChoreRefused."""
    moment = running_from(now)
    try:
        path = copies.write_copy(installation.settings, now=now)
    except BackupError as error:
        raise ChoreRefused(str(error)) from error
    with installation.sessions.begin() as session:
        audit.note(session, chore.asked_by, Act.BACKUP_WRITTEN, "database", now=moment())
    return {"said": gettext("Written: %(path)s", path=path.name)}
