"""The items of our own survey, their scales and the reasons behind a low rating."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# One version for the whole set of items and wordings. A changed label is a new version, breaks the trend line
# visibly and starts with a quarter.
INSTRUMENT_VERSION = "parity/1"


class Item(StrEnum):
    """A rated item; dimensions of gaps and external scores carry the same names."""

    CSAT_OVERALL = "csat_overall"
    TIMELINESS = "timeliness"
    RESULT_QUALITY = "result_quality"
    COMMUNICATION = "communication"
    EFFORT = "effort"
    TRUST = "trust"
    PROFESSIONALISM = "professionalism"
    COOPERATION = "cooperation"
    RECOMMEND = "recommend"  # quarterly pulse only, 0-10


class Reason(StrEnum):
    """Why a rating is low, as ticked by the requester; stable codes, several may hold."""

    TOO_SLOW = "too_slow"
    RESULT_NOT_RIGHT = "result_not_right"
    TOO_LITTLE_INFORMATION = "too_little_information"
    TOO_MUCH_EFFORT = "too_much_effort"
    HAD_TO_ASK_AGAIN = "had_to_ask_again"
    SOMETHING_ELSE = "something_else"


@dataclass(frozen=True)
class Scale:
    """Whole points from `lowest` to `highest`; `reverse` when a smaller number is the better answer."""

    lowest: int
    highest: int
    favourable: frozenset[int]
    reverse: bool = False

    @property
    def points(self) -> range:
        """All points, lowest first."""
        return range(self.lowest, self.highest + 1)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.lowest <= value <= self.highest


FIVE_POINTS = Scale(1, 5, frozenset({4, 5}))
ZERO_TO_TEN = Scale(0, 10, frozenset({9, 10}))

GRID = (Item.TIMELINESS, Item.RESULT_QUALITY, Item.COMMUNICATION)
ALWAYS_ASKED = (Item.CSAT_OVERALL, *GRID)
# In this order for `choose_rotating_item`: a change of order is a change of design.
ROTATING = (Item.EFFORT, Item.TRUST, Item.PROFESSIONALISM, Item.COOPERATION)

# Names by which other tools call our items; stored is always the item.
ALIASES = {"overall": Item.CSAT_OVERALL, "result": Item.RESULT_QUALITY}

_BY_NAME = {item.value: item for item in Item} | ALIASES

LOW_RATING = 2  # at this overall rating or below, reasons and "please contact me" open
TOP_RATING = 5  # at this one, "thank the team"
COMMENT_LIMIT = 2000  # characters


def scale_of(item: Item) -> Scale:
    """Return the scale on which `item` is asked."""
    return ZERO_TO_TEN if item is Item.RECOMMEND else FIVE_POINTS


def item_named(name: str) -> Item | None:
    """Return the item called `name` or one of its aliases, in any case; None when there is none."""
    return _BY_NAME.get(name.strip().lower())


def choose_rotating_item(quarter_salt: bytes, invitation: bytes, among: Sequence[Item] = ROTATING) -> Item:
    """Return the one rotating item of an invitation, of those that its questionnaire asks.

    HMAC-SHA-256 keyed with the quarter's salt: missing completely at random by design (split questionnaire),
    the same at every opening of the page, and unknowable once the salt is destroyed.
    """
    digest = hmac.new(quarter_salt, b"rotating item|" + invitation, hashlib.sha256).digest()
    return among[digest[0] % len(among)]
