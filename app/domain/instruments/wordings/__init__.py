"""The words of the survey in five languages. They are part of the measuring instrument, so they stand here as data.

Everything else on the page is ordinary text and lives in translations/.
"""

from app.domain.instruments.wordings.de import GERMAN
from app.domain.instruments.wordings.en import ENGLISH
from app.domain.instruments.wordings.es import SPANISH
from app.domain.instruments.wordings.pl import POLISH
from app.domain.instruments.wordings.ru import RUSSIAN
from app.domain.instruments.wordings.shape import Wording

WORDINGS = {one.language: one for one in (ENGLISH, RUSSIAN, POLISH, GERMAN, SPANISH)}


def wording(language: str) -> Wording:
    """Return the wordings in `language`; English where we have none."""
    return WORDINGS.get(language, ENGLISH)


__all__ = ["WORDINGS", "Wording", "wording"]
