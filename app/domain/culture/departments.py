"""Departments beside each other without a league table: by code, pulled to the common share, ranks as intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.culture.evidence import Family, is_exact, judged, published
from app.domain.culture.sentences import CultureKey, sentence
from app.domain.scorecards.publish import COMPARABLE_FROM, Json, rounded
from app.domain.statistics import DEFAULT_SEED, rank_interval
from app.domain.statistics.distributions import two_sided_z

RANKED_FROM = 8  # departments
RANK_CONFIDENCE = 0.90
LIMITS = (0.95, 0.998)


@dataclass(frozen=True)
class Compared:
    """The departments as printed, and what may be said of them together."""

    rows: list[Json]
    differ: bool
    limits: Json
    sentences: list[Json]


def compared(departments: Mapping[str, Mapping[str, Any]], targets: Mapping[str, float]) -> Compared:
    """Compare the shown headlines of scorecards, none of which is part of another.

    `targets` are the satisfaction targets by code, for inside and outside alike. Ranks are 90 % intervals, absent below
    eight departments and where departments differ by no more than chance.
    """
    headlines = {code: _headline(document) for code, document in departments.items()}
    exact: dict[object, Json] = {code: found for code, found in headlines.items() if found and is_exact(found)}
    family = judged(exact)
    ranks = _ranks(family)
    rows = []
    for code, document in sorted(departments.items()):
        shown = headlines[code]
        if shown is None:
            continue
        row: Json = {"code": code, "name": document["department"]["name"], "top_two_box": shown}
        if family is not None and code in family.members:
            row |= published(family.members[code]) | {"limits": _beyond(family.members[code].z)}
        row |= _standing(document, targets[code])
        rows.append(row | ({"rank": ranks[code]} if code in ranks else {}))
    return Compared(rows, family is not None and family.differ, _limits(family), _sentences(family))


def above_others(
    departments: Mapping[str, Mapping[str, Any]], holds: Mapping[str, Sequence[str]], targets: Mapping[str, float]
) -> list[Json]:
    """Return the departments that others stand below, by code: sums of the others, hence compared with none of them."""
    return [
        {"code": code, "name": document["department"]["name"], "holds": sorted(holds[code]), "top_two_box": shown}
        | _standing(document, targets[code])
        for code, document in sorted(departments.items())
        if (shown := _headline(document)) is not None
    ]


def _standing(document: Mapping[str, Any], target: float) -> Json:
    clock = document.get("sla", {})
    watermelon = {"watermelon": clock["watermelon"]} if "watermelon" in clock else {}
    return {"quadrant": quadrant(document, target)} | watermelon


def quadrant(document: Mapping[str, Any], target: float) -> str:
    """Return where inside and outside stand to the target: `both_high`, `only_inside`, `only_outside`, `both_low`.

    `undecided` where an interval crosses the target, `not_comparable` where a side is missing or was asked something
    else (classes D, E), `too_few` where a side has fewer than 30.
    """
    inside = _headline(document)
    outside = document["external"].get("csat_overall", {}).get("top_two_box")
    letter = document.get("gap", {}).get("csat_overall", {}).get("comparability")
    if inside is None or outside is None or letter not in {"A", "B", "C"}:
        return "not_comparable"
    if not is_exact(inside) or min(inside["n"], outside["n"]) < COMPARABLE_FROM:
        return "too_few"
    sides = [_side(inside, target), _side(outside, target)]
    if None in sides:
        return "undecided"
    return {
        (True, True): "both_high",
        (True, False): "only_inside",
        (False, True): "only_outside",
        (False, False): "both_low",
    }[bool(sides[0]), bool(sides[1])]


def _side(found: Json, target: float) -> bool | None:
    if found["lower"] <= target <= found["upper"]:
        return None
    return bool(found["lower"] > target)


def _headline(document: Mapping[str, Any]) -> Json | None:
    found: Json | None = document["internal"].get("csat_overall", {}).get("top_two_box")
    return found


def _ranks(family: Family | None) -> dict[object, list[int]]:
    if family is None or not family.differ or len(family.members) < RANKED_FROM:
        return {}
    members = list(family.members.values())
    found = rank_interval([one.shrunken for one in members], [one.sd for one in members], RANK_CONFIDENCE)
    return {code: [low, high] for code, low, high in zip(family.members, found.lower, found.upper, strict=True)}


def _limits(family: Family | None) -> Json:
    if family is None:
        return {}
    spread = family.overdispersion
    found: Json = {"centre": rounded(family.centre, 2), "conf_levels": list(LIMITS)}
    if len(family.members) >= RANKED_FROM and family.differ:
        found |= {"rank_confidence": RANK_CONFIDENCE, "seed": DEFAULT_SEED}
    return found | ({"overdispersion": rounded(spread, 1)} if spread is not None else {})


def _beyond(z: float) -> str:
    """Return how far out of the funnel around the common share a z value lies (Spiegelhalter 2005)."""
    outside = [abs(z) > two_sided_z(level) for level in LIMITS]
    return "beyond_998" if outside[1] else "beyond_95" if outside[0] else "within"


def _sentences(family: Family | None) -> list[Json]:
    if family is not None and not family.differ:
        return [sentence(CultureKey.DEPARTMENTS_DO_NOT_DIFFER)]
    if family is None or len(family.members) < RANKED_FROM:
        return [sentence(CultureKey.DEPARTMENTS_TOO_FEW, needed=RANKED_FROM)]
    stands_out = any(one.flag for one in family.members.values())
    found = [sentence(CultureKey.DEPARTMENTS_DIFFER if stands_out else CultureKey.DEPARTMENTS_DIFFER_TOGETHER)]
    spread = family.overdispersion
    if spread is not None and family.is_overdispersed:
        found.append(sentence(CultureKey.DEPARTMENTS_OVERDISPERSED, times=rounded(spread, 1)))
    return found
