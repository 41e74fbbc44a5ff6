"""How long requests take when some are still open: Kaplan-Meier. Open requests are censored, never dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics import arguments


@dataclass(frozen=True)
class KaplanMeier:
    """Share still open (0..1) after each completion time; median None where fewer than half are completed."""

    times: list[float]
    at_risk: list[float]
    survival: list[float]
    median: float | None

    def quantile(self, share: float) -> float | None:
        """Return the time by which `share` of requests is completed, or None if that many never are."""
        left = 1 - arguments.probability("share", share) + 1e-12
        return next((time for time, open_ in zip(self.times, self.survival, strict=True) if open_ <= left), None)


def kaplan_meier(
    times: Sequence[float], completed: Sequence[bool | int], counts: Sequence[float] | None = None
) -> KaplanMeier:
    """Return the share of requests still open over time.

    times[i] is the duration so far, completed[i] whether the request ended there (else it is still open), counts[i] how
    many such requests there are (default 1; histogram bins). At equal times completions come before censoring; no
    request at all has an empty curve.
    Source: Kaplan & Meier (1958); R's survfit.
    """
    arguments.same_length(times=times, completed=completed)
    durations = [arguments.not_negative("times", time) for time in arguments.numbers("times", times, least=0)]
    weights = [1.0] * len(durations)
    if counts is not None:
        arguments.same_length(times=times, counts=counts)
        weights = arguments.counts_of("counts", counts)
    ended: dict[float, float] = {}
    left: dict[float, float] = {}
    done = [arguments.truth("completed", value) for value in completed]
    for time, has_ended, weight in zip(durations, done, weights, strict=True):
        if weight > 0:
            left[time] = left.get(time, 0.0) + weight
            ended[time] = ended.get(time, 0.0) + (weight if has_ended else 0.0)
    return _curve(ended, left)


def _curve(ended: dict[float, float], left: dict[float, float]) -> KaplanMeier:
    at_risk, share = sum(left.values()), 1.0
    times: list[float] = []
    risks: list[float] = []
    shares: list[float] = []
    for time in sorted(left):
        if ended[time] > 0:
            share *= max(0.0, 1 - ended[time] / at_risk)
            times.append(time)
            risks.append(at_risk)
            shares.append(share)
        at_risk -= left[time]
    curve = KaplanMeier(times, risks, shares, None)
    return KaplanMeier(times, risks, shares, curve.quantile(0.5))
