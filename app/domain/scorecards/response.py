"""Who answered: the response rate of each value of a cut, a look for what the silent might have changed.

Invited people are protected as those who answered: neither those who answered nor those who did not may be few.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import comb

from app.domain.disclosure import Cell, Pattern, suppress
from app.domain.scorecards.cuts import CUT_BLOCKS, MONTH
from app.domain.scorecards.publish import Json, share_interval
from app.domain.sentences import SentenceKey, sentence
from app.domain.statistics import newcombe_difference, wilson_interval

#: Months are left out: when a request was completed says nothing of who asked.
RESPONSE_CUTS = tuple(cut for cut in CUT_BLOCKS if cut != MONTH)
ERROR = 0.05  # that any two of a document's rates are called different by chance

CutValue = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """What came of the invitations of a cell that were delivered: requests, and the distinct people behind them."""

    answered: int
    unanswered: int
    answered_by: int
    unanswered_by: int

    @property
    def delivered(self) -> int:
        """Requests that somebody was asked about."""
        return self.answered + self.unanswered

    @property
    def fewest(self) -> int:
        """The smaller of the two groups of people that a rate speaks of."""
        return min(self.answered_by, self.unanswered_by)


def response_pattern(
    asked: Mapping[Cell, Asked],
    children: Mapping[str, Sequence[str]],
    minimum_group: int,
    *,
    hidden: Collection[Cell],
) -> Pattern:
    """Return which rates may be told: cells of cuts over the whole tree, as the ratings' (`suppress`) by the fewest.

    `hidden` are the cells whose ratings are hidden. What a department has in all is told by its funnel and counts as
    known here: its own threshold is the funnel's.
    """
    counts = {cell: found.fewest for cell, found in asked.items()}
    counts |= {Cell(cell.department): minimum_group for cell in asked}
    largest: dict[str, int] = {}
    for cell, count in counts.items():
        largest[cell.department] = largest.get(cell.department, 0) + count
    counts |= {Cell(department): total for department, total in largest.items()}
    nobody = {cell for cell, found in asked.items() if not found.fewest}
    return suppress(counts, children, minimum_group, hidden=nobody | (set(hidden) & counts.keys()))


def published_rates(asked: Mapping[CutValue, Asked], names: Mapping[str, str]) -> list[Json]:
    """Return the rows of `funnel.response_by`, in the order of the cuts and their values; all given may be told."""
    rows = []
    for cut, value in sorted(asked, key=lambda place: (RESPONSE_CUTS.index(place[0]), place[1])):
        found = asked[cut, value]
        row: Json = {"cut": cut, "value": value}
        if value in names:
            row["name"] = names[value]
        rate = wilson_interval(found.answered, found.delivered)
        rows.append(row | {"response_rate": share_interval(rate, found.answered)})
    return rows


def uneven_response(rows: Sequence[Json]) -> Json | None:
    """Return the sentence about the largest evident difference between two values of one cut, None without one.

    Evident: the interval of the difference leaves out zero, at a level that allows for every pair that was looked at.
    """
    cuts = [list(found) for _, found in groupby(rows, key=lambda row: row["cut"])]
    pairs = sum(comb(len(found), 2) for found in cuts)
    uneven: list[tuple[float, int, Json, Json]] = []
    for found in cuts:
        low, *_, high = sorted(found, key=_rate) if len(found) > 1 else (found[0], found[0])
        least = _difference(high, low, 1 - ERROR / max(1, pairs))
        if least > 0:
            uneven.append((_rate(high) - _rate(low), -len(uneven), high, low))
    if not uneven:
        return None
    _, _, high, low = max(uneven, key=lambda entry: entry[:2])
    return sentence(
        SentenceKey.RESPONSE_UNEVEN,
        most=_group(high),
        most_share=_rate(high),
        least=_group(low),
        least_share=_rate(low),
    )


def _rate(row: Json) -> float:
    rate: float = row["response_rate"]["estimate"]
    return rate


def _difference(high: Json, low: Json, conf_level: float) -> float:
    """Return the lower end of the interval of the difference."""
    more, fewer = high["response_rate"], low["response_rate"]
    found = newcombe_difference(more["answers"], more["n"], fewer["answers"], fewer["n"], conf_level)
    return found.lower


def _group(row: Json) -> Json:
    return {name: row[name] for name in ("cut", "value", "name") if name in row}
