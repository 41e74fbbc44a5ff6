"""Trying a draft of the asking policy on a quarter, which reads every request of it twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.asking_policy_json import policy_from_json
from app.jobs.installation import Installation
from app.jobs.progress import Progress
from app.models.base import reading
from app.models.chores import Chore
from app.models.policies import find_policy
from app.reports.asking_facts import current_asking
from app.upkeep.policy.trial import try_policy

REPORTED_EVERY = 500  # requests


def try_policy_on_quarter(
    installation: Installation, chore: Chore, progress: Progress, /, *, now: datetime
) -> Mapping[str, Any]:
    """Return what the draft would have done last quarter beside the version in force. Writes and notes nothing."""
    params, told = chore.params, 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done - told >= REPORTED_EVERY:
            told = done
            progress(done, total)

    with reading(), installation.sessions() as session:
        asking = current_asking(session, installation.settings, installation.keys)
        asking = replace(asking, policy=find_policy(session, params["version"])[1])
        draft, period = policy_from_json(params["rules"]), installation.calendar.period_of(now).previous
        return try_policy(session, asking, installation.keys, draft, period=period, on_progress=tell)
