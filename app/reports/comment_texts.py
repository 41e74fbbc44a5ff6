"""Comments as pages, paper and text show them: what people wrote, and under what rules it stands there."""

from dataclasses import dataclass

from app.foundations.languages import gettext
from app.reports.published import Document


@dataclass(frozen=True)
class Comments:
    """The texts of a scorecard's comments in the order of their random ids."""

    title: str
    texts: list[str]
    note: str


def comments_of(document: Document) -> Comments | None:
    """Return the comments that still have their text, or None; retention and HR take texts out."""
    texts = [comment["text"] for comment in document.get("comments", []) if comment.get("text")]
    if not texts:
        return None
    note = gettext(
        "Drawn by lot from the comments that may be shown, in random order, names taken out:"
        " they need not fit the figures."
    )
    return Comments(gettext("In colleagues' own words"), texts, note)


def comment_lines(document: Document) -> list[str]:
    """Return title, comments and note, for text without tables."""
    found = comments_of(document)
    if found is None:
        return []
    return [f"{found.title}:", *(f"  – {' '.join(text.split())}" for text in found.texts), found.note]


def without_comments(document: Document) -> Document:
    """Return the document as mails may carry it."""
    return {key: value for key, value in document.items() if key != "comments"}
