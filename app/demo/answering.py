"""How the people of the sample company answer: most stay silent, many are lenient, the late are judged harder."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import NormalDist

import numpy as np

from app.demo.company import Employee
from app.demo.providers import COMMENTS, ROTATING_LIFT, Provider
from app.demo.work import Job
from app.domain.instruments import GRID, Item, Reason
from app.pipeline.responses import Answers

NOT_APPLICABLE = 0.06
COMMENTED, THANKED, CONSENTED = 0.12, 0.25, 0.12
LENIENCY_SPREAD = 0.45
LATE_PENALTY = 0.5
# Which reasons one draw of 0..1 ticks at a low rating: those in whose range it lies. Late ones more often are too slow.
_TICKED = {
    Reason.TOO_SLOW: (0.0, 0.45),
    Reason.HAD_TO_ASK_AGAIN: (0.15, 0.35),
    Reason.TOO_LITTLE_INFORMATION: (0.25, 0.7),
    Reason.RESULT_NOT_RIGHT: (0.65, 0.8),
    Reason.TOO_MUCH_EFFORT: (0.75, 0.85),
    Reason.SOMETHING_ELSE: (0.85, 0.9),
}
_LATE_TOO_SLOW = 0.7
# Cut points of the latent judgement below "satisfied" (0) and above it: the ceiling of internal surveys.
_CUTS = (-1.5, -0.85, 0.0, 0.75)


@dataclass(frozen=True)
class PlannedAnswer:
    """What somebody will answer, and when; made once per invitation."""

    at: datetime
    answers: Answers
    is_machine: bool


def plan_answer(
    job: Job, sent_at: datetime, quarters: int, rotating: Item | None, rng: np.random.Generator
) -> PlannedAnswer | None:
    """Return the answer of the job's requester, None for silence. `quarters` since the beginning drive the drift."""
    person = job.requester
    overall = _rating(job.provider.overall, job, quarters, person, rng)
    # The dissatisfied answer a little less often: inside a company silence is the polite exit.
    if rng.random() > job.provider.answered + (0.03 if overall >= 4 else -0.05):
        return None
    values: dict[Item, int | None] = {Item.CSAT_OVERALL: overall}
    for item in GRID:
        share = getattr(job.provider, item.value)
        values[item] = None if rng.random() < NOT_APPLICABLE else _near(overall, share, job, quarters, person, rng)
    if rotating is not None and rng.random() > NOT_APPLICABLE:
        share = job.provider.overall + ROTATING_LIFT.get(rotating.value, 0.0)
        values[rotating] = _near(overall, share, job, quarters, person, rng)
    return PlannedAnswer(
        at=sent_at + _waiting(rng),
        answers=replace(_words(overall, job, rng), values=values, language=person.language),
        is_machine=bool(rng.random() < 0.01),
    )


def _waiting(rng: np.random.Generator) -> timedelta:
    """Most answer within hours, the rest after the reminder."""
    if rng.random() < 0.7:
        return timedelta(minutes=float(6 + rng.exponential(170)))
    return timedelta(days=3, minutes=float(40 + rng.exponential(400)))


def _rating(share: float, job: Job, quarters: int, person: Employee, rng: np.random.Generator) -> int:
    return _point(_centre(share, job.provider, quarters) + _mood(job, person) + float(rng.normal()))


def _near(overall: int, share: float, job: Job, quarters: int, person: Employee, rng: np.random.Generator) -> int:
    """Return an item's rating; it leans on the overall impression (halo)."""
    own = _rating(share, job, quarters, person, rng)
    return round((own * 2 + overall) / 3) if rng.random() < 0.6 else own


def _centre(share: float, provider: Provider, quarters: int) -> float:
    aimed = min(max(share + provider.drift * quarters, 0.05), 0.97)
    return NormalDist().inv_cdf(aimed) * math.hypot(1, LENIENCY_SPREAD)


def _mood(job: Job, person: Employee) -> float:
    return person.leniency - (LATE_PENALTY if job.is_late else 0.0)


def _point(latent: float) -> int:
    return 1 + sum(latent > cut for cut in _CUTS)


def _words(overall: int, job: Job, rng: np.random.Generator) -> Answers:
    chance = rng.random(4)
    good, bad = COMMENTS[job.requester.language]
    texts = good if overall >= 4 else bad
    comment = texts[int(chance[0] / COMMENTED * len(texts))] if chance[0] < COMMENTED else None
    if overall <= 2:
        reasons = _reasons(float(chance[1]), is_late=job.is_late)
        return Answers(values={}, comment=comment, reasons=reasons, wants_contact=bool(chance[2] < CONSENTED))
    return Answers(values={}, comment=comment, thanks=bool(overall == 5 and chance[3] < THANKED))


def _reasons(draw: float, *, is_late: bool) -> tuple[Reason, ...]:
    late = (Reason.TOO_SLOW,) if is_late and _TICKED[Reason.TOO_SLOW][1] <= draw < _LATE_TOO_SLOW else ()
    return (*late, *(reason for reason, (low, high) in _TICKED.items() if low <= draw < high))
