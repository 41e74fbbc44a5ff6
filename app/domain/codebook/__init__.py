"""The codebook: at most twelve themes whose word stems propose what a comment is about. Only people confirm."""

from app.domain.codebook.builtin import DEFAULT
from app.domain.codebook.document import (
    LANGUAGES,
    LONGEST_NAME,
    LONGEST_STEM,
    MOST_STEMS,
    SHORTEST_STEM,
    CodebookError,
    CodebookFault,
    CodebookProblem,
    codebook_from_json,
    codebook_to_json,
    stored_codebook,
)
from app.domain.codebook.themes import MOST_THEMES, Codebook, Theme

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "LONGEST_NAME",
    "LONGEST_STEM",
    "MOST_STEMS",
    "MOST_THEMES",
    "SHORTEST_STEM",
    "Codebook",
    "CodebookError",
    "CodebookFault",
    "CodebookProblem",
    "Theme",
    "codebook_from_json",
    "codebook_to_json",
    "stored_codebook",
]
