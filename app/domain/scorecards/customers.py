"""Customers' side as a scorecard prints it."""

from collections.abc import Mapping, Sequence

from app.domain.instruments import Comparability, Item
from app.domain.instruments.equating import METHOD as EQUATED
from app.domain.scorecards.external import Dimension
from app.domain.scorecards.publish import Json, nps_interval, rounded, score_interval, share_interval
from app.domain.statistics import weighted_share


def published_customers(touchpoints: Sequence[Json], dimensions: Mapping[Item, Dimension]) -> Json:
    """Return the external block: the touchpoints, and each dimension with what is known of it.

    A dimension below half of the agreed weight, or without n, scale or date, has no figures.
    """
    if not touchpoints:
        return {}
    found: Json = {"touchpoints": list(touchpoints)}
    for item, outside in dimensions.items():
        if outside.is_incomplete or outside.comparability is Comparability.UNKNOWN:
            continue
        if block := _dimension(outside):
            found[item.value] = block
    return found


def _dimension(outside: Dimension) -> Json:
    block: Json = {}
    if outside.shown:
        block["top_two_box"] = share_interval(weighted_share(outside.shown), outside.answers)
    if outside.mean is not None:
        method = EQUATED if outside.is_equated else "mean_adjusted"
        block["score_0_100"] = score_interval(outside.mean, outside.answers, method)
    if outside.nps is not None:
        block["nps"] = nps_interval(outside.nps, outside.answers, outside.nps.method)
    if distribution := outside.distribution():
        block["distribution"] = [rounded(share, 2) for share in distribution]
    return block
