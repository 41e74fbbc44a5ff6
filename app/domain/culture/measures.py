"""The measures of the whole company: the published figures of its top department, and three made of them.

Nothing is told here that the top department's scorecard hides: a measure with a hidden part is absent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np

from app.domain.culture.sentences import CultureKey, sentence
from app.domain.durations import bin_middle
from app.domain.scorecards.publish import Json, rounded, share_interval
from app.domain.statistics import DEFAULT_SEED, poisson_interval, wilson_interval

MEASURES = (
    "participation_rate",
    "responsiveness",
    "trust_index",
    "cooperation",
    "cooperation_index",
    "kudos_rate",
    "loop_closure_rate",
)
INDEX_PARTS = ("cooperation", "communication", "loop_closure")  # equal weights, declared before any figure was seen
DRAWS = 2_000
_TAIL = 2.5  # per cent on each side of the bootstrap interval


@dataclass(frozen=True)
class Asked:
    """Distinct requesters of the quarter who were invited, and those of them who answered."""

    invited: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Voices:
    """Each sampled requester's own mean of the two items on 0..100 (None: did not rate it), of `people` in all."""

    means: tuple[tuple[float | None, float | None], ...] = ()  # cooperation, communication
    people: int = 0


@dataclass(frozen=True)
class FirstResponses:
    """Requests by how long they waited for a first response, in bins of durations; `silent` ones still waited.

    `target`: how soon it should come, where the policy says.
    """

    done: Mapping[int, int] = field(default_factory=dict)
    silent: Mapping[int, int] = field(default_factory=dict)
    target: timedelta | None = None

    def within(self) -> tuple[int, int]:
        """Return requests answered within the target, and all whose target has come: a bin counts by its middle."""
        target = self.target or timedelta.max
        within = sum(count for index, count in self.done.items() if bin_middle(index) <= target)
        beyond = sum(count for index, count in self.silent.items() if bin_middle(index) > target)
        return within, sum(self.done.values()) + beyond


def measures(
    company: Mapping[str, Any], asked: Asked, voices: Voices, responses: FirstResponses, minimum_group: int
) -> Json:
    """Return the measures that the company's document allows, rounded."""
    internal, loop = company["internal"], company.get("loop", {})
    found = {
        "participation_rate": _participation(company, asked, minimum_group),
        "responsiveness": _responsiveness(company, responses, minimum_group),
        "trust_index": internal.get("trust", {}).get("score_0_100"),
        "cooperation": internal.get("cooperation", {}).get("score_0_100"),
        "cooperation_index": _cooperation(company, voices),
        "kudos_rate": _thanks(company),
        "loop_closure_rate": loop.get("loop_closure_rate"),
        "loop": loop or None,
    }
    return {name: figure for name, figure in found.items() if figure is not None}


def sentences(found: Json) -> list[Json]:
    """Return what is said of the measures in order, and which of them too few people stand behind."""
    said = []
    for name, say in _SAID.items():
        said += [say(found[name])] if name in found else []
        said += _first_response(found[name]) if name == "responsiveness" and name in found else []
    absent = [name for name in MEASURES if name not in found]
    return said + ([sentence(CultureKey.MEASURES_HIDDEN, measures=absent)] if absent else [])


def _first_response(responsiveness: Json) -> list[Json]:
    if "within_target" not in responsiveness:
        return []
    share, hours = responsiveness["within_target"], responsiveness["target_hours"]
    bounds = {"lower": share["lower"], "upper": share["upper"]}
    return [sentence(CultureKey.FIRST_RESPONSE, share=share["estimate"], hours=hours, **bounds)]


def _participation(company: Mapping[str, Any], asked: Asked, minimum_group: int) -> Json | None:
    told = company.get("funnel", {})
    if "answered" not in told or "invited" not in told or asked.answered < minimum_group:
        return None
    return share_interval(wilson_interval(asked.answered, asked.invited), asked.answered)


def _responsiveness(company: Mapping[str, Any], responses: FirstResponses, minimum_group: int) -> Json | None:
    rated = company["internal"].get("timeliness", {}).get("top_two_box")
    if rated is None:
        return None
    clock = company.get("operations", {}).get("first_response_time")
    found = {"timeliness": rated} | ({"first_response_time": clock} if clock else {})
    within, known = responses.within()
    if responses.target is None or known < minimum_group:
        return found
    hours = rounded(responses.target / timedelta(hours=1), 2)  # to the minute
    return found | {"within_target": share_interval(wilson_interval(within, known), known), "target_hours": hours}


def _thanks(company: Mapping[str, Any]) -> Json | None:
    thanks = company.get("loop", {}).get("thanks")
    rated = company["internal"].get("csat_overall", {}).get("top_two_box")
    if thanks is None or rated is None:
        return None
    found = poisson_interval(thanks, rated["answers"] / 100)
    bounds = {"estimate": found.estimate, "lower": found.lower, "upper": found.upper}
    return {name: rounded(value, 1) for name, value in bounds.items()} | {
        "n": rated["answers"],
        "answers": rated["answers"],
        "method": "poisson",
    }


def _cooperation(company: Mapping[str, Any], voices: Voices) -> Json | None:
    """Return the mean of the three parts with a bootstrap interval; absent if any part is hidden."""
    internal, loop = company["internal"], company.get("loop", {})
    scores = [internal.get(item, {}).get("score_0_100") for item in INDEX_PARTS[:2]]
    closure = loop.get("loop_closure_rate")
    if None in scores or closure is None or not voices.means:
        return None
    parts = [score["estimate"] for score in scores] + [100 * closure["estimate"]]
    estimate = sum(parts) / len(parts)
    low, high = _bootstrap(voices, loop["contacted"], loop["consented"])
    return {
        "estimate": rounded(estimate, 1),
        "lower": rounded(max(0.0, estimate + low), 1),
        "upper": rounded(min(100.0, estimate + high), 1),
        "n": min(score["n"] for score in scores),
        "answers": sum(score["answers"] for score in scores),
        "method": "bootstrap_percentile",
        "seed": DEFAULT_SEED,
        "parts": {name: rounded(part, 1) for name, part in zip(INDEX_PARTS, parts, strict=True)},
    }


def _bootstrap(voices: Voices, contacted: int, consented: int) -> tuple[float, float]:
    """Return how far resampling people (both their items together) and contact cases moves the index, 2.5 % each side.

    With a sample of the people the spread of their means is taken down to that of all of them.
    """
    generator = np.random.default_rng(DEFAULT_SEED)
    table = np.array(voices.means, dtype=float)  # None becomes nan
    given = ~np.isnan(table)
    values = np.where(given, table, 0.0)
    people, shrink = len(table), np.sqrt(len(table) / max(voices.people, len(table)))
    centre = _means(values.sum(axis=0), given.sum(axis=0))
    moved = np.empty(DRAWS)
    for draw in range(DRAWS):
        times = np.bincount(generator.integers(0, people, people), minlength=people)
        moved[draw] = (_means(times @ values, times @ given, centre) - centre).sum() * shrink
    share = contacted / consented
    moved += 100 * (generator.binomial(consented, share, DRAWS) / consented - share)
    low, high = np.percentile(moved / len(INDEX_PARTS), [_TAIL, 100 - _TAIL])
    return float(low), float(high)


def _means(sums: Any, counts: Any, otherwise: Any = 0.0) -> Any:
    """Return sums / counts; where a draw holds nobody who rated an item, it tells nothing of it."""
    return np.where(counts > 0, sums / np.maximum(counts, 1), otherwise)


def _share(key: CultureKey, found: Json) -> Json:
    return sentence(key, share=found["estimate"], lower=found["lower"], upper=found["upper"])


def _score(key: CultureKey, found: Json) -> Json:
    return sentence(key, score=found["estimate"], lower=found["lower"], upper=found["upper"])


def _rate(key: CultureKey, found: Json) -> Json:
    return sentence(key, rate=found["estimate"], lower=found["lower"], upper=found["upper"])


_SAID: Mapping[str, Callable[[Json], Json]] = {
    "participation_rate": lambda found: _share(CultureKey.PARTICIPATION, found),
    "responsiveness": lambda found: _share(CultureKey.RESPONSIVENESS, found["timeliness"]),
    "trust_index": lambda found: _score(CultureKey.TRUST, found),
    "cooperation": lambda found: _score(CultureKey.COOPERATION, found),
    "cooperation_index": lambda found: _score(CultureKey.COOPERATION_INDEX, found),
    "kudos_rate": lambda found: _rate(CultureKey.THANKS, found),
    "loop_closure_rate": lambda found: _share(CultureKey.LOOP_CLOSURE, found),
}
