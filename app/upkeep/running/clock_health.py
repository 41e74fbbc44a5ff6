"""Whether the clocks of the machines can be trusted, as the marks of the periodic steps tell it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.foundations.languages import gettext
from app.models.run_marks import furthest_ahead, last_clock_fault
from app.upkeep.findings import Finding

LATELY = timedelta(days=7)  # a fault of which one still wants to hear


def findings(session: Session, zone: ZoneInfo, *, now: datetime) -> Iterator[str]:
    """Yield a sentence for a step that was noted far in the future, now or in the last seven days."""
    ahead = furthest_ahead(session, now)
    if ahead is not None:
        yield gettext(
            "A step is noted as done at %(ahead)s, which is still to come: some machine's clock was wrong. Set the"
            " clocks (timedatectl set-ntp true); the worker's next sweep goes on by itself.",
            ahead=_written(ahead, zone),
        )
        return
    fault = last_clock_fault(session)
    if fault is not None and fault.found_at > now - LATELY:
        problem = gettext(
            "At %(found)s a step was noted as done at %(ahead)s, which was still to come. The steps went on; see that"
            " every machine's clock is set (timedatectl), and fetch what polls may have passed over",
            found=_written(fault.found_at, zone),
            ahead=_written(fault.ahead, zone),
        )
        yield Finding(problem, "flask trackers backfill", "trackers")


def _written(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(" ", "minutes")
