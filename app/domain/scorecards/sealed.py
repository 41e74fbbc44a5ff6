"""A later revision of a released quarter: colleagues' figures stay as they were published, customers' may be new.

The answers behind a document are gone by then. What a gap needs of colleagues is read back from the rounded figures.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.instruments import Item
from app.domain.scorecards import findings
from app.domain.scorecards.customers import published_customers
from app.domain.scorecards.digest import digest
from app.domain.scorecards.external import Dimension
from app.domain.scorecards.families import Family, p_values_of
from app.domain.scorecards.gaps import Gap, Inside, gap_between, published_gap
from app.domain.scorecards.publish import COARSE_METHOD, CONFIDENCE, Json, instant
from app.domain.statistics import MeanInterval, ShareInterval
from app.domain.statistics.distributions import two_sided_z

_PSEUDO_ANSWERS, _MIDDLE = 3, 50.0  # of mean_interval_adjusted on 0..100: known, so the adjusted mean follows


def with_new_customers(
    document: Json,
    touchpoints: Sequence[Json],
    dimensions: Mapping[Item, Dimension],
    *,
    family: Family,
    people: Mapping[str, int],
    frozen_at: datetime,
) -> Json | None:
    """Return the next revision of a document with customers' figures as they are now, None where they are the same.

    `people` are the requesters behind the document's figures. A gap whose customers did not change stays as printed.
    """
    external = published_customers(touchpoints, dimensions)
    gaps = {item: gap_between(_inside(document, item), outside) for item, outside in dimensions.items()}
    kept = {item for item, gap in gaps.items() if _is_as_printed(gap, external, document)}
    if len(kept) == len(gaps) == len(document["gap"]) and external == document["external"]:
        return None
    code = document["department"]["code"]
    fixed = {item: p for item, p in family.of_department(code).items() if Item(item) in kept}
    new = {item: gap for item, gap in gaps.items() if item not in kept}
    adjusted = family.adjusted_for(code, fixed | p_values_of(new))
    found = document | {
        "revision": document["revision"] + 1,
        "frozen_at": instant(frozen_at),
        "external": external,
        "gap": {
            item.value: document["gap"][item.value] if item in kept else published_gap(gap, adjusted.get(item))
            for item, gap in gaps.items()
        },
    }
    kept_words = {place: words for place, words in document["sentences"].items() if place != "gap_effect"}
    found["sentences"] = kept_words | _sentences(found, people)
    return found | {"digest": digest(found)}


def _is_as_printed(gap: Gap, external: Json, document: Json) -> bool:
    name = gap.item.value
    before = document["gap"].get(name)
    same_figures = external.get(name) == document["external"].get(name)
    return before is not None and same_figures and bool(before["comparability"] == gap.comparability.value)


def _inside(document: Json, item: Item) -> Inside | None:
    """Return colleagues' side of an item as published; 5 to 9 people are compared with nothing."""
    block = document["internal"].get(item.value, {})
    share, score = block.get("top_two_box"), block.get("score_0_100")
    if share is None or score is None or share["method"] == COARSE_METHOD:
        return None
    interval = ShareInterval(
        share["estimate"], share["lower"], share["upper"], share["estimate"] * share["n"], share["n"], CONFIDENCE
    )
    return Inside(interval, _mean(score), score["n"], share["answers"])


def _mean(score: Json) -> MeanInterval:
    """Return the mean with its adjusted centre, and the standard error that its uncut bound tells."""
    mean, n = score["estimate"], score["n"]
    centre = (n * mean + _PSEUDO_ANSWERS * _MIDDLE) / (n + _PSEUDO_ANSWERS)
    half = centre - score["lower"] if score["lower"] > 0 else score["upper"] - centre
    return MeanInterval(mean, centre, half / two_sided_z(CONFIDENCE), score["lower"], score["upper"], n, CONFIDENCE)


def _sentences(document: Json, people: Mapping[str, int]) -> Json:
    """Return the sentences that speak of customers; of a hidden or coarse headline none does."""
    headline = document["internal"].get(findings.HEADLINE, {}).get("top_two_box")
    if headline is None or headline["method"] == COARSE_METHOD:
        return {}
    told = findings.Told(
        department=document["department"]["name"],
        period=document["period"],
        weighting=document["method"]["weighting"],
        minimum_group=document["method"]["minimum_group_size"],
        people=people.get(f"internal:{findings.HEADLINE}", headline["n"]),
        has_answers=True,
        funnel=document.get("funnel", {}),
        **{part: document[part] for part in findings.PARTS},
    )
    effect = findings.about_effect(told)
    found = {"finding": findings.finding(told), "gap": findings.about_gap(told)}
    return found | ({"gap_effect": effect} if effect else {})
