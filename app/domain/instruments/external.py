"""The instruments of external scores: points, favourable points and the construct each measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.instruments.items import FIVE_POINTS, ZERO_TO_TEN, Item, Scale


class Construct(StrEnum):
    """What an instrument measures; two constructs are never subtracted from one another."""

    SATISFACTION = "satisfaction"
    EFFORT = "effort"
    RECOMMENDATION = "recommendation"
    APPROVAL = "approval"  # a thumb up or down
    SHARE = "share"  # a percentage whose question we do not know
    OTHER = "other"


class Mode(StrEnum):
    """How a question reached the customer."""

    LINK = "link"  # a page behind a link, as ours
    IN_APP = "in_app"
    PAPER = "paper"
    PHONE = "phone"
    INTERVIEW = "interview"
    OTHER = "other"


class Moment(StrEnum):
    """When a question was asked."""

    COMPLETION = "completion"  # within days of the service, as ours
    LATER = "later"  # weeks or months after it
    REGULAR = "regular"  # on fixed dates, whatever happened before


@dataclass(frozen=True)
class Instrument:
    """An external question. `built_in` declares that wording, labels, mode and moment are ours.

    `labels` are the words of its points, lowest point first, where an administrator told them; `notes` are for readers.
    """

    name: str
    construct: Construct
    scale: Scale | None  # None: only a percentage is known
    built_in: bool = False
    labels: tuple[str, ...] = ()
    mode: Mode | None = None
    moment: Moment | None = None
    notes: str | None = None
    reworded: frozenset[Item] = frozenset()  # our items that a later version of our survey asks in other words

    @property
    def is_asked_as_ours(self) -> bool:
        """True where customers met the question as our requesters do: behind a link, soon after the service."""
        return self.built_in or (self.mode is Mode.LINK and self.moment is Moment.COMPLETION)


def _built_in(name: str, construct: Construct, scale: Scale | None) -> tuple[str, Instrument]:
    return name, Instrument(name, construct, scale, built_in=True)


BUILT_IN: Mapping[str, Instrument] = MappingProxyType(
    dict(
        (
            _built_in("csat5", Construct.SATISFACTION, FIVE_POINTS),
            _built_in("csat7", Construct.SATISFACTION, Scale(1, 7, frozenset({6, 7}))),
            _built_in("csat10", Construct.SATISFACTION, Scale(1, 10, frozenset({9, 10}))),
            _built_in("csat4", Construct.SATISFACTION, Scale(1, 4, frozenset({3, 4}))),
            _built_in("thumbs", Construct.APPROVAL, Scale(0, 1, frozenset({1}))),
            _built_in("nps", Construct.RECOMMENDATION, ZERO_TO_TEN),
            _built_in("ces5", Construct.EFFORT, FIVE_POINTS),
            _built_in("ces7", Construct.EFFORT, Scale(1, 7, frozenset({6, 7}))),
            _built_in("percent", Construct.SHARE, None),
        )
    )
)


def built_in(name: str) -> Instrument | None:
    """Return the built-in instrument `name`; None when an administrator must have registered it."""
    return BUILT_IN.get(name)


def own_instrument(
    name: str,
    construct: Construct,
    *,
    lowest: int,
    highest: int,
    reverse: bool = False,
    favourable: int = 2,
    labels: Mapping[str, str] | None = None,
    mode: Mode | None = None,
    moment: Moment | None = None,
    notes: str | None = None,
) -> Instrument:
    """Return an instrument registered by an administrator; the best `favourable` points count as favourable.

    Raises ValueError when the points cannot be a scale or the name is a built-in one.
    """
    if name in BUILT_IN:
        raise ValueError(f"{name!r} is a built-in instrument; choose another name")
    if highest <= lowest:
        raise ValueError(f"{lowest}..{highest} is no scale: the highest point must lie above the lowest")
    count = highest - lowest + 1
    # Of two or three points only the best one is favourable: two of them would be (nearly) everybody.
    best = 1 if count <= 3 else min(favourable, count - 1)
    top = range(lowest, lowest + best) if reverse else range(highest - best + 1, highest + 1)
    told = labels or {}
    points = [str(point) for point in range(lowest, highest + 1)]
    words = tuple(told[point] for point in points) if set(points) <= told.keys() else ()
    scale = Scale(lowest, highest, frozenset(top), reverse)
    return Instrument(name, construct, scale, labels=words, mode=mode, moment=moment, notes=notes)
