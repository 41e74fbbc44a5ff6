"""A version of our survey: its words in every language, and which of the rotating items it asks.

The first stands in the code (`wordings/`); later ones are written by administrators, begin with a quarter, and never
change once they are published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.instruments.items import GRID, INSTRUMENT_VERSION, ROTATING, Item, choose_rotating_item
from app.domain.instruments.wordings import WORDINGS, Wording

PREFIX = "parity/"


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """One version. The same object is handed out for the same version, so pages can be kept by it."""

    version: str
    words: Mapping[str, Wording]
    rotating: tuple[Item, ...] = ROTATING

    def wording(self, language: str) -> Wording:
        """Return the words in `language`; English where there are none."""
        return self.words.get(language) or self.words["en"]

    def rotating_item(self, quarter_salt: bytes, invitation: bytes) -> Item:
        """Return the one rotating item of an invitation, see `choose_rotating_item`."""
        return choose_rotating_item(quarter_salt, invitation, self.rotating)


FIRST = Questionnaire(INSTRUMENT_VERSION, WORDINGS)


def version_name(number: int) -> str:
    """Return what answers and documents call a version: `parity/2`."""
    return f"{PREFIX}{number}"


def reworded_items(words: Iterable[Wording]) -> frozenset[Item]:
    """Return the items that are not asked in the words of the first version, in one language at least.

    With them our question is no longer the one that outside tools declare to have asked (classes A and B).
    """
    return frozenset(
        item
        for mine in words
        for item in (Item.CSAT_OVERALL, *GRID, *ROTATING)
        if _asked_as(item, mine) != _asked_as(item, WORDINGS[mine.language])
    )


def _asked_as(item: Item, words: Wording) -> tuple[object, ...]:
    if item is Item.CSAT_OVERALL:
        return words.csat_overall, words.csat_labels
    if item in GRID:
        return words.question(item), words.grid_stem, words.grid_rows[item], words.grid_labels
    return words.statements[item], words.agree_labels
