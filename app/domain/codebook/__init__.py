"""The codebook: at most twelve themes whose word stems propose what a comment is about. Only people confirm."""

from app.domain.codebook.builtin import DEFAULT
from app.domain.codebook.document import (
    CodebookError,
    CodebookFault,
    CodebookProblem,
    codebook_from_json,
    codebook_to_json,
)
from app.domain.codebook.themes import MOST_THEMES, Codebook, Theme

__all__ = [
    "DEFAULT",
    "MOST_THEMES",
    "Codebook",
    "CodebookError",
    "CodebookFault",
    "CodebookProblem",
    "Theme",
    "codebook_from_json",
    "codebook_to_json",
]
