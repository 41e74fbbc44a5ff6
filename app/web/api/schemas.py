"""The documents of the API for OpenAPI. They describe; what is checked are the tables of app/imports."""

from collections.abc import Iterable
from typing import Any

from marshmallow import INCLUDE, Schema, fields

from app.domain.decisions import DecisionReason
from app.domain.states import RequestState
from app.web.api.bodies import LARGEST_LIST

ITEMS = (
    *("csat_overall", "timeliness", "result_quality", "communication"),
    *("effort", "trust", "professionalism", "cooperation", "recommend"),
)


def _text(about: str = "", *, required: bool = False) -> fields.String:
    return fields.String(required=required, allow_none=not required, metadata={"description": about} if about else {})


def _time(about: str = "", *, required: bool = False) -> fields.DateTime:
    told = about or "ISO 8601; without an offset in PARITY_TIME_ZONE"
    return fields.DateTime(required=required, allow_none=not required, metadata={"description": told})


def _whole(low: int, high: int | None = None) -> fields.Integer:
    limits = {"minimum": low} | ({} if high is None else {"maximum": high})
    return fields.Integer(allow_none=True, metadata=limits)


def _truth() -> fields.Boolean:
    return fields.Boolean(allow_none=True)


def _word(*words: str) -> fields.String:
    return fields.String(allow_none=True, metadata={"enum": [*words, None]})


RequestItem = Schema.from_dict(
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
    name="RequestItem",
)

DepartmentItem = Schema.from_dict(
    {
        "code": _text("With valid_from the natural key", required=True),
        "name": _text(required=True),
        "parent_code": _text(),
        "head_email": fields.Email(allow_none=True),
        "staff_count": _whole(0),
        "language": _text(),
        "touchpoints": fields.Dict(
            keys=fields.String(), values=fields.Float(), allow_none=True, metadata={"description": "Weights, sum 1"}
        ),
        "valid_from": _time(),
        "valid_to": _time(),
        "successor_code": _text(),
    },
    name="DepartmentItem",
)

PersonItem = Schema.from_dict(
    {
        "email": fields.Email(required=True, metadata={"description": "With valid_from the natural key"}),
        "name": _text(required=True),
        "department_code": _text(required=True),
        "language": _text(),
        "time_zone": _text("IANA name"),
        "valid_from": _time(),
    },
    name="PersonItem",
)

ScoreItem = Schema.from_dict(
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
        "counts": fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True),
        "nps": fields.Float(allow_none=True, metadata={"minimum": -100, "maximum": 100}),
        "n": _whole(0),
        "source_url": _text(),
    },
    name="ScoreItem",
)

ResponseItem = Schema.from_dict(
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
    name="ResponseItem",
)


class Written(Schema):
    """How many records a call made, changed and left alone."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)


class Fault(Schema):
    """What is wrong with one field of one item."""

    item = fields.Integer(required=True, metadata={"description": "Place in the list, from 0"})
    field = fields.String(required=True)
    detail = fields.String(required=True)


class Problem(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    faults = fields.List(fields.Nested(Fault))


class CycleDecision(Schema):
    """Why the requester was asked about one completion, or was not."""

    number = fields.Integer(required=True)
    completed_at = fields.DateTime(required=True)
    department = fields.String(required=True, allow_none=True)
    decision = fields.String(required=True, metadata={"enum": [reason.value for reason in DecisionReason]})
    why = fields.String(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    waits_until = fields.DateTime(required=True, allow_none=True)
    planned_at = fields.DateTime(required=True, allow_none=True)
    sent_at = fields.DateTime(required=True, allow_none=True)


class RequestDecision(Schema):
    """A request and the decisions about its completions, the newest last."""

    tracker = fields.String(required=True)
    external_id = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [state.value for state in RequestState]})
    decision = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Of the newest completion; null while there is none",
            "enum": [*(reason.value for reason in DecisionReason), None],
        },
    )
    cycles = fields.List(fields.Nested(CycleDecision), required=True)


class Scorecard(Schema):
    """`parity.scorecard/1`: the members that every document has; further ones follow."""

    class Meta:
        """Further members are part of the document."""

        unknown = INCLUDE

    schema = fields.String(required=True)
    department = fields.Dict(required=True)
    period = fields.String(required=True)
    revision = fields.Integer(required=True)
    frozen_at = fields.DateTime(required=True)
    digest = fields.String(required=True)


class Culture(Schema):
    """`parity.culture/1`: the members that every document has; further ones follow."""

    class Meta:
        """Further members are part of the document."""

        unknown = INCLUDE

    schema = fields.String(required=True)
    period = fields.String(required=True)
    revision = fields.Integer(required=True)
    frozen_at = fields.DateTime(required=True)
    digest = fields.String(required=True)
    service_matrix = fields.Dict(required=True)


REVISION: dict[str, Any] = {
    "name": "revision",
    "in": "query",
    "required": False,
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999},
}
_CALL_NAME: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same call under the same name is done once and answered the same, for a day at least.",
}


def query(name: str, about: str, *values: str) -> dict[str, Any]:
    """Return what OpenAPI says of a filter, with the values that it may have."""
    schema = {"type": "string"} | ({"enum": list(values)} if values else {})
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": about}


def writes(item: type[Schema], about: str) -> dict[str, Any]:
    """Return what OpenAPI says of a route that takes one `item` or a list of them."""
    either = {"oneOf": [item, {"type": "array", "items": item, "minItems": 1, "maxItems": LARGEST_LIST}]}
    return _described(about, (*_READS, *_BODIES, "409"), [_CALL_NAME], either)


def changes(about: str, body: type[Schema] | None = None, *, again: str) -> dict[str, Any]:
    """Return what OpenAPI says of a route that changes one thing, by an object where it takes a body.

    `again` says what the same call does a second time: such a route does not look at Idempotency-Key.
    """
    told = _described(about, (*_READS, "404", "409", *(_BODIES if body else ())), [], body)
    return told | {"description": f"{again} Idempotency-Key is not looked at."}


def reads(about: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says of a route that reads."""
    return _described(about, (*_READS, "404", *(("422",) if parameters else ())), list(parameters), None)


_READS = ("401", "403", "429", "503")
_BODIES = ("400", "413", "415", "422")
_REFUSALS = {
    "400": "Unreadable",
    "401": "No key of ours",
    "403": "The key lacks the scope, or its person the role",
    "404": "No such record, or none for the person of this key",
    "409": "Written by another call meanwhile, or not possible as things stand",
    "413": "More than 5 MB or 1,000 items",
    "415": "Not JSON",
    "422": "Faults by item and field, or a parameter that is not what it must be; nothing was written",
    "429": "Too many calls; go on after Retry-After seconds",
    "503": "Busy; try again after Retry-After",
}


def _described(about: str, refusals: Iterable[str], parameters: list[dict[str, Any]], body: Any) -> dict[str, Any]:
    told = {
        "summary": about,
        "parameters": parameters,
        "responses": {status: {"description": _REFUSALS[status], **_problem()} for status in sorted(refusals)},
    }
    content = {"required": True, "content": {"application/json": {"schema": body}}}
    return told | ({"requestBody": content} if body is not None else {})


def _problem() -> dict[str, Any]:
    return {"content": {"application/problem+json": {"schema": Problem}}}
