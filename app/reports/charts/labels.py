"""Where names stand in a crowded plot: beside their points, with a leader line, or as letters below (charts.md §4.2).

Greedy, in the order given: pay for what a name covers, for its distance, and for standing nearer to another point.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from app.reports.charts.marks import covers, rimmed, shortened
from app.reports.charts.sheets import CAPTION, MARGIN, Box, Sheet, text_width, wrap

DISTANCES = (9, 15, 24, 36, 50)
DIRECTIONS = 12
HEIGHT = 16.0
LEADER_FROM = 15  # pixels between a point and its name
COVERED = 0.05  # of a name: more, and it becomes a letter
RIVAL_MARGIN = 5
COVER_COST, DISTANCE_COST, RIVAL_COST = 6, 2, 60


@dataclass(frozen=True)
class Wish:
    """A point in pixels that wants its name; `rank` 0 is served first."""

    x: float
    y: float
    name: str
    colour: str
    bold: bool = False
    rank: int = 0


@dataclass(frozen=True)
class Label:
    """A name or letter with its place; `leader` is where the line from the point ends, None where it stands near."""

    wish: Wish
    words: str
    box: Box
    leader: tuple[float, float] | None = None


@dataclass(frozen=True)
class Labels:
    """Everything placed, and the names behind the letters in order."""

    placed: list[Label]
    letters: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Ground:
    """What names may not cover, every point of the plot, and the room they have."""

    taken: Sequence[Box]
    points: Sequence[tuple[float, float]]
    room: Box
    longest: float  # pixels of a name; longer ones are cut


def place(wishes: Sequence[Wish], ground: Ground) -> Labels:
    """Place every name; those that would be covered become letters, and then all is placed once more."""
    order = sorted(wishes, key=lambda wish: (wish.rank, wish.y, wish.x, wish.name))
    first, crowded = _place(order, ground, {})
    if not crowded:
        return Labels(first)
    letters = {id(wish): letter for wish, letter in zip(crowded, ascii_lowercase, strict=False)}
    # letters first: they are small, but their points have the least room
    second, _ = _place(sorted(order, key=lambda wish: id(wish) not in letters), ground, letters)
    return Labels(second, [(letters[id(wish)], wish.name) for wish in crowded if id(wish) in letters])


def _place(order: Sequence[Wish], ground: Ground, letters: dict[int, str]) -> tuple[list[Label], list[Wish]]:
    taken = list(ground.taken)
    placed, crowded = [], []
    for wish in order:
        words = letters.get(id(wish)) or shortened(wish.name, ground.longest, CAPTION, bold=wish.bold)
        label, covered = _best(wish, words, ground, taken)
        if covered > COVERED * (label.box.right - label.box.left) * HEIGHT and id(wish) not in letters:
            crowded.append(wish)
        placed.append(label)
        taken.append(label.box)
    return placed, crowded


def _best(wish: Wish, words: str, ground: Ground, taken: Sequence[Box]) -> tuple[Label, float]:
    """Return the cheapest place, and how much of what is taken it covers."""
    wide = text_width(words, CAPTION, bold=wish.bold)
    here = (wish.x, wish.y)
    others = [point for point in ground.points if point != here]

    def cost(box: Box) -> float:
        apart = _gap(box, here)
        rivals = sum(_gap(box, other) < apart + RIVAL_MARGIN for other in others)
        on_itself = apart <= 0
        return _covered(box, taken) * COVER_COST + apart * DISTANCE_COST + (rivals + 10 * on_itself) * RIVAL_COST

    turns = [2 * math.pi * step / DIRECTIONS for step in range(DIRECTIONS)]
    boxes = [_inside(_box(wish, words, wide, distance, turn), ground.room) for distance in DISTANCES for turn in turns]
    best = min(boxes, key=cost)
    leader = _nearest(best, wish) if _gap(best, here) >= LEADER_FROM else None
    return Label(wish, words, best, leader), _covered(best, taken)


def _covered(box: Box, taken: Sequence[Box]) -> float:
    return sum(covers(box, other) for other in taken)


def _box(wish: Wish, words: str, wide: float, distance: float, angle: float) -> Box:
    """Return the box whose near side or corner lies `distance` from the point in the direction of `angle`."""
    across, down = math.cos(angle), math.sin(angle)
    middle = wish.x + across * distance + wide / 2 * max(-1.0, min(1.0, 2 * across))
    centre = wish.y + down * distance + HEIGHT / 2 * max(-1.0, min(1.0, 2 * down))
    return Box(words, middle - wide / 2, centre - HEIGHT / 2, middle + wide / 2, centre + HEIGHT / 2)


def _inside(box: Box, room: Box) -> Box:
    """Push a box back into the room; what it covers there is what it costs."""
    across = max(room.left - box.left, 0) + min(room.right - box.right, 0)
    down = max(room.top - box.top, 0) + min(room.bottom - box.bottom, 0)
    return Box(box.text, box.left + across, box.top + down, box.right + across, box.bottom + down)


def _gap(box: Box, point: tuple[float, float]) -> float:
    x, y = point
    return math.dist(point, (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)))


def _nearest(box: Box, wish: Wish) -> tuple[float, float]:
    middle = (box.top + box.bottom) / 2
    if box.left <= wish.x <= box.right:
        return wish.x, box.bottom if box.bottom < wish.y else box.top
    return (box.left - 2 if box.left > wish.x else box.right + 2), middle


def key_lines(found: Labels, width: float) -> list[str]:
    """Return the letters with their names as lines below the picture; empty where every name found a place."""
    pairs = [f"{letter} {name}".replace(" ", "\u00a0") for letter, name in found.letters]
    return wrap(",  ".join(pairs), width - 2 * MARGIN, CAPTION) if pairs else []


def write(sheet: Sheet, found: Labels, ground: Callable[[Box], str] | None = None) -> None:
    """Write names and letters with a rim of their ground, and the lines that lead to far ones."""
    for label in found.placed:
        wish, box = label.wish, label.box
        if label.leader:
            sheet.line([wish.x, label.leader[0]], [wish.y, label.leader[1]], sheet.palette.neutral, 1, zorder=1.5)
        under = ground(box) if ground else sheet.palette.surface
        rimmed(sheet, box.left, box.bottom - 4, label.words, wish.colour, ground=under, bold=wish.bold)
