"""A mail on a page, as its reader sees it: in a sandboxed frame of its own.

No script runs in it, nothing is loaded, links open in a new tab.
"""

import base64
from collections.abc import Iterable

from flask import Response, make_response

from app.web.frame.security import POLICY

MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
WITH_FRAME = f"{POLICY}; frame-src 'self'"  # of the page round the frame
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"


def paper(html: str, pictures: Iterable[tuple[str, str, bytes]]) -> Response:
    """Return the HTML part alone, with its pictures (Content-ID, media type, content) put into it."""
    for content_id, media_type, content in pictures:
        html = html.replace(f"cid:{content_id}", f"data:{media_type};base64,{base64.b64encode(content).decode()}")
    # Rating links open the survey in a tab of its own, as they do from a mail client.
    response = make_response(html.replace("<head>", '<head><base target="_blank">', 1))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response
