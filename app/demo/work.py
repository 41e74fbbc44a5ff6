"""The requests of the sample company: who asks whom for what, when, and how long it takes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from app.demo.company import Employee
from app.demo.providers import OTHERS, PROVIDERS, Provider
from app.imports.requests import RequestRow

REOPENED = 0.03
NOT_DELIVERED = 0.03
LATE_FACTOR = 2.5  # how much longer a late request takes than others
SLOW = timedelta(days=4)  # a request that takes longer is reported open first
_DONE = frozenset(
    {
        "external_id", "created_at", "provider_department", "requester_email", "completed_at", "resolution",
        "updated_at", "title", "request_type", "first_response_at", "due_at", "reopened_count", "reassignment_count",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """One request from its creation to its (last) completion."""

    external_id: str
    provider: Provider
    requester: Employee
    created_at: datetime
    completed_at: datetime
    due_at: datetime
    title: str
    request_type: str
    is_delivered: bool
    is_late: bool
    reopened_at: datetime | None
    first_completed_at: datetime | None


def jobs(people: Sequence[Employee], first: date, last: date, zone: ZoneInfo, rng: np.random.Generator) -> list[Job]:
    """Return every request created from `first` to `last` (company-local days), in order of creation."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if day.weekday() < 5]
    found: list[Job] = []
    for provider in PROVIDERS:
        askers, weights = _askers(provider, people)
        count = round(provider.requests * len(working) / 65)
        for number in range(count):
            day = working[int(rng.integers(len(working)))]
            asker = askers[int(rng.choice(len(askers), p=weights))]
            found.append(_job(provider, asker, day, number, zone, rng))
    return sorted(found, key=lambda job: (job.created_at, job.external_id))


def _askers(provider: Provider, people: Sequence[Employee]) -> tuple[list[Employee], np.ndarray]:
    """Return who asks the provider, and what part of its requests each brings: by appetite within a department."""
    parts = dict(provider.askers)
    named = {person.email: person.department if person.department in parts else OTHERS for person in people}
    found = [person for person in people if person.department != provider.code and named[person.email] in parts]
    if provider.circle is not None:
        found = sorted(found, key=lambda person: person.appetite)[: provider.circle]
    appetite: defaultdict[str, float] = defaultdict(float)
    for person in found:
        appetite[named[person.email]] += person.appetite
    weights = np.array(
        [parts[named[person.email]] * person.appetite / appetite[named[person.email]] for person in found]
    )
    return found, weights / weights.sum()


def _job(provider: Provider, asker: Employee, day: date, number: int, zone: ZoneInfo, rng: np.random.Generator) -> Job:
    created = datetime.combine(day, time(7), tzinfo=zone) + timedelta(minutes=int(rng.integers(600)))
    is_late = rng.random() > provider.on_time
    hours = provider.hours * float(rng.lognormal(0, 0.5)) * (LATE_FACTOR if is_late else 1)
    completed = _in_hours(created + timedelta(hours=hours))
    due = completed + timedelta(hours=float(rng.random()) * (-0.4 if is_late else 0.8) * hours)
    reopened = rng.random() < REOPENED
    reopened_at = _in_hours(completed + timedelta(hours=float(3 + rng.random() * 40))) if reopened else None
    again = _in_hours(reopened_at + timedelta(hours=provider.hours)) if reopened_at else None
    return Job(
        external_id=f"{provider.code}-{number + 1:05d}",
        provider=provider,
        requester=asker,
        created_at=created,
        completed_at=again or completed,
        due_at=due,
        title=provider.titles[int(rng.integers(len(provider.titles)))],
        request_type=provider.types[int(rng.integers(len(provider.types)))],
        is_delivered=bool(rng.random() > NOT_DELIVERED),
        is_late=is_late,
        reopened_at=reopened_at,
        first_completed_at=completed if reopened_at else None,
    )


def _in_hours(moment: datetime) -> datetime:
    """Move a completion to the working hours of a weekday."""
    if moment.hour >= 18:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(8, moment.minute), tzinfo=moment.tzinfo)
    elif moment.hour < 7:
        moment = moment.replace(hour=8)
    while moment.weekday() >= 5:
        moment += timedelta(days=1)
    return moment


def reports_by_day(found: Sequence[Job], last: date) -> dict[date, list[RequestRow]]:
    """Return the state reports of each local day up to `last`, in the order of their moments."""
    reports: dict[date, list[RequestRow]] = {}

    def tell(moment: datetime, row: RequestRow) -> None:
        if moment.date() <= last:
            reports.setdefault(moment.date(), []).append(row)

    for job in found:
        end = job.first_completed_at or job.completed_at
        if end - job.created_at > SLOW or end.date() > last:
            tell(job.created_at, _report(job, job.created_at, None, 0))
        tell(end, _report(job, end, end, 0))
        if job.reopened_at is not None:
            tell(job.reopened_at, _report(job, job.reopened_at, None, 1))
            tell(job.completed_at, _report(job, job.completed_at, job.completed_at, 1))
    return reports


def _report(job: Job, moment: datetime, completed_at: datetime | None, reopened: int) -> RequestRow:
    return RequestRow(
        line=0,
        given=_DONE,
        external_id=job.external_id,
        created_at=job.created_at,
        provider_department=job.provider.code,
        requester_email=job.requester.email,
        completed_at=completed_at,
        resolution=("delivered" if job.is_delivered else "not_delivered") if completed_at else None,
        updated_at=moment,
        title=job.title,
        request_type=job.request_type,
        first_response_at=job.created_at + timedelta(minutes=30 + len(job.external_id)),
        due_at=job.due_at,
        reopened_count=reopened,
        reassignment_count=0,
    )
