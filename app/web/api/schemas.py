"""What the API answers, for OpenAPI, and what is said of each kind of route."""

from collections.abc import Iterable
from typing import Any

from marshmallow import INCLUDE, Schema, fields

from app.domain.decisions import DecisionReason
from app.domain.states import RequestState
from app.web.api.bodies import LARGEST_LIST


class Written(Schema):
    """How many records a call made, changed and left alone."""

    new = fields.Integer(required=True, metadata={"description": "Not known before"})
    changed = fields.Integer(required=True, metadata={"description": "Known, and told otherwise now"})
    unchanged = fields.Integer(required=True, metadata={"description": "Known, and the same"})


class Fault(Schema):
    """What is wrong with one field of one item, or with one parameter or header of the call."""

    item = fields.Integer(required=True, metadata={"description": "Place in the list, from 0; 0 for the call itself"})
    field = fields.String(required=True, metadata={"description": "Its name; empty for the item as a whole"})
    detail = fields.String(required=True, metadata={"description": "What is wrong, and how to mend it"})


class Problem(Schema):
    """RFC 9457. Every refusal is one; a 422 names each fault in `faults`."""

    type = fields.String(required=True, metadata={"description": "about:blank: the status says it all"})
    title = fields.String(required=True, metadata={"description": "The name of the status"})
    status = fields.Integer(required=True)
    detail = fields.String(metadata={"description": "One sentence for a person"})
    faults = fields.List(fields.Nested(Fault), metadata={"description": "With 422 only"})


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


def writes(item: type[Schema], about: str, *, example: dict[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says of a route that takes one `item` or a list of them."""
    either = {"oneOf": [item, {"type": "array", "items": item, "minItems": 1, "maxItems": LARGEST_LIST}]}
    told = _described(about, (*_READS, *_BODIES, "409"), [_CALL_NAME], either)
    told["requestBody"]["content"]["application/json"]["example"] = [example]
    return told | {"description": _ALL_OR_NOTHING}


def changes(about: str, body: type[Schema] | None = None, *, again: str) -> dict[str, Any]:
    """Return what OpenAPI says of a route that changes one thing, by an object where it takes a body.

    `again` says what the same call does a second time: such a route does not look at Idempotency-Key.
    """
    told = _described(about, (*_READS, "404", "409", *(_BODIES if body else ())), [], body)
    return told | {"description": f"{again} Idempotency-Key is not looked at."}


def reads(about: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says of a route that reads."""
    return _described(about, (*_READS, "404", *(("422",) if parameters else ())), list(parameters), None)


_ALL_OR_NOTHING = (
    "One object, or a list of up to 1,000. All or nothing: if one item is wrong nothing is written, and `faults` names"
    " every fault by item and field. The same record again changes nothing. A name that is absent leaves the stored"
    " value alone; null empties it."
)
_FAULTS = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "1 fault; nothing was written",
    "faults": [{"item": 0, "field": "completed_at", "detail": "it was completed before it was created (created_at)"}],
}
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
    "422": "Faults by item and field, parameter or header; nothing was written",
    "429": "Too many calls; go on after Retry-After seconds",
    "503": "Busy; try again after Retry-After",
}


def _described(about: str, refusals: Iterable[str], parameters: list[dict[str, Any]], body: Any) -> dict[str, Any]:
    told = {
        "summary": about,
        "parameters": parameters,
        "responses": {status: {"description": _REFUSALS[status], **_problem(status)} for status in sorted(refusals)},
    }
    content = {"required": True, "content": {"application/json": {"schema": body}}}
    return told | ({"requestBody": content} if body is not None else {})


def _problem(status: str) -> dict[str, Any]:
    example = {"example": _FAULTS} if status == "422" else {}
    return {"content": {"application/problem+json": {"schema": Problem, **example}}}
