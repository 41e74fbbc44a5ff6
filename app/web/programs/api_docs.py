"""`/api/v1/docs`: the description of the API to read and to try, drawn by Swagger UI from our own server."""

from flask import Blueprint, Response

from app.web.frame import staff as frame
from app.web.frame.access import Who
from app.web.frame.security import POLICY

pages = Blueprint("api_docs", __name__, url_prefix="/api/v1")
frame.frame(pages, Who.ANYBODY)

#: Its style sheet draws arrows as images in the sheet itself; nothing else of the policy is any wider.
_POLICY = POLICY.replace("img-src 'self';", "img-src 'self' data:;")


@pages.get("/docs")
def show() -> Response:
    """Show the page; without script it names the description and the page about the API."""
    response = frame.page("pages/api_docs.html")
    response.headers["Content-Security-Policy"] = _POLICY
    return response
