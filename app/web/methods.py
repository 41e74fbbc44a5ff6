"""`/methods`: how the figures come about and what they cannot say, in the reader's language; open to everybody."""

from flask import Blueprint, Response

from app.web.frame import staff as frame
from app.web.frame.access import Who

pages = Blueprint("methods", __name__)
frame.frame(pages, Who.ANYBODY)


@pages.get("/methods")
def show() -> Response:
    """Explain intervals, comparability classes, minimum groups and limits."""
    return frame.page("pages/methods.html")
