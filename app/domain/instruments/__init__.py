"""What is asked and on what scale: items, scales, reasons, wordings, external instruments and how far they compare."""

from app.domain.instruments.comparability import Comparability, comparability
from app.domain.instruments.external import BUILT_IN, Construct, Instrument, built_in, own_instrument
from app.domain.instruments.items import (
    ALIASES,
    ALWAYS_ASKED,
    COMMENT_LIMIT,
    FIVE_POINTS,
    GRID,
    INSTRUMENT_VERSION,
    LOW_RATING,
    ROTATING,
    TOP_RATING,
    ZERO_TO_TEN,
    Item,
    Reason,
    Scale,
    choose_rotating_item,
    item_named,
    scale_of,
)
from app.domain.instruments.wordings import Wording, wording

__all__ = [
    "ALIASES",
    "ALWAYS_ASKED",
    "BUILT_IN",
    "COMMENT_LIMIT",
    "FIVE_POINTS",
    "GRID",
    "INSTRUMENT_VERSION",
    "LOW_RATING",
    "ROTATING",
    "TOP_RATING",
    "ZERO_TO_TEN",
    "Comparability",
    "Construct",
    "Instrument",
    "Item",
    "Reason",
    "Scale",
    "Wording",
    "built_in",
    "choose_rotating_item",
    "comparability",
    "item_named",
    "own_instrument",
    "scale_of",
    "wording",
]
