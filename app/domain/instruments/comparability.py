"""How far an internal item and an external instrument may be compared: classes A to E.

Sources: Dawes (2008), "Do data characteristics change according to the number of scale points used?" (5 and 7 points
give the same rescaled mean, 10 points a lower one); docs/methods.md.
"""

from enum import StrEnum

from app.domain.instruments.external import Construct, Instrument
from app.domain.instruments.items import GRID, Item
from app.domain.instruments.wordings import WORDINGS, Wording


class Comparability(StrEnum):
    """A and B may be subtracted (A also as shares), C only with a warning band, D and E never."""

    IDENTICAL = "A"
    NEAR_SCALE = "B"
    FAR_SCALE = "C"
    DIFFERENT_CONSTRUCT = "D"
    UNKNOWN = "E"


class Ground(StrEnum):
    """Why a question has its class."""

    SAME_QUESTION = "same_question"  # A
    OTHER_WORDS = "other_words"  # B: as many points, but not ours in words
    OTHER_WAY = "other_way"  # B: in our words, but not behind a link soon after the service
    NEAR_SCALE = "near_scale"  # B
    EQUATED = "equated"  # B: a far scale, set on ours by people who answered both questions
    FAR_SCALE = "far_scale"  # C
    APPROVAL = "approval"  # D: two or three points
    OTHER_CONSTRUCT = "other_construct"  # D
    ONLY_A_SHARE = "only_a_share"  # D: a percentage of an unknown question
    UNKNOWN_N = "unknown_n"  # E
    UNKNOWN_DATE = "unknown_date"  # E
    UNKNOWN_SCALE = "unknown_scale"  # E


_CLASSES = {
    Ground.SAME_QUESTION: Comparability.IDENTICAL,
    **dict.fromkeys(
        (Ground.OTHER_WORDS, Ground.OTHER_WAY, Ground.NEAR_SCALE, Ground.EQUATED), Comparability.NEAR_SCALE
    ),
    Ground.FAR_SCALE: Comparability.FAR_SCALE,
    **dict.fromkeys((Ground.APPROVAL, Ground.OTHER_CONSTRUCT, Ground.ONLY_A_SHARE), Comparability.DIFFERENT_CONSTRUCT),
    **dict.fromkeys((Ground.UNKNOWN_N, Ground.UNKNOWN_DATE, Ground.UNKNOWN_SCALE), Comparability.UNKNOWN),
}


def comparability(
    item: Item, instrument: Instrument, *, n_known: bool = True, date_known: bool = True
) -> Comparability:
    """Return the class of `instrument`, used for the dimension `item`, against our own `item`.

    Without n, scale or date a touchpoint-quarter is class E whatever was asked.
    """
    return _CLASSES[ground(item, instrument, n_known=n_known, date_known=date_known)]


def ground(item: Item, instrument: Instrument, *, n_known: bool = True, date_known: bool = True) -> Ground:
    """Return why `instrument`, used for the dimension `item`, has its class."""
    scale = instrument.scale
    if scale is None and instrument.construct is not Construct.SHARE:
        return Ground.UNKNOWN_SCALE
    if not (n_known and date_known):
        return Ground.UNKNOWN_DATE if n_known else Ground.UNKNOWN_N
    if scale is None:
        return Ground.ONLY_A_SHARE
    if instrument.construct not in _CONSTRUCTS[item]:
        return Ground.OTHER_CONSTRUCT
    by_points = _recommend_ground if item is Item.RECOMMEND else _five_point_ground
    found = by_points(len(scale.points))
    return _by_words(item, instrument) if found is Ground.SAME_QUESTION else found


def _by_words(item: Item, instrument: Instrument) -> Ground:
    """Judge a question with as many points as ours: other words than ours, or another way to ask, are at best near."""
    if item in instrument.reworded:
        return Ground.OTHER_WORDS
    if instrument.built_in:
        return Ground.SAME_QUESTION
    if not _has_our_words(item, instrument):
        return Ground.OTHER_WORDS
    return Ground.SAME_QUESTION if instrument.is_asked_as_ours else Ground.OTHER_WAY


def _has_our_words(item: Item, instrument: Instrument) -> bool:
    if (
        not instrument.labels or item is Item.RECOMMEND
    ):  # its points are numbers; the words of its question are not told
        return False
    falls = instrument.scale is not None and instrument.scale.reverse
    told = tuple(_plain(label) for label in (reversed(instrument.labels) if falls else instrument.labels))
    return any(told == tuple(_plain(label) for label in _labels(item, wording)) for wording in WORDINGS.values())


def _labels(item: Item, wording: Wording) -> tuple[str, ...]:
    if item is Item.CSAT_OVERALL:
        return wording.csat_labels
    return wording.grid_labels if item in GRID else wording.agree_labels


def _plain(label: str) -> str:
    return " ".join(label.replace("\u00ad", "").casefold().split())


# An item is comparable with questions about the same thing: a satisfaction scale used for the dimension (for example
# csat5 on timeliness), for effort also an effort scale, for recommend only a recommendation.
_CONSTRUCTS = {
    **dict.fromkeys(Item, frozenset({Construct.SATISFACTION})),
    Item.EFFORT: frozenset({Construct.SATISFACTION, Construct.EFFORT}),
    Item.RECOMMEND: frozenset({Construct.RECOMMENDATION}),
}


def _five_point_ground(points: int) -> Ground:
    if points == 5:
        return Ground.SAME_QUESTION
    if points in {6, 7}:
        return Ground.NEAR_SCALE
    # Two or three points are an approval, not a graded judgement.
    return Ground.APPROVAL if points <= 3 else Ground.FAR_SCALE


def _recommend_ground(points: int) -> Ground:
    if points == 11:
        return Ground.SAME_QUESTION
    return Ground.NEAR_SCALE if points == 10 else Ground.FAR_SCALE
