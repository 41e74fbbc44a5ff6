"""What pages ask the worker to do about tables: check one, or import it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.jobs.installation import Installation
from app.jobs.progress import Progress
from app.jobs.uploads import read_upload
from app.models.chores import Chore


def run_import(installation: Installation, chore: Chore, progress: Progress, /, *, now: datetime) -> Mapping[str, Any]:
    """Check the table `params["upload"]`, or import it where `params["dry_run"]` is false; the import notes itself."""
    return read_upload(
        installation,
        int(chore.params["upload"]),
        dry_run=bool(chore.params["dry_run"]),
        actor=chore.asked_by,
        now=now,
        report=progress,
    )
