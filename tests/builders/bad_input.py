"""What tired, curious and hostile people type into a field."""

from collections.abc import Mapping

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BAD = {
    "missing": "",
    "long": "x" * 5000,
    "type": "seven",
    "other": "Привет ÄÖ 部門 \u202e",
    "script": "<script>alert(1)</script>\"'><img src=x onerror=1>",
    "nul": "a\0b",
    "number": "1e400",
}


def bad_posts(client: FlaskClient, path: str, good: Mapping[str, str], field: str) -> dict[str, TestResponse]:
    """Send a good form once for each way to spoil one field; each answer is a page or a redirect, and shows no script.

    `good` holds the hidden fields too (`tests.builders.signing_in.hidden_fields`).
    """
    answers = {kind: client.post(path, data={**good, field: typed}) for kind, typed in BAD.items()}
    for kind, answer in answers.items():
        assert answer.status_code in {303, 422}, (field, kind, answer.status_code)
        assert "<script>alert" not in answer.text, (field, kind)
    return answers
