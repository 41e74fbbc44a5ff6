"""The documents of what the API lists and takes beside records; see schemas.py."""

from typing import Any

from marshmallow import Schema, fields

from app.domain.decisions import DecisionReason
from app.domain.states import ChoreState, ConnectionSide, DeliveryState, FollowUpState, RequestState
from app.web.api.paging import MOST, PER_PAGE

PAGE: tuple[dict[str, Any], ...] = (
    {
        "name": "limit",
        "in": "query",
        "required": False,
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PER_PAGE},
    },
    {
        "name": "cursor",
        "in": "query",
        "required": False,
        "schema": {"type": "string"},
        "description": "`next` of the answer before, as it is; without it the list begins.",
    },
)


def a_text(*, about: str = "", null: bool = False) -> fields.String:
    """Return a text that is always there; `null` says that it may be unknown."""
    return fields.String(required=True, allow_none=null, metadata={"description": about} if about else {})


def a_moment(*, null: bool = False) -> fields.DateTime:
    """Return a moment in UTC that is always there."""
    return fields.DateTime(required=True, allow_none=null)


def a_number(*, null: bool = False) -> fields.Integer:
    """Return a whole number that is always there."""
    return fields.Integer(required=True, allow_none=null)


def a_word(*words: str) -> fields.String:
    """Return one of some words."""
    return fields.String(required=True, metadata={"enum": list(words)})


def page_of(item: type[Schema]) -> type[Schema]:
    """Return the document of one page of a list."""
    members: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": a_text(about="`cursor` of the next page; null on the last one", null=True),
    }
    return Schema.from_dict(members, name=f"{item.__name__}Page")


class ListedRequest(Schema):
    """A request as it stands, without its requester."""

    tracker = a_text()
    external_id = a_text()
    title = a_text(null=True)
    url = a_text(null=True)
    state = a_word(*RequestState)
    status = a_text(about="The tracker's own word", null=True)
    provider_department = a_text(about="Code; null while unknown", null=True)
    request_type = a_text(null=True)
    created_at = a_moment()
    first_response_at = a_moment(null=True)
    due_at = a_moment(null=True)
    completed_at = a_moment(null=True)
    reopened_count = a_number()
    reassignment_count = a_number()
    updated_at = a_moment()


class ListedDepartment(Schema):
    """A department as it is today."""

    code = a_text()
    name = a_text()
    parent_code = a_text(null=True)
    head_email = a_text(null=True)
    staff_count = a_number(null=True)
    language = a_text(null=True)
    valid_from = a_moment(null=True)
    valid_to = a_moment(null=True)
    successor_code = a_text(null=True)


class ListedPerson(Schema):
    """Somebody as they are known today."""

    email = a_text()
    name = a_text(null=True)
    department_code = a_text(null=True)
    language = a_text(null=True)
    time_zone = a_text(null=True)
    valid_from = a_moment(null=True)


class ListedDecision(Schema):
    """One completion with what was decided about asking."""

    tracker = a_text()
    external_id = a_text()
    number = a_number()
    completed_at = a_moment()
    department = a_text(null=True)
    decision = a_word(*DecisionReason)
    decided_at = a_moment(null=True)


class ListedQuarter(Schema):
    """A quarter of which there is something to see."""

    period = a_text()
    scorecards = a_number()


class ListedScorecard(Schema):
    """A scorecard in one line."""

    code = a_text()
    name = a_text()
    revision = a_number()
    finding = a_text()


class ListedCulture(Schema):
    """The last revision of HR's document of a quarter."""

    period = a_text()
    revision = a_number()


class ListedCase(Schema):
    """Somebody who asked to be contacted, without the name; the department's head sees it on their page."""

    number = a_number()
    department = a_text(about="Null where the key is not one of its head", null=True)
    period = a_text()
    state = a_word(*FollowUpState)
    asked_on = fields.Date(required=True, allow_none=True)


class ListedPattern(Schema):
    """Answers that look like a machine's and came the same way; never their ratings or words."""

    pattern = a_text()
    signals = fields.List(fields.String(), required=True)
    mail_system = a_text(null=True)
    answers = a_number()


class ListedEntry(Schema):
    """One act of the audit log."""

    number = a_number()
    at = a_moment()
    actor = a_text()
    action = a_text()
    subject = a_text()
    details = fields.Dict(required=True)
    digest = a_text()


class ListedDelivery(Schema):
    """One body that a tool sent, without what it says."""

    number = a_number()
    received_at = a_moment()
    state = a_word(*DeliveryState)
    attempts = a_number()
    next_attempt_at = a_moment(null=True)
    error = a_text(null=True)


class Stopped(Schema):
    """What stopping a posting found."""

    is_stopped = fields.Boolean(required=True)
    taken_back = a_number()
    being_sent = a_number()
    already_sent = a_number()


class Resumed(Schema):
    """That a posting goes on, and whether it was stopped before."""

    is_stopped = fields.Boolean(required=True)
    was_stopped = fields.Boolean(required=True)


class Policy(Schema):
    """A version of the asking policy; 0 is the defaults."""

    version = a_number()
    rules = fields.Dict(required=True, metadata={"description": "What `flask policy show --json` prints"})


class NewPolicy(Schema):
    """Another policy, and why."""

    rules = fields.Dict(required=True, metadata={"description": "What is left out takes its default"})
    reason = fields.String(metadata={"maxLength": 500, "description": "Kept with the version"})
    base_version = fields.Integer(
        metadata={"minimum": 0, "description": "The version that this one was made from: 409 if it is not in force"}
    )


class Rules(Schema):
    """A policy to try."""

    rules = fields.Dict(required=True, metadata={"description": "What is left out takes its default"})


class Asked(Schema):
    """What the worker was asked for."""

    number = a_number()


class Trial(Schema):
    """How far a trial is, and what came of it."""

    number = a_number()
    state = a_word(*ChoreState)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True, allow_none=True)
    result = fields.Dict(required=True, allow_none=True)
    error = a_text(null=True)


class ListedTracker(Schema):
    """A tracker or a score source in one line."""

    slug = a_text()
    side = a_word(*ConnectionSide)
    kind = a_text()
    is_active = fields.Boolean(required=True)
    last_event_at = a_moment(null=True)
    polled_at = a_moment(null=True)


class TrackerHealth(ListedTracker):
    """How a tracker or a source is doing; null: it never happened, or the kind has no such thing."""

    is_polled = fields.Boolean(required=True)
    by_file = a_text(about="The command that brings its files", null=True)
    hook = a_text(about="How it is doing, in words", null=True)
    hook_checked_at = a_moment(null=True)
    next_poll_at = a_moment(null=True)
    poll_failures = a_number()
    poll_problem = a_text(null=True)
    deliveries_waiting = a_number()
    deliveries_failed = a_number()
    deliveries_refused = a_number()
    left_out = a_number()


class Retried(Schema):
    """How many deliveries are read again."""

    deliveries = a_number()


class NewCaseState(Schema):
    """What became of a case."""

    state = a_word(FollowUpState.CONTACTED, FollowUpState.DONE)


class CaseState(Schema):
    """A case as it stands now, and whether this call changed it."""

    number = a_number()
    state = a_word(*FollowUpState)
    is_new = fields.Boolean(required=True)


class Approved(Schema):
    """That a quarter's mails may leave, and whether this call said so first."""

    is_new = fields.Boolean(required=True)
