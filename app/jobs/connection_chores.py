"""What pages ask the worker to do about trackers and sources: each calls the tool, which no page may wait for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.foundations.http import limited
from app.jobs.hooks import check_credentials
from app.jobs.installation import Installation
from app.jobs.progress import Progress
from app.models.chores import Chore

CHECK_SECONDS = 60.0  # somebody looks at the page meanwhile


def check_connection(
    installation: Installation, chore: Chore, _progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Try the credentials of the connection `params["slug"]`; the result's `said` tells whose they are."""
    with limited(CHECK_SECONDS):
        return {"said": check_credentials(installation, str(chore.params["slug"]), now=now)}
