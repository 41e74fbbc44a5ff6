"""A codebook with one thing changed, as JSON to be checked and published: the next version of it."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from app.domain.codebook.builtin import DEFAULT
from app.domain.codebook.document import LANGUAGES, codebook_to_json
from app.domain.codebook.themes import Codebook

Json = dict[str, Any]
LONGEST_CODE = 36  # characters, with room for a number behind
_NO_SIGNS = re.compile(r"[^a-z0-9]+")


def with_theme(codebook: Codebook, theme: Json) -> Json:
    """Return the codebook with a theme in the place of the one of its code, at the end where there is none."""
    document = codebook_to_json(codebook)
    place = place_of(codebook, theme["code"])
    document["themes"][place : place + 1] = [theme]
    return document


def without_theme(codebook: Codebook, code: str) -> Json:
    """Return the codebook without a theme; quarters that were opened with it keep it."""
    document = codebook_to_json(codebook)
    return document | {"themes": [theme for theme in document["themes"] if theme["code"] != code]}


def with_sensitive(codebook: Codebook, stems: Mapping[str, Iterable[str]]) -> Json:
    """Return the codebook with other sensitive words beside those that always hold."""
    return codebook_to_json(codebook) | {"sensitive": {language: list(found) for language, found in stems.items()}}


def place_of(codebook: Codebook, code: str) -> int:
    """Return where the theme of a code stands, or would be added."""
    codes = [theme.code for theme in codebook.themes]
    return codes.index(code) if code in codes else len(codes)


def own_sensitive(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Return the sensitive words that were added to those that come with Parity, by language."""
    return {
        language: tuple(
            stem for stem in codebook.sensitive.get(language, ()) if stem not in DEFAULT.sensitive.get(language, ())
        )
        for language in LANGUAGES
    }


def code_for(name: str, taken: Collection[str]) -> str:
    """Return a code for a new theme, from its English name and unlike those that are taken."""
    code = _NO_SIGNS.sub("_", name.casefold()).strip("_")[:LONGEST_CODE].rstrip("_")
    code = code if re.match(r"[a-z][a-z0-9_]", code) else "theme"
    return next(
        one for number in range(1, len(taken) + 2) if (one := code if number == 1 else f"{code}_{number}") not in taken
    )
