"""A draft of the asking policy beside the one in force, both tried on the same quarter. Only counts come out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain.asking import Asking
from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Period
from app.domain.scorecards.publish import COMPARABLE_FROM
from app.foundations.crypto import Keys
from app.upkeep.policy.dry_run import DryRun, count_requests, dry_run

Told = Callable[[int, int], object]  # how many requests are decided, of how many


def try_policy(
    session: Session,
    asking: Asking,
    keys: Keys,
    draft: AskingPolicy,
    *,
    period: Period,
    on_progress: Told = lambda _done, _total: None,
) -> dict[str, Any]:
    """Return what each of the two would have done with the quarter's requests, as JSON values. Writes nothing.

    `asking` holds the policy in force. Nobody who would have been asked is named: this is kept, and read by many.
    """
    days = {"first_day": asking.calendar.first_day(period), "last_day": asking.calendar.last_day(period)}
    total = 2 * count_requests(session, asking, **days)
    decided = 0

    def count(requests: int) -> None:
        nonlocal decided
        decided += requests
        on_progress(decided, total)

    in_force, tried = (
        dry_run(session, replace(asking, policy=policy), keys, **days, on_progress=count)
        for policy in (asking.policy, draft)
    )
    return {
        "period": str(period),
        "requests": total // 2,
        "cap": draft.quarter_cap,
        "enough": COMPARABLE_FROM,
        "in_force": _counts(in_force),
        "draft": _counts(tried),
    }


def _counts(run: DryRun) -> dict[str, Any]:
    told = run.as_json()
    eligible = [one for one in run.departments.values() if one.eligible]
    return {
        "asked": run.together.asked,
        "people": sum(run.people_by_times_asked.values()),
        "people_by_times_asked": told["people_by_times_asked"],
        "departments": len(eligible),
        "departments_with_enough": sum(1 for one in eligible if one.expected_answers >= COMPARABLE_FROM),
        "expected_answers": round(run.together.expected_answers),
        "reasons": told["reasons"],
    }
