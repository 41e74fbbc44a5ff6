"""How far an internal item and an external instrument may be compared: classes A to E.

Sources: Dawes (2008), "Do data characteristics change according to the number of scale points used?" (5 and 7 points
give the same rescaled mean, 10 points a lower one); docs/methods.md.
"""

from enum import StrEnum

from app.domain.instruments.external import Construct, Instrument
from app.domain.instruments.items import Item


class Comparability(StrEnum):
    """A and B may be subtracted (A also as shares), C only with a warning band, D and E never."""

    IDENTICAL = "A"
    NEAR_SCALE = "B"
    FAR_SCALE = "C"
    DIFFERENT_CONSTRUCT = "D"
    UNKNOWN = "E"


def comparability(
    item: Item, instrument: Instrument, *, n_known: bool = True, date_known: bool = True
) -> Comparability:
    """Return the class of `instrument`, used for the dimension `item`, against our own `item`.

    Without n, scale or date a touchpoint-quarter is class E whatever was asked.
    """
    scale_known = instrument.scale is not None or instrument.construct is Construct.SHARE
    if not (n_known and date_known and scale_known):
        return Comparability.UNKNOWN
    if instrument.construct not in _CONSTRUCTS[item] or instrument.scale is None:
        return Comparability.DIFFERENT_CONSTRUCT
    by_points = _recommend_class if item is Item.RECOMMEND else _five_point_class
    found = by_points(len(instrument.scale.points))
    # Other words than ours are at best near: the same five points under another name are class B.
    if found is Comparability.IDENTICAL and not instrument.built_in:
        return Comparability.NEAR_SCALE
    return found


# An item is comparable with questions about the same thing: a satisfaction scale used for the dimension (for example
# csat5 on timeliness), for effort also an effort scale, for recommend only a recommendation.
_CONSTRUCTS = {
    **dict.fromkeys(Item, frozenset({Construct.SATISFACTION})),
    Item.EFFORT: frozenset({Construct.SATISFACTION, Construct.EFFORT}),
    Item.RECOMMEND: frozenset({Construct.RECOMMENDATION}),
}


def _five_point_class(points: int) -> Comparability:
    if points == 5:
        return Comparability.IDENTICAL
    if points in {6, 7}:
        return Comparability.NEAR_SCALE
    # Two or three points are an approval, not a graded judgement.
    return Comparability.DIFFERENT_CONSTRUCT if points <= 3 else Comparability.FAR_SCALE


def _recommend_class(points: int) -> Comparability:
    if points == 11:
        return Comparability.IDENTICAL
    return Comparability.NEAR_SCALE if points == 10 else Comparability.FAR_SCALE
