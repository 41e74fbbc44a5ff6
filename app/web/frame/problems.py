"""Errors for programs: application/problem+json (RFC 9457) for everything below /api/ and /hooks/."""

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
PREFIXES = ("/api/", "/hooks/")


class Problem(HTTPException):
    """A refusal with its sentence; `more` are further members of the document."""

    def __init__(self, status: int, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> None:
        """Remember what `problem` prints."""
        self.status = status
        super().__init__(detail, response=problem(status, detail, headers=headers, **more))


def problem(status: int, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Return a problem document; the type is about:blank, so the title is the status's own phrase."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        document["detail"] = detail
    response = Response(json.dumps(document | more, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def register(app: Flask) -> None:
    """Make every error that a program gets a problem document, whoever raised it."""
    app.after_request(_as_problem)


def _as_problem(response: Response) -> Response:
    """Rewrite other errors, keeping headers such as Allow and Retry-After."""
    if response.status_code < 400 or not request.path.startswith(PREFIXES) or response.content_type == MEDIA_TYPE:
        return response
    response.set_data(problem(response.status_code).get_data())
    response.content_type = MEDIA_TYPE
    return response
