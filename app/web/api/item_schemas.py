"""The records that the API takes, for OpenAPI: the columns of the tables of app/imports, which check them.

Columns mean here what they mean in a table: their descriptions are those of the page that takes tables, and a schema
says only what JSON writes otherwise.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.web.imports.columns import english

ITEMS = (
    *("csat_overall", "timeliness", "result_quality", "communication"),
    *("effort", "trust", "professionalism", "cooperation", "recommend"),
)


def _text(about: str = "", *, required: bool = False) -> fields.String:
    return fields.String(required=required, allow_none=not required, metadata={"description": about} if about else {})


def _time(about: str = "", *, required: bool = False) -> fields.DateTime:
    metadata = {"description": about} if about else {}
    return fields.DateTime(required=required, allow_none=not required, metadata=metadata)


def _whole(low: int, high: int | None = None) -> fields.Integer:
    limits = {"minimum": low} | ({} if high is None else {"maximum": high})
    return fields.Integer(allow_none=True, metadata=limits)


def _truth() -> fields.Boolean:
    return fields.Boolean(allow_none=True, metadata={"description": "Whether it was completed in time"})


def _word(*words: str) -> fields.String:
    return fields.String(allow_none=True, metadata={"enum": [*words, None]})


def _item(name: str, sheets: tuple[str, ...], members: Mapping[str, fields.Field[Any]]) -> type[Schema]:
    """Return a record; what a member means is told by the first of the `sheets` that has such a column."""
    for column, field in members.items():
        about = field.metadata.get("description") or english(sheets, column)
        about += f". {_TIMES}" if isinstance(field, fields.DateTime) else ""
        field.metadata = {**field.metadata, "description": about}
    return Schema.from_dict(dict(members), name=name)


_TIMES = "ISO 8601; without an offset in the company's time zone"

RequestItem = _item(
    "RequestItem",
    ("requests",),
    {
        "tracker": _text("Slug of a tracker", required=True),
        "external_id": _text("With the tracker the natural key", required=True),
        "requester_email": fields.Email(allow_none=True),
        "requester": _text("An opaque key of somebody who is never written to"),
        "provider_department": fields.String(
            required=True, allow_none=True, metadata={"description": "Code or name; null while unknown"}
        ),
        "created_at": _time(required=True),
        "completed_at": _time("null: the request is open; absent: as it was, for a new one open"),
        "resolution": _word("delivered", "not_delivered", "automatic"),
        "requester_kind": _word("person", "bot"),
        "updated_at": _time("When this state was true; default: now. Older reports never undo newer ones"),
        "title": _text(),
        "request_type": _text(),
        "requester_department": _text(),
        "first_response_at": _time(),
        "due_at": _time(),
        "on_time": _truth(),
        "reopened_count": _whole(0),
        "reassignment_count": _whole(0),
        "status": _text("The tracker's own word"),
        "url": fields.String(allow_none=True, metadata={"format": "uri"}),
    },
)

DepartmentItem = _item(
    "DepartmentItem",
    ("departments",),
    {
        "code": _text("With valid_from the natural key", required=True),
        "name": _text(required=True),
        "parent_code": _text("Code of the department above it; null at the top"),
        "head_email": fields.Email(allow_none=True),
        "staff_count": _whole(0),
        "language": _text(),
        "touchpoints": fields.Dict(
            keys=fields.String(), values=fields.Float(), allow_none=True, metadata={"description": "Weights, sum 1"}
        ),
        "valid_from": _time("First day on which it holds; absent: as it is today"),
        "valid_to": _time(),
        "successor_code": _text(),
    },
)

PersonItem = _item(
    "PersonItem",
    ("people",),
    {
        "email": fields.Email(required=True, metadata={"description": "With valid_from the natural key"}),
        "name": _text(required=True),
        "department_code": _text(required=True),
        "language": _text(),
        "time_zone": _text("IANA name, as Europe/Berlin"),
        "valid_from": _time("First day on which it holds; absent: as it is today"),
    },
)

ScoreItem = _item(
    "ScoreItem",
    ("external", "totals"),
    {
        "source": _text("Slug of a source", required=True),
        "touchpoint": _text(required=True),
        "dimension": _text("An item, or overall, or result", required=True),
        "instrument": _text(required=True),
        "response_id": _text("Of a single response; with the source its natural key"),
        "score": fields.Float(allow_none=True),
        "answered_at": _time(),
        "respondent": _text(),
        "comment": _text(),
        "period": _text("Of a total: 2026-Q3, 2026-07 or 2026"),
        "positive": _whole(0),
        "positive_share": fields.Float(allow_none=True, metadata={"minimum": 0, "maximum": 1}),
        "mean": fields.Float(allow_none=True),
        "standard_deviation": fields.Float(allow_none=True, metadata={"minimum": 0}),
        "counts": fields.Dict(
            keys=fields.String(),
            values=fields.Integer(),
            allow_none=True,
            metadata={"description": "How many gave each point, by point"},
        ),
        "nps": fields.Float(allow_none=True, metadata={"minimum": -100, "maximum": 100}),
        "n": _whole(0),
        "source_url": _text(),
    },
)

ResponseItem = _item(
    "ResponseItem",
    ("responses",),
    {
        "source": _text("Slug of a source", required=True),
        "response_id": _text("With the source the natural key", required=True),
        "provider_department": _text(required=True),
        "requester": _text("An e-mail or a key that is the same for the same person", required=True),
        "completed_at": _time(required=True),
        **{item: _whole(0 if item == "recommend" else 1, 10 if item == "recommend" else 5) for item in ITEMS},
        "requester_department": _text(),
        "request_type": _text(),
        "answered_at": _time(),
        "comment": _text(),
        "language": _text(),
        "on_time": _truth(),
    },
)

REQUEST: dict[str, Any] = {
    "tracker": "desk",
    "external_id": "4711",
    "requester_email": "alice@example.com",
    "provider_department": "IT",
    "created_at": "2026-07-01T09:00:00Z",
    "completed_at": "2026-07-02T15:30:00Z",
    "title": "New laptop",
    "on_time": True,
    "reopened_count": 0,
    "url": None,
}
DEPARTMENT: dict[str, Any] = {
    "code": "HR",
    "name": "People",
    "parent_code": None,
    "head_email": "hanna@example.com",
    "staff_count": 12,
    "touchpoints": {"web": 0.5, "desk": 0.5},
}
PERSON: dict[str, Any] = {
    "email": "alice@example.com",
    "name": "Alice",
    "department_code": "IT",
    "language": None,
    "time_zone": "Europe/Berlin",
}
TOTAL: dict[str, Any] = {
    "source": "forms",
    "touchpoint": "web",
    "dimension": "overall",
    "instrument": "csat5",
    "period": "2026-Q3",
    "counts": {"4": 3, "5": 7},
    "n": 10,
}
RESPONSE: dict[str, Any] = {
    "source": "forms",
    "response_id": "1",
    "provider_department": "IT",
    "requester": "u-1",
    "completed_at": "2026-07-02T09:00:00Z",
    "csat_overall": 4,
}
